//! Requests that change the table `Tab`, and what comes of them.

use crate::database::Db;
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

pub fn update(db: &Db, members: &Value) -> Value {
    db.ok("UpdateTable", &with_name(members))["TableDescription"].clone()
}

pub fn with_name(members: &Value) -> Value {
    let mut request = members.clone();
    request["TableName"] = json!("Tab");
    request
}

pub fn described(db: &Db) -> Value {
    db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"].clone()
}

pub fn units(read: i64, write: i64) -> Value {
    json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write})
}

pub fn definition(name: &str, kind: &str) -> Value {
    json!({"AttributeName": name, "AttributeType": kind})
}

/// An update that makes the index `name` on the attributes `hash` and `range`.
pub fn create_index(name: &str, hash: &str, projection: &Value) -> Value {
    json!({
        "AttributeDefinitions": [definition(hash, "S")],
        "GlobalSecondaryIndexUpdates": [{"Create": {
            "IndexName": name, "KeySchema": [{"AttributeName": hash, "KeyType": "HASH"}], "Projection": projection
        }}]
    })
}

pub fn delete_index(name: &str) -> Value {
    json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]})
}

pub fn step(db: &Db) -> i64 {
    now_or_never(db.engine.work()).unwrap()
}

/// Works until nothing is due at once.
pub fn work(db: &Db) {
    for _ in 0..10_000 {
        if step(db) > 0 {
            return;
        }
    }
    panic!("there is always more to do");
}
