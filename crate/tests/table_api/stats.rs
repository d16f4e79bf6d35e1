//! What the package's own `DescribeDatabase` says of a database.

use crate::database::{Db, Table, all, n, s};
use serde_json::{Value, json};

fn describe(db: &Db) -> Value {
    let (status, reply) = db.send("Dynatab.DescribeDatabase", b"{}");
    assert_eq!(status, 200, "{reply}");
    serde_json::from_str(&reply).unwrap()
}

#[test]
fn a_database_is_described_with_its_tables_in_order_and_in_one_crossing() {
    let db = Db::with_lifecycle(1000);
    db.create(&Table::named("Zoo", &["pk:S"]));
    db.clock.advance(1000);
    db.create(&Table::new(&["pk:S"]).gsi("gix", &["g:N"], &[], &all()));
    db.clock.advance(1000);
    db.put(&json!({"pk": s("k"), "g": n(1), "v": s("abc")}));
    db.put(&json!({"pk": s("l")}));
    db.ok("DeleteTable", &json!({"TableName": "Zoo"}));
    let mut described = Value::Null;
    assert_eq!(db.crossings(|| described = describe(&db)), 1);
    assert_eq!(
        described["tables"],
        json!([
            {"tableName": "Tab", "status": "ACTIVE", "itemCount": 2, "sizeBytes": 13,
             "indexes": [{"indexName": "gix", "itemCount": 1, "sizeBytes": 10}]},
            {"tableName": "Zoo", "status": "DELETING", "itemCount": 0, "sizeBytes": 0, "indexes": []}
        ])
    );
    let page = described["storage"]["pageBytes"].as_u64().unwrap();
    assert_eq!(described["sizeBytes"].as_u64().unwrap() % page, 0);
    assert_eq!(described["freeBytes"].as_u64().unwrap() % page, 0);
    assert_eq!(described["storage"]["journalMode"], "memory");
}

#[test]
fn the_packages_own_operations_stand_in_order_with_the_requests_around_them() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let put = |key: &str| {
        (
            "DynamoDB_20120810.PutItem",
            json!({"TableName": "Tab", "Item": {"pk": s(key)}}).to_string(),
        )
    };
    let own = || ("Dynatab.DescribeDatabase", "{}".to_owned());
    let requests = [put("a"), own(), put("b"), own()];
    let replies = crate::packed_batch::targets(&db.engine, &requests.each_ref().map(|(target, body)| (*target, body.as_str())));
    let counts = replies.iter().filter(|(status, reply)| *status == 200 && reply.contains("tables"));
    let counts: Vec<Value> = counts
        .map(|(_, reply)| serde_json::from_str::<Value>(reply).unwrap()["tables"][0]["itemCount"].clone())
        .collect();
    assert_eq!(counts, [1, 2]);
}
