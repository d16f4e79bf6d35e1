//! Bodies of errors, byte by byte.

use super::*;

fn body(error: &ApiError) -> String {
    String::from_utf8(error.body()).unwrap()
}

#[test]
fn bodies_have_the_types_and_message_fields_of_the_service() {
    // rule 115, messages-tables 75, 108, 111, 116
    for (error, expected) in [
        (
            ApiError::validation("x\"y"),
            r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"x\"y"}"#,
        ),
        (
            ApiError::serialization("x"),
            r#"{"__type":"com.amazon.coral.service#SerializationException","Message":"x"}"#,
        ),
        (
            ApiError::unparseable(),
            r#"{"__type":"com.amazon.coral.service#SerializationException"}"#,
        ),
        (
            ApiError::unknown_operation(),
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
        ),
        (
            ApiError::table_not_found("t"),
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found: Table: t not found"}"#,
        ),
        (
            ApiError::conditional_check_failed(Some(b"{\"a\":{\"S\":\"b\"}}".to_vec())),
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed","Item":{"a":{"S":"b"}}}"#,
        ),
        (
            ApiError::transaction_canceled(vec![
                CancellationReason {
                    code: "None",
                    message: None,
                    item: None,
                },
                CancellationReason {
                    code: "ConditionalCheckFailed",
                    message: Some("m".into()),
                    item: Some(b"{}".to_vec()),
                },
            ]),
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]","CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"m","Item":{}}]}"#,
        ),
    ] {
        assert_eq!(body(&error), expected);
        assert_eq!(error.status(), 400);
    }
}

#[test]
fn only_the_services_own_faults_are_500() {
    assert_eq!(ApiError::modelled(ModelledError::InternalServerError, "x").status(), 500);
    assert_eq!(ApiError::modelled(ModelledError::LimitExceeded, "x").status(), 400);
}
