//! What the parameters from before there were expressions are refused for: the conditions of reads bare, those of writes with the prefix
//! (messages-items 7).

use crate::database::{Db, INVALID, P, b, n, s};
use serde_json::{Value, json};

fn condition(operator: &str, values: &[Value]) -> Value {
    json!({"ComparisonOperator": operator, "AttributeValueList": values})
}

/// The three reads' and the three writes' requests with a condition on attribute `a`, and the prefix of their refusals.
fn requests(condition: &Value) -> Vec<(&'static str, Value, &'static str)> {
    let pk = json!({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("a")]}});
    let key = json!({"pk": s("a")});
    let conditions = json!({"a": condition});
    vec![
        (
            "Query",
            json!({"TableName": "Tab", "KeyConditions": pk, "QueryFilter": conditions}),
            "",
        ),
        (
            "Query",
            json!({"TableName": "Tab", "KeyConditions": {"pk": pk["pk"], "a": condition}}),
            "",
        ),
        ("Scan", json!({"TableName": "Tab", "ScanFilter": conditions}), ""),
        ("PutItem", json!({"TableName": "Tab", "Item": key, "Expected": conditions}), P),
        ("UpdateItem", json!({"TableName": "Tab", "Key": key, "Expected": conditions}), P),
        ("DeleteItem", json!({"TableName": "Tab", "Key": key, "Expected": conditions}), P),
    ]
}

#[test]
fn operators_are_refused_values_they_do_not_take_by_every_operation() {
    // messages-items 7; rule 87: before the table is looked for
    let db = Db::new();
    let number_of = |operator: &str| format!("{INVALID}Invalid number of argument(s) for the {operator} ComparisonOperator");
    let of_type = |operator: &str, value_type: &str| {
        format!("{INVALID}ComparisonOperator {operator} is not valid for {value_type} AttributeValue type")
    };
    let mut rows = Vec::new();
    for operator in ["EQ", "NE", "LT", "LE", "GT", "GE", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"] {
        rows.push((condition(operator, &[s("x"), s("y")]), number_of(operator)));
    }
    for operator in ["NULL", "NOT_NULL"] {
        rows.push((condition(operator, &[s("x")]), number_of(operator)));
    }
    for values in [vec![n(1)], vec![n(1), n(2), n(3)]] {
        rows.push((condition("BETWEEN", &values), number_of("BETWEEN")));
    }
    for operator in ["LT", "LE", "GT", "GE", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN"] {
        for (value, value_type) in [
            (json!({"SS": ["x"]}), "SS"),
            (json!({"L": []}), "L"),
            (json!({"M": {}}), "M"),
            (json!({"BOOL": true}), "BOOL"),
            (json!({"NULL": true}), "NULL"),
        ] {
            rows.push((condition(operator, &[value]), of_type(operator, value_type)));
        }
    }
    rows.push((condition("BEGINS_WITH", &[n(1)]), of_type("BEGINS_WITH", "N")));
    rows.push((condition("BETWEEN", &[n(1), json!({"L": []})]), of_type("BETWEEN", "L")));
    for values in [[n(1), s("2")], [s("1"), b(&[2])]] {
        rows.push((
            condition("BETWEEN", &values),
            format!("{INVALID}AttributeValues inside AttributeValueList must be of same type"),
        ));
    }
    for values in [[n(2), n(1)], [s("b"), s("a")], [b(&[2]), b(&[1])]] {
        rows.push((
            condition("BETWEEN", &values),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound".to_owned(),
        ));
    }
    for (condition, message) in rows {
        for (operation, request, prefix) in requests(&condition) {
            assert_eq!(
                db.invalid(operation, &request),
                format!("{prefix}{message}"),
                "{operation} {request}"
            );
        }
    }
}

#[test]
fn operators_of_no_index_are_no_key_conditions() {
    // messages-items 7
    let db = Db::new();
    for (operator, values) in [
        ("NE", vec![n(1)]),
        ("IN", vec![n(1)]),
        ("CONTAINS", vec![n(1)]),
        ("NOT_CONTAINS", vec![n(1)]),
        ("NULL", vec![]),
        ("NOT_NULL", vec![]),
    ] {
        let request = json!({"TableName": "Tab", "KeyConditions": {"pk": condition(operator, &values)}});
        assert_eq!(
            db.invalid("Query", &request),
            "Attempted conditional constraint is not an indexable operation",
            "{operator}"
        );
    }
}

#[test]
fn a_conditional_operator_joins_two_conditions_or_more_on_every_operation() {
    // messages-items 7
    let db = Db::new();
    let key = json!({"pk": s("a")});
    let pk = json!({"pk": condition("EQ", &[s("a")])});
    for (operation, base, member, prefix) in [
        ("PutItem", json!({"TableName": "Tab", "Item": key}), "Expected", P),
        ("UpdateItem", json!({"TableName": "Tab", "Key": key}), "Expected", P),
        ("DeleteItem", json!({"TableName": "Tab", "Key": key}), "Expected", P),
        ("Query", json!({"TableName": "Tab", "KeyConditions": pk}), "QueryFilter", ""),
        ("Scan", json!({"TableName": "Tab"}), "ScanFilter", ""),
    ] {
        let mut request = base;
        request["ConditionalOperator"] = json!("OR");
        assert_eq!(
            db.invalid(operation, &request),
            format!("{prefix}ConditionalOperator cannot be used without Filter or Expected"),
            "{operation}"
        );
        for conditions in [json!({}), json!({"a": condition("EQ", &[n(1)])})] {
            request[member] = conditions;
            assert_eq!(
                db.invalid(operation, &request),
                format!("{prefix}ConditionalOperator can only be used when Filter or Expected has two or more elements"),
                "{request}"
            );
        }
    }
}

#[test]
fn members_of_expected_are_held_to_their_rules_on_every_write() {
    // messages-items 7
    let db = Db::new();
    for (element, message) in [
        (json!({}), "Value must be provided when Exists is null for Attribute: a"),
        (
            json!({"Exists": true}),
            "Value must be provided when Exists is true for Attribute: a",
        ),
        (
            json!({"Exists": false, "Value": n(1)}),
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            json!({"Value": n(1), "AttributeValueList": [n(1)]}),
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (
            json!({"ComparisonOperator": "EQ"}),
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            json!({"Exists": true, "ComparisonOperator": "EQ", "Value": n(1)}),
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            json!({"AttributeValueList": [n(1)]}),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
    ] {
        for (operation, member) in [("PutItem", "Item"), ("UpdateItem", "Key"), ("DeleteItem", "Key")] {
            let request = json!({"TableName": "Tab", member: {"pk": s("a")}, "Expected": {"a": element}});
            assert_eq!(
                db.invalid(operation, &request),
                format!("{P}{INVALID}{message}"),
                "{operation} {element}"
            );
        }
    }
}
