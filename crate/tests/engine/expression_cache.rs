//! Expressions that requests repeat are parsed once, whatever their values.

use crate::database::{Db, Table, in_table, n, s};
use serde_json::{Value, json};

/// How many expressions were asked for and parsed while 100 such requests were answered, which the values do not let fail.
fn asked_and_parsed(operation: &str, request: impl Fn(u64) -> Value) -> (u64, u64) {
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    for at in 0..100 {
        db.ok(operation, &in_table(&request(at)));
    }
    let counts = db.engine.expression_cache();
    (counts.asked, counts.parsed)
}

#[test]
fn a_hundred_requests_with_the_same_expression_parse_it_once() {
    let key = json!({"pk": s("a"), "sk": n(1)});
    let names = json!({"#pk": "pk"});
    let put = |at: u64| {
        json!({"Item": key, "ConditionExpression": "attribute_not_exists(#pk) OR #pk <> :v", "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":v": s(format!("v{at}"))}})
    };
    assert_eq!(asked_and_parsed("PutItem", put), (100, 1));
    let delete = |at: u64| {
        let mut request = put(at);
        request["Key"] = request["Item"].take();
        request.as_object_mut().unwrap().remove("Item");
        request
    };
    assert_eq!(asked_and_parsed("DeleteItem", delete), (100, 1));
    let update = |at: u64| {
        json!({"Key": key, "UpdateExpression": "SET v = :v ADD c :c", "ConditionExpression": "v <> :v",
            "ExpressionAttributeValues": {":v": n(at), ":c": n(at)}})
    };
    assert_eq!(asked_and_parsed("UpdateItem", update), (200, 2));
    let query = |at: u64| {
        json!({"KeyConditionExpression": "#pk = :pk AND sk > :sk", "FilterExpression": "v < :sk", "ProjectionExpression": "#pk, v[0]",
            "ExpressionAttributeNames": names, "ExpressionAttributeValues": {":pk": s("a"), ":sk": n(at)}})
    };
    assert_eq!(asked_and_parsed("Query", query), (300, 3));
    let scan = |at: u64| {
        json!({"FilterExpression": "v < :v", "ProjectionExpression": "#pk", "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":v": n(at)}})
    };
    assert_eq!(asked_and_parsed("Scan", scan), (200, 2));
    let get = |_| json!({"Key": key, "ProjectionExpression": "#pk", "ExpressionAttributeNames": names});
    assert_eq!(asked_and_parsed("GetItem", get), (100, 1));
}

#[test]
fn the_parts_of_one_request_share_what_was_parsed() {
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    let items = |action: &str, others: Value| -> Vec<Value> {
        let entry = |at: u64| {
            let mut entry = in_table(&others);
            entry["Key"] = json!({"pk": s("a"), "sk": n(at)});
            json!({ action: entry })
        };
        (0..20).map(entry).collect()
    };
    let update = json!({"UpdateExpression": "SET v = :v", "ConditionExpression": "v <> :v", "ExpressionAttributeValues": {":v": n(1)}});
    db.ok("TransactWriteItems", &json!({"TransactItems": items("Update", update)}));
    assert_eq!(db.engine.expression_cache().parsed, 2);
    db.ok(
        "TransactGetItems",
        &json!({"TransactItems": items("Get", json!({"ProjectionExpression": "v"}))}),
    );
    assert_eq!(db.engine.expression_cache().parsed, 3);
    let table = in_table(&json!({}))["TableName"].as_str().unwrap().to_owned();
    let keys = json!({"Keys": [{"pk": s("a"), "sk": n(1)}], "ProjectionExpression": "v"});
    db.ok("BatchGetItem", &json!({"RequestItems": {table: keys}}));
    let counts = db.engine.expression_cache();
    assert_eq!((counts.asked, counts.parsed), (61, 3));
}
