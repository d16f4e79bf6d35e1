//! Plays the oracle's steps against a database: every reply is the expected one, less what has no order.

use dynatab_oracle::answer::Step;
use dynatab_oracle::transcript::step_json;
use serde_json::{Map, Value, json};

use crate::database::Db;

/// Sets sorted, wherever they are: they have no order.
fn settled(value: &Value) -> Value {
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

fn differing(what: &str, answered: &Value, expected: &Value) -> Result<(), String> {
    if answered == expected {
        return Ok(());
    }
    Err(format!("{what}\nanswered {answered}\nexpected {expected}"))
}

/// Asks for one step; what is not as expected.
pub fn play(db: &Db, step: &Step) -> Result<(), String> {
    let step: Value = serde_json::from_str(&step_json(step).to_string()).unwrap();
    let (operation, request, expect) = (step["operation"].as_str().unwrap(), &step["request"], &step["expect"]);
    let outcome = if let Some(walk) = expect.get("walk") {
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
    if status == 400 && reply["__type"] == *error && messages.contains(&reply["message"]) && item(reply) == item(expect) {
        return Ok(());
    }
    Err(format!("error\nanswered {status} {reply}\nexpected {expect}"))
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
