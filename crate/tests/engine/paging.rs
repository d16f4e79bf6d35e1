//! Pages of a Query: every item once, forwards and backwards, whatever the page's size; and the keys that pages start behind
//! (rules 51-54).

use crate::database::{Db, INVALID, NOT_VALID, Table, all, in_table, keys_only, n, s};
use serde_json::{Value, json};

/// All pages of a Query: the items of each.
fn pages(db: &Db, request: &Value) -> Vec<Vec<Value>> {
    let mut request = request.clone();
    let mut pages = Vec::new();
    loop {
        let mut reply = db.query(&request);
        pages.push(reply["Items"].take().as_array().unwrap().clone());
        match reply.get("LastEvaluatedKey") {
            Some(key) => request["ExclusiveStartKey"] = key.clone(),
            None => return pages,
        }
        assert!(pages.len() < 1000, "the pages do not end");
    }
}

/// A table with 23 items in one partition, all tied in the indexes or nearly so.
fn tied() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("tied", &["g:S"], &[], &all())
        .gsi("ranged", &["g:S"], &["r:N"], &keys_only())
        .gsi("many", &["g:S", "h:S"], &["r:N", "q:S"], &keys_only())
        .lsi("local", "r:N", &keys_only());
    let db = Db::holding(&table);
    for id in 0..23 {
        db.put(&json!({"pk": s("p"), "sk": n(id * 7 % 23), "g": s("g"), "h": s("h"), "r": n(id % 3), "q": s((id % 2).to_string())}));
    }
    // Another partition of the table under the same index keys.
    for id in 0..4 {
        db.put(&json!({"pk": s(format!("q{id}")), "sk": n(1), "g": s("g"), "h": s("h"), "r": n(1), "q": s("0")}));
    }
    db
}

#[test]
fn pages_of_any_size_visit_every_item_once_and_in_order_both_ways() {
    // rules 51, 53
    let db = tied();
    for (index, condition) in [
        (None, "pk = :p"),
        (Some("local"), "pk = :p"),
        (Some("local"), "pk = :p AND r = :one"),
        (Some("tied"), "g = :g"),
        (Some("ranged"), "g = :g"),
        (Some("ranged"), "g = :g AND r = :one"),
        (Some("ranged"), "g = :g AND r > :zero"),
        (Some("many"), "g = :g AND h = :h"),
        (Some("many"), "g = :g AND h = :h AND r = :one"),
    ] {
        for forward in [true, false] {
            let mut values = json!({});
            for (name, value) in [(":p", s("p")), (":g", s("g")), (":h", s("h")), (":one", n(1)), (":zero", n(0))] {
                if condition.contains(name) {
                    values[name] = value;
                }
            }
            let mut request =
                json!({"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ScanIndexForward": forward});
            if let Some(index) = index {
                request["IndexName"] = json!(index);
            }
            let whole = db.items(&request);
            assert!(whole.len() > 6, "{request}");
            for limit in 1..=whole.len() {
                request["Limit"] = json!(limit);
                let pages = pages(&db, &request);
                assert_eq!(pages.concat(), whole, "{request}");
                // rule 52: a page that Limit ended says so, even if nothing is left.
                assert_eq!(pages.len(), whole.len() / limit + 1, "{request}");
            }
        }
    }
}

#[test]
fn a_page_ended_by_limit_has_a_last_evaluated_key_even_if_nothing_is_left() {
    // rule 52
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    db.put(&json!({"pk": s("p"), "sk": n(1)}));
    db.put(&json!({"pk": s("p"), "sk": n(2)}));
    let request = |limit: u32| json!({"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("p")}, "Limit": limit});
    assert_eq!(db.query(&request(2))["LastEvaluatedKey"], json!({"pk": s("p"), "sk": n(2)}));
    assert_eq!(db.query(&request(3)).get("LastEvaluatedKey"), None);
}

#[test]
fn the_last_evaluated_key_is_the_index_key_and_the_table_key() {
    // rule 53, A1
    let db = tied();
    let last = |index: Option<&str>, condition: &str, values: Value| {
        let mut request = json!({"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "Limit": 1});
        if let Some(index) = index {
            request["IndexName"] = json!(index);
        }
        // A projection that leaves the keys out does not take them from here.
        request["ProjectionExpression"] = json!("sk");
        db.query(&request)["LastEvaluatedKey"].clone()
    };
    let names = |key: &Value| key.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(last(None, "pk = :p", json!({":p": s("p")})), json!({"pk": s("p"), "sk": n(0)}));
    assert_eq!(names(&last(Some("tied"), "g = :g", json!({":g": s("g")}))), "g pk sk");
    assert_eq!(names(&last(Some("ranged"), "g = :g", json!({":g": s("g")}))), "g pk r sk");
    assert_eq!(
        names(&last(Some("many"), "g = :g AND h = :h", json!({":g": s("g"), ":h": s("h")}))),
        "g h pk q r sk"
    );
    assert_eq!(names(&last(Some("local"), "pk = :p", json!({":p": s("p")}))), "pk r sk");
}

#[test]
fn limit_counts_what_is_looked_at_and_not_what_the_filter_leaves() {
    // rule 51
    let db = tied();
    let request = json!({
        "KeyConditionExpression": "pk = :p", "FilterExpression": "r = :r",
        "ExpressionAttributeValues": {":p": s("p"), ":r": n(1)}, "Limit": 9,
    });
    let reply = db.query(&request);
    assert_eq!(reply["ScannedCount"], 9);
    assert_eq!(reply["Count"], reply["Items"].as_array().unwrap().len());
    assert!(reply["Count"].as_i64().unwrap() < 9);
    assert_eq!(reply["LastEvaluatedKey"], json!({"pk": s("p"), "sk": n(8)}));
    assert_eq!(pages(&db, &request).concat().len(), 8);
}

#[test]
fn a_page_ends_with_the_item_that_brings_it_to_a_megabyte() {
    // rules 23, 51: sizes before filter and projection
    let db = Db::holding(
        &Table::new(&["pk:S", "sk:N"])
            .gsi("keys", &["pk:S"], &["sk:N"], &keys_only())
            .lsi("local", "l:N", &keys_only()),
    );
    for sk in 0..7 {
        db.put(&json!({"pk": s("p"), "sk": n(sk), "l": n(sk), "v": s("x".repeat(300_000))}));
    }
    let mut request =
        json!({"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("p")}, "ProjectionExpression": "sk"});
    let counts = |request: &Value| pages(&db, request).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(counts(&request), [4, 3], "1,048,576 bytes are reached with the fourth item");
    request["FilterExpression"] = json!("attribute_not_exists(v)");
    assert_eq!(counts(&request), [0, 0], "a page may be empty and go on");
    assert_eq!(db.query(&request)["ScannedCount"], 4);
    request.as_object_mut().unwrap().remove("FilterExpression");
    request["IndexName"] = json!("keys");
    assert_eq!(counts(&request), [7], "an index's entries are as small as its projection");
    request["IndexName"] = json!("local");
    assert_eq!(counts(&request), [7], "a local index's, too");
    request["ProjectionExpression"] = json!("v");
    assert_eq!(counts(&request), [4, 3], "unless it fetches the items");
}

#[test]
fn a_start_key_has_exactly_the_keys_of_what_is_queried() {
    // rule 54, messages-items 6
    let db = tied();
    let refused = |index: Option<&str>, condition: &str, start: &Value| {
        let mut request = json!({"KeyConditionExpression": condition, "ExpressionAttributeValues": {}, "ExclusiveStartKey": start});
        let values = request["ExpressionAttributeValues"].as_object_mut().unwrap();
        for (name, value) in [(":p", s("p")), (":g", s("g")), (":r", n(1))] {
            if condition.contains(name) {
                values.insert(name.to_owned(), value);
            }
        }
        if let Some(index) = index {
            request["IndexName"] = json!(index);
        }
        db.invalid("Query", &in_table(&request))
    };
    let invalid = "The provided starting key is invalid";
    for start in [
        json!({"pk": s("p")}),
        json!({"pk": s("p"), "sk": s("1")}),
        json!({"pk": s("p"), "sk": n(1), "g": s("g")}),
        json!({"pk": s("p"), "x": n(1)}),
        json!({}),
    ] {
        assert_eq!(refused(None, "pk = :p", &start), invalid, "{start}");
    }
    for start in [
        json!({"pk": s("p"), "sk": n(1)}),
        json!({"g": s("g"), "r": n(1)}),
        json!({"g": s("g"), "r": s("1"), "pk": s("p"), "sk": n(1)}),
    ] {
        assert_eq!(refused(Some("ranged"), "g = :g", &start), invalid, "{start}");
    }
    let outside = "The provided starting key is outside query boundaries based on provided conditions";
    assert_eq!(refused(None, "pk = :p", &json!({"pk": s("q"), "sk": n(1)})), outside);
    assert_eq!(
        refused(Some("tied"), "g = :g", &json!({"g": s("other"), "pk": s("p"), "sk": n(1)})),
        outside
    );
    let predicate = "The provided starting key does not match the range key predicate";
    assert_eq!(refused(None, "pk = :p AND sk > :r", &json!({"pk": s("p"), "sk": n(1)})), predicate);
    let entry = json!({"g": s("g"), "r": n(2), "pk": s("p"), "sk": n(1)});
    assert_eq!(refused(Some("ranged"), "g = :g AND r = :r", &entry), predicate);
    let once = "The query can return at most one row and cannot be restarted";
    assert_eq!(refused(None, "pk = :p AND sk = :r", &json!({"pk": s("p"), "sk": n(1)})), once);
    // The sort key's condition is looked at first; a key of another partition that fits it gets the sentence of single rows.
    for (index, condition) in [(None, "pk = :p AND sk < :r"), (None, "pk = :p AND sk = :r")] {
        assert_eq!(
            refused(index, condition, &json!({"pk": s("q"), "sk": n(2)})),
            predicate,
            "{condition}"
        );
    }
    assert_eq!(refused(None, "pk = :p AND sk < :r", &json!({"pk": s("q"), "sk": n(0)})), once);
    let elsewhere = |r: i32| json!({"g": s("other"), "r": n(r), "pk": s("p"), "sk": n(1)});
    assert_eq!(refused(Some("ranged"), "g = :g AND r = :r", &elsewhere(2)), predicate);
    assert_eq!(refused(Some("ranged"), "g = :g AND r = :r", &elsewhere(1)), once);
    assert_eq!(refused(Some("ranged"), "g = :g", &elsewhere(1)), outside);
}

#[test]
fn a_start_key_holds_values_that_keys_can_have() {
    // rules 18, 19, messages-items 6
    let db = Db::holding(&Table::new(&["pk:S", "sk:S"]));
    let refused = |sk: Value| {
        let request = json!({
            "TableName": "Tab", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("p")},
            "ExclusiveStartKey": {"pk": s("p"), "sk": sk},
        });
        db.invalid("Query", &request)
    };
    let invalid = "The provided starting key is invalid: ";
    assert_eq!(
        refused(s("")),
        format!("{invalid}{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: sk")
    );
    assert_eq!(
        refused(s("x".repeat(1025))),
        format!("{invalid}{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
    );
    let table = Table::named("indexed", &["pk:S"]).gsi("gix", &["g:S"], &["h:S"], &keys_only());
    db.create(&table);
    let request = json!({
        "TableName": "indexed", "IndexName": "gix", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g")},
        "ExclusiveStartKey": {"pk": s("p"), "g": s("g"), "h": s("")},
    });
    assert_eq!(
        db.invalid("Query", &request),
        format!(
            "{invalid}{NOT_VALID}A value specified for a secondary index key is not supported. \
             The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gix, IndexKey: h"
        )
    );
    assert_eq!(refused(n("x")), "The parameter cannot be converted to a numeric value: x");
    assert_eq!(
        refused(json!({"NULL": false})),
        format!("{invalid}{INVALID}Null attribute value types must have the value of true")
    );
    assert_eq!(
        refused(json!({"SS": ["a", "a"]})),
        format!("{INVALID}Input collection [\"a\", \"a\"] contains duplicates.")
    );
}

#[test]
fn a_page_starts_behind_a_key_whose_item_is_gone() {
    let db = tied();
    let mut request = json!({"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("p")}, "Limit": 5});
    request["ExclusiveStartKey"] = db.query(&request)["LastEvaluatedKey"].clone();
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": request["ExclusiveStartKey"]}));
    assert_eq!(db.items(&request)[0]["sk"], n(5));
    request["ScanIndexForward"] = json!(false);
    assert_eq!(db.items(&request)[0]["sk"], n(3));
}
