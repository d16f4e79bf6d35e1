//! What Scan refuses, and in which words.

use crate::database::{Db, INVALID, NOT_VALID, P, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

const SHORT: &str = "The provided starting key is invalid";

fn stocked() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &[], &include(&["shown"]))
        .gsi("whole", &["g:S"], &[], &all())
        .lsi("local", "l:N", &keys_only());
    let db = Db::holding(&table);
    db.put(&json!({"pk": s("3635"), "sk": n(1), "g": s("g"), "l": n(1)}));
    db
}

fn refused(db: &Db, request: &Value) -> String {
    db.invalid("Scan", &in_table(request))
}

#[test]
fn a_starting_key_that_is_none_has_the_long_sentence_on_tables_only() {
    // rules 53, 54; messages-items 6
    let db = stocked();
    for key in [
        json!({}),
        json!({"pk": s("3635")}),
        json!({"pk": s("3635"), "sk": s("1")}),
        json!({"pk": s("3635"), "sk": n(1), "g": s("g")}),
    ] {
        assert_eq!(
            refused(&db, &json!({"ExclusiveStartKey": key})),
            format!("{SHORT}: The provided key element does not match the schema"),
            "{key}"
        );
    }
    for key in [
        json!({"pk": s("3635"), "sk": n(1)}),
        json!({"pk": s("3635"), "sk": n(1), "g": n(1)}),
        json!({"g": s("g")}),
    ] {
        assert_eq!(
            refused(&db, &json!({"IndexName": "global", "ExclusiveStartKey": key})),
            SHORT,
            "{key}"
        );
    }
    // Its key is held to what keys are (rules 18, 19).
    assert_eq!(
        refused(&db, &json!({"ExclusiveStartKey": {"pk": s(""), "sk": n(1)}})),
        format!("{SHORT}: {NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk")
    );
    assert_eq!(
        refused(&db, &json!({"ExclusiveStartKey": {"pk": {"N": "x"}, "sk": n(1)}})),
        "The parameter cannot be converted to a numeric value: x"
    );
}

#[test]
fn a_starting_key_belongs_to_its_segment() {
    // rule 54 in part D
    let db = stocked();
    let request = |segment: u32| json!({"Segment": segment, "TotalSegments": 4, "ExclusiveStartKey": {"pk": s("3635"), "sk": n(1)}});
    assert_eq!(
        refused(&db, &request(1)),
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. \
         TotalSegments: 4 Segment: 1"
    );
    db.ok("Scan", &in_table(&request(0)));
}

#[test]
fn segments_are_given_whole_and_within_their_bounds() {
    // rule 58; messages-items 6
    let db = stocked();
    for (request, message) in [
        (
            json!({"Segment": 0}),
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is present".to_owned(),
        ),
        (
            json!({"TotalSegments": 2}),
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is present".to_owned(),
        ),
        (
            json!({"Segment": 4, "TotalSegments": 4}),
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less than TotalSegments: 4"
                .to_owned(),
        ),
        (
            json!({"Segment": -1, "TotalSegments": 4}),
            format!("{P}Value at 'Segment' failed to satisfy constraint: Member must have value greater than or equal to 0"),
        ),
        (
            json!({"Segment": 0, "TotalSegments": 0}),
            format!("{P}Value at 'TotalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ),
        (
            json!({"Segment": 0, "TotalSegments": 1_000_001}),
            format!("{P}Value at 'TotalSegments' failed to satisfy constraint: Member must have value less than or equal to 1000000"),
        ),
    ] {
        assert_eq!(refused(&db, &request), message, "{request}");
    }
}

#[test]
fn an_index_cannot_give_what_it_does_not_have() {
    // rules 57, 60, 61, 90; messages-items 6
    let db = stocked();
    for (request, message) in [
        (
            json!({"IndexName": "nonexist"}),
            "The table does not have the specified index: nonexist".to_owned(),
        ),
        (
            json!({"IndexName": "global", "ConsistentRead": true}),
            "Consistent reads are not supported on global secondary indexes".to_owned(),
        ),
        (
            json!({"IndexName": "global", "Select": "ALL_ATTRIBUTES"}),
            format!(
                "{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index global because its projection type is not ALL"
            ),
        ),
        (
            json!({"IndexName": "global", "ProjectionExpression": "pk, o1, shown"}),
            format!("{INVALID}Global secondary index global does not project [o1]"),
        ),
    ] {
        assert_eq!(refused(&db, &request), message, "{request}");
    }
    for request in [
        json!({"IndexName": "local", "ConsistentRead": true}),
        json!({"IndexName": "whole", "Select": "ALL_ATTRIBUTES"}),
        json!({"IndexName": "local", "ProjectionExpression": "o1"}),
    ] {
        db.ok("Scan", &in_table(&request));
    }
}

#[test]
fn parameters_are_refused_before_the_table_is_looked_for() {
    // rules 26-29, 36, 60, 87; messages-items 4, 6, 7
    let db = Db::new();
    for (request, message) in [
        (
            json!({"FilterExpression": ""}),
            "Invalid FilterExpression: The expression can not be empty;".to_owned(),
        ),
        (
            json!({"FilterExpression": "a = :w"}),
            "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: :w".to_owned(),
        ),
        (
            json!({"ExpressionAttributeValues": {":v": n(1)}}),
            "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null".to_owned(),
        ),
        (
            json!({"ProjectionExpression": "a, a.b"}),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; \
             path one: [a], path two: [a, b]"
                .to_owned(),
        ),
        (
            json!({"FilterExpression": "attribute_exists(a)", "AttributesToGet": ["a"], "ScanFilter": {}}),
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {AttributesToGet, ScanFilter} Expression parameters: {FilterExpression}"
                .to_owned(),
        ),
        (
            json!({"Select": "COUNT", "ProjectionExpression": "a"}),
            format!("{P}Cannot specify the ProjectionExpression when choosing to get only the Count"),
        ),
        (
            json!({"Select": "SPECIFIC_ATTRIBUTES"}),
            format!("{P}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
        ),
        (
            json!({"Limit": 0}),
            format!("{P}Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ),
        (
            json!({"ConditionalOperator": "OR"}),
            "ConditionalOperator cannot be used without Filter or Expected".to_owned(),
        ),
        (
            json!({"ScanFilter": {"a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [n(1)]}}}),
            format!("{INVALID}Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
        ),
        (
            json!({"ScanFilter": {"a": {"AttributeValueList": [n(1)]}}}),
            format!("{P}Value null at 'scanFilter.a.member.comparisonOperator' failed to satisfy constraint: Member must not be null"),
        ),
        // Values are current and bare (rule 4 in part D).
        (
            json!({"FilterExpression": "a = :v", "ExpressionAttributeValues": {":v": {"SS": ["b", "a", "b"]}}}),
            format!("{INVALID}Input collection [\"a\", \"b\", \"b\"] contains duplicates."),
        ),
    ] {
        assert_eq!(refused(&db, &request), message, "{request}");
    }
    assert_eq!(
        db.fails("Scan", &in_table(&json!({"IndexName": "index"}))),
        ("ResourceNotFoundException".to_owned(), "Requested resource not found".to_owned())
    );
}
