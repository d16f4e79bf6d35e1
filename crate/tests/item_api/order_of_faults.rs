//! Of several faults in one request the one that the service looks for first is reported: what a request is, its values, its styles, its
//! expressions, what it wants back, its size, its table, its keys (rules 36, 79, 87; where they are silent, as the reference server answers).

use crate::database::{Db, INVALID, P, Table, n, s};
use serde_json::{Value, json};

/// Puts the members of `fault` into the request; what is itself an object there is added to.
fn add(request: &mut Value, fault: &Value) {
    for (name, value) in fault.as_object().unwrap() {
        match (request.get_mut(name).and_then(Value::as_object_mut), value.as_object()) {
            (Some(present), Some(more)) => present.extend(more.clone()),
            _ => request[name] = value.clone(),
        }
    }
}

/// Holds each fault against every later one, in one request.
fn assert_order(operation: &str, base: &Value, faults: &[(Value, String)]) {
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    for (at, (fault, message)) in faults.iter().enumerate() {
        for (later, _) in &faults[at..] {
            let mut request = base.clone();
            add(&mut request, later);
            add(&mut request, fault);
            let (_, reported) = db.fails(operation, &request);
            assert_eq!(&reported, message, "{operation} {fault} and {later}");
        }
    }
}

const NOT_NUMERIC: &str = "The parameter cannot be converted to a numeric value: x";
const SYNTAX: &str = "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"";
const MIXED: &str = "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: ";

#[test]
fn of_a_put() {
    // rules 14, 20, 36, 46, 83, 87
    assert_order(
        "PutItem",
        &json!({"TableName": "Tab", "Item": {"pk": s("a"), "sk": n(1)}}),
        &[
            (
                json!({"Item": {"x": {"N": 1}}}),
                "NUMBER_VALUE cannot be converted to String".to_owned(),
            ),
            (
                json!({"ReturnConsumedCapacity": "X"}),
                format!(
                    "{P}Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: \
                     [INDEXES, TOTAL, NONE]"
                ),
            ),
            (json!({"Item": {"x": n("x")}}), format!("{P}{NOT_NUMERIC}")),
            (
                json!({"Expected": {"a": {"Exists": false}}, "ConditionExpression": "a ="}),
                format!("{P}{MIXED}{{Expected}} Expression parameters: {{ConditionExpression}}"),
            ),
            (json!({"ConditionExpression": "a ="}), format!("{P}{SYNTAX}")),
            (
                json!({"ReturnValues": "ALL_NEW"}),
                format!("{P}ReturnValues can only be ALL_OLD or NONE"),
            ),
            (
                json!({"Item": {"big": s("x".repeat(409_600))}}),
                "Item size has exceeded the maximum allowed size".to_owned(),
            ),
            (
                json!({"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#u": "u"}}),
                format!("{P}Value provided in ExpressionAttributeNames unused in expressions: keys: {{#u}}"),
            ),
            (json!({"TableName": "absent"}), "Requested resource not found".to_owned()),
            (
                json!({"Item": {"pk": n(1)}}),
                format!("{INVALID}Type mismatch for key pk expected: S actual: N"),
            ),
            (
                json!({"ConditionExpression": "attribute_exists(pk)"}),
                "The conditional request failed".to_owned(),
            ),
        ],
    );
}

#[test]
fn of_an_update() {
    // rules 16, 29, 36, 45, 83, 85, 87
    assert_order(
        "UpdateItem",
        &json!({"TableName": "Tab", "Key": {"pk": s("a"), "sk": n(1)}}),
        &[
            (
                json!({"UpdateExpression": 1}),
                "NUMBER_VALUE cannot be converted to String".to_owned(),
            ),
            (
                json!({"ReturnValues": "X"}),
                format!(
                    "{P}Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
                ),
            ),
            (json!({"Key": {"pk": n("x")}}), NOT_NUMERIC.to_owned()),
            (
                json!({"AttributeUpdates": {}, "UpdateExpression": "SET", "ConditionExpression": "a ="}),
                format!("{P}{MIXED}{{AttributeUpdates}} Expression parameters: {{UpdateExpression, ConditionExpression}}"),
            ),
            (
                json!({"UpdateExpression": "SET"}),
                format!("{P}Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\""),
            ),
            (
                json!({"UpdateExpression": "REMOVE a", "ConditionExpression": "a ="}),
                format!("{P}{SYNTAX}"),
            ),
            (
                json!({"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {"#u": "u"}}),
                format!("{P}Value provided in ExpressionAttributeNames unused in expressions: keys: {{#u}}"),
            ),
            (
                json!({"TableName": "absent", "UpdateExpression": "REMOVE a"}),
                "Requested resource not found".to_owned(),
            ),
            (
                json!({"Key": {"x": n(1)}}),
                "The provided key element does not match the schema".to_owned(),
            ),
            (
                json!({"UpdateExpression": "REMOVE pk"}),
                format!("{INVALID}Cannot update attribute pk. This attribute is part of the key"),
            ),
            (
                json!({"UpdateExpression": "SET a = b", "ConditionExpression": "attribute_exists(pk)"}),
                "The conditional request failed".to_owned(),
            ),
            (
                json!({"UpdateExpression": "SET a = b"}),
                "The provided expression refers to an attribute that does not exist in the item".to_owned(),
            ),
        ],
    );
}
