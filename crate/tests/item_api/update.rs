//! What UpdateItem does to an item, to its index entries and to its stream, and what it returns.

use crate::database::{Db, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

/// A table with an item of every kind of container.
fn stocked() -> Db {
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&item());
    db
}

fn item() -> Value {
    json!({
        "pk": s("a"),
        "n": n(5),
        "text": s("x"),
        "ss": {"SS": ["x", "y"]},
        "l": {"L": [s("a"), s("b"), s("c")]},
        "m": {"M": {"n": n(1), "l": {"L": [s("d")]}}}
    })
}

fn update(db: &Db, request: &Value) -> Value {
    let mut request = in_table(request);
    if request.get("Key").is_none() {
        request["Key"] = json!({"pk": s("a")});
    }
    db.ok("UpdateItem", &request)
}

/// What `ReturnValues` gives for an expression, on a fresh copy of the item.
fn returned(expression: &str, return_values: &str) -> Value {
    let values = json!({":v": s("v"), ":n": n(2), ":xy": {"SS": ["x", "y"]}});
    let used: serde_json::Map<String, Value> = values
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| expression.contains(*key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let mut request = json!({"UpdateExpression": expression, "ReturnValues": return_values});
    if !used.is_empty() {
        request["ExpressionAttributeValues"] = used.into();
    }
    update(&stocked(), &request)
}

#[test]
fn all_four_clauses_work_on_the_item_as_it_was_and_are_stored() {
    // rules 37-39, 42, 43
    let db = stocked();
    let reply = update(
        &db,
        &json!({
            "UpdateExpression": "SET n = n + :two, copy1 = n, l[9] = :v, m.n = if_not_exists(m.x, :two), m.l = list_append(m.l, :l) \
                                 REMOVE #t, l[0] ADD count1 :two DELETE ss :x",
            "ExpressionAttributeNames": {"#t": "text"},
            "ExpressionAttributeValues": {":two": n(2), ":v": s("v"), ":l": {"L": [n(1)]}, ":x": {"SS": ["x", "z"]}}
        }),
    );
    assert_eq!(reply, json!({}));
    assert_eq!(
        db.get(&json!({"pk": s("a")})),
        Some(json!({
            "pk": s("a"),
            "n": n(7),
            "copy1": n(5),
            "ss": {"SS": ["y"]},
            "l": {"L": [s("b"), s("c"), s("v")]},
            "m": {"M": {"n": n(2), "l": {"L": [s("d"), n(1)]}}},
            "count1": n(2)
        }))
    );
}

#[test]
fn an_update_of_a_missing_item_creates_it_even_without_an_expression() {
    // rules 41, 43
    let db = stocked();
    let key = json!({"pk": s("new")});
    assert_eq!(
        update(&db, &json!({"Key": key, "ReturnValues": "ALL_NEW"})),
        json!({"Attributes": key})
    );
    assert_eq!(db.get(&key), Some(key));

    let key = json!({"pk": s("counted")});
    let count = json!({"Key": key, "UpdateExpression": "ADD c :one", "ExpressionAttributeValues": {":one": n(1)}});
    update(&db, &count);
    update(&db, &count);
    assert_eq!(db.get(&key), Some(json!({"pk": s("counted"), "c": n(2)})));
}

#[test]
fn old_values_of_an_update_that_creates_the_item_are_none() {
    // rule 44 with part D
    let db = stocked();
    for (at, return_values) in ["ALL_OLD", "UPDATED_OLD"].into_iter().enumerate() {
        let request = json!({
            "Key": {"pk": s(format!("new{at}"))},
            "UpdateExpression": "SET a = :v",
            "ExpressionAttributeValues": {":v": n(1)},
            "ReturnValues": return_values
        });
        assert_eq!(update(&db, &request), json!({}), "{return_values}");
    }
}

#[test]
fn return_values_show_the_whole_item_or_only_what_was_touched() {
    // rule 44 with part D
    let mut after = item();
    after["n"] = s("v");
    for (expression, return_values, attributes) in [
        ("SET n = :v", "ALL_OLD", Some(item())),
        ("SET n = :v", "ALL_NEW", Some(after)),
        ("SET n = :v", "NONE", None),
        (
            "SET n = :v, m.n = :n",
            "UPDATED_OLD",
            Some(json!({"n": n(5), "m": {"M": {"n": n(1)}}})),
        ),
        (
            "SET n = :v, m.n = :n",
            "UPDATED_NEW",
            Some(json!({"n": s("v"), "m": {"M": {"n": n(2)}}})),
        ),
        (
            "SET l[1] = :v REMOVE m.l[0]",
            "UPDATED_OLD",
            Some(json!({"l": {"L": [s("b")]}, "m": {"M": {"l": {"L": [s("d")]}}}})),
        ),
        ("SET l[1] = :v REMOVE m.l[0]", "UPDATED_NEW", Some(json!({"l": {"L": [s("v")]}}))),
        ("ADD n :n", "UPDATED_OLD", Some(json!({"n": n(5)}))),
        ("ADD n :n", "UPDATED_NEW", Some(json!({"n": n(7)}))),
        // An append past the end, a removal and the last member of a set leave nothing to show.
        ("SET l[9] = :v", "UPDATED_NEW", None),
        ("REMOVE n", "UPDATED_NEW", None),
        ("DELETE ss :xy", "UPDATED_NEW", None),
        ("SET fresh1 = :v", "UPDATED_OLD", None),
    ] {
        let expected = attributes.map_or(json!({}), |attributes| json!({"Attributes": attributes}));
        assert_eq!(returned(expression, return_values), expected, "{expression} {return_values}");
    }
}

#[test]
fn a_condition_decides_and_its_failure_may_show_the_item() {
    // rule A5
    let db = stocked();
    let conditional = |condition: &str, value: i64| {
        json!({
            "TableName": "Tab",
            "Key": {"pk": s("a")},
            "UpdateExpression": "SET n = :new",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":new": n(value), ":old": n(5)}
        })
    };
    db.ok("UpdateItem", &conditional("n = :old", 6));
    let (status, reply) = db.ask("UpdateItem", &conditional("n = :old", 7));
    assert_eq!(status, 400);
    let failed = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    assert_eq!(reply, json!({"__type": failed, "message": "The conditional request failed"}));
    let mut showing = conditional("n = :old", 7);
    showing["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    let mut stored = item();
    stored["n"] = n(6);
    assert_eq!(db.ask("UpdateItem", &showing).1["Item"], stored);
    assert_eq!(db.get(&json!({"pk": s("a")})), Some(stored));

    // An item that is not there is empty to the condition, and nothing to show; not even its key.
    let mut absent = conditional("attribute_exists(pk) OR n = :old", 7);
    absent["Key"] = json!({"pk": s("absent")});
    absent["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    assert_eq!(
        db.ask("UpdateItem", &absent).1,
        json!({"__type": failed, "message": "The conditional request failed"})
    );
    assert_eq!(db.get(&json!({"pk": s("absent")})), None);
}

#[test]
fn a_condition_alone_is_an_update_that_changes_nothing() {
    // rule 41
    let db = stocked();
    let request = json!({
        "ConditionExpression": "n = :n",
        "ExpressionAttributeValues": {":n": n(5)},
        "ReturnValues": "ALL_NEW"
    });
    assert_eq!(update(&db, &request)["Attributes"], item());
}

/// A table with a global and a local index and a stream.
fn indexed() -> Db {
    let table = Table::new(&["pk:S", "sk:S"])
        .gsi("glo", &["gpk:S"], &["gsk:N"], &include(&["shown"]))
        .lsi("loc", "lsk:S", &keys_only())
        .stream("NEW_AND_OLD_IMAGES");
    Db::holding(&table)
}

fn indexed_update(db: &Db, expression: &str, values: &Value) -> Value {
    let mut request = json!({
        "TableName": "Tab",
        "Key": {"pk": s("p"), "sk": s("s")},
        "UpdateExpression": expression,
        "ReturnConsumedCapacity": "INDEXES",
        "ReturnItemCollectionMetrics": "SIZE"
    });
    if values.as_object().is_some_and(|values| !values.is_empty()) {
        request["ExpressionAttributeValues"] = values.clone();
    }
    db.ok("UpdateItem", &request)
}

fn entries(db: &Db, index: &str, key: &str, value: &str) -> Vec<Value> {
    let request =
        json!({"IndexName": index, "KeyConditionExpression": format!("{key} = :v"), "ExpressionAttributeValues": {":v": s(value)}});
    db.items(&request)
}

#[test]
fn index_entries_follow_the_item_and_cost_what_they_change() {
    // rules 62, 64, 67-69
    let db = indexed();
    let consumed = |total: f64, global: Option<f64>, local: Option<f64>| {
        let mut consumed = json!({"TableName": "Tab", "CapacityUnits": total, "Table": {"CapacityUnits": 1.0}});
        if let Some(units) = global {
            consumed["GlobalSecondaryIndexes"] = json!({"glo": {"CapacityUnits": units}});
        }
        if let Some(units) = local {
            consumed["LocalSecondaryIndexes"] = json!({"loc": {"CapacityUnits": units}});
        }
        consumed
    };
    let metrics = json!({"ItemCollectionKey": {"pk": s("p")}, "SizeEstimateRangeGB": [0.0, 1.0]});
    let steps = [
        // No index key yet.
        ("SET extra = :v", json!({":v": s("x")}), consumed(1.0, None, None)),
        // Both entries come.
        (
            "SET gpk = :g, gsk = :n, lsk = :l, shown = :v",
            json!({":g": s("g1"), ":n": n(1), ":l": s("l"), ":v": s("1")}),
            consumed(3.0, Some(1.0), Some(1.0)),
        ),
        // What no index holds.
        ("SET extra = :v", json!({":v": s("y")}), consumed(1.0, None, None)),
        // What one index holds.
        ("SET shown = :v", json!({":v": s("2")}), consumed(2.0, Some(1.0), None)),
        // A key moves: one deletion, one insertion.
        ("SET gpk = :g", json!({":g": s("g2")}), consumed(3.0, Some(2.0), None)),
        // An entry goes.
        ("REMOVE gsk", json!({}), consumed(2.0, Some(1.0), None)),
    ];
    for (expression, values, consumed) in steps {
        let reply = indexed_update(&db, expression, &values);
        assert_eq!(
            reply,
            json!({"ConsumedCapacity": consumed, "ItemCollectionMetrics": metrics}),
            "{expression}"
        );
        let (g1, g2) = (entries(&db, "glo", "gpk", "g1"), entries(&db, "glo", "gpk", "g2"));
        match expression {
            "SET shown = :v" => assert_eq!(g1[0]["shown"], s("2")),
            "SET gpk = :g" => assert!(g1.is_empty() && g2.len() == 1),
            "REMOVE gsk" => assert!(g1.is_empty() && g2.is_empty()),
            _ => {}
        }
    }
    let local = json!({"pk": s("p"), "sk": s("s"), "lsk": s("l")});
    let query = json!({"IndexName": "loc", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("p")}});
    assert_eq!(db.items(&query), [local]);
}

#[test]
fn a_write_is_charged_by_the_larger_of_the_two_images() {
    // rule 64
    let db = Db::holding(&Table::new(&["pk:S"]));
    let units = |expression: &str, value: Option<Value>| {
        let mut request = json!({"UpdateExpression": expression, "ReturnConsumedCapacity": "TOTAL"});
        if let Some(value) = value {
            request["ExpressionAttributeValues"] = json!({ ":v": value });
        }
        update(&db, &request)["ConsumedCapacity"].clone()
    };
    let total = |units: f64| json!({"TableName": "Tab", "CapacityUnits": units});
    assert_eq!(units("SET big = :v", Some(s("x".repeat(3000)))), total(3.0));
    assert_eq!(units("SET small = :v", Some(n(1))), total(3.0));
    assert_eq!(units("REMOVE big", None), total(3.0));
    assert_eq!(units("REMOVE small", None), total(1.0));
}

#[test]
fn an_update_takes_at_most_two_crossings_whatever_it_has_to_keep() {
    let db = indexed();
    indexed_update(
        &db,
        "SET gpk = :g, gsk = :n, lsk = :l",
        &json!({":g": s("g"), ":n": n(1), ":l": s("l")}),
    );
    let request = json!({
        "TableName": "Tab",
        "Key": {"pk": s("p"), "sk": s("s")},
        "UpdateExpression": "SET gpk = :g REMOVE lsk",
        "ConditionExpression": "attribute_exists(gsk)",
        "ExpressionAttributeValues": {":g": s("h")},
        "ReturnValues": "ALL_NEW",
        "ReturnConsumedCapacity": "INDEXES"
    });
    let crossings = db.crossings(|| db.ok("UpdateItem", &request));
    assert!(crossings <= 2, "{crossings}");
    assert_eq!(entries(&db, "glo", "gpk", "h").len(), 1);
    assert_eq!(entries(&db, "glo", "gpk", "g").len(), 0);
    let refused = json!({"TableName": "Tab", "Key": {"pk": s("p"), "sk": s("s")}, "ConditionExpression": "attribute_not_exists(pk)"});
    assert!(db.crossings(|| db.fails("UpdateItem", &refused)) <= 2);
}

#[test]
fn the_stream_records_updates_that_change_something() {
    // rule 99
    use dynatab::storage_backend::{StorageBackend, poll::now_or_never};
    let db = indexed();
    indexed_update(&db, "SET a = :v", &json!({":v": n(1)}));
    indexed_update(&db, "SET a = :v", &json!({":v": n(2)}));
    indexed_update(&db, "SET a = :v", &json!({":v": n(2)}));
    let shard = "shardId-00000000000000000000-00000001";
    let records = now_or_never(db.engine.backend().get_stream_records("Tab", shard, 0, 10))
        .unwrap()
        .unwrap();
    let events: Vec<_> = records.iter().map(|record| record.event_name.as_str()).collect();
    assert_eq!(events, ["INSERT", "MODIFY"]);
    let image = |text: &Option<String>| -> Value { serde_json::from_str(text.as_ref().unwrap()).unwrap() };
    assert_eq!(image(&records[1].old_image)["a"], n(1));
    assert_eq!(image(&records[1].new_image)["a"], n(2));
}

#[test]
fn an_item_enters_an_index_of_four_and_four_keys_with_the_last_attribute() {
    // rule A1
    let table = Table::new(&["pk:S"]).gsi("many", &["h1:S", "h2:N"], &["r1:S", "r2:N"], &all());
    let db = Db::holding(&table);
    let query = json!({
        "IndexName": "many",
        "KeyConditionExpression": "h1 = :h AND h2 = :n AND r1 = :h AND r2 > :zero",
        "ExpressionAttributeValues": {":h": s("x"), ":n": n(1), ":zero": n(0)}
    });
    for (attribute, value, found) in [("h1", s("x"), 0), ("r2", n(1), 0), ("r1", s("x"), 0), ("h2", n(1), 1)] {
        let request = json!({"UpdateExpression": format!("SET {attribute} = :v"), "ExpressionAttributeValues": {":v": value}});
        update(&db, &request);
        assert_eq!(db.items(&query).len(), found, "{attribute}");
    }
}
