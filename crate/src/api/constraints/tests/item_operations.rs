//! Behaviour part C for the item operations: every constraint the service model has on a member of their requests, violated alone, and the
//! text the operation answers. The model's tables are walked, so a constraint without a wording here is a failure.

use super::message;
use crate::api::Operation;
use crate::api::shape::{Kind, Shape};

const OPERATIONS: [Operation; 8] = [
    Operation::PutItem,
    Operation::GetItem,
    Operation::UpdateItem,
    Operation::DeleteItem,
    Operation::Query,
    Operation::Scan,
    Operation::BatchGetItem,
    Operation::BatchWriteItem,
];

/// What a constraint is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Constraint {
    Required,
    Least,
    Most,
    Pattern,
    Words,
}

use Constraint::{Least, Most, Pattern, Required, Words};

/// The constraints below a shape, each with its path: `KeyConditions{}.ComparisonOperator`, `RequestItems{}[].PutRequest.Item`.
fn constraints(shape: Shape, path: &str, found: &mut Vec<(String, Constraint)>) {
    if shape.kind() == Kind::Structure {
        for member in shape.members().filter(|member| member.shape.name() != "AttributeValue") {
            let path = if path.is_empty() {
                member.name.to_owned()
            } else {
                format!("{path}.{}", member.name)
            };
            if member.required {
                found.push((path.clone(), Required));
            }
            constraints(member.shape, &path, found);
        }
        return;
    }
    for (constraint, is_there) in [
        (Least, shape.least().is_some()),
        (Most, shape.most().is_some()),
        (Pattern, shape.pattern().is_some()),
        (Words, shape.words().next().is_some()),
    ] {
        if is_there {
            found.push((path.to_owned(), constraint));
        }
    }
    let (key, element) = match shape.kind() {
        Kind::Map => (Some(shape.key()), format!("{path}{{}}")),
        Kind::List => (None, format!("{path}[]")),
        _ => return,
    };
    if let Some(key) = key {
        constraints(key, &format!("{path}{{key}}"), found);
    }
    if shape.element().name() != "AttributeValue" {
        constraints(shape.element(), &element, found);
    }
}

/// The members of a good request, in order.
fn good(operation: Operation) -> Vec<(String, String)> {
    let members: &[(&str, &str)] = match operation {
        Operation::PutItem => &[("TableName", r#""abc""#), ("Item", "{}")],
        Operation::GetItem | Operation::UpdateItem | Operation::DeleteItem => &[("TableName", r#""abc""#), ("Key", "{}")],
        Operation::Query | Operation::Scan => &[("TableName", r#""abc""#)],
        Operation::BatchGetItem => &[("RequestItems", r#"{"abc":{"Keys":[{}]}}"#)],
        _ => &[("RequestItems", r#"{"abc":[{"PutRequest":{"Item":{}}}]}"#)],
    };
    members
        .iter()
        .map(|(name, json)| ((*name).to_owned(), (*json).to_owned()))
        .collect()
}

fn body(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, json)| format!("\"{name}\":{json}")).collect();
    format!("{{{}}}", members.join(","))
}

/// So many tables, each with that JSON.
fn tables(count: usize, json: &str) -> String {
    let tables: Vec<String> = (0..count).map(|at| format!(r#""t{at:02}":{json}"#)).collect();
    format!("{{{}}}", tables.join(","))
}

const RETURN_VALUES: &str =
    "{C}Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
const TABLE_NAMES: &str = "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length \
                           greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]";
const WRITES_OF_A_TABLE: &str = "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]";

/// A value that violates the constraint (`None`: the member is left out), and the answer.
#[allow(clippy::too_many_lines)] // one table
fn violation(operation: Operation, path: &str, constraint: Constraint) -> Option<(Option<String>, String)> {
    let text = |text: &str| Some(format!("\"{text}\""));
    let length = |bound: &str| format!("Member must have length {bound}");
    let older = |value: &str, at: &str, constraint: &str| format!("{{C}}Value {value} at '{at}'{{F}}{constraint}");
    let newer = |at: &str, constraint: &str| format!("{{C}}Value at '{at}'{{F}}{constraint}");
    let null = |at: &str| older("null", at, "Member must not be null");
    let words = |at: &str, words: &str| older("'X'", at, &format!("Member must satisfy enum value set: {words}"));
    let at_least_1 = length("greater than or equal to 1");
    let batch_get = operation == Operation::BatchGetItem;
    Some(match (path, constraint) {
        ("TableName", Required) => (None, null("tableName")),
        ("Item", Required) => (None, null("item")),
        ("Key", Required) => (None, null("key")),
        ("RequestItems", Required) => (None, "missing field `RequestItems` at line 1 column 2".to_owned()),
        ("TableName", Least) => (text(""), newer("TableName", &at_least_1)),
        // What is longer than a name is taken for no ARN either, and held to the limit of names.
        ("TableName", Most) => {
            let name = "x".repeat(1025);
            (
                text(&name),
                older(&format!("'{name}'"), "tableName", &length("less than or equal to 255")),
            )
        }
        ("ReturnConsumedCapacity", Words) => (text("X"), words("returnConsumedCapacity", "[INDEXES, TOTAL, NONE]")),
        ("ReturnItemCollectionMetrics", Words) => (text("X"), words("returnItemCollectionMetrics", "[SIZE, NONE]")),
        ("ReturnValues", Words) => (text("X"), RETURN_VALUES.to_owned()),
        ("ReturnValuesOnConditionCheckFailure", Words) => (text("X"), words("returnValuesOnConditionCheckFailure", "[ALL_OLD, NONE]")),
        ("Select", Words) => (
            text("X"),
            words("select", "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"),
        ),
        ("KeyConditions{}.ComparisonOperator", Required) => {
            (Some(r#"{"a":{}}"#.to_owned()), null("keyConditions.a.member.comparisonOperator"))
        }
        ("QueryFilter{}.ComparisonOperator", Required) => (Some(r#"{"a":{}}"#.to_owned()), null("queryFilter.a.member.comparisonOperator")),
        ("ScanFilter{}.ComparisonOperator", Required) => (Some(r#"{"a":{}}"#.to_owned()), null("scanFilter.a.member.comparisonOperator")),
        ("IndexName", Least) => (text("ab"), older("'ab'", "indexName", &length("greater than or equal to 3"))),
        ("IndexName", Most) => {
            let name = "x".repeat(256);
            (
                text(&name),
                older(&format!("'{name}'"), "indexName", &length("less than or equal to 255")),
            )
        }
        ("IndexName", Pattern) => (
            text("a b!"),
            older(
                "'a b!'",
                "indexName",
                "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
            ),
        ),
        ("AttributesToGet", Least) => (Some("[]".to_owned()), older("'[]'", "attributesToGet", &at_least_1)),
        ("Limit", Least) => (
            Some("0".to_owned()),
            newer("Limit", "Member must have value greater than or equal to 1"),
        ),
        ("Segment", Least) => (
            Some("-1".to_owned()),
            newer("Segment", "Member must have value greater than or equal to 0"),
        ),
        ("Segment", Most) => (
            Some("1000000".to_owned()),
            newer("Segment", "Member must have value less than or equal to 999999"),
        ),
        ("TotalSegments", Least) => (
            Some("0".to_owned()),
            newer("TotalSegments", "Member must have value greater than or equal to 1"),
        ),
        ("TotalSegments", Most) => (
            Some("1000001".to_owned()),
            newer("TotalSegments", "Member must have value less than or equal to 1000000"),
        ),
        ("RequestItems", Least) if batch_get => (Some("{}".to_owned()), newer("RequestItems", &at_least_1)),
        ("RequestItems", Least) => (
            Some("{}".to_owned()),
            "The requestItems parameter is required for BatchWriteItem".to_owned(),
        ),
        ("RequestItems", Most) if batch_get => (
            Some(tables(101, r#"{"Keys":[{}]}"#)),
            newer("RequestItems", &length("less than or equal to 100")),
        ),
        ("RequestItems{key}", Least | Most) if batch_get => {
            let keys = "KeysAndAttributes(keys=[{}], attributesToGet=null, consistentRead=null, projectionExpression=null, \
                        expressionAttributeNames=null)";
            (
                Some(r#"{"ab":{"Keys":[{}]}}"#.to_owned()),
                older(&format!("'{{ab={keys}}}'"), "requestItems", TABLE_NAMES),
            )
        }
        ("RequestItems{key}", Least | Most) => (
            Some(r#"{"ab":[{"DeleteRequest":{"Key":{}}}]}"#.to_owned()),
            older(
                "'{ab=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={}))]}'",
                "requestItems",
                TABLE_NAMES,
            ),
        ),
        ("RequestItems{}", Least) => (
            Some(r#"{"tho":[]}"#.to_owned()),
            older("'{tho=[]}'", "requestItems", WRITES_OF_A_TABLE),
        ),
        ("RequestItems{}", Most) => {
            let printed = vec!["WriteRequest(putRequest=PutRequest(item={}), deleteRequest=null)"; 26].join(", ");
            let sent = vec![r#"{"PutRequest":{"Item":{}}}"#; 26].join(",");
            (
                Some(format!(r#"{{"tho":[{sent}]}}"#)),
                older(&format!("'{{tho=[{printed}]}}'"), "requestItems", WRITES_OF_A_TABLE),
            )
        }
        ("RequestItems{}.Keys", Required) => (
            Some(r#"{"tho":{}}"#.to_owned()),
            "missing field `Keys` at line 1 column 25".to_owned(),
        ),
        ("RequestItems{}.Keys", Least) => (
            Some(r#"{"tho":{"Keys":[]}}"#.to_owned()),
            newer("RequestItems.tho.member.Keys", &at_least_1),
        ),
        ("RequestItems{}.Keys", Most) => (
            Some(format!(r#"{{"tho":{{"Keys":[{}]}}}}"#, vec!["{}"; 101].join(","))),
            newer("RequestItems.tho.member.Keys", &length("less than or equal to 100")),
        ),
        ("RequestItems{}.AttributesToGet", Least) => (
            Some(r#"{"tho":{"Keys":[{}],"AttributesToGet":[]}}"#.to_owned()),
            older("'[]'", "requestItems.tho.member.attributesToGet", &at_least_1),
        ),
        ("RequestItems{}[].PutRequest.Item", Required) => (
            Some(r#"{"tho":[{"PutRequest":{}}]}"#.to_owned()),
            "missing field `Item` at line 1 column 40".to_owned(),
        ),
        ("RequestItems{}[].DeleteRequest.Key", Required) => (
            Some(r#"{"tho":[{"DeleteRequest":{}}]}"#.to_owned()),
            "missing field `Key` at line 1 column 43".to_owned(),
        ),
        _ => return None,
    })
}

#[test]
fn every_constraint_of_the_model_has_its_wording_on_every_item_operation() {
    // part C; rules 58, 72, 81-84; messages-items 5, 6, 8; messages-tables 1-8, 11
    let mut checked = 0;
    for operation in OPERATIONS {
        let mut found = Vec::new();
        constraints(operation.input(), "", &mut found);
        for (path, constraint) in found {
            // More than 25 tables have more than 25 writes, which is what is said of them.
            if (operation, path.as_str(), constraint) == (Operation::BatchWriteItem, "RequestItems", Most) {
                continue;
            }
            // The words of legacy parameters are refused where those are read, with texts of their own.
            if constraint == Words
                && ["ConditionalOperator", "Action", "ComparisonOperator"]
                    .iter()
                    .any(|word| path.ends_with(word))
            {
                continue;
            }
            let (value, expected) = violation(operation, &path, constraint)
                .unwrap_or_else(|| panic!("{} {path} {constraint:?} has no wording", operation.name()));
            let member = path.split(['.', '{', '[']).next().unwrap();
            let mut members = good(operation);
            assert_eq!(message(operation, &body(&members)), None, "{}", operation.name());
            members.retain(|(name, _)| name != member);
            members.extend(value.map(|json| (member.to_owned(), json)));
            let expected = expected
                .replace("{C}", "1 validation error detected: ")
                .replace("{F}", " failed to satisfy constraint: ");
            assert_eq!(
                message(operation, &body(&members)),
                Some(expected),
                "{} {path} {constraint:?}",
                operation.name()
            );
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked}");
}

/// The answer to a request with these members, the constants of the messages written out.
#[track_caller]
fn assert_answer(operation: Operation, body: &str, expected: &[&str]) {
    let expected = match expected {
        [one] => format!("1 validation error detected: {one}"),
        many => format!("{} validation errors detected: {}", many.len(), many.join("; ")),
    };
    assert_eq!(message(operation, body), Some(expected), "{} {body}", operation.name());
}

const NO_TABLE: &str = "Value null at 'tableName' failed to satisfy constraint: Member must not be null";
const NO_KEY: &str = "Value null at 'key' failed to satisfy constraint: Member must not be null";
const CAPACITY: &str =
    "Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]";
const METRICS: &str =
    "Value 'X' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]";
const ON_FAILURE: &str =
    "Value 'X' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]";
const CURRENT_VALUES: &str =
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";

#[test]
fn an_update_without_its_key_is_the_older_layers() {
    // rules 84, 85
    let bad =
        r#""ReturnValues":"X","ReturnConsumedCapacity":"X","ReturnItemCollectionMetrics":"X","ReturnValuesOnConditionCheckFailure":"X""#;
    let values = "Value 'X' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: \
                  [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]";
    assert_answer(
        Operation::UpdateItem,
        &format!(r#"{{"TableName":"abc",{bad}}}"#),
        &[CAPACITY, values, ON_FAILURE, METRICS, NO_KEY],
    );
    assert_answer(
        Operation::UpdateItem,
        &format!("{{{bad}}}"),
        &[CAPACITY, NO_TABLE, values, ON_FAILURE, METRICS, NO_KEY],
    );
    assert_answer(Operation::UpdateItem, r#"{"Key":{}}"#, &[NO_TABLE]);
}

#[test]
fn an_update_with_its_key_stops_at_the_first_enumeration() {
    // rule 83, part C
    let body = |members: &str| format!(r#"{{"TableName":"abc","Key":{{}},"ReturnItemCollectionMetrics":"X","ReturnValues":"X"{members}}}"#);
    assert_answer(Operation::UpdateItem, &body(""), &[CURRENT_VALUES]);
    assert_answer(Operation::UpdateItem, &body(r#","ReturnConsumedCapacity":"X""#), &[CAPACITY]);
}

#[test]
fn puts_and_deletions_join_all_that_is_wrong() {
    // rules 81, 83, part D on C
    let no_item = "Value null at 'item' failed to satisfy constraint: Member must not be null";
    let bad =
        r#""ReturnValues":"X","ReturnItemCollectionMetrics":"X","ReturnConsumedCapacity":"X","ReturnValuesOnConditionCheckFailure":"X""#;
    for (operation, missing) in [(Operation::PutItem, no_item), (Operation::DeleteItem, NO_KEY)] {
        assert_answer(
            operation,
            &format!("{{{bad}}}"),
            &[NO_TABLE, missing, CAPACITY, CURRENT_VALUES, METRICS, ON_FAILURE],
        );
    }
}

#[test]
fn reads_are_looked_at_by_the_newer_layer_first() {
    // part C; rules 58, 72
    let at = |member: &str, bound: &str| format!("Value at '{member}' failed to satisfy constraint: Member must have value {bound}");
    let limit = at("Limit", "greater than or equal to 1");
    let segment = at("Segment", "greater than or equal to 0");
    let total = at("TotalSegments", "greater than or equal to 1");
    for operation in [Operation::Query, Operation::Scan] {
        assert_answer(
            operation,
            r#"{"TableName":"abc","ReturnConsumedCapacity":"X","Select":"X","Limit":0}"#,
            &[&limit],
        );
    }
    assert_answer(
        Operation::Scan,
        r#"{"TableName":"abc","TotalSegments":0,"Segment":-1,"Limit":0,"Select":"X"}"#,
        &[&limit, &segment, &total],
    );
    let least = |at: &str| format!("Value at '{at}' failed to satisfy constraint: Member must have length greater than or equal to 1");
    assert_answer(
        Operation::BatchGetItem,
        r#"{"RequestItems":{},"ReturnConsumedCapacity":"X"}"#,
        &[&least("RequestItems")],
    );
    assert_answer(
        Operation::BatchGetItem,
        r#"{"RequestItems":{"abc":{"Keys":[]}},"ReturnConsumedCapacity":"X"}"#,
        &[&least("RequestItems.abc.member.Keys")],
    );
    assert_eq!(
        message(Operation::BatchWriteItem, r#"{"RequestItems":{},"ReturnConsumedCapacity":"X"}"#).as_deref(),
        Some("The requestItems parameter is required for BatchWriteItem")
    );
}

#[test]
fn reads_without_a_table_are_the_older_layers() {
    // part C, as the reference server answers
    let select = "Value 'X' at 'select' failed to satisfy constraint: Member must satisfy enum value set: \
                  [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]";
    let at = |value: &str, bound: &str| {
        format!("Value {value} failed to satisfy constraint: Member must have value greater than or equal to {bound}")
    };
    let limit = at("'0' at 'limit'", "1");
    assert_answer(
        Operation::Query,
        r#"{"Limit":0,"ReturnConsumedCapacity":"X","Select":"X"}"#,
        &[select, CAPACITY, NO_TABLE, &limit],
    );
    let operator = "Value 'X' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value set: [OR, AND]";
    let (total, segment) = (at("'0' at 'totalSegments'", "1"), at("'-1' at 'segment'", "0"));
    assert_answer(
        Operation::Scan,
        r#"{"Limit":0,"Segment":-1,"TotalSegments":0,"ConditionalOperator":"X","ReturnConsumedCapacity":"X","Select":"X"}"#,
        &[select, &total, CAPACITY, NO_TABLE, operator, &segment, &limit],
    );
    let attributes = "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1";
    assert_answer(
        Operation::GetItem,
        r#"{"AttributesToGet":[],"ReturnConsumedCapacity":"X"}"#,
        &[NO_KEY, NO_TABLE, CAPACITY, attributes],
    );
}
