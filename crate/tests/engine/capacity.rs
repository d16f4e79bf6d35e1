//! What requests consume, against the table of messages-tables section 4 (rules 62-64, 67-69).

use crate::database::{Db, Table, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

/// The reference's table: keys p and r, a global index that includes `a`, a local one of the keys.
fn full() -> Db {
    let table = Table::new(&["p:S", "r:S"])
        .gsi("gix", &["g:S"], &[], &include(&["a"]))
        .lsi("lix", "l:N", &keys_only());
    Db::holding(&table)
}

/// An item of that table with other attributes.
fn item(others: &Value) -> Value {
    let mut item = json!({"p": s("1"), "r": s("1")});
    item.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    item
}

/// `ConsumedCapacity` in mode INDEXES: the table's part, and the indexes', where they are named.
fn parts(table: f64, gix: Option<f64>, lix: Option<f64>) -> Value {
    let total = table + gix.unwrap_or(0.0) + lix.unwrap_or(0.0);
    let mut capacity = json!({"TableName": "Tab", "CapacityUnits": total, "Table": {"CapacityUnits": table}});
    if let Some(units) = gix {
        capacity["GlobalSecondaryIndexes"] = json!({"gix": {"CapacityUnits": units}});
    }
    if let Some(units) = lix {
        capacity["LocalSecondaryIndexes"] = json!({"lix": {"CapacityUnits": units}});
    }
    capacity
}

fn put(db: &Db, others: &Value) -> Value {
    db.ok(
        "PutItem",
        &json!({"TableName": "Tab", "Item": item(others), "ReturnConsumedCapacity": "INDEXES"}),
    )["ConsumedCapacity"]
        .clone()
}

#[test]
fn a_write_pays_for_the_larger_image_and_for_every_entry_that_changes() {
    // rules 64, 67; the steps and figures of messages-tables section 4, its updates written as puts
    let db = full();
    let (large, x) = (s("a".repeat(3000)), s("x".repeat(3000)));
    for (step, others, expected) in [
        ("insert, no index attributes", json!({}), parts(1.0, None, None)),
        ("add g and l", json!({"g": s("1"), "l": n(1)}), parts(1.0, Some(1.0), Some(1.0))),
        ("identical put", json!({"g": s("1"), "l": n("1.0")}), parts(1.0, None, None)),
        (
            "untouched index",
            json!({"g": s("1"), "l": n(1), "x": n(1)}),
            parts(1.0, None, None),
        ),
        (
            "projected change",
            json!({"g": s("1"), "l": n(1), "x": n(1), "a": n(1)}),
            parts(1.0, Some(1.0), None),
        ),
        (
            "gsi key move",
            json!({"g": s("2"), "l": n(1), "a": n(1)}),
            parts(1.0, Some(2.0), None),
        ),
        (
            "lsi key move",
            json!({"g": s("2"), "l": n(2), "a": n(1)}),
            parts(1.0, None, Some(2.0)),
        ),
        (
            "both key move",
            json!({"g": s("3"), "l": n(3), "a": n(1)}),
            parts(1.0, Some(2.0), Some(2.0)),
        ),
        ("remove g", json!({"l": n(3), "a": n(1)}), parts(1.0, Some(1.0), None)),
        ("add g", json!({"g": s("3"), "l": n(3), "a": n(1)}), parts(1.0, Some(1.0), None)),
        ("large a", json!({"g": s("3"), "l": n(3), "a": large}), parts(3.0, Some(3.0), None)),
        (
            "large x",
            json!({"g": s("3"), "l": n(3), "a": large, "x": x}),
            parts(6.0, None, None),
        ),
        (
            "gsi move while a is large",
            json!({"g": s("4"), "l": n(3), "a": large, "x": x}),
            parts(6.0, Some(6.0), None),
        ),
        (
            "large to small",
            json!({"g": s("4"), "l": n(3), "a": n(1)}),
            parts(6.0, Some(3.0), None),
        ),
        (
            "move from small to large",
            json!({"g": s("5"), "l": n(3), "a": large}),
            parts(3.0, Some(4.0), None),
        ),
    ] {
        assert_eq!(put(&db, &others), expected, "{step}");
    }
}

#[test]
fn a_delete_pays_for_what_was_there_and_at_least_one_unit() {
    let db = full();
    let delete = |mode: &str| {
        let request = json!({
            "TableName": "Tab", "Key": {"p": s("1"), "r": s("1")}, "ReturnConsumedCapacity": mode, "ReturnItemCollectionMetrics": "SIZE",
        });
        db.ok("DeleteItem", &request)
    };
    let metrics = json!({"ItemCollectionKey": {"p": s("1")}, "SizeEstimateRangeGB": [0.0, 1.0]});
    let missing = delete("INDEXES");
    assert_eq!(
        missing,
        json!({"ConsumedCapacity": parts(1.0, None, None), "ItemCollectionMetrics": metrics})
    );
    assert_eq!(
        delete("TOTAL")["ConsumedCapacity"],
        json!({"TableName": "Tab", "CapacityUnits": 1.0})
    );
    put(&db, &json!({"g": s("1"), "l": n(1)}));
    assert_eq!(delete("INDEXES")["ConsumedCapacity"], parts(1.0, Some(1.0), Some(1.0)));
    put(&db, &json!({"g": s("1"), "a": s("a".repeat(3000))}));
    assert_eq!(delete("INDEXES")["ConsumedCapacity"], parts(3.0, Some(3.0), None));
    assert_eq!(delete("NONE"), json!({"ItemCollectionMetrics": metrics}));
}

#[test]
fn a_get_pays_half_a_unit_for_each_begun_4_kb_and_twice_that_when_consistent() {
    // rule 63
    let db = full();
    put(&db, &json!({"a": s("a".repeat(6000))}));
    let get = |r: &str, others: &Value| {
        let mut request = json!({"Key": {"p": s("1"), "r": s(r)}});
        request.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        db.ok("GetItem", &in_table(&request))["ConsumedCapacity"].clone()
    };
    let total = |units: f64| json!({"TableName": "Tab", "CapacityUnits": units});
    assert_eq!(get("1", &json!({"ReturnConsumedCapacity": "INDEXES"})), parts(1.0, None, None));
    assert_eq!(
        get("1", &json!({"ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true})),
        parts(2.0, None, None)
    );
    assert_eq!(
        get("1", &json!({"ReturnConsumedCapacity": "TOTAL", "ProjectionExpression": "p"})),
        total(1.0),
        "before projection"
    );
    assert_eq!(get("none", &json!({"ReturnConsumedCapacity": "TOTAL"})), total(0.5));
    assert_eq!(
        get("none", &json!({"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true})),
        total(1.0)
    );
    assert_eq!(get("1", &json!({"ReturnConsumedCapacity": "NONE"})), Value::Null);
    assert_eq!(get("1", &json!({})), Value::Null);
}

#[test]
fn a_query_pays_for_the_sum_of_what_it_looked_at_on_the_table_or_the_index() {
    // rules 63, 68
    let db = full();
    put(&db, &json!({"g": s("1"), "l": n(1), "x": s("x".repeat(6000))}));
    let query = |index: Option<&str>, others: &Value| {
        let (condition, value) = if index == Some("gix") { ("g = :v", "1") } else { ("p = :v", "1") };
        let mut request = json!({
            "KeyConditionExpression": condition, "ExpressionAttributeValues": {":v": s(value)}, "ReturnConsumedCapacity": "INDEXES",
        });
        if let Some(index) = index {
            request["IndexName"] = json!(index);
        }
        request.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        db.query(&request)["ConsumedCapacity"].clone()
    };
    let nothing = json!({"ExpressionAttributeValues": {":v": s("none")}});
    assert_eq!(query(None, &json!({})), parts(1.0, None, None));
    assert_eq!(query(None, &json!({"ConsistentRead": true})), parts(2.0, None, None));
    assert_eq!(query(Some("gix"), &json!({})), parts(0.0, Some(0.5), None));
    assert_eq!(query(Some("lix"), &json!({})), parts(0.0, None, Some(0.5)));
    assert_eq!(
        query(Some("lix"), &json!({"Select": "ALL_ATTRIBUTES"})),
        parts(1.0, None, Some(0.5))
    );
    assert_eq!(
        query(Some("lix"), &json!({"Select": "ALL_ATTRIBUTES", "ConsistentRead": true})),
        parts(2.0, None, Some(1.0))
    );
    assert_eq!(query(None, &nothing), parts(0.5, None, None));
    assert_eq!(query(Some("gix"), &nothing), parts(0.0, Some(0.5), None));
    assert_eq!(
        query(Some("gix"), &json!({"ReturnConsumedCapacity": "TOTAL"})),
        json!({"TableName": "Tab", "CapacityUnits": 0.5})
    );
    // Two items of about 3 kB each begin one unit of 8 kB, not two of 4 kB (rule 63: the sum).
    put(&db, &json!({"x": s("x".repeat(3000))}));
    db.put(&json!({"p": s("1"), "r": s("2"), "x": s("x".repeat(3000))}));
    assert_eq!(query(None, &json!({})), parts(1.0, None, None));
    assert_eq!(query(None, &json!({"Select": "COUNT"})), parts(1.0, None, None));
    db.put(&json!({"p": s("1"), "r": s("2"), "x": s("x".repeat(1000))}));
    assert_eq!(query(None, &json!({})), parts(0.5, None, None));
}

#[test]
fn item_collection_metrics_are_for_tables_with_a_local_index() {
    // rule 69
    let request = json!({"TableName": "Tab", "Item": item(&json!({"x": n(1)})), "ReturnItemCollectionMetrics": "SIZE"});
    let metrics = json!({"ItemCollectionKey": {"p": s("1")}, "SizeEstimateRangeGB": [0.0, 1.0]});
    assert_eq!(full().ok("PutItem", &request), json!({"ItemCollectionMetrics": metrics}));
    let without = Db::holding(&Table::new(&["p:S", "r:S"]).gsi("gix", &["g:S"], &[], &keys_only()));
    assert_eq!(without.ok("PutItem", &request), json!({}));
}
