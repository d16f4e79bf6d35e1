//! What a failed condition shows: of every write, in both styles, with each `ReturnValuesOnConditionCheckFailure` (rule A5).

use crate::database::{Db, Table, n, s};
use serde_json::{Value, json};

const FAILED: &str = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";

#[test]
fn the_item_is_shown_as_it_was_where_it_is_asked_for_and_exists() {
    // rule A5; messages-items 5
    let stored = json!({"pk": s("a"), "v": n(1), "l": {"L": [n(1), {"M": {"x": s("y")}}]}});
    let db = Db::holding(&Table::new(&["pk:S"]).stream("NEW_AND_OLD_IMAGES"));
    db.put(&stored);
    for (operation, member) in [("PutItem", "Item"), ("UpdateItem", "Key"), ("DeleteItem", "Key")] {
        for condition in [
            json!({"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": n(2)}}),
            json!({"Expected": {"v": {"Value": n(2)}}}),
            json!({"Expected": {"v": {"ComparisonOperator": "GT", "AttributeValueList": [n(1)]}, "x": {"Exists": false}}}),
        ] {
            for (pk, shown) in [("a", Some(&stored)), ("absent", None)] {
                for asked in [None, Some("NONE"), Some("ALL_OLD")] {
                    let mut request = condition.clone();
                    request["TableName"] = json!("Tab");
                    request[member] = json!({"pk": s(pk)});
                    request["ReturnConsumedCapacity"] = json!("INDEXES");
                    request["ReturnValues"] = json!("ALL_OLD");
                    if let Some(asked) = asked {
                        request["ReturnValuesOnConditionCheckFailure"] = json!(asked);
                    }
                    let mut expected = json!({"__type": FAILED, "message": "The conditional request failed"});
                    if let (Some("ALL_OLD"), Some(item)) = (asked, shown) {
                        expected["Item"] = item.clone();
                    }
                    assert_eq!(db.ask(operation, &request), (400, expected), "{operation} {request}");
                }
            }
        }
    }
    assert_eq!(db.get(&json!({"pk": s("a")})), Some(stored));
    assert_eq!(db.get(&json!({"pk": s("absent")})), None);
}

#[test]
fn an_update_is_refused_for_its_key_and_its_size_before_the_condition_and_for_the_item_after_it() {
    // rules 16, 19, 45
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("gix", &["g:S"], &[], &json!({"ProjectionType": "ALL"})));
    db.put(&json!({"pk": s("a"), "t": s("x")}));
    let answer = |expression: &str, value: Value| {
        let request = json!({
            "TableName": "Tab", "Key": {"pk": s("a")}, "UpdateExpression": expression, "ConditionExpression": "attribute_not_exists(pk)",
            "ExpressionAttributeValues": {":v": value},
        });
        db.fails("UpdateItem", &request)
    };
    let invalid = |message: &str| ("ValidationException".to_owned(), message.to_owned());
    assert_eq!(
        answer("SET pk = :v", s("b")),
        invalid("One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key")
    );
    assert_eq!(
        answer("SET big = :v", s("x".repeat(409_600))),
        invalid("Item size to update has exceeded the maximum allowed size")
    );
    assert_eq!(
        answer("SET g = :v", s("")),
        invalid(
            "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is \
             not supported. The AttributeValue for a key attribute cannot contain an empty string value."
        )
    );
    let failed = (
        "ConditionalCheckFailedException".to_owned(),
        "The conditional request failed".to_owned(),
    );
    for (expression, value) in [
        ("SET zz.a = :v", n(1)),
        ("SET b = t + :v", n(1)),
        ("ADD t :v", n(1)),
        ("SET g = :v", n(1)),
    ] {
        assert_eq!(answer(expression, value), failed, "{expression}");
    }
}
