//! The engine through its one door: requests in, replies out, over the native storage.

use dynatab::engine::{Database, Options};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::rusqlite_impl::Storage;

fn open() -> Database<Storage> {
    let storage = Storage::open_in_memory().unwrap();
    now_or_never(Database::open(storage, Options::default(), Box::new(|| 0.5))).unwrap().unwrap()
}

fn ask(db: &Database<Storage>, operation: &str, body: &str) -> (u16, String) {
    let mut out = Vec::new();
    let status = now_or_never(db.dispatch(&format!("DynamoDB_20120810.{operation}"), body.as_bytes(), &mut out)).unwrap();
    (status, String::from_utf8(out).unwrap())
}

#[test]
fn tour() {
    let db = open();
    for (op, body) in [
        ("CreateTable", r#"{"TableName":"Music","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"GlobalSecondaryIndexes":[{"IndexName":"gsi","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],"LocalSecondaryIndexes":[{"IndexName":"lsi","KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}"#),
        ("DescribeTable", r#"{"TableName":"Music"}"#),
        ("PutItem", r#"{"TableName":"Music","Item":{"a":{"S":"x"},"b":{"N":"1"},"g":{"S":"k"},"z":{"L":[{"BOOL":true}]}},"ReturnConsumedCapacity":"INDEXES","ReturnItemCollectionMetrics":"SIZE"}"#),
        ("PutItem", r#"{"TableName":"Music","Item":{"a":{"S":"x"},"b":{"N":"2"},"g":{"S":"k"}},"ReturnValues":"ALL_OLD"}"#),
        ("PutItem", r#"{"TableName":"Music","Item":{"a":{"S":"x"},"b":{"N":"2.0"},"g":{"S":"k2"}},"ReturnValues":"ALL_OLD","ReturnConsumedCapacity":"INDEXES"}"#),
        ("GetItem", r#"{"TableName":"Music","Key":{"a":{"S":"x"},"b":{"N":"1"}},"ReturnConsumedCapacity":"TOTAL"}"#),
        ("Query", r##"{"TableName":"Music","KeyConditionExpression":"a = :a AND b > :b","ExpressionAttributeValues":{":a":{"S":"x"},":b":{"N":"0"}},"Limit":1,"ScanIndexForward":false}"##),
        ("Query", r##"{"TableName":"Music","IndexName":"gsi","KeyConditionExpression":"g = :a","ExpressionAttributeValues":{":a":{"S":"k"}},"ReturnConsumedCapacity":"INDEXES"}"##),
        ("Query", r##"{"TableName":"Music","IndexName":"lsi","KeyConditionExpression":"a = :a AND begins_with(g, :g)","ExpressionAttributeValues":{":a":{"S":"x"},":g":{"S":"k"}}}"##),
        ("DeleteItem", r#"{"TableName":"Music","Key":{"a":{"S":"x"},"b":{"N":"1"}},"ReturnValues":"ALL_OLD"}"#),
        ("DeleteItem", r#"{"TableName":"Music","Key":{"a":{"S":"x"},"b":{"N":"2"}},"ConditionExpression":"attribute_not_exists(a)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"#),
        ("ListTables", "{}"),
        ("DeleteTable", r#"{"TableName":"Music"}"#),
        ("DescribeTable", r#"{"TableName":"Music"}"#),
        ("Nope", "{}"),
        ("PutItem", "{"),
        ("PutItem", "{}"),
    ] {
        let before = db.backend().crossings();
        let (status, reply) = ask(&db, op, body);
        println!("{op} [{} crossings, {} statements] {status} {reply}\n", db.backend().crossings().frames - before.frames, db.backend().crossings().statements - before.statements);
    }
}
