//! Each fault here is one of messages-items section 9.

use super::*;
use crate::api::Operation;
use crate::model::json::Document;

fn fault(operation: Operation, body: &str) -> Option<String> {
    let document = Document::parse(body.as_bytes()).unwrap();
    let error = check(document.root(), operation.input()).err()?;
    assert_eq!(error.type_name().1, "SerializationException");
    error.message().map(str::to_owned)
}

#[test]
fn scalars_of_the_wrong_kind_are_named_by_token_and_java_type() {
    // messages-items section 9, messages-tables 112
    for (operation, body, expected) in [
        (
            Operation::GetItem,
            r#"{"TableName":1}"#,
            "NUMBER_VALUE cannot be converted to String",
        ),
        (
            Operation::GetItem,
            r#"{"TableName":1.5}"#,
            "DECIMAL_VALUE cannot be converted to String",
        ),
        (
            Operation::GetItem,
            r#"{"TableName":true}"#,
            "TRUE_VALUE cannot be converted to String",
        ),
        (
            Operation::GetItem,
            r#"{"TableName":false}"#,
            "FALSE_VALUE cannot be converted to String",
        ),
        (
            Operation::GetItem,
            r#"{"TableName":[]}"#,
            "Unrecognized collection type class java.lang.String",
        ),
        (
            Operation::GetItem,
            r#"{"TableName":{}}"#,
            "Start of structure or map found where not expected",
        ),
        (Operation::Scan, r#"{"Limit":"1"}"#, "STRING_VALUE cannot be converted to Integer"),
        (Operation::Scan, r#"{"Limit":true}"#, "TRUE_VALUE cannot be converted to Integer"),
        (
            Operation::Scan,
            r#"{"Limit":[1]}"#,
            "Unrecognized collection type class java.lang.Integer",
        ),
        (
            Operation::Scan,
            r#"{"Limit":99999999999}"#,
            "NUMBER_VALUE cannot be converted to Integer",
        ),
        (
            Operation::CreateTable,
            r#"{"ProvisionedThroughput":{"ReadCapacityUnits":"1"}}"#,
            "STRING_VALUE cannot be converted to Long",
        ),
        (
            Operation::Scan,
            r#"{"ConsistentRead":1}"#,
            "NUMBER_VALUE cannot be converted to Boolean",
        ),
        (
            Operation::Scan,
            r#"{"ConsistentRead":"yes"}"#,
            "Unexpected token received from parser",
        ),
        (
            Operation::Scan,
            r#"{"ConsistentRead":[]}"#,
            "Unrecognized collection type class java.lang.Boolean",
        ),
        (
            Operation::PutItem,
            r#"{"Item":{"a":{"N":1}}}"#,
            "NUMBER_VALUE cannot be converted to String",
        ),
        (
            Operation::PutItem,
            r#"{"Item":{"a":{"B":true}}}"#,
            "TRUE_VALUE cannot be converted to String",
        ),
        (
            Operation::PutItem,
            r#"{"Item":{"a":{"SS":[1]}}}"#,
            "NUMBER_VALUE cannot be converted to String",
        ),
    ] {
        assert_eq!(fault(operation, body).as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn containers_of_the_wrong_kind_are_named_by_what_was_found() {
    for (operation, body, expected) in [
        (Operation::GetItem, r#"{"Key":"a"}"#, "Unexpected field type"),
        (Operation::GetItem, r#"{"AttributesToGet":1}"#, "Unexpected field type"),
        (Operation::PutItem, r#"{"Item":{"a":{"SS":"x"}}}"#, "Unexpected field type"),
        (
            Operation::GetItem,
            r#"{"AttributesToGet":{}}"#,
            "Start of structure or map found where not expected",
        ),
        (
            Operation::PutItem,
            r#"{"Item":{"a":{"L":{}}}}"#,
            "Start of structure or map found where not expected",
        ),
        (
            Operation::GetItem,
            r#"{"Key":[]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>",
        ),
        (
            Operation::PutItem,
            r#"{"Item":{"a":{"M":[]}}}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>",
        ),
        (
            Operation::Scan,
            r#"{"ExpressionAttributeNames":[]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>",
        ),
        (
            Operation::BatchWriteItem,
            r#"{"RequestItems":[]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>",
        ),
        (Operation::GetItem, r#"{"Key":{"a":"b"}}"#, "Unexpected value type in payload"),
        (
            Operation::GetItem,
            r#"{"Key":{"a":[]}}"#,
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
        ),
        (
            Operation::CreateTable,
            r#"{"ProvisionedThroughput":[]}"#,
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput",
        ),
        (
            Operation::BatchGetItem,
            r#"{"RequestItems":{"t":[]}}"#,
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeysAndAttributes",
        ),
    ] {
        assert_eq!(fault(operation, body).as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn a_generic_type_inside_a_generic_type_is_beyond_the_services_reflection() {
    // messages-items section 9
    for (operation, body) in [
        (Operation::BatchWriteItem, r#"{"RequestItems":{"t":"a"}}"#),
        (Operation::BatchWriteItem, r#"{"RequestItems":{"t":{}}}"#),
        (Operation::BatchGetItem, r#"{"RequestItems":{"t":{"Keys":["a"]}}}"#),
        (Operation::BatchGetItem, r#"{"RequestItems":{"t":{"Keys":[["a"]]}}}"#),
    ] {
        assert_eq!(
            fault(operation, body).as_deref(),
            Some(
                "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class \
                 (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader \
                 'bootstrap')"
            ),
            "{body}"
        );
    }
}

#[test]
fn the_first_fault_in_the_text_is_the_one_reported() {
    let body = r#"{"Key":{"a":{"S":1}},"TableName":true}"#;
    assert_eq!(
        fault(Operation::GetItem, body).as_deref(),
        Some("NUMBER_VALUE cannot be converted to String")
    );
}

#[test]
fn unknown_members_and_nulls_are_no_faults() {
    // rule 118
    for body in [
        r#"{"Nonsense":[{}],"TableName":null}"#,
        r#"{"Key":{"a":{"X":1},"b":null}}"#,
        r#"{"ConsistentRead":"true"}"#,
    ] {
        assert_eq!(fault(Operation::GetItem, body), None, "{body}");
    }
}

#[test]
fn broken_base64_is_a_serialization_fault() {
    for (text, expected) in [
        ("AAA", Some("Base64 encoded length is expected a multiple of 4 bytes but found: 3")),
        ("AAB=", Some("Invalid last non-pad Base64 character dectected")),
        ("AB==", Some("Invalid last non-pad Base64 character dectected")),
        ("", None),
        ("AA==", None),
        ("AAA=", None),
        ("AB+/", None),
    ] {
        let body = format!(r#"{{"Item":{{"a":{{"L":[{{"BS":["{text}"]}}]}}}}}}"#);
        assert_eq!(fault(Operation::PutItem, &body).as_deref(), expected, "{text}");
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let mut body = String::from(r#"{"Item":{"a":"#);
    body.push_str(&r#"{"L":["#.repeat(400));
    body.push_str(&"]}".repeat(400));
    body.push_str("}}");
    assert_eq!(fault(Operation::PutItem, &body), None);
}
