//! The rest of what conditions and filters are refused for, the same on every operation that takes one; and the placeholders and
//! projections of every operation.

use crate::database::{Db, P, Table, n, s};
use crate::expression_faults::assert_condition_is_refused;
use serde_json::{Value, json};

#[test]
fn syntax_errors_show_the_token_between_its_neighbours_as_it_is_written() {
    // rules 26, 33 with part D; messages-items 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (condition, token, near) in [
        ("   ", "<EOF>", "   "),
        ("a = :v :v", ":v", ":v :v"),
        ("aaa bbb ccc ddd", "bbb", "aaa bbb ccc"),
        ("aaa  bbb\tccc", "bbb", "aaa  bbb\tccc"),
        ("= :v", "=", "= :v"),
        ("a = ", "<EOF>", "="),
        ("a @ :v", "@", "a @ :v"),
        ("a=\"x\"", "\"", "=\"x"),
        ("a=5", "5", "=5"),
        ("#=:v", "#", "#="),
        ("a=:", ":", "=:"),
        ("a[x] = :v", "x", "[x]"),
        ("a[]= :v", "]", "[]="),
        ("a[-1] = :v", "1", "-1]"),
        ("a[01] = :v", "1", "01]"),
        ("a IN ()", ")", "()"),
        ("a IN (:v,)", ")", ",)"),
        ("a in :v", ":v", "in :v"),
        ("set = :v", "set", "set ="),
        ("and = :v", "and", "and ="),
        ("a BETWEEN :v OR :v", "OR", ":v OR :v"),
        ("a BETWEEN :v", "<EOF>", ":v"),
        ("NOT", "<EOF>", "NOT"),
        ("(a = :v", "<EOF>", ":v"),
        ("a = :v)", ")", ":v)"),
        ("size = :v", "=", "size = :v"),
        ("a.", "<EOF>", "."),
        ("a..b = :v", ".", "..b"),
        ("a", "<EOF>", "a"),
    ] {
        assert_condition_is_refused(&db, condition, &format!("Syntax error; token: \"{token}\", near: \"{near}\""));
    }
}

#[test]
fn functions_and_their_operands_are_refused_in_the_same_words_by_all_operations() {
    // rules 31, 32 with part D; messages-items 4
    const WRONG_TYPE: &str = "Incorrect operand type for operator or function; operator or function:";
    let db = Db::holding(&Table::new(&["pk:S"]));
    let count = |function: &str, count: usize| {
        format!("Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {count}")
    };
    let path = |function: &str| format!("Operator or function requires a document path; operator or function: {function}");
    let misused = |function: &str| format!("The function is not allowed to be used this way in an expression; function: {function}");
    let same = |operator: &str, operand: &str| {
        format!(
            "The first operand must be distinct from the remaining operands for this operator or function; \
             operator: {operator}, first operand: {operand}"
        )
    };
    for (condition, problem) in [
        ("if_not_exists(a, :v)", "Invalid function name; function: if_not_exists".to_owned()),
        ("list_append(a, a) = :v", "Invalid function name; function: list_append".to_owned()),
        ("Size(a) = :v", "Invalid function name; function: Size".to_owned()),
        ("size(a)", misused("size")),
        ("NOT size(a)", misused("size")),
        ("begins_with(a, :v) = :v", misused("begins_with")),
        ("contains(begins_with(a, :v), :v)", misused("begins_with")),
        ("begins_with(a)", count("begins_with", 1)),
        ("attribute_exists(a, b)", count("attribute_exists", 2)),
        ("size(a, b) = :one", count("size", 2)),
        ("attribute_exists(:v)", path("attribute_exists")),
        ("attribute_not_exists(size(a))", path("attribute_not_exists")),
        ("begins_with(a, :one)", format!("{WRONG_TYPE} begins_with, operand type: N")),
        ("begins_with(:one, a)", format!("{WRONG_TYPE} begins_with, operand type: N")),
        ("contains(:one, a)", format!("{WRONG_TYPE} contains, operand type: N")),
        ("size(:one) = :one", format!("{WRONG_TYPE} size, operand type: N")),
        ("attribute_type(a, :one)", format!("{WRONG_TYPE} attribute_type, operand type: N")),
        (
            "attribute_type(a, b)",
            format!("{WRONG_TYPE} attribute_type, operand type: {{NS,SS,L,BS,N,M,B,BOOL,NULL,S}}"),
        ),
        ("contains(a.b, a.b)", same("contains", "[a, b]")),
        ("begins_with(a[1], a[1])", same("begins_with", "[a, [1]]")),
        ("dd <> dd", same("<>", "[dd]")),
        ("dd BETWEEN :v AND dd", same("BETWEEN", "[dd]")),
        ("dd IN (:v, dd)", same("IN", "[dd]")),
    ] {
        assert_condition_is_refused(&db, condition, &problem);
    }
}

/// An operation with requests it takes; whether its expressions are refused with the prefix, whether it has values, and which of its
/// expressions stands for the others.
struct Host {
    operation: &'static str,
    prefix: &'static str,
    base: Value,
    expression: (&'static str, &'static str),
    /// What is said of values without an expression; `None` where there are no values.
    without: Option<&'static str>,
}

fn hosts() -> Vec<Host> {
    let key = json!({"pk": s("a")});
    let write = |operation, member: &str, without| Host {
        operation,
        prefix: P,
        base: json!({"TableName": "Tab", member: key}),
        expression: ("ConditionExpression", "attribute_exists(a)"),
        without: Some(without),
    };
    vec![
        write("PutItem", "Item", ": ConditionExpression is null"),
        write("DeleteItem", "Key", ": ConditionExpression is null"),
        write("UpdateItem", "Key", ": UpdateExpression and ConditionExpression are null"),
        Host {
            operation: "UpdateItem",
            prefix: P,
            base: json!({"TableName": "Tab", "Key": key}),
            expression: ("UpdateExpression", "REMOVE a"),
            without: Some(": UpdateExpression and ConditionExpression are null"),
        },
        Host {
            operation: "GetItem",
            prefix: "",
            base: json!({"TableName": "Tab", "Key": key}),
            expression: ("ProjectionExpression", "a"),
            without: None,
        },
        Host {
            operation: "Query",
            prefix: "",
            base: json!({"TableName": "Tab"}),
            expression: ("FilterExpression", "attribute_exists(a)"),
            without: Some(": FilterExpression and KeyConditionExpression are null"),
        },
        Host {
            operation: "Scan",
            prefix: "",
            base: json!({"TableName": "Tab"}),
            expression: ("FilterExpression", "attribute_exists(a)"),
            without: Some(": FilterExpression is null"),
        },
    ]
}

impl Host {
    fn refused(&self, db: &Db, with_expression: bool, placeholders: &Value) -> String {
        let mut request = self.base.clone();
        let members = request.as_object_mut().unwrap();
        members.extend(placeholders.as_object().unwrap().clone());
        if with_expression {
            members.insert(self.expression.0.to_owned(), json!(self.expression.1));
        }
        if with_expression && self.operation == "Query" {
            // A Query needs a key condition; what is wrong here is seen all the same.
            members.insert("KeyConditions".to_owned(), Value::Null);
            members.insert("KeyConditionExpression".to_owned(), json!("pk = :p"));
            let values = members.entry("ExpressionAttributeValues").or_insert_with(|| json!({}));
            if placeholders
                .get("ExpressionAttributeValues")
                .is_none_or(|values| values != &json!({}))
            {
                values[":p"] = s("a");
            }
        }
        db.invalid(self.operation, &request)
    }
}

#[test]
fn placeholders_are_held_to_the_same_rules_by_all_operations() {
    // rules 27, 28 with part D; messages-items 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    for host in hosts() {
        let (operation, prefix) = (host.operation, host.prefix);
        let names = |names: Value| json!({"ExpressionAttributeNames": names});
        for (placeholders, message) in [
            (names(json!({})), "ExpressionAttributeNames must not be empty"),
            (
                names(json!({"x": "a"})),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\"",
            ),
            (
                names(json!({"#": "a"})),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#\"",
            ),
            (
                names(json!({"#a-b": "a"})),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-b\"",
            ),
            (
                names(json!({"#x": ""})),
                "ExpressionAttributeNames contains invalid value: Empty attribute name for key #x",
            ),
            (
                names(json!({"#y": "y", "#x": "x"})),
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}",
            ),
        ] {
            // A malformed key is refused bare, on writes too (the reference server, for want of a rule).
            let prefix = if message.contains("invalid key") { "" } else { prefix };
            assert_eq!(
                host.refused(&db, true, &placeholders),
                format!("{prefix}{message}"),
                "{operation} {placeholders}"
            );
        }
        assert_eq!(
            host.refused(&db, false, &names(json!({"#x": "x"}))),
            format!("{prefix}ExpressionAttributeNames can only be specified when using expressions"),
            "{operation}"
        );
        let Some(without) = host.without else { continue };
        let values = |values: Value| json!({"ExpressionAttributeValues": values});
        for (placeholders, message) in [
            (values(json!({})), "ExpressionAttributeValues must not be empty"),
            (
                values(json!({"v": n(1)})),
                "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\"",
            ),
            (
                values(json!({":z": n(1), ":w": n(1)})),
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :z}",
            ),
            // Names come first.
            (
                json!({"ExpressionAttributeNames": {"#x": "x"}, "ExpressionAttributeValues": {":w": n(1)}}),
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
            ),
        ] {
            let prefix = if message.contains("invalid key") { "" } else { prefix };
            assert_eq!(
                host.refused(&db, true, &placeholders),
                format!("{prefix}{message}"),
                "{operation} {placeholders}"
            );
        }
        assert_eq!(
            host.refused(&db, false, &values(json!({":v": n(1)}))),
            format!("{prefix}ExpressionAttributeValues can only be specified when using expressions{without}"),
            "{operation}"
        );
    }
}

#[test]
fn projections_are_refused_in_the_same_words_by_all_reads() {
    // rules 24, 26, 29, 30, 33; messages-items 3, 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    let collision = |how: &str, one: &str, two: &str| {
        format!("Two document paths {how} with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}")
    };
    for (projection, problem) in [
        (String::new(), "The expression can not be empty;".to_owned()),
        (
            format!("a{}", " ".repeat(4096)),
            "Expression size has exceeded the maximum allowed size;".to_owned(),
        ),
        ("a b".to_owned(), "Syntax error; token: \"b\", near: \"a b\"".to_owned()),
        ("a,".to_owned(), "Syntax error; token: \"<EOF>\", near: \",\"".to_owned()),
        (":v".to_owned(), "Syntax error; token: \":v\", near: \":v\"".to_owned()),
        (
            "Status".to_owned(),
            "Attribute name is a reserved keyword; reserved keyword: Status".to_owned(),
        ),
        (
            "a, #n".to_owned(),
            "An expression attribute name used in the document path is not defined; attribute name: #n".to_owned(),
        ),
        ("a[0], a[0].b".to_owned(), collision("overlap", "[a, [0]]", "[a, [0], b]")),
        ("a, b, a".to_owned(), collision("overlap", "[a]", "[a]")),
        ("a[0], a.b".to_owned(), collision("conflict", "[a, [0]]", "[a, b]")),
    ] {
        let key = json!({"pk": s("a")});
        for (operation, request) in [
            (
                "GetItem",
                json!({"TableName": "Tab", "Key": key, "ProjectionExpression": projection}),
            ),
            (
                "Query",
                json!({
                    "TableName": "Tab", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("a")},
                    "ProjectionExpression": projection,
                }),
            ),
            ("Scan", json!({"TableName": "Tab", "ProjectionExpression": projection})),
            (
                "BatchGetItem",
                json!({"RequestItems": {"Tab": {"Keys": [key], "ProjectionExpression": projection}}}),
            ),
        ] {
            assert_eq!(
                db.invalid(operation, &request),
                format!("Invalid ProjectionExpression: {problem}"),
                "{operation} {projection}"
            );
        }
    }
}

#[test]
fn both_styles_in_one_request_are_refused_with_all_their_parameters() {
    // rule 36; messages-items 4
    let db = Db::holding(&Table::new(&["pk:S"]));
    let key = json!({"pk": s("a")});
    let mixed = |legacy: &str, expressions: &str| {
        format!(
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
        )
    };
    for (operation, request, message) in [
        (
            "PutItem",
            json!({"Item": key, "Expected": {}, "ConditionalOperator": "AND", "ConditionExpression": "a"}),
            format!("{P}{}", mixed("Expected, ConditionalOperator", "ConditionExpression")),
        ),
        (
            "DeleteItem",
            json!({"Key": key, "Expected": {}, "ConditionExpression": "a"}),
            format!("{P}{}", mixed("Expected", "ConditionExpression")),
        ),
        (
            "UpdateItem",
            json!({"Key": key, "AttributeUpdates": {}, "Expected": {}, "ConditionalOperator": "OR", "UpdateExpression": "a", "ConditionExpression": "a"}),
            format!(
                "{P}{}",
                mixed(
                    "AttributeUpdates, Expected, ConditionalOperator",
                    "UpdateExpression, ConditionExpression"
                )
            ),
        ),
        (
            "GetItem",
            json!({"Key": key, "AttributesToGet": ["a"], "ProjectionExpression": "a"}),
            mixed("AttributesToGet", "ProjectionExpression"),
        ),
        (
            "Query",
            json!({"AttributesToGet": ["a"], "QueryFilter": {}, "KeyConditionExpression": "pk = :p"}),
            mixed("AttributesToGet, QueryFilter", "KeyConditionExpression"),
        ),
        (
            "Query",
            json!({"KeyConditions": {}, "FilterExpression": "a"}),
            mixed("KeyConditions", "FilterExpression"),
        ),
        (
            "Scan",
            json!({"ScanFilter": {}, "ConditionalOperator": "OR", "FilterExpression": "a", "ProjectionExpression": "a"}),
            mixed("ScanFilter, ConditionalOperator", "ProjectionExpression, FilterExpression"),
        ),
        (
            "BatchGetItem",
            json!({"RequestItems": {"Tab": {"Keys": [key], "AttributesToGet": ["a"], "ProjectionExpression": "a"}}}),
            mixed("AttributesToGet", "ProjectionExpression"),
        ),
    ] {
        let mut request = request;
        if operation != "BatchGetItem" {
            request["TableName"] = json!("Tab");
        }
        assert_eq!(db.invalid(operation, &request), message, "{operation} {request}");
    }
}
