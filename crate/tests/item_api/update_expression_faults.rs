//! What is wrong with an `UpdateExpression` by itself, whole messages from outside; and of several faults the one that is reported.

use crate::database::{Db, P, Table, b, n, s};
use serde_json::json;

/// The refusal of an expression, with every value that it mentions.
fn refused(db: &Db, expression: &str) -> String {
    let mut request = json!({"TableName": "Tab", "Key": {"pk": s("a")}, "UpdateExpression": expression});
    let values = [
        (":v", s("v")),
        (":n", n(1)),
        (":l", json!({"L": []})),
        (":m", json!({"M": {}})),
        (":null", json!({"NULL": true})),
        (":bool", json!({"BOOL": true})),
        (":bin", b(&[1])),
        (":ss", json!({"SS": ["x"]})),
    ];
    for (placeholder, value) in values {
        if expression
            .split(|c: char| !c.is_alphanumeric() && c != ':')
            .any(|word| word == placeholder)
        {
            request["ExpressionAttributeValues"][placeholder] = value;
        }
    }
    db.invalid("UpdateItem", &request)
}

#[track_caller]
fn assert_refused(db: &Db, expression: &str, problem: &str) {
    assert_eq!(
        refused(db, expression),
        format!("{P}Invalid UpdateExpression: {problem}"),
        "{expression}"
    );
}

#[test]
fn syntax_errors_of_updates_show_the_token_between_its_neighbours() {
    // rule 26 with part D; messages-items 5
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (expression, token, near) in [
        ("SET", "<EOF>", "SET"),
        (" ", "<EOF>", " "),
        ("a=:v", "a", "a="),
        ("SET a=:v b=:v", "b", ":v b="),
        ("SET a=n+n+n", "+", "n+n"),
        ("SET a = :v,", "<EOF>", ","),
        ("SET a", "<EOF>", "a"),
        ("SET a = ", "<EOF>", "="),
        ("SET a = size = :v", "=", "size = :v"),
        ("REMOVE a b", "b", "a b"),
        ("REMOVE a, ", "<EOF>", ","),
        ("ADD a", "<EOF>", "a"),
        ("ADD a = :n", "=", "a = :n"),
        ("DELETE a b", "b", "a b"),
        ("SET a = :v AND b = :v", "AND", ":v AND b"),
    ] {
        assert_refused(&db, expression, &format!("Syntax error; token: \"{token}\", near: \"{near}\""));
    }
}

#[test]
fn clauses_functions_and_operands_of_updates_are_held_to_their_rules() {
    // rules 29, 33; messages-items 5
    const WRONG_TYPE: &str = "Incorrect operand type for operator or function; operator or function:";
    let db = Db::holding(&Table::new(&["pk:S"]));
    let clause = |operator: &str, operand: &str| {
        format!(
            "Incorrect operand type for operator or function; operator: {operator}, operand type: {operand}, \
             typeSet: ALLOWED_FOR_{operator}_OPERAND"
        )
    };
    let twice = |clause: &str| format!("The \"{clause}\" section can only be used once in an update expression;");
    let count = |function: &str, count: usize| {
        format!("Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {count}")
    };
    for (expression, problem) in [
        ("SET a = :v SET b = :v", twice("SET")),
        ("REMOVE a REMOVE b", twice("REMOVE")),
        ("ADD a :n REMOVE c ADD b :n", twice("ADD")),
        ("DELETE a :ss DELETE b :ss", twice("DELETE")),
        ("SET a = size(s)", "Invalid function name; function: size".to_owned()),
        (
            "SET a = attribute_exists(b)",
            "Invalid function name; function: attribute_exists".to_owned(),
        ),
        ("SET a = if_not_exists(b)", count("if_not_exists", 1)),
        ("SET a = list_append(b, :l, :l)", count("list_append", 3)),
        (
            "SET a = if_not_exists(:v, :v)",
            "Operator or function requires a document path; operator or function: if_not_exists".to_owned(),
        ),
        ("SET a = list_append(:v, b)", format!("{WRONG_TYPE} list_append, operand type: S")),
        ("SET a = n + :v", format!("{WRONG_TYPE} +, operand type: S")),
        ("SET a = :l - n", format!("{WRONG_TYPE} -, operand type: L")),
        ("ADD a :v", clause("ADD", "STRING")),
        ("ADD a :l", clause("ADD", "LIST")),
        ("ADD a :m", clause("ADD", "MAP")),
        ("ADD a :null", clause("ADD", "NULL")),
        ("ADD a :bool", clause("ADD", "BOOLEAN")),
        ("ADD a :bin", clause("ADD", "BINARY")),
        ("DELETE a :v", clause("DELETE", "STRING")),
        ("DELETE a :n", clause("DELETE", "NUMBER")),
        ("DELETE a :l", clause("DELETE", "LIST")),
        (
            "SET Status = :v",
            "Attribute name is a reserved keyword; reserved keyword: Status".to_owned(),
        ),
        (
            "SET #n = :v",
            "An expression attribute name used in the document path is not defined; attribute name: #n".to_owned(),
        ),
        (
            "SET a = :w",
            "An expression attribute value used in expression is not defined; attribute value: :w".to_owned(),
        ),
    ] {
        assert_refused(&db, expression, &problem);
    }
}

#[test]
fn of_two_faults_of_an_update_the_service_reports_the_one_it_looks_for_first() {
    // part D on rule 30: reserved word, unknown function, repeated section, undefined name, undefined value, overlap, conflict, operand
    let db = Db::holding(&Table::new(&["pk:S"]));
    let faults = [
        ("SET Status = :v", "Attribute name is a reserved keyword; reserved keyword: Status"),
        ("SET a1 = nope(b)", "Invalid function name; function: nope"),
        (
            "SET a2 = #n",
            "An expression attribute name used in the document path is not defined; attribute name: #n",
        ),
        (
            "SET a3 = :w",
            "An expression attribute value used in expression is not defined; attribute value: :w",
        ),
        (
            "SET a4 = :v, a4.b = :v",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a4], path two: [a4, b]",
        ),
        (
            "SET a5[0] = :v, a5.b = :v",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a5, [0]], path two: [a5, b]",
        ),
        (
            "SET a6 = n + :v",
            "Incorrect operand type for operator or function; operator or function: +, operand type: S",
        ),
    ];
    for (earlier, (first, problem)) in faults.iter().enumerate() {
        for (second, _) in &faults[earlier + 1..] {
            let actions = |expression: &str| expression.strip_prefix("SET ").unwrap().to_owned();
            for (one, two) in [(first, second), (second, first)] {
                assert_refused(&db, &format!("SET {}, {}", actions(one), actions(two)), problem);
            }
        }
    }
    let expressions = json!({
        "TableName": "Tab", "Key": {"pk": s("a")}, "UpdateExpression": "SET", "ConditionExpression": "=", "ExpressionAttributeNames": {"#x": "x"},
    });
    assert_eq!(
        db.invalid("UpdateItem", &expressions),
        format!("{P}Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\""),
        "the update before the condition, both before what is unused"
    );
}

#[test]
fn clauses_that_do_not_fit_the_stored_value_are_refused_bare() {
    // rules 40, 47; messages-items 5
    const TYPE: &str = "An operand in the update expression has an incorrect data type";
    const PATH: &str = "The document path provided in the update expression is invalid for update";
    const MISSING: &str = "The provided expression refers to an attribute that does not exist in the item";
    let db = Db::holding(&Table::new(&["pk:S"]));
    let item = json!({
        "pk": s("a"), "t": s("x"), "i": n(1), "ns": {"NS": ["1"]}, "li": {"L": [n(1)]}, "ma": {"M": {"x": n(1)}},
    });
    db.put(&item);
    for (expression, message) in [
        ("SET a = zz", MISSING),
        ("SET a = zz + :n", MISSING),
        ("SET a = i - zz", MISSING),
        ("SET a = list_append(zz, :l)", MISSING),
        ("SET a = if_not_exists(zz, zzz)", MISSING),
        ("SET a = li[7]", MISSING),
        ("SET a = t + :n", TYPE),
        ("SET a = :n - li", TYPE),
        ("SET a = list_append(:l, t)", TYPE),
        ("SET a = list_append(if_not_exists(i, :l), :l)", TYPE),
        ("ADD t :n", TYPE),
        ("ADD i :ss", TYPE),
        ("ADD ns :ss", TYPE),
        ("ADD ns :n", TYPE),
        ("DELETE i :ss", TYPE),
        ("DELETE ns :ss", TYPE),
        ("DELETE li[0] :ss", TYPE),
        ("SET zz.a = :v", PATH),
        ("SET t.a = :v", PATH),
        ("SET li.a = :v", PATH),
        ("SET ma[0] = :v", PATH),
        ("SET ma.y.z = :v", PATH),
        ("SET li[0].z = :v", PATH),
        ("REMOVE zz.a", PATH),
        ("REMOVE t[0]", PATH),
        ("REMOVE ma.y.z", PATH),
        ("ADD zz.a :n", PATH),
        ("ADD li.a :n", PATH),
        ("DELETE zz.a :ss", PATH),
    ] {
        assert_eq!(refused(&db, expression), message, "{expression}");
    }
    assert_eq!(db.get(&json!({"pk": s("a")})), Some(item));
    let absent = json!({
        "TableName": "Tab", "Key": {"pk": s("absent")}, "UpdateExpression": "SET a.b = :v", "ExpressionAttributeValues": {":v": n(1)},
    });
    assert_eq!(db.invalid("UpdateItem", &absent), PATH);
}
