//! Keys that are none, in every request that has one (rules 18-20, 73; messages-items 1).

use crate::database::{Db, INVALID, NOT_VALID, Table, b, keys_only, n, s};
use serde_json::{Value, json};

/// Every request with this key: bare or among an item's attributes.
fn requests(key: &Value) -> Vec<(&'static str, Value)> {
    let single = json!({"TableName": "Tab", "Key": key});
    let batch = |request: Value| json!({"RequestItems": {"Tab": [request]}});
    vec![
        ("PutItem", json!({"TableName": "Tab", "Item": key})),
        ("GetItem", single.clone()),
        ("UpdateItem", single.clone()),
        ("DeleteItem", single),
        ("BatchGetItem", json!({"RequestItems": {"Tab": {"Keys": [key]}}})),
        ("BatchWriteItem", batch(json!({"PutRequest": {"Item": key}}))),
        ("BatchWriteItem", batch(json!({"DeleteRequest": {"Key": key}}))),
    ]
}

#[test]
fn keys_that_do_not_match_the_schema_have_one_sentence_except_in_put_item() {
    // rules 20, 73; messages-items 1, messages-tables 13
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    for (key, of_put) in [
        (json!({}), "Missing the key pk in the item"),
        (json!({"pk": s("a")}), "Missing the key sk in the item"),
        (json!({"sk": n(1)}), "Missing the key pk in the item"),
        (json!({"pk": n(1), "sk": n(1)}), "Type mismatch for key pk expected: S actual: N"),
        (
            json!({"pk": s("a"), "sk": s("1")}),
            "Type mismatch for key sk expected: N actual: S",
        ),
        (
            json!({"pk": s("a"), "sk": {"NULL": true}}),
            "Type mismatch for key sk expected: N actual: NULL",
        ),
        (
            json!({"pk": {"SS": ["a"]}, "sk": n(1)}),
            "Type mismatch for key pk expected: S actual: SS",
        ),
    ] {
        for (operation, request) in requests(&key) {
            let expected = if operation == "PutItem" {
                format!("{INVALID}{of_put}")
            } else {
                "The provided key element does not match the schema".to_owned()
            };
            assert_eq!(db.invalid(operation, &request), expected, "{operation} {key}");
        }
    }
    // An attribute more is one too many where only the key may stand.
    let more = json!({"pk": s("a"), "sk": n(1), "x": n(1)});
    for (operation, request) in requests(&more) {
        let is_item = operation == "PutItem" || request.to_string().contains("PutRequest");
        if is_item {
            db.ok(operation, &request);
        } else {
            assert_eq!(
                db.invalid(operation, &request),
                "The provided key element does not match the schema",
                "{operation}"
            );
        }
    }
}

#[test]
fn keys_are_neither_empty_nor_too_long_in_any_request() {
    // rules 18, 19, 73; messages-items 1
    let db = Db::holding(&Table::new(&["pk:S", "sk:B"]));
    let empty = |kind: &str, key: &str| {
        format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {key}")
    };
    for (key, message) in [
        (json!({"pk": s(""), "sk": b(&[1])}), empty("string", "pk")),
        (json!({"pk": s("a"), "sk": b(&[])}), empty("binary", "sk")),
        (
            json!({"pk": s("x".repeat(2049)), "sk": b(&[1])}),
            format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        ),
        (
            json!({"pk": s("a"), "sk": b(&[1; 1025])}),
            format!("{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
        ),
    ] {
        for (operation, request) in requests(&key) {
            assert_eq!(db.invalid(operation, &request), message, "{operation}");
        }
    }
    let longest = json!({"pk": s("x".repeat(2048)), "sk": b(&[1; 1024])});
    for (operation, request) in requests(&longest) {
        db.ok(operation, &request);
    }
}

#[test]
fn index_keys_of_an_item_are_refused_by_every_write_of_it() {
    // rules 18-20, 73; messages-items 1
    let table = Table::new(&["pk:S"])
        .gsi("gAll", &["g:S"], &["h:B"], &keys_only())
        .gsi("gNum", &["i:N"], &[], &keys_only());
    let db = Db::holding(&table);
    let empty = |kind: &str, attribute: &str| {
        format!(
            "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain \
             an empty {kind} value. IndexName: gAll, IndexKey: {attribute}"
        )
    };
    let mismatch = |attribute: &str, expected: &str, actual: &str, index: &str| {
        format!("{INVALID}Type mismatch for Index Key {attribute} Expected: {expected} Actual: {actual} IndexName: {index}")
    };
    for (attribute, value, message) in [
        ("g", s(""), empty("string", "g")),
        ("h", b(&[]), empty("binary", "h")),
        ("g", json!({"NULL": true}), mismatch("g", "S", "NULL", "gAll")),
        ("h", s("x"), mismatch("h", "B", "S", "gAll")),
        ("i", s("1"), mismatch("i", "N", "S", "gNum")),
        ("i", json!({"L": []}), mismatch("i", "N", "L", "gNum")),
    ] {
        let item = json!({"pk": s("a"), attribute: value});
        for (operation, request) in [
            ("PutItem", json!({"TableName": "Tab", "Item": item})),
            ("BatchWriteItem", json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": item}}]}})),
        ] {
            assert_eq!(db.invalid(operation, &request), message, "{operation} {item}");
        }
    }
    assert_eq!(db.get(&json!({"pk": s("a")})), None);
}
