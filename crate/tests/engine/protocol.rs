//! Requests that are no requests, and which of several faults is reported (rules 81-83, 87, 115, 117, messages-items 8 and 9).

use crate::database::{Db, P, Table, n, s};
use serde_json::json;

#[test]
fn a_body_that_is_not_json_is_refused_without_a_message() {
    // rule 115
    let db = Db::holding(&Table::new(&["pk:S"]));
    for body in [
        &b""[..],
        b"{",
        b"nonsense",
        b"{\"TableName\":}",
        b"{\"a\":1}{}",
        b"\xff\xfe",
        b"{\"TableName\":\"T\",}",
    ] {
        for operation in [
            "PutItem",
            "GetItem",
            "DeleteItem",
            "Query",
            "CreateTable",
            "DescribeTable",
            "ListTables",
            "DeleteTable",
        ] {
            let answer = db.send(&format!("DynamoDB_20120810.{operation}"), body);
            let expected = r#"{"__type":"com.amazon.coral.service#SerializationException"}"#;
            assert_eq!(answer, (400, expected.to_owned()), "{operation} {body:?}");
        }
    }
}

#[test]
fn what_is_no_operation_is_unknown() {
    // messages-tables 108
    let db = Db::new();
    for target in [
        "",
        "PutItem",
        "DynamoDB_20120810",
        "DynamoDB_20120810.",
        "DynamoDB_20120810.Nope",
        "DynamoDB_20111205.PutItem",
        "x.y.PutItem",
    ] {
        let expected = r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#;
        assert_eq!(db.send(target, b"{}"), (400, expected.to_owned()), "{target:?}");
        assert_eq!(
            db.send(target, b"nonsense"),
            (400, expected.to_owned()),
            "{target:?}: before the body is looked at"
        );
    }
}

#[test]
fn a_request_over_16_megabytes_is_answered_413_and_nothing() {
    // rule 23, messages-tables 115
    let db = Db::holding(&Table::new(&["pk:S"]));
    let mut body = br#"{"TableName":"Tab","Key":{"pk":{"S":"a"}}}"#.to_vec();
    body.resize(16 << 20, b' ');
    assert_eq!(db.send("DynamoDB_20120810.GetItem", &body), (200, "{}".to_owned()));
    body.push(b' ');
    for target in ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.Nope"] {
        assert_eq!(db.send(target, &body), (413, String::new()));
    }
}

#[test]
fn json_nested_too_deep_is_refused_and_not_followed() {
    // rules 17, 115
    let db = Db::holding(&Table::new(&["pk:S"]));
    let put = |levels: usize| {
        let value = r#"{"L":["#.repeat(levels) + &"]}".repeat(levels);
        let body = format!(r#"{{"TableName":"Tab","Item":{{"pk":{{"S":"a"}},"v":{value}}}}}"#);
        db.send("DynamoDB_20120810.PutItem", body.as_bytes())
    };
    let nesting = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
    let refused = json!({"__type": "com.amazon.coral.validate#ValidationException", "message": nesting});
    assert_eq!(put(400), (400, refused.to_string()));
    for levels in [1_000, 100_000] {
        let expected = r#"{"__type":"com.amazon.coral.service#SerializationException"}"#;
        assert_eq!(put(levels), (400, expected.to_owned()), "{levels}");
    }
}

#[test]
fn values_of_the_wrong_json_kind_beat_every_other_fault() {
    // rule 117, messages-items 9
    let db = Db::new();
    for (operation, body, message) in [
        ("PutItem", r#"{"TableName":1}"#, "NUMBER_VALUE cannot be converted to String"),
        ("PutItem", r#"{"TableName":1.5}"#, "DECIMAL_VALUE cannot be converted to String"),
        ("PutItem", r#"{"TableName":true}"#, "TRUE_VALUE cannot be converted to String"),
        (
            "PutItem",
            r#"{"TableName":["a"]}"#,
            "Unrecognized collection type class java.lang.String",
        ),
        (
            "PutItem",
            r#"{"TableName":{"a":1}}"#,
            "Start of structure or map found where not expected",
        ),
        ("PutItem", r#"{"Item":"x"}"#, "Unexpected field type"),
        (
            "PutItem",
            r#"{"Item":["x"]}"#,
            "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>",
        ),
        ("PutItem", r#"{"Item":{"a":"x"}}"#, "Unexpected value type in payload"),
        (
            "PutItem",
            r#"{"Item":{"a":["x"]}}"#,
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
        ),
        ("PutItem", r#"{"Item":{"a":{"N":1}}}"#, "NUMBER_VALUE cannot be converted to String"),
        ("Query", r#"{"Limit":"5"}"#, "STRING_VALUE cannot be converted to Integer"),
        ("Query", r#"{"ConsistentRead":1}"#, "NUMBER_VALUE cannot be converted to Boolean"),
        ("GetItem", r#"{"ConsistentRead":"yes"}"#, "Unexpected token received from parser"),
        (
            "DescribeTable",
            r#"{"TableName":[]}"#,
            "Unrecognized collection type class java.lang.String",
        ),
    ] {
        let (status, reply) = db.send(&format!("DynamoDB_20120810.{operation}"), body.as_bytes());
        let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
        assert_eq!(status, 400);
        assert_eq!(
            reply,
            json!({"__type": "com.amazon.coral.service#SerializationException", "Message": message}),
            "{operation} {body}"
        );
    }
}

#[test]
fn absent_members_are_named_in_the_order_of_the_operation() {
    // part D on C, messages-items 8
    let db = Db::new();
    let null = |member: &str| format!("Value null at '{member}' failed to satisfy constraint: Member must not be null");
    for (operation, request, expected) in [
        (
            "GetItem",
            json!({}),
            format!("2 validation errors detected: {}; {}", null("key"), null("tableName")),
        ),
        (
            "PutItem",
            json!({}),
            format!("2 validation errors detected: {}; {}", null("tableName"), null("item")),
        ),
        (
            "DeleteItem",
            json!({}),
            format!("2 validation errors detected: {}; {}", null("tableName"), null("key")),
        ),
        (
            "UpdateItem",
            json!({}),
            format!("2 validation errors detected: {}; {}", null("tableName"), null("key")),
        ),
        ("PutItem", json!({"Item": {}}), format!("{P}{}", null("tableName"))),
        ("UpdateItem", json!({"Key": {}}), format!("{P}{}", null("tableName"))),
        ("DeleteItem", json!({"Key": {}}), format!("{P}{}", null("tableName"))),
        ("Query", json!({}), format!("{P}{}", null("tableName"))),
        ("Scan", json!({"TableName": null}), format!("{P}{}", null("tableName"))),
        ("PutItem", json!({"TableName": "Tab"}), format!("{P}{}", null("item"))),
        ("UpdateItem", json!({"TableName": "Tab"}), format!("{P}{}", null("key"))),
        (
            "GetItem",
            json!({"TableName": null, "Key": {}}),
            format!("{P}{}", null("tableName")),
        ),
        (
            "CreateTable",
            json!({}),
            "The parameter 'TableName' is required but was not present in the request".to_owned(),
        ),
        (
            "DescribeTable",
            json!({}),
            "The parameter 'TableName' is required but was not present in the request".to_owned(),
        ),
        (
            "DeleteTable",
            json!({}),
            "The parameter 'TableName' is required but was not present in the request".to_owned(),
        ),
    ] {
        assert_eq!(db.invalid(operation, &request), expected, "{operation} {request}");
    }
}

#[test]
fn an_unlawful_table_name_is_worded_by_the_operation() {
    // rule 82, part C, messages-items 8
    let db = Db::new();
    let key = json!({"pk": s("a")});
    for (operation, member) in [
        ("PutItem", "Item"),
        ("GetItem", "Key"),
        ("UpdateItem", "Key"),
        ("DeleteItem", "Key"),
        ("Query", "KeyConditions"),
        ("Scan", "ScanFilter"),
    ] {
        let key = if matches!(operation, "Query" | "Scan") {
            json!({})
        } else {
            key.clone()
        };
        let refused = |name: &str| db.invalid(operation, &json!({"TableName": name, member: key}));
        let rest = "failed to satisfy constraint: Member must";
        assert_eq!(
            refused(""),
            format!("{P}Value at 'TableName' {rest} have length greater than or equal to 1")
        );
        assert_eq!(
            refused("ab"),
            format!("{P}Value 'ab' at 'tableName' {rest} have length greater than or equal to 3")
        );
        assert_eq!(
            refused("a b!"),
            format!("{P}Value 'a b!' at 'tableName' {rest} satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
        );
        let long = "x".repeat(256);
        assert_eq!(
            refused(&long),
            format!("{P}Value '{long}' at 'tableName' {rest} have length less than or equal to 255")
        );
    }
    for operation in ["DescribeTable", "DeleteTable"] {
        for name in ["", "ab"] {
            let message = "TableName must be at least 3 characters long and at most 255 characters long";
            assert_eq!(db.invalid(operation, &json!({"TableName": name})), message, "{operation}");
        }
    }
}

#[test]
fn what_can_be_told_without_the_table_is_told_before_it_is_looked_for() {
    // rule 87
    let db = Db::holding(&Table::new(&["pk:S"]));
    let item = json!({"pk": s("a")});
    let expression = |kind: &str, problem: &str| format!("Invalid {kind}: {problem}");
    let syntactic = [
        (
            "PutItem",
            json!({"Item": {"a": n("x")}}),
            format!("{P}The parameter cannot be converted to a numeric value: x"),
        ),
        (
            "PutItem",
            json!({"Item": item, "ConditionExpression": "a ="}),
            format!(
                "{P}{}",
                expression("ConditionExpression", "Syntax error; token: \"<EOF>\", near: \"=\"")
            ),
        ),
        (
            "PutItem",
            json!({"Item": item, "ConditionExpression": "a = :v"}),
            format!(
                "{P}{}",
                expression(
                    "ConditionExpression",
                    "An expression attribute value used in expression is not defined; attribute value: :v"
                )
            ),
        ),
        (
            "PutItem",
            json!({"Item": item, "ReturnValues": "ALL_NEW"}),
            format!("{P}ReturnValues can only be ALL_OLD or NONE"),
        ),
        (
            "PutItem",
            json!({"Item": {"a": s("x".repeat(409_600))}}),
            "Item size has exceeded the maximum allowed size".to_owned(),
        ),
        (
            "DeleteItem",
            json!({"Key": item, "ConditionExpression": "size = b"}),
            format!(
                "{P}{}",
                expression("ConditionExpression", "Syntax error; token: \"=\", near: \"size = b\"")
            ),
        ),
        (
            "GetItem",
            json!({"Key": item, "ProjectionExpression": "a, a"}),
            expression(
                "ProjectionExpression",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
            ),
        ),
        (
            "GetItem",
            json!({"Key": item, "ExpressionAttributeNames": {"#a": "a"}}),
            "ExpressionAttributeNames can only be specified when using expressions".to_owned(),
        ),
        (
            "Query",
            json!({"KeyConditionExpression": "a <> :a", "ExpressionAttributeValues": {":a": n(1)}}),
            expression("KeyConditionExpression", "Invalid operator used in KeyConditionExpression: <>"),
        ),
        (
            "Query",
            json!({"KeyConditionExpression": "a = :a AND a = :a", "ExpressionAttributeValues": {":a": n(1)}}),
            expression(
                "KeyConditionExpression",
                "KeyConditionExpressions must only contain one condition per key",
            ),
        ),
        (
            "Query",
            json!({}),
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.".to_owned(),
        ),
        (
            "Query",
            json!({"Limit": 0}),
            format!("{P}Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ),
        (
            "Query",
            json!({"Select": "ALL_PROJECTED_ATTRIBUTES"}),
            format!("{P}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
        ),
    ];
    for (operation, mut request, message) in syntactic {
        request["TableName"] = json!("absent");
        assert_eq!(db.invalid(operation, &request), message, "{operation} {request}");
    }
    let of_the_schema = [
        ("PutItem", json!({"Item": {"x": n(1)}})),
        ("GetItem", json!({"Key": {"pk": s("")}})),
        ("DeleteItem", json!({"Key": {}})),
        (
            "Query",
            json!({"KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": n(1)}, "IndexName": "absent"}),
        ),
        (
            "Query",
            json!({"KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": n(1)}, "ExclusiveStartKey": {}}),
        ),
    ];
    for (operation, mut request) in of_the_schema {
        request["TableName"] = json!("absent");
        assert_eq!(
            db.fails(operation, &request).0,
            "ResourceNotFoundException",
            "{operation} {request}"
        );
        request["TableName"] = json!("Tab");
        db.invalid(operation, &request);
    }
}

#[test]
fn several_faults_of_members_are_counted_and_joined() {
    // rule 83, messages-items 8
    let db = Db::new();
    let request = json!({
        "TableName": "T12", "Item": {"pk": s("a")},
        "ReturnConsumedCapacity": "BOGUS", "ReturnValues": "X", "ReturnItemCollectionMetrics": "Y",
    });
    let enumeration = |value: &str, member: &str, set: &str| {
        format!("Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: {set}")
    };
    let values = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    let all = format!(
        "3 validation errors detected: {}; {values}; {}",
        enumeration("BOGUS", "returnConsumedCapacity", "[INDEXES, TOTAL, NONE]"),
        enumeration("Y", "returnItemCollectionMetrics", "[SIZE, NONE]")
    );
    assert_eq!(db.invalid("PutItem", &request), all);
}

#[test]
fn unknown_members_are_ignored() {
    // rule 118
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.ok(
        "PutItem",
        &json!({"TableName": "Tab", "Item": {"pk": s("a")}, "Nonsense": {"x": [1]}, "item": 5}),
    );
    assert!(db.get(&json!({"pk": s("a")})).is_some());
}
