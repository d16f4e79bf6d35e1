//! Messages of strict reading, with their places.

use super::*;

fn message(operation: Operation, body: &str) -> Option<String> {
    let document = Document::parse(body.as_bytes()).unwrap();
    check(operation, &document)
        .err()
        .and_then(|error| error.message().map(str::to_owned))
}

#[test]
fn missing_and_null_members_are_reported_with_their_place() {
    // messages-tables 1, 7, 11, 15, 24, 71, 107; behaviour part D on rule 72
    for (operation, body, expected) in [
        (Operation::BatchGetItem, "{}", "missing field `RequestItems` at line 1 column 2"),
        (
            Operation::BatchWriteItem,
            r#"{"RequestItems": null}"#,
            "invalid type: null, expected a map at line 1 column 21",
        ),
        (
            Operation::BatchGetItem,
            r#"{"RequestItems": {"bt1": {}}}"#,
            "missing field `Keys` at line 1 column 27",
        ),
        (
            Operation::TransactWriteItems,
            r#"{"TransactItems": [{"Put": {}}]}"#,
            "missing field `TableName` at line 1 column 29",
        ),
        (
            Operation::UpdateTimeToLive,
            r#"{"TableName": "abc"}"#,
            "missing field `TimeToLiveSpecification` at line 1 column 20",
        ),
        (Operation::GetRecords, "{\n}", "missing field `ShardIterator` at line 2 column 1"),
    ] {
        assert_eq!(message(operation, body).as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn what_is_not_read_strictly_is_left_to_the_constraints() {
    assert_eq!(message(Operation::TransactGetItems, r#"{"TransactItems": [{}]}"#), None);
    assert_eq!(message(Operation::GetItem, "{}"), None);
    assert_eq!(
        message(Operation::UpdateTimeToLive, r#"{"TableName": "a", "TimeToLiveSpecification": {}}"#),
        None
    );
}

#[test]
fn nothing_in_a_list_or_a_map_is_refused_on_every_operation() {
    // messages-items 8: `null` where something must be, as the reference server answers
    for (operation, body, expected) in [
        (
            Operation::BatchGetItem,
            r#"{"RequestItems": {"abc": null}}"#,
            "struct KeysAndAttributes at line 1 column 29",
        ),
        (
            Operation::BatchGetItem,
            r#"{"RequestItems": {"abc": {"Keys": [null]}}}"#,
            "a map at line 1 column 39",
        ),
        (
            Operation::BatchGetItem,
            r#"{"RequestItems": {"abc": {"Keys": null}}}"#,
            "a sequence at line 1 column 38",
        ),
        (
            Operation::BatchWriteItem,
            r#"{"RequestItems": {"abc": null}}"#,
            "a sequence at line 1 column 29",
        ),
        (
            Operation::BatchWriteItem,
            r#"{"RequestItems": {"abc": [null]}}"#,
            "struct WriteRequest at line 1 column 30",
        ),
        (
            Operation::UpdateItem,
            r#"{"AttributeUpdates": {"a": null}}"#,
            "struct AttributeValueUpdate at line 1 column 31",
        ),
        (
            Operation::PutItem,
            r##"{"ExpressionAttributeNames": {"#a": null}}"##,
            "a string at line 1 column 40",
        ),
        (Operation::GetItem, r#"{"AttributesToGet": [null]}"#, "a string at line 1 column 25"),
        (Operation::BatchGetItem, "null", "struct BatchGetItemInput at line 1 column 4"),
    ] {
        let expected = format!("invalid type: null, expected {expected}");
        assert_eq!(message(operation, body), Some(expected), "{body}");
    }
    // Of an attribute value it is said elsewhere.
    for body in [
        r#"{"Item": {"a": null}}"#,
        r#"{"Expected": {"a": {"Value": null, "AttributeValueList": [null]}}}"#,
    ] {
        assert_eq!(message(Operation::PutItem, body), None, "{body}");
    }
}
