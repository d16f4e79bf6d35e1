//! Plays the oracle's steps against a database: every reply is the expected one, less what has no order.

use dynatab::storage_backend::poll::now_or_never;
use dynatab_oracle::answer::Step;
use dynatab_oracle::transcript::step_json;
use serde_json::{Map, Value, json};

use crate::database::Db;
use crate::sequence_streams;

/// Sets sorted, wherever they are: they have no order.
pub fn settled(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(settled).collect(),
        Value::Object(members) => {
            let mut members: Map<String, Value> = members.iter().map(|(name, value)| (name.clone(), settled(value))).collect();
            for set in ["SS", "NS", "BS"] {
                sort(members.get_mut(set));
            }
            Value::Object(members)
        }
        other => other.clone(),
    }
}

fn sort(list: Option<&mut Value>) {
    if let Some(list) = list.and_then(Value::as_array_mut) {
        list.sort_by_cached_key(ToString::to_string);
    }
}

/// A reply without an order where there is none: sets, and the lists of batches.
fn settled_reply(reply: &Value) -> Value {
    let mut reply = settled(reply);
    sort(reply.get_mut("ConsumedCapacity"));
    for lists in ["Responses", "ItemCollectionMetrics"] {
        for list in reply
            .get_mut(lists)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
        {
            sort(Some(list));
        }
    }
    reply
}

pub fn differing(what: &str, answered: &Value, expected: &Value) -> Result<(), String> {
    if answered == expected {
        return Ok(());
    }
    Err(format!("{what}\nanswered {answered}\nexpected {expected}"))
}

/// Asks for one step; what is not as expected.
pub fn play(db: &Db, step: &Step) -> Result<(), String> {
    let step: Value = serde_json::from_str(&step_json(step).to_string()).unwrap();
    let (operation, request, expect) = (step["operation"].as_str().unwrap(), &step["request"], &step["expect"]);
    let outcome = if operation == "Advance" {
        db.clock.advance(request["Milliseconds"].as_i64().unwrap());
        work(db);
        Ok(())
    } else if let Some(streams) = expect.get("streams") {
        sequence_streams::check(db, &request["TableName"], streams)
    } else if let Some(walk) = expect.get("walk") {
        scan(db, request, walk)
    } else {
        let mut request = request.clone();
        if request.get("TotalSegments").is_some() {
            // A Scan that is refused is so in each segment.
            request["Segment"] = json!(0);
        }
        let (status, reply) = db.ask(operation, &request);
        if let Some(error) = expect.get("error") {
            failure(status, &reply, error, expect)
        } else if let Some(reasons) = expect.get("canceled") {
            canceled(status, &reply, reasons.as_array().unwrap())
        } else if expect.get("done").is_some() {
            differing("status", &json!(status), &json!(200))
        } else if let Some(definition) = expect.get("definition") {
            differing("definition", &defined(&reply["Table"]), &unordered(definition.clone()))
        } else if let Some(counts) = expect.get("counts") {
            differing("counts", &counted(&reply["Table"]), counts)
        } else {
            differing("reply", &settled_reply(&reply), &settled_reply(&expect["reply"]))
        }
    };
    outcome.map_err(|difference| format!("{operation} {request}: {difference}"))
}

fn failure(status: u16, reply: &Value, error: &Value, expect: &Value) -> Result<(), String> {
    let messages = expect["messages"].as_array().unwrap();
    let item = |of: &Value| of.get("Item").or(of.get("item")).map(settled);
    let message = reply.get("message").or(reply.get("Message")).unwrap_or(&Value::Null);
    if status == 400 && reply["__type"] == *error && messages.contains(message) && item(reply) == item(expect) {
        return Ok(());
    }
    Err(format!("error\nanswered {status} {reply}\nexpected {expect}"))
}

/// Does what is to be done behind the requests.
fn work(db: &Db) {
    for _ in 0..10_000 {
        if now_or_never(db.engine.work()).unwrap() > 0 {
            return;
        }
    }
    panic!("there is always more to do");
}

/// Each action has its reason, and all of them the one sentence.
fn canceled(status: u16, reply: &Value, reasons: &[Value]) -> Result<(), String> {
    let codes: Vec<&str> = reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    let answered = reply["CancellationReasons"].as_array().map_or(&[][..], Vec::as_slice);
    let is = |(answered, reason): (&Value, &Value)| {
        let messages = reason["messages"].as_array();
        let message = answered.get("Message");
        answered["Code"] == reason["code"]
            && messages.map_or(message.is_none(), |messages| {
                message.is_some_and(|message| messages.contains(message))
            })
            && answered.get("Item").map(settled) == reason.get("item").map(settled)
    };
    let error = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let same = answered.len() == reasons.len() && answered.iter().zip(reasons).all(is);
    if status == 400 && reply["__type"] == error && reply["Message"] == message && same {
        return Ok(());
    }
    Err(format!("cancellation\nanswered {status} {reply}\nexpected {}", json!(reasons)))
}

/// What DescribeTable tells of keys, indexes and stream, and of the indexes what they were made with.
fn defined(table: &Value) -> Value {
    let of = |value: &Value, names: &[&str]| -> Value {
        let members = names.iter().filter_map(|name| Some(((*name).to_owned(), value.get(name)?.clone())));
        Value::Object(members.collect())
    };
    let mut definition = of(
        table,
        &[
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
            "StreamSpecification",
        ],
    );
    for list in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        for index in definition.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            *index = of(index, &["IndexName", "KeySchema", "Projection"]);
        }
    }
    unordered(definition)
}

/// The definitions of attributes have no order.
fn unordered(mut definition: Value) -> Value {
    sort(definition.get_mut("AttributeDefinitions"));
    definition
}

/// What DescribeTable says of the table and its indexes.
fn counted(table: &Value) -> Value {
    let lists = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
    let indexes = lists.iter().flat_map(|list| table[list].as_array().into_iter().flatten());
    let indexes = indexes.map(|index| {
        let name = index["IndexName"].as_str().unwrap().to_owned();
        (name, json!([index["ItemCount"], index["IndexSizeBytes"]]))
    });
    let indexes: Map<String, Value> = indexes.collect();
    json!({"table": [table["ItemCount"], table["TableSizeBytes"]], "indexes": indexes})
}

/// All pages of all segments: each partition in one piece, in one segment, in its order.
fn scan(db: &Db, request: &Value, walk: &Value) -> Result<(), String> {
    let mut runs: Vec<Vec<Value>> = Vec::new();
    for run in walk["runs"].as_array().into_iter().flatten() {
        runs.push(run.as_array().unwrap().iter().map(settled).collect());
    }
    let (mut count, mut scanned, mut segments) = (0, 0, Vec::new());
    for segment in 0..request["TotalSegments"].as_u64().unwrap_or(1) {
        let mut request = request.clone();
        if request.get("TotalSegments").is_some() {
            request["Segment"] = json!(segment);
        }
        let mut items = Vec::new();
        loop {
            let (status, reply) = db.ask("Scan", &request);
            let figures = (reply["Count"].as_u64(), reply["ScannedCount"].as_u64());
            let (200, (Some(counted), Some(read))) = (status, figures) else {
                return Err(format!("page\nanswered {status} {reply}"));
            };
            count += counted;
            scanned += read;
            differing("items", &json!(reply.get("Items").is_some()), &json!(walk.get("runs").is_some()))?;
            items.extend(reply["Items"].as_array().into_iter().flatten().map(settled));
            if let Some(consumed) = walk.get("consumed") {
                differing("consumed", &reply["ConsumedCapacity"], consumed)?;
            }
            // A page that is full has a key to go on from, any other is the last (rule 52).
            let full = request.get("Limit").and_then(Value::as_u64) == Some(read);
            let goes_on = reply.get("LastEvaluatedKey").is_some();
            if full || walk["sized"] == false {
                differing("a page that goes on", &json!(goes_on), &json!(full))?;
            }
            let Some(last) = reply.get("LastEvaluatedKey") else { break };
            differing("key", &last.as_object().unwrap().keys().cloned().collect(), &walk["key"])?;
            request["ExclusiveStartKey"] = last.clone();
        }
        segments.push(items);
    }
    let lists: Vec<&[Value]> = segments.iter().map(Vec::as_slice).collect();
    if !is_made_of(&lists, &mut runs) {
        return Err(format!(
            "items of the segments\nanswered {}\nexpected {}",
            json!(segments),
            json!(runs)
        ));
    }
    differing("Count", &json!(count), &walk["count"])?;
    differing("ScannedCount", &json!(scanned), &walk["scanned"])
}

/// Whether these partitions, in some order, make up these lists. Where a projection leaves the keys out, one may look like the beginning of
/// another, so that every way is tried.
fn is_made_of(lists: &[&[Value]], runs: &mut Vec<Vec<Value>>) -> bool {
    let Some((first, rest)) = lists.split_first() else {
        return runs.is_empty();
    };
    if first.is_empty() {
        return is_made_of(rest, runs);
    }
    for at in 0..runs.len() {
        if first.starts_with(&runs[at]) && !runs[..at].contains(&runs[at]) {
            let run = runs.remove(at);
            let left = [&[&first[run.len()..]], rest].concat();
            if is_made_of(&left, runs) {
                return true;
            }
            runs.insert(at, run);
        }
    }
    false
}
