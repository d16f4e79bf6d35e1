//! Pages of a Scan: of tables and indexes, whole and in segments, filtered and projected.

use std::collections::BTreeSet;

use crate::database::{Db, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

fn scan(db: &Db, request: &Value) -> Value {
    db.ok("Scan", &in_table(request))
}

fn items(reply: &Value) -> Vec<Value> {
    reply["Items"].as_array().unwrap().clone()
}

/// All items, page by page.
fn all_pages(db: &Db, request: &Value) -> Vec<Value> {
    let mut request = request.clone();
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let reply = scan(db, &request);
        found.extend(items(&reply));
        match reply.get("LastEvaluatedKey") {
            Some(key) => request["ExclusiveStartKey"] = key.clone(),
            None => return found,
        }
        pages += 1;
        assert!(pages < 1000, "the pages do not end");
    }
}

/// The partition keys of items, in their order.
fn keys(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["pk"]["S"].as_str().unwrap().to_owned()).collect()
}

/// 40 partitions of 3 items, some of them in the indexes.
fn stocked() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &["gs:N"], &include(&["shown"]))
        .gsi("whole", &["g:S"], &[], &all())
        .lsi("local", "l:N", &keys_only());
    let db = Db::holding(&table);
    for at in 0..120 {
        let mut item = json!({"pk": s(format!("p{}", at % 40)), "sk": n(at), "shown": n(at), "secret": n(at)});
        if at % 2 == 0 {
            item["g"] = s(format!("g{}", at % 5));
            item["gs"] = n(at % 7);
        }
        if at % 3 == 0 {
            item["l"] = n(at % 4);
        }
        db.put(&item);
    }
    db
}

#[test]
fn items_come_in_the_order_of_their_partition_keys_hashes() {
    // rule 59: these keys' buckets are 0, 0, 1, 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    for key in ["3435", "1668", "228", "3635"] {
        db.put(&json!({"pk": s(key)}));
    }
    let found = keys(&items(&scan(&db, &json!({}))));
    assert_eq!(
        found[..2].iter().map(String::as_str).collect::<BTreeSet<_>>(),
        ["228", "3635"].into()
    );
    assert_eq!(found[2..], ["1668", "3435"]);
}

#[test]
fn pages_of_any_size_visit_every_item_once_in_tables_and_indexes() {
    // rules 51, 53
    let db = stocked();
    for (index, count) in [(None, 120), (Some("global"), 60), (Some("whole"), 60), (Some("local"), 40)] {
        let mut request = index.map_or(json!({}), |index| json!({ "IndexName": index }));
        let whole = items(&scan(&db, &request));
        assert_eq!(whole.len(), count, "{index:?}");
        for limit in [1, 7, 40, 200] {
            request["Limit"] = json!(limit);
            assert_eq!(all_pages(&db, &request), whole, "{index:?} by {limit}");
        }
    }
}

#[test]
fn the_last_key_is_there_whenever_the_limit_ended_the_page() {
    // rules 51-53
    let db = stocked();
    for (index, attributes) in [
        (None, vec!["pk", "sk"]),
        (Some("global"), vec!["g", "gs", "pk", "sk"]),
        (Some("local"), vec!["l", "pk", "sk"]),
    ] {
        let mut request = json!({"Limit": 1});
        if let Some(index) = index {
            request["IndexName"] = json!(index);
        }
        let key = scan(&db, &request)["LastEvaluatedKey"].clone();
        let names: Vec<&String> = key.as_object().unwrap().keys().collect();
        assert_eq!(names, attributes);
    }
    // A limit of just as many items as there are ends the page, and the next one is empty.
    let reply = scan(&db, &json!({"Limit": 120}));
    let after = scan(&db, &json!({"ExclusiveStartKey": reply["LastEvaluatedKey"]}));
    assert_eq!(after, json!({"Items": [], "Count": 0, "ScannedCount": 0}));
    assert!(scan(&db, &json!({"Limit": 121})).get("LastEvaluatedKey").is_none());
}

#[test]
fn a_page_ends_with_the_item_that_fills_a_megabyte_filtered_or_not() {
    // rules 51, 63
    let db = Db::holding(&Table::new(&["pk:S"]));
    for at in 0..6 {
        db.put(&json!({"pk": s(at.to_string()), "data": s("x".repeat(300_000))}));
    }
    let filtered = json!({
        "FilterExpression": "attribute_not_exists(pk)",
        "ProjectionExpression": "pk",
        "ReturnConsumedCapacity": "TOTAL"
    });
    let reply = scan(&db, &filtered);
    assert_eq!((&reply["Count"], &reply["ScannedCount"]), (&json!(0), &json!(4)));
    assert!(reply.get("LastEvaluatedKey").is_some());
    // 4 items of 300007 bytes: 293 steps of 4 kB.
    assert_eq!(reply["ConsumedCapacity"], json!({"TableName": "Tab", "CapacityUnits": 146.5}));
    assert_eq!(all_pages(&db, &json!({"ProjectionExpression": "pk"})).len(), 6);
}

#[test]
fn a_filter_may_ask_for_key_attributes_and_counts_what_it_looked_at() {
    // rules 51, 56
    let db = stocked();
    let reply = scan(
        &db,
        &json!({
            "FilterExpression": "pk = :p AND shown < :n",
            "ExpressionAttributeValues": {":p": s("p7"), ":n": n(80)},
            "ProjectionExpression": "sk"
        }),
    );
    assert_eq!(reply["ScannedCount"], 120);
    assert_eq!(reply["Count"], 2);
    assert_eq!(items(&reply), [json!({"sk": n(7)}), json!({"sk": n(47)})]);
    // The limit is of items looked at.
    let limited = scan(&db, &json!({"FilterExpression": "attribute_exists(l)", "Limit": 10}));
    assert_eq!(limited["ScannedCount"], 10);
    assert!(limited["Count"].as_i64().unwrap() < 10);
}

#[test]
fn select_says_what_of_the_items_is_returned() {
    // rules 60, 61
    let db = stocked();
    assert_eq!(scan(&db, &json!({"Select": "COUNT"})), json!({"Count": 120, "ScannedCount": 120}));
    let names = |request: Value| -> BTreeSet<String> {
        let found = items(&scan(&db, &request));
        found
            .iter()
            .flat_map(|item| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>())
            .collect()
    };
    let set = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    assert_eq!(names(json!({"IndexName": "global"})), set(&["pk", "sk", "g", "gs", "shown"]));
    assert_eq!(
        names(json!({"IndexName": "local", "Select": "ALL_PROJECTED_ATTRIBUTES"})),
        set(&["pk", "sk", "l"])
    );
    // A local index fetches what it does not hold.
    assert_eq!(
        names(json!({"IndexName": "local", "Select": "ALL_ATTRIBUTES"})),
        set(&["pk", "sk", "l", "g", "gs", "shown", "secret"])
    );
    assert_eq!(
        names(json!({"IndexName": "local", "ProjectionExpression": "secret"})),
        set(&["secret"])
    );
    assert_eq!(names(json!({"AttributesToGet": ["sk", "absent"]})), set(&["sk"]));
}

#[test]
fn segments_together_are_the_whole_and_share_nothing() {
    // rules 58, 59
    let db = stocked();
    let whole = items(&scan(&db, &json!({})));
    for total in [1, 2, 3, 16, 4096, 5000] {
        let mut found = Vec::new();
        for segment in 0..total.min(200) {
            found.extend(all_pages(&db, &json!({"Segment": segment, "TotalSegments": total, "Limit": 2})));
        }
        if total <= 200 {
            assert_eq!(found, whole, "{total}");
        } else {
            assert!(found.len() < whole.len());
        }
    }
    // The segment of a key is its bucket among 4096.
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (key, segment) in [("3635", 0), ("228", 0), ("1668", 1), ("3435", 4)] {
        db.put(&json!({"pk": s(key)}));
        let found = keys(&items(&scan(&db, &json!({"Segment": segment, "TotalSegments": 4096}))));
        assert!(found.contains(&key.to_owned()), "{key}");
    }
    let index = json!({"IndexName": "whole", "Segment": 1, "TotalSegments": 2});
    let other = json!({"IndexName": "whole", "Segment": 0, "TotalSegments": 2});
    let db = stocked();
    assert_eq!(all_pages(&db, &other).len() + all_pages(&db, &index).len(), 60);
}

#[test]
fn reads_are_charged_by_what_the_page_looked_at() {
    // rules 62, 63, 68 with part D on 65
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("keys", &["g:S"], &[], &keys_only()));
    for at in 0..3 {
        db.put(&json!({"pk": s(at.to_string()), "g": s("g"), "data": s("x".repeat(3000))}));
    }
    let consumed = |request: Value| scan(&db, &request)["ConsumedCapacity"].clone();
    assert_eq!(
        consumed(json!({"ReturnConsumedCapacity": "TOTAL"})),
        json!({"TableName": "Tab", "CapacityUnits": 1.5})
    );
    assert_eq!(
        consumed(json!({"ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true})),
        json!({"TableName": "Tab", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 3.0}})
    );
    assert_eq!(
        consumed(json!({"ReturnConsumedCapacity": "INDEXES", "IndexName": "keys"})),
        json!({
            "TableName": "Tab",
            "CapacityUnits": 0.5,
            "Table": {"CapacityUnits": 0.0},
            "GlobalSecondaryIndexes": {"keys": {"CapacityUnits": 0.5}}
        })
    );
    assert_eq!(consumed(json!({})), Value::Null);
}

#[test]
fn a_page_takes_one_crossing() {
    let db = stocked();
    for request in [
        json!({}),
        json!({"IndexName": "local", "Select": "ALL_ATTRIBUTES", "ReturnConsumedCapacity": "INDEXES"}),
        json!({"IndexName": "global", "FilterExpression": "attribute_exists(shown)", "Segment": 0, "TotalSegments": 2, "Limit": 10}),
    ] {
        assert_eq!(db.crossings(|| scan(&db, &request)), 1, "{request}");
    }
}

#[test]
fn a_scan_filter_means_what_its_expression_means() {
    // messages-items 7
    let db = stocked();
    let legacy = json!({
        "ScanFilter": {
            "shown": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [n(10), n(20)]},
            "l": {"ComparisonOperator": "NOT_NULL"}
        },
        "ConditionalOperator": "OR"
    });
    let expression = json!({
        "FilterExpression": "shown BETWEEN :ten AND :twenty OR attribute_exists(l)",
        "ExpressionAttributeValues": {":ten": n(10), ":twenty": n(20)}
    });
    let found = scan(&db, &legacy);
    assert!(found["Count"].as_i64().unwrap() > 40);
    assert_eq!(found, scan(&db, &expression));
}
