//! PutItem and DeleteItem: what they return, under which conditions they happen, and what a stream records of them
//! (rules 46, 99, A5).

use crate::database::{Db, P, Table, in_table, n, s};
use dynatab::storage::StreamRecord;
use dynatab::storage_backend::StorageBackend as _;
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

fn one_item() -> Db {
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a"), "v": n(1), "l": {"L": [n(1), s("x")]}}));
    db
}

/// A write of the item with key "a": a PutItem that sets `v` to 2, or a DeleteItem.
fn write(operation: &str, others: &Value) -> Value {
    let mut request = in_table(others);
    match operation {
        "PutItem" => request["Item"] = json!({"pk": s("a"), "v": n(2)}),
        _ => request["Key"] = json!({"pk": s("a")}),
    }
    request
}

const WRITES: [&str; 2] = ["PutItem", "DeleteItem"];

#[test]
fn all_old_returns_the_item_as_it_was_and_nothing_where_there_was_none() {
    for operation in WRITES {
        let db = one_item();
        let request = write(operation, &json!({"ReturnValues": "ALL_OLD"}));
        let old = json!({"Attributes": {"pk": s("a"), "v": n(1), "l": {"L": [n(1), s("x")]}}});
        assert_eq!(db.ok(operation, &request), old, "{operation}");
        let mut other = request.clone();
        other[if operation == "PutItem" { "Item" } else { "Key" }]["pk"] = s("b");
        assert_eq!(db.ok(operation, &other), json!({}), "{operation}");
        assert_eq!(
            db.ok(operation, &write(operation, &json!({"ReturnValues": "NONE"}))),
            json!({}),
            "{operation}"
        );
    }
}

#[test]
fn return_values_are_all_old_or_none() {
    // rules 46, 83, messages-items 5
    let db = one_item();
    for operation in WRITES {
        for value in ["ALL_NEW", "UPDATED_OLD"] {
            let message = db.invalid(operation, &write(operation, &json!({"ReturnValues": value})));
            assert_eq!(message, format!("{P}ReturnValues can only be ALL_OLD or NONE"), "{operation}");
        }
        for value in ["", "BOGUS"] {
            let message = db.invalid(operation, &write(operation, &json!({"ReturnValues": value})));
            let set = "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
            assert_eq!(
                message,
                format!("{P}Failed to satisfy constraint: Member must satisfy enum value set: {set}"),
                "{operation}"
            );
        }
        let message = db.invalid(operation, &write(operation, &json!({"ReturnValuesOnConditionCheckFailure": "Y"})));
        let member = "returnValuesOnConditionCheckFailure";
        let expected =
            format!("{P}Value 'Y' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]");
        assert_eq!(message, expected, "{operation}");
    }
}

#[test]
fn a_write_happens_if_its_condition_holds_for_the_item_as_it_is() {
    for operation in WRITES {
        for (condition, values, holds) in [
            ("v = :v", json!({":v": n("1.0")}), true),
            ("v = :v", json!({":v": s("1")}), false),
            ("v <> :v", json!({":v": n(1)}), false),
            ("attribute_exists(l[1]) AND NOT contains(l, :v)", json!({":v": n(7)}), true),
            ("v BETWEEN :v AND :w", json!({":v": n(0), ":w": n(1)}), true),
            ("v IN (:v, :w)", json!({":v": n(0), ":w": n(2)}), false),
            ("size(l) = :v OR begins_with(pk, :w)", json!({":v": n(3), ":w": s("a")}), true),
            ("attribute_type(l, :v)", json!({":v": s("M")}), false),
            // rule 35: what is missing equals nothing
            ("nothing = :v", json!({":v": n(1)}), false),
            ("nothing <> :v", json!({":v": n(1)}), true),
        ] {
            let db = one_item();
            let before = db.get(&json!({"pk": s("a")}));
            let request = write(
                operation,
                &json!({"ConditionExpression": condition, "ExpressionAttributeValues": values}),
            );
            if holds {
                db.ok(operation, &request);
                assert_ne!(db.get(&json!({"pk": s("a")})), before, "{operation} {condition}");
            } else {
                let failure = (
                    "ConditionalCheckFailedException".to_owned(),
                    "The conditional request failed".to_owned(),
                );
                assert_eq!(db.fails(operation, &request), failure, "{operation} {condition}");
                assert_eq!(db.get(&json!({"pk": s("a")})), before, "{operation} {condition}");
            }
        }
    }
}

#[test]
fn a_condition_on_an_item_that_is_not_there_sees_no_attributes() {
    // rule 35
    let db = Db::holding(&Table::new(&["pk:S"]));
    let put = |condition: &str| db.ask("PutItem", &write("PutItem", &json!({"ConditionExpression": condition}))).0;
    assert_eq!(put("attribute_exists(pk)"), 400);
    assert_eq!(put("attribute_not_exists(pk)"), 200);
    assert_eq!(put("attribute_not_exists(pk)"), 400);
    let delete = json!({"TableName": "Tab", "Key": {"pk": s("none")}, "ConditionExpression": "attribute_exists(pk)"});
    assert_eq!(db.fails("DeleteItem", &delete).0, "ConditionalCheckFailedException");
}

#[test]
fn a_failed_condition_shows_the_item_only_where_it_is_asked_for_and_exists() {
    // A5, messages-tables 116
    for operation in WRITES {
        let db = one_item();
        let failure = |others: &Value| {
            let mut request = write(operation, others);
            request["ConditionExpression"] = json!("attribute_exists(nothing)");
            db.ask(operation, &request)
        };
        let mut expected = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            "message": "The conditional request failed",
        });
        assert_eq!(failure(&json!({})), (400, expected.clone()));
        assert_eq!(
            failure(&json!({"ReturnValuesOnConditionCheckFailure": "NONE"})),
            (400, expected.clone())
        );
        let shown = json!({"ReturnValuesOnConditionCheckFailure": "ALL_OLD", "ReturnValues": "ALL_OLD"});
        expected["Item"] = db.get(&json!({"pk": s("a")})).unwrap();
        assert_eq!(failure(&shown), (400, expected.clone()));
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
        expected.as_object_mut().unwrap().remove("Item");
        assert_eq!(failure(&shown), (400, expected));
    }
}

#[test]
fn errors_of_a_writes_expressions_carry_the_prefix_of_the_writes() {
    // part C, rules 24, 26-29, messages-items 4
    let db = one_item();
    for operation in WRITES {
        for (others, message) in [
            (
                json!({"ConditionExpression": ""}),
                "Invalid ConditionExpression: The expression can not be empty;".to_owned(),
            ),
            (
                json!({"ConditionExpression": "a = "}),
                "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"".to_owned(),
            ),
            (
                json!({"ConditionExpression": "attribute_exists(Status)"}),
                "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: Status".to_owned(),
            ),
            (
                json!({"ConditionExpression": "a = :w"}),
                "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :w"
                    .to_owned(),
            ),
            (
                json!({"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#x": "x"}}),
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}".to_owned(),
            ),
            (
                json!({"ConditionExpression": "a = b", "ExpressionAttributeValues": {}}),
                "ExpressionAttributeValues must not be empty".to_owned(),
            ),
            (
                json!({"ExpressionAttributeNames": {"#x": "x"}}),
                "ExpressionAttributeNames can only be specified when using expressions".to_owned(),
            ),
            (
                json!({"ConditionExpression": format!("{} = b", "a".repeat(4096))}),
                "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;".to_owned(),
            ),
        ] {
            assert_eq!(
                db.invalid(operation, &write(operation, &others)),
                format!("{P}{message}"),
                "{operation} {others}"
            );
        }
    }
}

/// The records of the stream of table `Tab`, as (event, keys, new image, old image).
fn records(db: &Db) -> Vec<(String, Value, Option<Value>, Option<Value>)> {
    let records = db
        .engine
        .backend()
        .get_stream_records("Tab", "shardId-00000000000000000000-00000001", 0, 1000);
    let parse = |text: String| serde_json::from_str(&text).unwrap();
    let shown = |record: StreamRecord| {
        (
            record.event_name,
            parse(record.keys_json),
            record.new_image.map(parse),
            record.old_image.map(parse),
        )
    };
    now_or_never(records).unwrap().unwrap().into_iter().map(shown).collect()
}

#[test]
fn a_stream_records_every_change_in_its_view_and_nothing_that_changes_nothing() {
    // rule 99
    for (view, shows_new, shows_old) in [
        ("KEYS_ONLY", false, false),
        ("NEW_IMAGE", true, false),
        ("OLD_IMAGE", false, true),
        ("NEW_AND_OLD_IMAGES", true, true),
    ] {
        let db = Db::holding(&Table::new(&["pk:S", "sk:N"]).stream(view));
        let item = |v: i64| json!({"pk": s("a"), "sk": n(1), "v": n(v)});
        let key = json!({"pk": s("a"), "sk": n(1)});
        db.put(&item(1));
        db.put(&json!({"pk": s("a"), "sk": n("1.0"), "v": n("1e0")}));
        db.put(&item(2));
        let mut refused = in_table(&json!({"Item": item(3)}));
        refused["ConditionExpression"] = json!("attribute_not_exists(pk)");
        db.fails("PutItem", &refused);
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
        let record = |event: &str, new: Option<i64>, old: Option<i64>| {
            let new = new.filter(|_| shows_new).map(item);
            (event.to_owned(), key.clone(), new, old.filter(|_| shows_old).map(item))
        };
        let expected = [
            record("INSERT", Some(1), None),
            record("MODIFY", Some(2), Some(1)),
            record("REMOVE", None, Some(2)),
        ];
        assert_eq!(records(&db), expected, "{view}");
    }
}
