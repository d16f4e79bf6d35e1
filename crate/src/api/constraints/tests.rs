//! Each message here is one of the message tables; the table's row or the rule stands beside it.

mod item_operations;

use crate::api::request::check;
use crate::api::{ErrorKind, Operation};
use crate::model::json::Document;

fn message(operation: Operation, body: &str) -> Option<String> {
    let document = Document::parse(body.as_bytes()).unwrap();
    let error = check(operation, &document).err()?;
    assert_eq!(error.kind(), ErrorKind::Validation, "{body}");
    error.message().map(str::to_owned)
}

#[track_caller]
fn assert_message(operation: Operation, body: &str, expected: &str) {
    let expected = expected
        .replace("{C}", "1 validation error detected: ")
        .replace("{F}", " failed to satisfy constraint: ");
    assert_eq!(message(operation, body).as_deref(), Some(expected.as_str()), "{body}");
}

const NULL_NAME: &str = "Value null at 'tableName'{F}Member must not be null";

#[test]
fn missing_members_of_item_operations_are_joined_in_the_operations_order() {
    // messages-items 8; rule 85; part D on C
    assert_message(Operation::GetItem, r#"{"Key":{}}"#, &format!("{{C}}{NULL_NAME}"));
    assert_message(Operation::GetItem, r#"{"Key":{},"TableName":null}"#, &format!("{{C}}{NULL_NAME}"));
    assert_message(
        Operation::GetItem,
        "{}",
        &format!("2 validation errors detected: Value null at 'key'{{F}}Member must not be null; {NULL_NAME}"),
    );
    assert_message(
        Operation::PutItem,
        "{}",
        &format!("2 validation errors detected: {NULL_NAME}; Value null at 'item'{{F}}Member must not be null"),
    );
    for operation in [Operation::UpdateItem, Operation::DeleteItem] {
        assert_message(
            operation,
            "{}",
            &format!("2 validation errors detected: {NULL_NAME}; Value null at 'key'{{F}}Member must not be null"),
        );
    }
    assert_message(Operation::Query, "{}", &format!("{{C}}{NULL_NAME}"));
}

#[test]
fn an_invalid_table_name_is_reported_alone() {
    // rule 82, messages-items 8
    let empty = "{C}Value at 'TableName'{F}Member must have length greater than or equal to 1";
    for operation in [
        Operation::GetItem,
        Operation::PutItem,
        Operation::UpdateItem,
        Operation::DeleteItem,
        Operation::Query,
        Operation::Scan,
    ] {
        assert_message(operation, r#"{"TableName":"","ReturnConsumedCapacity":"X"}"#, empty);
        assert_message(
            operation,
            r#"{"TableName":"ab","ReturnConsumedCapacity":"X"}"#,
            "{C}Value 'ab' at 'tableName'{F}Member must have length greater than or equal to 3",
        );
        assert_message(
            operation,
            r#"{"TableName":"a b!"}"#,
            "{C}Value 'a b!' at 'tableName'{F}Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        );
        let long = "a".repeat(256);
        assert_message(
            operation,
            &format!(r#"{{"TableName":"{long}"}}"#),
            &format!("{{C}}Value '{long}' at 'tableName'{{F}}Member must have length less than or equal to 255"),
        );
    }
}

#[test]
fn table_operations_word_names_in_their_own_ways() {
    // messages-tables 14, 32, 33, 34
    let missing = "The parameter 'TableName' is required but was not present in the request";
    for operation in [
        Operation::CreateTable,
        Operation::DescribeTable,
        Operation::DeleteTable,
        Operation::UpdateTable,
        Operation::DescribeTimeToLive,
    ] {
        assert_message(operation, "{}", missing);
    }
    assert_message(
        Operation::CreateTable,
        r#"{"TableName":""}"#,
        "2 validation errors detected: Value '' at 'tableName'{F}Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; \
         Value '' at 'tableName'{F}Member must have length greater than or equal to 3",
    );
    assert_message(
        Operation::CreateTable,
        r#"{"TableName":"ab"}"#,
        "{C}Value 'ab' at 'tableName'{F}Member must have length greater than or equal to 3",
    );
    for name in ["", "ab", &"a".repeat(256)] {
        for operation in [
            Operation::DescribeTable,
            Operation::DeleteTable,
            Operation::UpdateTable,
            Operation::DescribeTimeToLive,
        ] {
            assert_message(
                operation,
                &format!(r#"{{"TableName":"{name}"}}"#),
                "TableName must be at least 3 characters long and at most 255 characters long",
            );
        }
    }
}

#[test]
fn an_arn_stands_for_the_name() {
    // rule A6
    let arn = "arn:aws:dynamodb:eu-west-2:000000000000:table/Music";
    assert_eq!(message(Operation::GetItem, &format!(r#"{{"TableName":"{arn}","Key":{{}}}}"#)), None);
    assert_eq!(message(Operation::DescribeTable, &format!(r#"{{"TableName":"{arn}"}}"#)), None);
}

#[test]
fn enumerations_are_worded_by_the_older_layer_except_return_values() {
    // messages-items 5, 8; rules 83, 84
    const VALUES: &str =
        "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    for value in ["X", ""] {
        let body = format!(r#"{{"TableName":"abc","Item":{{}},"ReturnValues":"{value}"}}"#);
        assert_message(Operation::PutItem, &body, &format!("{{C}}{VALUES}"));
    }
    assert_message(
        Operation::PutItem,
        r#"{"ReturnItemCollectionMetrics":"Y","ReturnValues":"X","ReturnConsumedCapacity":"BOGUS","Item":{},"TableName":"abc"}"#,
        &format!(
            "3 validation errors detected: \
             Value 'BOGUS' at 'returnConsumedCapacity'{{F}}Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; {VALUES}; \
             Value 'Y' at 'returnItemCollectionMetrics'{{F}}Member must satisfy enum value set: [SIZE, NONE]"
        ),
    );
    assert_message(
        Operation::PutItem,
        r#"{"TableName":"abc","Item":{},"ReturnValuesOnConditionCheckFailure":"Y"}"#,
        "{C}Value 'Y' at 'returnValuesOnConditionCheckFailure'{F}Member must satisfy enum value set: [ALL_OLD, NONE]",
    );
    assert_message(
        Operation::Query,
        r#"{"TableName":"abc","Select":"BOGUS"}"#,
        "{C}Value 'BOGUS' at 'select'{F}Member must satisfy enum value set: \
         [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
    );
}

#[test]
fn limits_are_worded_by_the_newer_layer_on_reads_and_by_the_older_on_lists() {
    // messages-items 6, part C
    for operation in [Operation::Query, Operation::Scan] {
        assert_message(
            operation,
            r#"{"TableName":"abc","Limit":0}"#,
            "{C}Value at 'Limit'{F}Member must have value greater than or equal to 1",
        );
    }
    assert_message(
        Operation::Scan,
        r#"{"TableName":"abc","TotalSegments":1000001,"Segment":-1}"#,
        "2 validation errors detected: Value at 'Segment'{F}Member must have value greater than or equal to 0; \
         Value at 'TotalSegments'{F}Member must have value less than or equal to 1000000",
    );
    assert_message(
        Operation::ListTables,
        r#"{"Limit":0}"#,
        "{C}Value '0' at 'limit'{F}Member must have value greater than or equal to 1",
    );
    assert_message(
        Operation::ListTables,
        r#"{"Limit":101}"#,
        "{C}Value '101' at 'limit'{F}Member must have value less than or equal to 100",
    );
    // messages-tables 99
    assert_message(
        Operation::ListTables,
        r#"{"Limit":0,"ExclusiveStartTableName":"$"}"#,
        "3 validation errors detected: \
         Value '$' at 'exclusiveStartTableName'{F}Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; \
         Value '$' at 'exclusiveStartTableName'{F}Member must have length greater than or equal to 3; \
         Value '0' at 'limit'{F}Member must have value greater than or equal to 1",
    );
}

#[test]
fn nested_members_are_named_by_their_path() {
    assert_message(
        Operation::Query,
        r#"{"TableName":"abc","KeyConditions":{"pk":{}}}"#,
        "{C}Value null at 'keyConditions.pk.member.comparisonOperator'{F}Member must not be null",
    );
    // messages-tables 5
    assert_message(
        Operation::BatchGetItem,
        r#"{"RequestItems":{"bt1":{"Keys":[]}}}"#,
        "{C}Value at 'RequestItems.bt1.member.Keys'{F}Member must have length greater than or equal to 1",
    );
    // messages-tables 3
    assert_message(
        Operation::BatchGetItem,
        r#"{"RequestItems":{}}"#,
        "{C}Value at 'RequestItems'{F}Member must have length greater than or equal to 1",
    );
    // messages-tables 16, 20, 26, 29, 30
    assert_message(
        Operation::TransactGetItems,
        r#"{"TransactItems":[{}]}"#,
        "{C}Value null at 'transactItems.1.member.get'{F}Member must not be null",
    );
    assert_message(
        Operation::TransactWriteItems,
        r#"{"TransactItems":[]}"#,
        "{C}Value '[]' at 'transactItems'{F}Member must have length greater than or equal to 1",
    );
    assert_message(
        Operation::TransactWriteItems,
        r#"{"TransactItems":[{"Put":{"TableName":"","Item":{}}}]}"#,
        "2 validation errors detected: \
         Value '' at 'transactItems.1.member.put.tableName'{F}Member must have length greater than or equal to 3; \
         Value '' at 'transactItems.1.member.put.tableName'{F}Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    );
    assert_message(
        Operation::TransactWriteItems,
        r#"{"TransactItems":[{"Put":{"TableName":"abc","Item":{},"ReturnValuesOnConditionCheckFailure":"X"}}]}"#,
        "{C}Value 'X' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure'{F}\
         Member must satisfy enum value set: [ALL_OLD, NONE]",
    );
    // messages-tables 105
    assert_message(
        Operation::GetShardIterator,
        &format!(
            r#"{{"StreamArn":"{a}","ShardId":"{a}","ShardIteratorType":"LATEST","SequenceNumber":"1"}}"#,
            a = "a".repeat(40)
        ),
        "{C}Value at 'sequenceNumber'{F}Member must have length greater than or equal to 21",
    );
}

const KEY: &str = r#""TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}]"#;

#[test]
fn key_schemas_are_bounded_and_printed_as_java_prints_them() {
    // messages-tables 43
    for (schema, expected) in [
        ("null", "{C}Value null at 'keySchema'{F}Member must not be null"),
        (
            "[]",
            "{C}Value '[]' at 'keySchema'{F}Member must have length greater than or equal to 1",
        ),
        (
            r#"[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"q","KeyType":"RANGE"},{"AttributeName":"r","KeyType":"RANGE"}]"#,
            "{C}Value '[KeySchemaElement(attributeName=p, keyType=HASH), KeySchemaElement(attributeName=q, keyType=RANGE), \
             KeySchemaElement(attributeName=r, keyType=RANGE)]' at 'keySchema'{F}Member must have length less than or equal to 2",
        ),
        // 58
        (
            r#"[{"AttributeName":"p","KeyType":"FOO"}]"#,
            "{C}Value 'FOO' at 'keySchema.1.member.keyType'{F}Member must satisfy enum value set: [HASH, RANGE]",
        ),
    ] {
        assert_message(Operation::CreateTable, &format!(r#"{{{KEY},"KeySchema":{schema}}}"#), expected);
    }
}

#[test]
fn members_of_create_table_are_checked_in_its_order() {
    // rules 84, 86; messages-tables 37, 50, 57, 58
    let with = |rest: &str| format!(r#"{{{KEY},"KeySchema":[{{"AttributeName":"p","KeyType":"HASH"}}],{rest}}}"#);
    for (rest, expected) in [
        // 58
        (
            r#""BillingMode":"FOO""#,
            "{C}Value 'FOO' at 'billingMode'{F}Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
        ),
        // 37
        (
            r#""ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":1}"#,
            "{C}Value '0' at 'provisionedThroughput.readCapacityUnits'{F}Member must have value greater than or equal to 1",
        ),
        (
            r#""ProvisionedThroughput":{}"#,
            "2 validation errors detected: Value null at 'provisionedThroughput.writeCapacityUnits'{F}Member must not be null; \
             Value null at 'provisionedThroughput.readCapacityUnits'{F}Member must not be null",
        ),
        // 50, 57, and global indexes before local ones (rule 86)
        (
            r#""LocalSecondaryIndexes":[{"IndexName":"ab","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"Projection":{}}],
               "GlobalSecondaryIndexes":[{"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}]"#,
            "3 validation errors detected: Value null at 'globalSecondaryIndexes.1.member.indexName'{F}Member must not be null; \
             Value null at 'globalSecondaryIndexes.1.member.projection'{F}Member must not be null; \
             Value 'ab' at 'localSecondaryIndexes.1.member.indexName'{F}Member must have length greater than or equal to 3",
        ),
        (
            r#""GlobalSecondaryIndexes":[{"IndexName":"gix","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
               "Projection":{"ProjectionType":"FOO"}}]"#,
            "{C}Value 'FOO' at 'globalSecondaryIndexes.1.member.projection.projectionType'{F}\
             Member must satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]",
        ),
        (
            r#""GlobalSecondaryIndexes":[{"IndexName":"gix","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
               "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":[]}}]"#,
            "{C}Value '[]' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes'{F}\
             Member must have length greater than or equal to 1",
        ),
    ] {
        assert_message(Operation::CreateTable, &with(rest), expected);
    }
    assert_message(
        Operation::CreateTable,
        r#"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"X"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}"#,
        "{C}Value 'X' at 'attributeDefinitions.1.member.attributeType'{F}Member must satisfy enum value set: [B, N, S]",
    );
}

#[test]
fn at_most_ten_violations_are_listed() {
    // rule 81
    let indexes = ["{}"; 12].join(",");
    let text = message(
        Operation::CreateTable,
        &format!(r#"{{{KEY},"GlobalSecondaryIndexes":[{indexes}]}}"#),
    )
    .unwrap();
    assert!(
        text.starts_with("10 validation errors detected: Value null at 'keySchema'"),
        "{text}"
    );
    assert_eq!(text.matches("; ").count(), 9);
}

#[test]
fn shapes_beat_constraints() {
    // rule 117
    let document = Document::parse(br#"{"TableName":"","Key":1}"#).unwrap();
    assert_eq!(
        check(Operation::GetItem, &document).err().map(|error| error.kind()),
        Some(ErrorKind::Serialization)
    );
}
