//! What is wrong with a `KeyConditionExpression` by itself, which is said before the table is looked for; and of what does not fit the keys
//! the first.

use crate::database::{Db, INVALID, NOT_VALID, Table, all, b, keys_only, n, s};
use serde_json::{Value, json};

const OF_EXPRESSION: &str = "Invalid KeyConditionExpression: ";

/// A Query with every value that the condition mentions.
fn request(condition: &str) -> Value {
    let mut request = json!({"TableName": "Tab", "KeyConditionExpression": condition});
    let values = [
        (":p", s("p")),
        (":q", s("q")),
        (":t", s("NS")),
        (":n", n(1)),
        (":m", n(2)),
        (":empty", s("")),
        (":none", b(&[])),
        (":l", json!({"L": []})),
        (":long", s("x".repeat(2049))),
        (":longer", s("x".repeat(1025))),
    ];
    for (placeholder, value) in values {
        if condition
            .split(|c: char| !c.is_alphanumeric() && c != ':')
            .any(|word| word == placeholder)
        {
            request["ExpressionAttributeValues"][placeholder] = value;
        }
    }
    request
}

#[test]
fn conditions_that_no_key_can_have_are_refused_before_the_table_is_looked_for() {
    // rules 24, 26, 29, 32, 55 with part D, 87; messages-items 3, 4, 6
    let db = Db::new();
    let operator = |operator: &str| format!("Invalid operator used in KeyConditionExpression: {operator}");
    let invalid = |what: &str| format!("Invalid condition in KeyConditionExpression: {what}");
    let repeated = || "KeyConditionExpressions must only contain one condition per key".to_owned();
    let nested = || "KeyConditionExpressions cannot contain nested operations".to_owned();
    for (condition, problem) in [
        ("", "The expression can not be empty;".to_owned()),
        ("pk = ", "Syntax error; token: \"<EOF>\", near: \"=\"".to_owned()),
        ("((pk = :p))", "The expression has redundant parentheses;".to_owned()),
        (
            "Status = :p",
            "Attribute name is a reserved keyword; reserved keyword: Status".to_owned(),
        ),
        (
            "#n = :p",
            "An expression attribute name used in the document path is not defined; attribute name: #n".to_owned(),
        ),
        (
            "pk = :w",
            "An expression attribute value used in expression is not defined; attribute value: :w".to_owned(),
        ),
        (
            "pk = :p AND sk BETWEEN :m AND :n",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
             lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"
                .to_owned(),
        ),
        (
            "pk = :p AND sk BETWEEN :n AND :p",
            "The BETWEEN operator requires same data type for lower and upper bounds; \
             lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:p}"
                .to_owned(),
        ),
        (
            "pk = :p AND begins_with(sk, :n)",
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N".to_owned(),
        ),
        ("pk = :p OR sk = :n", operator("OR")),
        ("pk <> :p", operator("<>")),
        ("pk IN (:p)", operator("IN")),
        ("NOT pk = :p", operator("NOT")),
        ("pk = :p AND contains(sk, :q)", operator("contains")),
        ("attribute_exists(pk)", operator("attribute_exists")),
        ("attribute_not_exists(pk)", operator("attribute_not_exists")),
        ("pk = :p AND attribute_type(sk, :t)", operator("attribute_type")),
        ("pk = :p AND size(sk) = :n", nested()),
        ("pk = :p AND sk BETWEEN :n AND size(a)", nested()),
        (
            "begins_with(:p, sk)",
            invalid("begins_with operator must have the key attribute as its first operand"),
        ),
        (
            ":n BETWEEN sk AND :m",
            invalid("BETWEEN operator must have the key attribute as its first operand"),
        ),
        (":p = :q", invalid("No key attribute specified")),
        ("begins_with(:p, :q)", invalid("No key attribute specified")),
        ("pk = sk", invalid("Multiple attribute names used in one condition")),
        ("begins_with(pk, sk)", invalid("Multiple attribute names used in one condition")),
        (
            "pk.x = :p",
            "KeyConditionExpressions cannot have conditions on nested attributes".to_owned(),
        ),
        (
            "pk = :p AND begins_with(sk[0], :q)",
            "KeyConditionExpressions cannot have conditions on nested attributes".to_owned(),
        ),
        ("pk = :p AND pk = :q", repeated()),
        ("sk > :n AND sk < :m AND pk = :p", repeated()),
        // The first problem in the order of the clauses.
        ("pk = :p AND sk <> :n AND pk = :q", operator("<>")),
        ("pk = :p AND pk = :q AND sk <> :n", repeated()),
    ] {
        assert_eq!(
            db.invalid("Query", &request(condition)),
            format!("{OF_EXPRESSION}{problem}"),
            "{condition}"
        );
    }
    let mut long = request("pk = :p");
    long["KeyConditionExpression"] = json!(format!("pk = :p{}", " ".repeat(4090)));
    assert_eq!(
        db.invalid("Query", &long),
        format!("{OF_EXPRESSION}Expression size has exceeded the maximum allowed size;")
    );
    assert_eq!(
        db.invalid("Query", &json!({"TableName": "Tab"})),
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
    );
}

#[test]
fn conditions_that_do_not_fit_the_keys_are_refused_after_the_table_is_found() {
    // rules 18, 19, 55, 87; messages-items 1, 6
    let table = Table::new(&["pk:S", "sk:S"])
        .gsi("gix", &["g:S"], &[], &keys_only())
        .gsi("bin", &["g:S"], &["h:B"], &keys_only())
        .lsi("lix", "l:N", &all());
    let db = Db::holding(&table);
    let missed = |key: &str| format!("Query condition missed key schema element: {key}");
    let many = |conditions: usize, keys: usize| {
        format!("The number of query conditions ({conditions}) exceeds the number of key attributes defined in the schema ({keys})")
    };
    let unsupported = || "Query key condition not supported".to_owned();
    let mismatch = || format!("{INVALID}Condition parameter type does not match schema type");
    let empty = |kind: &str| format!("The AttributeValue for a key attribute cannot contain an empty {kind} value.");
    let of_index = "A value specified for a secondary index key is not supported.";
    for (index, condition, message) in [
        (None, "sk = :q", missed("pk")),
        (None, "x = :q", missed("pk")),
        (None, "sk = :q AND x = :p", missed("pk")),
        (None, "pk = :p AND x = :q", missed("sk")),
        (None, "pk = :p AND sk = :q AND x = :n", many(3, 2)),
        (Some("gix"), "g = :p AND x = :n", many(2, 1)),
        (Some("gix"), "pk = :p", missed("g")),
        (Some("lix"), "pk = :p AND sk = :q", missed("l")),
        (None, "pk > :p", unsupported()),
        (None, "begins_with(pk, :p)", unsupported()),
        (None, "pk BETWEEN :p AND :q", unsupported()),
        (None, "pk = :n", mismatch()),
        (None, "pk = :p AND sk > :n", mismatch()),
        (None, "pk = :l", mismatch()),
        (Some("bin"), "g = :p AND h = :q", mismatch()),
        (None, "pk = :empty", format!("{NOT_VALID}{} Key: pk", empty("string"))),
        (None, "pk = :p AND sk > :empty", format!("{NOT_VALID}{} Key: sk", empty("string"))),
        (
            Some("gix"),
            "g = :empty",
            format!("{NOT_VALID}{of_index} {} IndexName: gix, IndexKey: g", empty("string")),
        ),
        (
            Some("bin"),
            "g = :p AND h = :none",
            format!("{NOT_VALID}{of_index} {} IndexName: bin, IndexKey: h", empty("binary")),
        ),
        (
            None,
            "pk = :long",
            format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        ),
        (
            None,
            "pk = :p AND sk < :longer",
            format!("{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
        ),
    ] {
        let mut request = request(condition);
        if let Some(index) = index {
            request["IndexName"] = json!(index);
        }
        assert_eq!(db.invalid("Query", &request), message, "{index:?} {condition}");
        request["TableName"] = json!("absent");
        assert_eq!(
            db.fails("Query", &request),
            ("ResourceNotFoundException".to_owned(), "Requested resource not found".to_owned()),
            "{condition}"
        );
    }
}
