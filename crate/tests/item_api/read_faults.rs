//! What Query and Scan refuse alike: what a reply is to show, attributes to get, starting keys, indexes.

use crate::database::{Db, INVALID, P, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

fn stocked() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &[], &include(&["shown"]))
        .gsi("keys", &["g:S"], &[], &keys_only())
        .gsi("whole", &["g:S"], &[], &all())
        .lsi("local", "l:N", &keys_only());
    Db::holding(&table)
}

/// The operation's request with these members, reading that index.
fn request(operation: &str, index: Option<&str>, members: &Value) -> Value {
    let mut request = in_table(members);
    if operation == "Query" {
        let key = if index.is_some_and(|index| index != "local") { "g" } else { "pk" };
        request["KeyConditions"] = json!({key: {"ComparisonOperator": "EQ", "AttributeValueList": [s("p")]}});
        if members.as_object().unwrap().keys().any(|name| name.ends_with("Expression")) {
            request.as_object_mut().unwrap().remove("KeyConditions");
            request["KeyConditionExpression"] = json!(format!("{key} = :p"));
            request["ExpressionAttributeValues"] = json!({":p": s("p")});
        }
    }
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    request
}

/// Both operations refuse it so.
#[track_caller]
fn assert_refused(db: &Db, index: Option<&str>, members: &Value, message: &str) {
    for operation in ["Query", "Scan"] {
        assert_eq!(
            db.invalid(operation, &request(operation, index, members)),
            message,
            "{operation} {index:?} {members}"
        );
    }
}

#[test]
fn select_and_what_is_to_be_shown_must_agree_before_the_table_is_looked_for() {
    // rules 60, 87; messages-items 6
    let db = Db::new();
    for (select, what) in [
        ("COUNT", "only the Count"),
        ("ALL_ATTRIBUTES", "ALL_ATTRIBUTES"),
        ("ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"),
    ] {
        for (member, value) in [("ProjectionExpression", json!("a")), ("AttributesToGet", json!(["a"]))] {
            let message = format!("{P}Cannot specify the {member} when choosing to get {what}");
            for index in [None, Some("local")] {
                assert_refused(&db, index, &json!({"Select": select, member: value}), &message);
            }
        }
    }
    assert_refused(
        &db,
        None,
        &json!({"Select": "SPECIFIC_ATTRIBUTES"}),
        &format!("{P}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
    );
    assert_refused(
        &db,
        None,
        &json!({"Select": "ALL_PROJECTED_ATTRIBUTES"}),
        &format!("{P}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    );
    assert_refused(
        &db,
        None,
        &json!({"Select": "BOGUS"}),
        &format!(
            "{P}Value 'BOGUS' at 'select' failed to satisfy constraint: Member must satisfy enum value set: \
             [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"
        ),
    );
}

#[test]
fn attributes_to_get_are_some_and_none_twice_on_every_read() {
    // messages-items 6
    let db = Db::new();
    let twice = format!("{INVALID}Duplicate value in attribute name: o");
    let none =
        |at: &str| format!("{P}Value '[]' at '{at}' failed to satisfy constraint: Member must have length greater than or equal to 1");
    assert_refused(&db, None, &json!({"AttributesToGet": ["o", "p", "o"]}), &twice);
    assert_refused(&db, None, &json!({"AttributesToGet": []}), &none("attributesToGet"));
    for (list, single, of_batch) in [
        (json!(["o", "p", "o"]), twice.clone(), twice.clone()),
        (json!([]), none("attributesToGet"), none("requestItems.Tab.member.attributesToGet")),
    ] {
        let key = json!({"pk": s("a")});
        let get = json!({"TableName": "Tab", "Key": key, "AttributesToGet": list});
        assert_eq!(db.invalid("GetItem", &get), single);
        let batch = json!({"RequestItems": {"Tab": {"Keys": [key], "AttributesToGet": list}}});
        assert_eq!(db.invalid("BatchGetItem", &batch), of_batch);
    }
}

#[test]
fn what_an_index_cannot_give_is_refused_by_both() {
    // rules 57, 60, 61, 90; messages-items 6; messages-tables 95
    let db = stocked();
    let not_all = |index: &str| {
        format!(
            "{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index {index} because its projection type is not ALL"
        )
    };
    for (index, members, message) in [
        (
            "nonexist",
            json!({}),
            "The table does not have the specified index: nonexist".to_owned(),
        ),
        (
            "whole",
            json!({"ConsistentRead": true}),
            "Consistent reads are not supported on global secondary indexes".to_owned(),
        ),
        ("global", json!({"Select": "ALL_ATTRIBUTES"}), not_all("global")),
        ("keys", json!({"Select": "ALL_ATTRIBUTES"}), not_all("keys")),
        (
            "global",
            json!({"AttributesToGet": ["pk", "g", "o1", "shown", "o2"]}),
            format!("{INVALID}Global secondary index global does not project [o1, o2]"),
        ),
        (
            "keys",
            json!({"ProjectionExpression": "shown.x"}),
            format!("{INVALID}Global secondary index keys does not project [shown]"),
        ),
    ] {
        assert_refused(&db, Some(index), &members, &message);
    }
}

#[test]
fn a_starting_key_is_whole_and_of_the_right_types() {
    // rules 18, 19, 53, 54; messages-items 6
    const SHORT: &str = "The provided starting key is invalid";
    let db = stocked();
    let starts = |operation: &str, index: Option<&str>, key: &Value| {
        db.invalid(operation, &request(operation, index, &json!({"ExclusiveStartKey": key})))
    };
    for key in [
        json!({}),
        json!({"pk": s("p")}),
        json!({"sk": n(1)}),
        json!({"pk": s("p"), "sk": s("1")}),
        json!({"pk": s("p"), "x": n(1)}),
        json!({"pk": s("p"), "sk": n(1), "g": s("p")}),
    ] {
        assert_eq!(starts("Query", None, &key), SHORT, "{key}");
        assert_eq!(
            starts("Scan", None, &key),
            format!("{SHORT}: The provided key element does not match the schema"),
            "{key}"
        );
    }
    for (index, key) in [
        ("global", json!({"pk": s("p"), "sk": n(1)})),
        ("global", json!({"g": s("p")})),
        ("global", json!({"pk": s("p"), "sk": n(1), "g": n(1)})),
        ("global", json!({"pk": s("p"), "sk": n(1), "g": s("p"), "x": n(1)})),
        ("local", json!({"pk": s("p"), "sk": n(1)})),
        ("local", json!({"pk": s("p"), "l": n(1)})),
    ] {
        for operation in ["Query", "Scan"] {
            assert_eq!(starts(operation, Some(index), &key), SHORT, "{operation} {index} {key}");
        }
    }
    let outside = "The provided starting key is outside query boundaries based on provided conditions";
    assert_eq!(starts("Query", None, &json!({"pk": s("q"), "sk": n(1)})), outside);
    assert_eq!(
        starts("Query", Some("global"), &json!({"g": s("q"), "pk": s("p"), "sk": n(1)})),
        outside
    );
    // Its values are values of keys.
    let long = json!({"pk": s("x".repeat(2049)), "sk": n(1)});
    for operation in ["Query", "Scan"] {
        assert_eq!(
            starts(operation, None, &long),
            format!("{SHORT}: {INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes")
        );
    }
}
