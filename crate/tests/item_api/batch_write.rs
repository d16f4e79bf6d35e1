//! What BatchWriteItem writes.

use crate::database::{Db, Table, all, keys_only, n, s};
use serde_json::{Value, json};

/// The table `Plain`, and `Full` with an index of each kind and a stream.
fn tables() -> Db {
    let db = Db::new();
    db.create(&Table::named("Plain", &["pk:S"]));
    let full = Table::named("Full", &["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &[], &all())
        .lsi("local", "l:N", &keys_only());
    db.create(&full.stream("NEW_AND_OLD_IMAGES"));
    db
}

fn put(item: &Value) -> Value {
    json!({"PutRequest": {"Item": item}})
}

fn delete(key: &Value) -> Value {
    json!({"DeleteRequest": {"Key": key}})
}

fn full(pk: &str, sk: usize) -> Value {
    json!({"pk": s(pk), "sk": n(sk), "g": s("g"), "l": n(sk)})
}

fn count(db: &Db, table: &str, index: Option<&str>) -> i64 {
    let mut request = json!({"TableName": table, "Select": "COUNT"});
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    db.ok("Scan", &request)["Count"].as_i64().unwrap()
}

#[test]
fn puts_and_deletions_of_several_tables_are_written_with_their_index_entries() {
    // rule 71
    let db = tables();
    db.ok("PutItem", &json!({"TableName": "Plain", "Item": {"pk": s("old")}}));
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 0)}));
    let request = json!({"RequestItems": {
        "Plain": [put(&json!({"pk": s("new"), "v": n(1)})), delete(&json!({"pk": s("old")})), delete(&json!({"pk": s("absent")}))],
        "Full": [put(&full("p", 1)), put(&full("q", 2)), delete(&json!({"pk": s("p"), "sk": n(0)}))]
    }});
    assert_eq!(db.ok("BatchWriteItem", &request), json!({"UnprocessedItems": {}}));
    assert_eq!(
        db.ok("Scan", &json!({"TableName": "Plain"}))["Items"],
        json!([{"pk": s("new"), "v": n(1)}])
    );
    for index in [None, Some("global"), Some("local")] {
        assert_eq!(count(&db, "Full", index), 2, "{index:?}");
    }
}

#[test]
fn a_whole_batch_takes_at_most_three_crossings() {
    // rule 70
    let db = tables();
    let writes: Vec<Value> = (0..25).map(|at| put(&full("p", at))).collect();
    let request = json!({"RequestItems": {"Full": writes}, "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE"});
    for _ in 0..2 {
        let crossings = db.crossings(|| db.ok("BatchWriteItem", &request));
        assert!(crossings <= 3, "{crossings}");
    }
    assert_eq!(count(&db, "Full", Some("global")), 25);
}

#[test]
fn the_stream_has_a_record_of_every_change() {
    // rule 99
    use dynatab::storage_backend::{StorageBackend, poll::now_or_never};
    let db = tables();
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 0)}));
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 1)}));
    let mut changed = full("p", 0);
    changed["v"] = n(1);
    let absent = delete(&json!({"pk": s("p"), "sk": n(9)}));
    let gone = delete(&json!({"pk": s("p"), "sk": n(1)}));
    db.ok(
        "BatchWriteItem",
        &json!({"RequestItems": {"Full": [put(&changed), gone, put(&full("p", 2)), absent]}}),
    );
    let shard = "shardId-00000000000000000000-00000001";
    let records = now_or_never(db.engine.backend().get_stream_records("Full", shard, 0, 10))
        .unwrap()
        .unwrap();
    let events: Vec<&str> = records.iter().map(|record| record.event_name.as_str()).collect();
    assert_eq!(events, ["INSERT", "INSERT", "MODIFY", "REMOVE", "INSERT"]);
    let numbers: Vec<&String> = records.iter().map(|record| &record.sequence_number).collect();
    assert!(numbers.is_sorted_by(|one, two| one < two));
}

#[test]
fn every_table_has_its_own_capacity_and_every_collection_its_metrics() {
    // rules 64, 67-69
    let db = tables();
    let request = json!({
        "RequestItems": {
            "Plain": [put(&json!({"pk": s("a"), "v": s("x".repeat(1500))})), delete(&json!({"pk": s("b")}))],
            "Full": [put(&full("p", 1)), put(&full("p", 2)), put(&json!({"pk": s("q"), "sk": n(1)}))]
        },
        "ReturnConsumedCapacity": "INDEXES",
        "ReturnItemCollectionMetrics": "SIZE"
    });
    let reply = db.ok("BatchWriteItem", &request);
    let mut consumed = reply["ConsumedCapacity"].as_array().unwrap().clone();
    consumed.sort_by_key(|consumed| consumed["TableName"].to_string());
    assert_eq!(
        consumed,
        [
            json!({
                "TableName": "Full",
                "CapacityUnits": 7.0,
                "Table": {"CapacityUnits": 3.0},
                "GlobalSecondaryIndexes": {"global": {"CapacityUnits": 2.0}},
                "LocalSecondaryIndexes": {"local": {"CapacityUnits": 2.0}}
            }),
            json!({"TableName": "Plain", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 3.0}})
        ]
    );
    let collection = |key: &str| json!({"ItemCollectionKey": {"pk": s(key)}, "SizeEstimateRangeGB": [0.0, 1.0]});
    assert_eq!(reply["ItemCollectionMetrics"], json!({"Full": [collection("p"), collection("q")]}));
    let plain = json!({"RequestItems": {"Plain": [delete(&json!({"pk": s("a")}))]}, "ReturnItemCollectionMetrics": "SIZE"});
    assert_eq!(db.ok("BatchWriteItem", &plain), json!({"UnprocessedItems": {}}));
}

#[test]
fn a_batch_with_a_fault_writes_nothing() {
    let db = tables();
    let good = put(&json!({"pk": s("good")}));
    for bad in [
        put(&json!({"pk": n(1)})),
        delete(&json!({"pk": s("a"), "x": n(1)})),
        put(&json!({"pk": s("good"), "v": n(1)})),
    ] {
        db.invalid("BatchWriteItem", &json!({"RequestItems": {"Plain": [good, bad]}}));
        assert_eq!(count(&db, "Plain", None), 0, "{bad}");
    }
}
