//! Reads the streams of a table through the streams API: what they have recorded is what the oracle says, each change once and in order, and
//! replaying a stream that has seen everything from an empty table gives the table.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::database::Db;
use crate::sequence_player::{differing, settled};

fn ask(db: &Db, operation: &str, request: &Value) -> Value {
    let (status, body) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
    assert_eq!(status, 200, "{operation} {request}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// All records of a stream, a few at a time.
fn records(db: &Db, description: &Value) -> Vec<Value> {
    let mut request = json!({"StreamArn": description["StreamArn"], "ShardIteratorType": "TRIM_HORIZON"});
    request["ShardId"] = description["Shards"][0]["ShardId"].clone();
    let mut iterator = ask(db, "GetShardIterator", &request)["ShardIterator"].clone();
    let mut records = Vec::new();
    loop {
        let page = ask(db, "GetRecords", &json!({"ShardIterator": iterator, "Limit": 7}));
        let found = page["Records"].as_array().unwrap();
        records.extend(found.iter().cloned());
        iterator = page["NextShardIterator"].clone();
        if found.is_empty() || iterator.is_null() {
            return records;
        }
    }
}

/// A record as the oracle tells it.
fn told(record: &Value) -> Value {
    let change = &record["dynamodb"];
    let mut told = json!({"event": record["eventName"], "keys": settled(&change["Keys"])});
    for (name, image) in [("new", "NewImage"), ("old", "OldImage")] {
        if let Some(image) = change.get(image) {
            told[name] = settled(image);
        }
    }
    // Rule 98: whatever the service did it has signed.
    if record.get("userIdentity") == Some(&json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})) {
        told["service"] = json!(true);
    } else {
        told["at"] = change["ApproximateCreationDateTime"].clone();
    }
    told
}

/// Expired items that go one after another go in any order.
fn unordered(records: &mut [Value]) {
    for run in records.chunk_by_mut(|one, two| one.get("service").is_some() && two.get("service").is_some()) {
        if run.len() > 1 {
            run.sort_by_cached_key(ToString::to_string);
        }
    }
}

/// No two records have the same number, nor the same id, and the numbers ascend.
fn check_numbers(records: &[Value]) -> Result<(), String> {
    let numbers: Vec<&str> = (records.iter())
        .map(|record| record["dynamodb"]["SequenceNumber"].as_str().unwrap())
        .collect();
    let mut ids: Vec<&str> = records.iter().map(|record| record["eventID"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    if numbers.is_sorted_by(|one, two| one < two) && ids.len() == records.len() {
        return Ok(());
    }
    Err(format!("numbers and ids of records: {}", json!(records)))
}

/// Replays records from an empty table, and holds the items against those of the table.
fn check_rebuilt(db: &Db, table: &Value, records: &[Value]) -> Result<(), String> {
    let mut rebuilt: BTreeMap<String, String> = BTreeMap::new();
    for record in records {
        let change = &record["dynamodb"];
        let key = settled(&change["Keys"]).to_string();
        let old = change.get("OldImage").map(|image| settled(image).to_string());
        let before = match change.get("NewImage") {
            Some(image) => rebuilt.insert(key, settled(image).to_string()),
            None => rebuilt.remove(&key),
        };
        if before != old {
            return Err(format!("replayed: {record} where {before:?} is"));
        }
    }
    let mut items = Vec::new();
    let mut request = json!({ "TableName": table });
    loop {
        let page = db.ok("Scan", &request);
        items.extend(page["Items"].as_array().unwrap().iter().map(|item| settled(item).to_string()));
        let Some(last) = page.get("LastEvaluatedKey") else { break };
        request["ExclusiveStartKey"] = last.clone();
    }
    items.sort();
    let mut replayed: Vec<String> = rebuilt.into_values().collect();
    replayed.sort();
    differing("replayed", &json!(replayed), &json!(items))
}

/// Reads all streams a table has had.
pub fn check(db: &Db, table: &Value, expected: &Value) -> Result<(), String> {
    let listed = ask(db, "ListStreams", &json!({ "TableName": table }));
    let listed = listed["Streams"].as_array().unwrap();
    let expected = expected.as_array().unwrap();
    differing("streams", &json!(listed.len()), &json!(expected.len()))?;
    for (stream, expected) in listed.iter().zip(expected) {
        let description = ask(db, "DescribeStream", &json!({"StreamArn": stream["StreamArn"]}))["StreamDescription"].clone();
        let status = if expected["enabled"] == true { "ENABLED" } else { "DISABLED" };
        differing("status", &description["StreamStatus"], &json!(status))?;
        differing("view", &description["StreamViewType"], &expected["view"])?;
        let records = records(db, &description);
        check_numbers(&records)?;
        let mut found: Vec<Value> = records.iter().map(told).collect();
        let mut wanted: Vec<Value> = expected["records"].as_array().unwrap().iter().map(settled).collect();
        unordered(&mut found);
        unordered(&mut wanted);
        differing("records", &json!(found), &json!(wanted))?;
        if expected["rebuilds"] == true {
            check_rebuilt(db, table, &records)?;
        }
    }
    Ok(())
}
