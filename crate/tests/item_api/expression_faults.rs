//! What is wrong with an expression is said without looking at an item, in the envelope of the operation: whole messages, from outside.

use crate::database::{Db, P, Table, n, s};
use serde_json::{Value, json};

/// A request that fits every operation but for its expressions, which `members` has; with every value that `text` mentions.
fn request(members: &Value, text: &str) -> Value {
    let mut request = json!({"TableName": "Tab"});
    for (name, value) in members.as_object().unwrap() {
        request[name] = value.clone();
    }
    let values = [(":v", s("v")), (":one", n(1)), (":two", n(2)), (":p", s("p")), (":code", s("X"))];
    for (placeholder, value) in values {
        if text
            .split(|c: char| !c.is_alphanumeric() && c != ':')
            .any(|word| word == placeholder)
        {
            request["ExpressionAttributeValues"][placeholder] = value;
        }
    }
    request
}

/// Conditions and filters are one language: every operation that takes one refuses `condition` with `problem`.
pub fn assert_condition_is_refused(db: &Db, condition: &str, problem: &str) {
    let key = json!({"pk": s("a")});
    for (operation, member, value) in [("PutItem", "Item", &key), ("UpdateItem", "Key", &key), ("DeleteItem", "Key", &key)] {
        let request = request(&json!({member: value, "ConditionExpression": condition}), condition);
        assert_eq!(
            db.invalid(operation, &request),
            format!("{P}Invalid ConditionExpression: {problem}"),
            "{operation} {condition}"
        );
    }
    let filter = request(&json!({"FilterExpression": condition}), condition);
    assert_eq!(
        db.invalid("Scan", &filter),
        format!("Invalid FilterExpression: {problem}"),
        "{condition}"
    );
    let query = request(
        &json!({"KeyConditionExpression": "pk = :v", "FilterExpression": condition}),
        &format!("{condition} :v"),
    );
    assert_eq!(
        db.invalid("Query", &query),
        format!("Invalid FilterExpression: {problem}"),
        "{condition}"
    );
}

#[test]
fn conditions_and_filters_are_refused_in_the_same_words_by_all_operations() {
    // rules 25, 26, 29, 31-33; messages-items 3, 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    let same = |operator: &str, path: &str| {
        format!(
            "The first operand must be distinct from the remaining operands for this operator or function; \
             operator: {operator}, first operand: {path}"
        )
    };
    for (condition, problem) in [
        (String::new(), "The expression can not be empty;".to_owned()),
        ("((a = :v))".to_owned(), "The expression has redundant parentheses;".to_owned()),
        ("a !! :v".to_owned(), "Syntax error; token: \"!\", near: \"a !!\"".to_owned()),
        (
            format!("a IN ({})", vec![":v"; 101].join(",")),
            "The IN operator is provided with too many operands; number of operands: 101".to_owned(),
        ),
        (
            format!("{}a = :v", "NOT ".repeat(300)),
            "The expression contains too many operators; operator count: 301".to_owned(),
        ),
        (
            "#n = :v".to_owned(),
            "An expression attribute name used in the document path is not defined; attribute name: #n".to_owned(),
        ),
        (
            "a = :w".to_owned(),
            "An expression attribute value used in expression is not defined; attribute value: :w".to_owned(),
        ),
        ("contains(dd, dd)".to_owned(), same("contains", "[dd]")),
        ("a.b = a.b".to_owned(), same("=", "[a, b]")),
        (
            "a BETWEEN :two AND :one".to_owned(),
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
             lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"
                .to_owned(),
        ),
        (
            "a BETWEEN :one AND :p".to_owned(),
            "The BETWEEN operator requires same data type for lower and upper bounds; \
             lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:p}"
                .to_owned(),
        ),
        (
            "begins_with(a, :one)".to_owned(),
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N".to_owned(),
        ),
        (
            "attribute_type(a, :code)".to_owned(),
            "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}".to_owned(),
        ),
        (
            "Status = :v".to_owned(),
            "Attribute name is a reserved keyword; reserved keyword: Status".to_owned(),
        ),
        (
            "a.NAME = :v".to_owned(),
            "Attribute name is a reserved keyword; reserved keyword: NAME".to_owned(),
        ),
    ] {
        assert_condition_is_refused(&db, &condition, &problem);
    }
}

#[test]
fn a_hundred_operands_of_in_and_three_hundred_operators_are_evaluated() {
    // rule 25
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a"), "a": s("v")}));
    for condition in [
        format!("a IN ({})", vec![":v"; 100].join(",")),
        format!("{}a <> :v", "NOT ".repeat(299)),
    ] {
        let found = db.ok("Scan", &request(&json!({"FilterExpression": condition}), &condition));
        assert_eq!(found["Count"], 1, "{condition}");
    }
}

#[test]
fn an_expression_over_4096_bytes_is_refused_as_it_is_written() {
    // rule 24 with part D; messages-items 3
    let db = Db::holding(&Table::new(&["pk:S"]));
    let text = |bytes: usize| format!("attribute_exists(a){}", " ".repeat(bytes - 19));
    let scan = |bytes: usize| json!({"TableName": "Tab", "FilterExpression": text(bytes)});
    db.ok("Scan", &scan(4096));
    let too_long = "Expression size has exceeded the maximum allowed size;";
    assert_eq!(
        db.invalid("Scan", &scan(4097)),
        format!("Invalid FilterExpression: {too_long} expression size: 4097")
    );
    let key = json!({"pk": s("a")});
    let query = json!({
        "TableName": "Tab", "KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": s("v")}, "FilterExpression": text(4097),
    });
    assert_eq!(
        db.invalid("Query", &query),
        format!("Invalid FilterExpression: {too_long} expression size: 4097")
    );
    for (operation, kind, others, prefix) in [
        ("PutItem", "ConditionExpression", json!({"Item": key}), P),
        ("UpdateItem", "ConditionExpression", json!({"Key": key}), P),
        ("DeleteItem", "ConditionExpression", json!({"Key": key}), P),
        ("UpdateItem", "UpdateExpression", json!({"Key": key}), P),
        ("GetItem", "ProjectionExpression", json!({"Key": key}), ""),
        ("Query", "KeyConditionExpression", json!({}), ""),
    ] {
        let mut request = request(&others, "");
        request[kind] = json!(text(4097));
        assert_eq!(db.invalid(operation, &request), format!("{prefix}Invalid {kind}: {too_long}"));
    }
}

#[test]
fn paths_that_overlap_or_conflict_are_refused_by_the_names_they_stand_for() {
    // rule 30 with part D; messages-items 4, 5
    let db = Db::holding(&Table::new(&["pk:S"]));
    let key = json!({"pk": s("a")});
    for (projection, how, one, two) in [
        ("a, #a.b", "overlap", "[a]", "[a, b]"),
        ("b[0].c, b[0]", "overlap", "[b, [0], c]", "[b, [0]]"),
        ("a[0], #a.b", "conflict", "[a, [0]]", "[a, b]"),
    ] {
        let problem = format!(
            "Two document paths {how} with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
        );
        let names = json!({"#a": "a"});
        let mut read = json!({"TableName": "Tab", "Key": key, "ProjectionExpression": projection});
        let mut update = json!({"TableName": "Tab", "Key": key, "UpdateExpression": format!("REMOVE {projection}")});
        if projection.contains('#') {
            read["ExpressionAttributeNames"] = names.clone();
            update["ExpressionAttributeNames"] = names;
        }
        assert_eq!(db.invalid("GetItem", &read), format!("Invalid ProjectionExpression: {problem}"));
        assert_eq!(db.invalid("UpdateItem", &update), format!("{P}Invalid UpdateExpression: {problem}"));
    }
}

#[test]
fn placeholders_without_an_expression_are_refused_before_what_is_wrong_with_them() {
    // rule 28: a map without an expression it could be for, empty or malformed
    let db = Db::holding(&Table::new(&["pk:S"]));
    let key = json!({"pk": s("a")});
    let only = "ExpressionAttributeNames can only be specified when using expressions";
    for names in [json!({}), json!({"x": "a"}), json!({"#a": ""})] {
        for (operation, mut members, prefix) in [
            ("PutItem", json!({"Item": key}), P),
            ("UpdateItem", json!({"Key": key}), P),
            ("DeleteItem", json!({"Key": key}), P),
            ("GetItem", json!({"Key": key}), ""),
            ("Scan", json!({}), ""),
        ] {
            members["ExpressionAttributeNames"] = names.clone();
            assert_eq!(
                db.invalid(operation, &request(&members, "")),
                format!("{prefix}{only}"),
                "{operation}"
            );
        }
        let batch = json!({"RequestItems": {"Tab": {"Keys": [key], "ExpressionAttributeNames": names}}});
        assert_eq!(db.invalid("BatchGetItem", &batch), only);
    }
}

#[test]
fn a_filter_finds_what_its_functions_and_comparisons_say() {
    // rules 12, 34, 35
    let db = Db::holding(&Table::new(&["pk:S"]));
    let tens = json!({"NS": ["10", "0.00000000000000000000000000000000000001"]});
    db.put(&json!({
        "pk": s("a"), "text": s("Grüße"), "bytes": {"B": "AQID"}, "words": {"SS": ["x", "y"]}, "tens": tens, "list": {"L": [n(1), n(2)]},
        "map": {"M": {"k": n(1), "l": n(2)}},
    }));
    for (filter, value, count) in [
        ("contains(#n, :v)", json!({"text": s("üß")}), 1),
        ("contains(#n, :v)", json!({"bytes": {"B": "AgM="}}), 1),
        ("contains(#n, :v)", json!({"words": s("y")}), 1),
        ("contains(#n, :v)", json!({"words": n(1)}), 0),
        ("contains(#n, :v)", json!({"list": n("2.0")}), 1),
        ("contains(#n, :v)", json!({"text": n(1)}), 0),
        ("contains(#n, :v)", json!({"map": s("k")}), 0),
        ("begins_with(#n, :v)", json!({"text": s("Grü")}), 1),
        ("begins_with(#n, :v)", json!({"bytes": {"B": "AQI="}}), 1),
        ("begins_with(#n, :v)", json!({"words": s("x")}), 0),
        ("#n = :v", json!({"words": {"SS": ["y", "x"]}}), 1),
        ("#n = :v", json!({"tens": {"NS": ["1e-38", "1e1"]}}), 1),
        ("#n = :v", json!({"tens": {"NS": ["0", "10"]}}), 0),
        ("#n = :v", json!({"list": {"L": [n(2), n(1)]}}), 0),
        ("#n = :v", json!({"list": {"L": [n(1), n("2.0")]}}), 1),
        ("#n = :v", json!({"map": {"M": {"l": n(2), "k": n(1)}}}), 1),
        ("#n = :v", json!({"absent": n(1)}), 0),
        ("#n <> :v", json!({"absent": n(1)}), 1),
        ("NOT #n = :v", json!({"absent": n(1)}), 1),
        ("#n < :v", json!({"text": n(1)}), 0),
        ("#n > :v", json!({"text": n(1)}), 0),
        ("NOT #n > :v", json!({"text": n(1)}), 1),
    ] {
        let (name, value) = value.as_object().unwrap().iter().next().unwrap();
        let request = json!({
            "TableName": "Tab", "FilterExpression": filter,
            "ExpressionAttributeNames": {"#n": name}, "ExpressionAttributeValues": {":v": value},
        });
        assert_eq!(db.ok("Scan", &request)["Count"], count, "{filter} {name} {value}");
    }
}
