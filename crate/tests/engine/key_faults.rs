//! Keys that cannot be: wrong, missing, empty, too long; of the table and of its indexes (rules 18-20, messages-items 1).

use crate::database::{Db, INVALID, NOT_VALID, Table, all, b, keys_only, n, s};
use serde_json::{Value, json};

const NO_MATCH: &str = "The provided key element does not match the schema";
const HASH_TOO_LONG: &str = "Size of hashkey has exceeded the maximum size limit of2048 bytes";
const RANGE_TOO_LONG: &str = "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";

fn put(db: &Db, item: &Value) -> String {
    db.invalid("PutItem", &json!({"TableName": "Tab", "Item": item}))
}

#[test]
fn an_item_must_have_its_keys_in_their_types() {
    // rule 20
    let db = Db::holding(&Table::new(&["pk:S", "sk:B"]));
    for (item, message) in [
        (json!({"pk": n(1), "sk": b(&[1])}), "Type mismatch for key pk expected: S actual: N"),
        (
            json!({"pk": s("a"), "sk": {"BOOL": true}}),
            "Type mismatch for key sk expected: B actual: BOOL",
        ),
        (
            json!({"pk": s("a"), "sk": {"M": {}}}),
            "Type mismatch for key sk expected: B actual: M",
        ),
        (json!({"pk": s("a")}), "Missing the key sk in the item"),
        (json!({"sk": b(&[1])}), "Missing the key pk in the item"),
        (json!({}), "Missing the key pk in the item"),
    ] {
        assert_eq!(put(&db, &item), format!("{INVALID}{message}"), "{item}");
    }
}

#[test]
fn a_key_in_a_request_has_exactly_the_key_attributes() {
    // rule 20
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    for key in [
        json!({}),
        json!({"pk": s("a")}),
        json!({"pk": s("a"), "sk": s("1")}),
        json!({"pk": n(1), "sk": n(1)}),
        json!({"pk": s("a"), "sk": n(1), "x": n(1)}),
        json!({"pk": s("a"), "x": n(1)}),
    ] {
        for operation in ["GetItem", "DeleteItem"] {
            assert_eq!(
                db.invalid(operation, &json!({"TableName": "Tab", "Key": key})),
                NO_MATCH,
                "{operation} {key}"
            );
        }
    }
}

#[test]
fn key_values_are_not_empty() {
    // rule 19
    let db = Db::holding(&Table::new(&["pk:S", "sk:B"]));
    for (key, kind, name) in [
        (json!({"pk": s(""), "sk": b(&[1])}), "string", "pk"),
        (json!({"pk": s("a"), "sk": b(&[])}), "binary", "sk"),
    ] {
        let message = format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}");
        assert_eq!(put(&db, &key), message);
        for operation in ["GetItem", "DeleteItem"] {
            assert_eq!(
                db.invalid(operation, &json!({"TableName": "Tab", "Key": key})),
                message,
                "{operation}"
            );
        }
    }
    db.put(&json!({"pk": s("a"), "sk": b(&[1]), "s": s(""), "b": b(&[])}));
}

#[test]
fn keys_are_as_long_as_allowed_and_no_longer() {
    // rule 18
    let db = Db::holding(&Table::new(&["pk:S", "sk:S"]));
    let key = |hash: usize, range: usize| json!({"pk": s("p".repeat(hash)), "sk": s("s".repeat(range))});
    db.put(&key(2048, 1024));
    assert_eq!(db.get(&key(2048, 1024)), Some(key(2048, 1024)));
    for (key, message) in [
        (key(2049, 1), HASH_TOO_LONG),
        (key(1, 1025), RANGE_TOO_LONG),
        (key(2049, 1025), HASH_TOO_LONG),
    ] {
        assert_eq!(put(&db, &key), format!("{INVALID}{message}"));
        for operation in ["GetItem", "DeleteItem"] {
            assert_eq!(
                db.invalid(operation, &json!({"TableName": "Tab", "Key": key})),
                format!("{INVALID}{message}"),
                "{operation}"
            );
        }
    }
    // Bytes of UTF-8, not characters.
    assert_eq!(
        put(&db, &json!({"pk": s("é".repeat(1025)), "sk": s("s")})),
        format!("{INVALID}{HASH_TOO_LONG}")
    );
}

#[test]
fn index_keys_in_an_item_have_their_types_and_are_neither_empty_nor_too_long() {
    // rules 18-20
    let table = Table::new(&["pk:S", "sk:S"])
        .gsi("gAll", &["g:S"], &["h:B"], &all())
        .lsi("lKeys", "l:N", &keys_only());
    let db = Db::holding(&table);
    let with = |name: &str, value: Value| {
        let mut item = json!({"pk": s("a"), "sk": s("b")});
        item[name] = value;
        item
    };
    for (item, message) in [
        (
            with("g", json!({"NULL": true})),
            format!("{INVALID}Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gAll"),
        ),
        (
            with("h", s("x")),
            format!("{INVALID}Type mismatch for Index Key h Expected: B Actual: S IndexName: gAll"),
        ),
        (
            with("l", s("1")),
            format!("{INVALID}Type mismatch for Index Key l Expected: N Actual: S IndexName: lKeys"),
        ),
        (
            with("g", s("")),
            format!(
                "{NOT_VALID}A value specified for a secondary index key is not supported. \
                 The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gAll, IndexKey: g"
            ),
        ),
        (
            with("h", b(&[])),
            format!(
                "{NOT_VALID}A value specified for a secondary index key is not supported. \
                 The AttributeValue for a key attribute cannot contain an empty binary value. IndexName: gAll, IndexKey: h"
            ),
        ),
    ] {
        assert_eq!(put(&db, &item), message, "{item}");
    }
    let mut long = with("g", s("g".repeat(2049)));
    long["h"] = b(&[1]);
    assert_eq!(put(&db, &long), format!("{INVALID}{HASH_TOO_LONG}"));
    let mut long = with("g", s("g"));
    long["h"] = b(&[1; 1025]);
    assert_eq!(put(&db, &long), format!("{INVALID}{RANGE_TOO_LONG}"));
    assert!(
        db.items(&json!({"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}))
            .is_empty()
    );
}
