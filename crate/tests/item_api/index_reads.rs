//! What reads of an index see of its items and what they cost: what it projects, what a local one fetches, what a filter can ask for
//! (rules 51, 60-63, 68).

use crate::database::{Db, Table, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

/// Two items of about 3 kB in a global index that includes `shown` and in a local one of the keys.
fn stocked() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &[], &include(&["shown"]))
        .lsi("local", "l:N", &keys_only());
    let db = Db::holding(&table);
    for at in 0..2 {
        db.put(&json!({
            "pk": s("p"), "sk": n(at), "g": s("g"), "l": n(-at), "shown": n(at), "unseen": n(at), "data": s("x".repeat(3000)),
        }));
    }
    db
}

/// Both operations' requests of that index with other members.
fn reads(index: &str, members: &Value) -> Vec<(&'static str, Value)> {
    let mut query = in_table(members);
    query["IndexName"] = json!(index);
    let scan = query.clone();
    let (key, value) = if index == "global" { ("g", "g") } else { ("pk", "p") };
    query["KeyConditionExpression"] = json!(format!("{key} = :key"));
    query["ExpressionAttributeValues"][":key"] = s(value);
    vec![("Query", query), ("Scan", scan)]
}

#[test]
fn a_filter_sees_of_an_item_what_the_read_takes_from_the_index() {
    // rules 51, 61: what an index does not project is absent for a filter, unless the read fetches the items
    let db = stocked();
    let absent = json!({"FilterExpression": "attribute_not_exists(unseen)"});
    for index in ["global", "local"] {
        for (operation, request) in reads(index, &absent) {
            let reply = db.ok(operation, &request);
            assert_eq!(
                (&reply["Count"], &reply["ScannedCount"]),
                (&json!(2), &json!(2)),
                "{operation} {index}"
            );
        }
    }
    let shown = json!({"FilterExpression": "shown = :one", "ExpressionAttributeValues": {":one": n(1)}});
    for (index, count) in [("global", 1), ("local", 0)] {
        for (operation, request) in reads(index, &shown) {
            assert_eq!(db.ok(operation, &request)["Count"], count, "{operation} {index}");
        }
    }
    for members in [
        json!({"FilterExpression": "unseen = :one", "ExpressionAttributeValues": {":one": n(1)}, "Select": "ALL_ATTRIBUTES"}),
        json!({
            "FilterExpression": "unseen = :one", "ExpressionAttributeValues": {":one": n(1)}, "ProjectionExpression": "sk, unseen",
        }),
    ] {
        for (operation, request) in reads("local", &members) {
            let reply = db.ok(operation, &request);
            assert_eq!(
                (&reply["Count"], &reply["ScannedCount"]),
                (&json!(1), &json!(2)),
                "{operation} {request}"
            );
            assert_eq!(reply["Items"][0]["sk"], n(1));
        }
    }
}

#[test]
fn an_index_is_charged_for_its_entries_and_a_fetch_for_each_item() {
    // rules 61-63, 68 with part D
    let db = stocked();
    let parts = |table: f64, kind: &str, index: &str, units: f64| {
        json!({
            "TableName": "Tab", "CapacityUnits": table + units, "Table": {"CapacityUnits": table}, kind: {index: {"CapacityUnits": units}},
        })
    };
    for (index, kind, members, table, units) in [
        ("global", "GlobalSecondaryIndexes", json!({}), 0.0, 0.5),
        ("global", "GlobalSecondaryIndexes", json!({"Select": "COUNT"}), 0.0, 0.5),
        ("local", "LocalSecondaryIndexes", json!({}), 0.0, 0.5),
        ("local", "LocalSecondaryIndexes", json!({"ConsistentRead": true}), 0.0, 1.0),
        ("local", "LocalSecondaryIndexes", json!({"Select": "COUNT"}), 0.0, 0.5),
        (
            "local",
            "LocalSecondaryIndexes",
            json!({"FilterExpression": "attribute_exists(unseen)"}),
            0.0,
            0.5,
        ),
        ("local", "LocalSecondaryIndexes", json!({"Select": "ALL_ATTRIBUTES"}), 1.0, 0.5),
        (
            "local",
            "LocalSecondaryIndexes",
            json!({"Select": "ALL_ATTRIBUTES", "ConsistentRead": true}),
            2.0,
            1.0,
        ),
        (
            "local",
            "LocalSecondaryIndexes",
            json!({"ProjectionExpression": "unseen"}),
            1.0,
            0.5,
        ),
        (
            "local",
            "LocalSecondaryIndexes",
            json!({"ProjectionExpression": "unseen", "FilterExpression": "attribute_not_exists(unseen)"}),
            1.0,
            0.5,
        ),
        (
            "local",
            "LocalSecondaryIndexes",
            json!({"ProjectionExpression": "unseen", "Limit": 1}),
            0.5,
            0.5,
        ),
    ] {
        for (operation, mut request) in reads(index, &members) {
            request["ReturnConsumedCapacity"] = json!("INDEXES");
            assert_eq!(
                db.ok(operation, &request)["ConsumedCapacity"],
                parts(table, kind, index, units),
                "{operation} {request}"
            );
            request["ReturnConsumedCapacity"] = json!("TOTAL");
            assert_eq!(
                db.ok(operation, &request)["ConsumedCapacity"],
                json!({"TableName": "Tab", "CapacityUnits": table + units}),
                "{operation} {request}"
            );
            request["ReturnConsumedCapacity"] = json!("NONE");
            assert_eq!(db.ok(operation, &request).get("ConsumedCapacity"), None);
        }
    }
}

#[test]
fn reads_of_a_table_are_charged_before_filter_projection_and_count() {
    // rules 51, 63
    let db = stocked();
    for (members, units) in [
        (json!({}), 1.0),
        (json!({"ConsistentRead": true}), 2.0),
        (json!({"Select": "COUNT"}), 1.0),
        (json!({"ProjectionExpression": "sk"}), 1.0),
        (json!({"FilterExpression": "attribute_not_exists(pk1)"}), 1.0),
        (
            json!({"FilterExpression": "attribute_exists(absent1)", "ConsistentRead": true}),
            2.0,
        ),
        (json!({"Limit": 1}), 0.5),
    ] {
        let mut scan = in_table(&members);
        scan["ReturnConsumedCapacity"] = json!("INDEXES");
        let mut query = scan.clone();
        query["KeyConditionExpression"] = json!("pk = :p");
        query["ExpressionAttributeValues"] = json!({":p": s("p")});
        for (operation, request) in [("Query", query), ("Scan", scan)] {
            assert_eq!(
                db.ok(operation, &request)["ConsumedCapacity"],
                json!({"TableName": "Tab", "CapacityUnits": units, "Table": {"CapacityUnits": units}}),
                "{operation} {request}"
            );
        }
    }
}

#[test]
fn segments_share_keys_of_every_type_out_without_loss_or_repeat() {
    // rules 58, 59
    for key_type in ["S", "N", "B"] {
        let key = |at: u32| match key_type {
            "S" => s(format!("key{at}")),
            "N" => n(f64::from(at) * 1.5 - 30.0),
            _ => crate::database::b(&at.to_be_bytes()),
        };
        let db = Db::holding(&Table::new(&[&format!("pk:{key_type}")]));
        for at in 0..60 {
            db.put(&json!({"pk": key(at)}));
        }
        let whole = db.ok("Scan", &in_table(&json!({})))["Items"].clone();
        assert_eq!(whole.as_array().unwrap().len(), 60);
        for total in [1, 2, 7, 100] {
            let mut found = Vec::new();
            for segment in 0..total {
                let reply = db.ok("Scan", &in_table(&json!({"Segment": segment, "TotalSegments": total})));
                found.extend(reply["Items"].as_array().unwrap().clone());
            }
            assert_eq!(Value::from(found), whole, "{key_type} in {total}: in order, too");
        }
        // The most there can be.
        db.ok("Scan", &in_table(&json!({"Segment": 999_999, "TotalSegments": 1_000_000})));
    }
}

#[test]
fn keys_of_several_tables_that_do_not_fit_a_reply_come_back_with_their_options() {
    // rules 23, 71
    let db = Db::new();
    let data = s("x".repeat(399_000));
    for name in ["One", "Two"] {
        db.create(&Table::named(name, &["pk:S"]));
        for at in 0..30 {
            db.ok(
                "PutItem",
                &json!({"TableName": name, "Item": {"pk": s(at.to_string()), "data": data}}),
            );
        }
    }
    let keys: Vec<Value> = (0..30).map(|at| json!({"pk": s(at.to_string())})).collect();
    let mut request = json!({"RequestItems": {
        "One": {"Keys": keys, "AttributesToGet": ["pk"], "ConsistentRead": true},
        "Two": {"Keys": keys, "ProjectionExpression": "#k", "ExpressionAttributeNames": {"#k": "pk"}},
    }});
    let reply = db.ok("BatchGetItem", &request);
    let found = |reply: &Value, name: &str| reply["Responses"][name].as_array().map_or(0, Vec::len);
    // 42 items of 399,007 bytes fit into 16 MB.
    assert_eq!((found(&reply, "One"), found(&reply, "Two")), (30, 12));
    assert_eq!(
        reply["UnprocessedKeys"],
        json!({"Two": {"Keys": keys[12..], "ProjectionExpression": "#k", "ExpressionAttributeNames": {"#k": "pk"}}})
    );
    request["RequestItems"] = reply["UnprocessedKeys"].clone();
    let rest = db.ok("BatchGetItem", &request);
    assert_eq!(rest["Responses"]["Two"], json!(keys[12..]));
    assert_eq!(rest["UnprocessedKeys"], json!({}));
}
