//! The exact texts of `messages-items.md`, sections 4 and 5, and which of two problems is reported.

use crate::expression::{ExpressionKind, Placeholders, parse_condition, parse_key_condition, parse_projection, parse_update};
use crate::model::{AttributeValue, Item, Number};

fn number(text: &str) -> AttributeValue {
    AttributeValue::N(Number::parse(text).unwrap())
}

/// One placeholder for every type of value, named after it.
fn placeholders() -> Placeholders {
    let names = [("#a", "a"), ("#b", "b"), ("#status", "status"), ("#odd", "an odd.name")];
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let values = [
        (":v", text("v")),
        (":w", text("w")),
        (":S", text("S")),
        (":X", text("X")),
        (":n", number("1")),
        (":one", number("1")),
        (":two", number("2")),
        (":p", text("p")),
        (":bin", AttributeValue::B(vec![1])),
        (":bool", AttributeValue::Bool(true)),
        (":null", AttributeValue::Null),
        (":l", AttributeValue::L(vec![])),
        (":m", AttributeValue::M(Item::new())),
        (":ss", AttributeValue::string_set(vec!["x".to_owned()])),
        (":ns", AttributeValue::number_set(vec![Number::from_u64(1)])),
    ];
    let owned = |(key, content): (&str, &str)| (key.to_owned(), content.to_owned());
    let values = values.map(|(key, value)| (key.to_owned(), value));
    Placeholders::new(Some(names.map(owned).to_vec()), Some(values.to_vec())).unwrap()
}

/// What is wrong with the text, without `Invalid ...Expression: `; "" if nothing is.
fn problem(kind: ExpressionKind, text: &str) -> String {
    let placeholders = placeholders();
    let outcome = match kind {
        ExpressionKind::Projection => parse_projection(text, &placeholders).map(|_| ()),
        ExpressionKind::Update => parse_update(text, &placeholders).map(|_| ()),
        ExpressionKind::KeyCondition => parse_key_condition(text, &placeholders).map(|_| ()),
        ExpressionKind::Condition | ExpressionKind::Filter => parse_condition(kind, text, &placeholders).map(|_| ()),
    };
    let text = outcome.map_or_else(|error| error.to_string(), |()| String::new());
    text.strip_prefix(&format!("Invalid {}: ", kind.parameter()))
        .unwrap_or(&text)
        .to_owned()
}

fn in_filter(text: &str) -> String {
    problem(ExpressionKind::Filter, text)
}

fn in_update(text: &str) -> String {
    problem(ExpressionKind::Update, text)
}

fn in_projection(text: &str) -> String {
    problem(ExpressionKind::Projection, text)
}

#[track_caller]
fn assert_syntax_error(kind: ExpressionKind, text: &str, token: &str, near: &str) {
    assert_eq!(
        problem(kind, text),
        format!("Syntax error; token: \"{token}\", near: \"{near}\""),
        "{text}"
    );
}

#[test]
fn well_formed_conditions_are_accepted() {
    for text in [
        "a = :v",
        "#a.b[0].#odd <> :v and NOT (c < :n OR c >= :n)",
        "a BETWEEN :one AND :two AND b in (:v, :w,c)",
        "attribute_exists (a[4294967294]) and attribute_not_exists(b.c)",
        "attribute_type(a, :S) or begins_with(a, :v) or contains(a, :bool)",
        "NOT NOT a = :v",
        "size(a) > size(b)",
        "( ( ( size ( #a )) < #b.Maximum ) AND ( c > :n ) )",
        "(a) = (:v)",
        "(a = :v)",
        "(attribute_exists(a)) OR (NOT attribute_exists(b))",
        "contains = :v and begins_with < :n",
        "\ta\n=\r:v ",
        "contains(:v, a)",
        "size(:v) = :n",
    ] {
        assert_eq!(in_filter(text), "", "{text}");
    }
}

#[test]
fn an_empty_text_is_refused_in_all_five_kinds() {
    for kind in [
        ExpressionKind::Condition,
        ExpressionKind::Filter,
        ExpressionKind::KeyCondition,
        ExpressionKind::Projection,
        ExpressionKind::Update,
    ] {
        assert_eq!(problem(kind, ""), "The expression can not be empty;");
        assert_syntax_error(kind, "   ", "<EOF>", "   ");
    }
}

#[test]
fn a_syntax_error_shows_the_token_between_its_neighbours() {
    // Rule 26 and part D on it.
    for (text, token, near) in [
        ("a = :v :v", ":v", ":v :v"),
        ("aaa bbb ccc ddd", "bbb", "aaa bbb ccc"),
        ("= :v", "=", "= :v"),
        ("a = ", "<EOF>", "="),
        ("a", "<EOF>", "a"),
        ("a !! :v", "!", "a !!"),
        ("a != :v", "!", "a !="),
        ("a @ :v", "@", "a @ :v"),
        ("a=\"x\"", "\"", "=\"x"),
        ("a=5", "5", "=5"),
        ("#=:v", "#", "#="),
        ("a=:", ":", "=:"),
        ("a[x] = :v", "x", "[x]"),
        ("a[]=:v", "]", "[]="),
        ("a[-1]=:v", "1", "-1]"),
        ("a[01]=:v", "1", "01]"),
        ("a IN ()", ")", "()"),
        ("a IN (:v,)", ")", ",)"),
        ("a in :v", ":v", "in :v"),
        ("set = :v", "set", "set ="),
        ("and = :v", "and", "and ="),
        ("a.between = :v", "between", ".between ="),
        ("size = :v", "=", "size = :v"),
        ("(a = :v", "<EOF>", ":v"),
        ("a = :v)", ")", ":v)"),
        ("a AND b = :v", "AND", "a AND b"),
        ("(a = :v) = :w", "=", ") = :w"),
        ("a = NOT :v", "NOT", "= NOT :v"),
        ("a BETWEEN :one OR :two", "OR", ":one OR :two"),
        ("begins_with()", ")", "()"),
        ("begins_with(a :v)", ":v", "a :v)"),
        ("a = :v + :w", "+", ":v + :w"),
        ("_a = :v", "_", "_a"),
        ("a = :v   ,  ", ",", ":v   ,"),
        ("é = :v", "é", "é ="),
    ] {
        assert_syntax_error(ExpressionKind::Filter, text, token, near);
    }
    assert_syntax_error(ExpressionKind::Projection, "a, , b", ",", ", , b");
    assert_syntax_error(ExpressionKind::Projection, "a b", "b", "a b");
    assert_syntax_error(ExpressionKind::Projection, "a,", "<EOF>", ",");
    assert_syntax_error(ExpressionKind::Projection, ":v", ":v", ":v");
}

#[test]
fn syntax_errors_of_updates() {
    for (text, token, near) in [
        ("SET", "<EOF>", "SET"),
        ("a=:v", "a", "a="),
        ("SET a=:v b=:v", "b", ":v b="),
        ("SET a=n+n+n", "+", "n+n"),
        ("set _something", "_", "set _something"),
        ("SET a = (b + :n", "<EOF>", ":n"),
        ("SET a = b = :v", "=", "b = :v"),
        ("SET a = :v AND b = :v", "AND", ":v AND b"),
        ("REMOVE a, , #b", ",", ", , #b"),
        ("ADD a b", "b", "a b"),
        ("DELETE a", "<EOF>", "a"),
        ("SET a = :v,", "<EOF>", ","),
    ] {
        assert_syntax_error(ExpressionKind::Update, text, token, near);
    }
}

#[test]
fn expressions_over_4096_bytes_are_refused_before_they_are_parsed() {
    // Rule 24; only the filter's text has the size.
    let text = "!".repeat(4097);
    assert_eq!(
        in_filter(&text),
        "Expression size has exceeded the maximum allowed size; expression size: 4097"
    );
    for kind in [
        ExpressionKind::Condition,
        ExpressionKind::KeyCondition,
        ExpressionKind::Projection,
        ExpressionKind::Update,
    ] {
        assert_eq!(problem(kind, &text), "Expression size has exceeded the maximum allowed size;");
    }
    let padded = format!("a = :v{}", " ".repeat(4090));
    assert_eq!((padded.len(), in_filter(&padded).as_str()), (4096, ""));
}

#[test]
fn more_than_300_operators_are_refused() {
    // Rule 25.
    let nots = |count: usize| format!("{}a=:v", "NOT ".repeat(count - 1));
    assert_eq!(in_filter(&nots(300)), "");
    assert_eq!(
        in_filter(&nots(301)),
        "The expression contains too many operators; operator count: 301"
    );
}

#[test]
fn more_than_100_operands_of_in_are_refused() {
    // Rule 25.
    let list = |count: usize| format!("a IN ({})", vec![":v"; count].join(","));
    assert_eq!(in_filter(&list(100)), "");
    assert_eq!(
        in_filter(&list(101)),
        "The IN operator is provided with too many operands; number of operands: 101"
    );
}

#[test]
fn no_nesting_that_fits_the_limit_overflows_the_stack() {
    let deep = |open: &str, middle: &str, close: &str| {
        let count = (4096 - middle.len()) / (open.len() + close.len());
        format!("{}{middle}{}", open.repeat(count), close.repeat(count))
    };
    assert_eq!(in_filter(&deep("(", "a=:v", ")")), "The expression has redundant parentheses;");
    assert_eq!(in_filter(&deep("f(", "a", ")")), "Invalid function name; function: f");
    assert_eq!(
        in_filter(&format!("{}=:n", deep("size(", "a", ")").replacen("size(", "(", 2))),
        "The expression has redundant parentheses;"
    );
    assert_eq!(
        in_filter(&deep("(NOT ", "a=:v", ")")),
        "The expression contains too many operators; operator count: 683"
    );
    let appended = in_update(&format!(
        "SET a = {}",
        deep("list_append(a,", ":l", ")").replacen("list_append(a,:l)", ":l", 1)
    ));
    assert_eq!(appended, "", "272 functions are within the limit");
    assert_syntax_error(ExpressionKind::Filter, &"(".repeat(4096), "<EOF>", "(");
}

#[test]
fn parentheses_directly_inside_parentheses_are_redundant() {
    for text in [
        "((a=:v))",
        "a=:v AND ((b=:v))",
        "NOT (( a = :v OR b=:v ))",
        "((a)) = :v",
        "size(((a))) = :n",
    ] {
        assert_eq!(in_filter(text), "The expression has redundant parentheses;", "{text}");
    }
    for text in [
        "((a=:v) AND b=:v)",
        "((a)=:v)",
        "(a=:v) AND (b=:v)",
        "(NOT (a=:v))",
        "(a IN (:v))",
        "(size(a) > :n)",
    ] {
        assert_eq!(in_filter(text), "", "{text}");
    }
}

#[test]
fn reserved_words_are_reported_as_they_are_written() {
    // Rule 33.
    let reserved = |word: &str| format!("Attribute name is a reserved keyword; reserved keyword: {word}");
    assert_eq!(in_filter("Status = :v"), reserved("Status"));
    assert_eq!(in_filter("a.NAME = :v"), reserved("NAME"));
    assert_eq!(in_filter("SIZE = :n"), reserved("SIZE"));
    assert_eq!(in_projection("a, #status, year"), reserved("year"));
    assert_eq!(in_projection("size"), reserved("size"));
    assert_eq!(in_update("REMOVE ttl"), reserved("ttl"));
    assert_eq!(in_filter("#status = :v"), "");
}

#[test]
fn functions_are_known_by_kind_and_spelling() {
    let unknown = |name: &str| format!("Invalid function name; function: {name}");
    assert_eq!(in_filter("if_not_exists(a, :v)"), unknown("if_not_exists"));
    assert_eq!(in_filter("BEGINS_WITH(a, :v)"), unknown("BEGINS_WITH"));
    assert_eq!(in_filter("a = foo(b)"), unknown("foo"));
    assert_eq!(in_update("SET a = size(s)"), unknown("size"));
}

#[test]
fn functions_stand_only_where_their_result_fits() {
    let misused = |name: &str| format!("The function is not allowed to be used this way in an expression; function: {name}");
    assert_eq!(in_filter("size(a)"), misused("size"));
    assert_eq!(in_filter("NOT (size(a)) AND b = :v"), misused("size"));
    assert_eq!(in_filter("(size(a))"), misused("size"));
    assert_eq!(in_filter("begins_with(a,:v)=:v"), misused("begins_with"));
    assert_eq!(in_filter(":bool = attribute_exists(a)"), misused("attribute_exists"));
    assert_eq!(in_filter("size(attribute_exists(a)) > :n"), misused("attribute_exists"));
    assert_eq!(in_filter("a IN (contains(b, :v))"), misused("contains"));
}

#[test]
fn operands_are_counted() {
    let count = |operator: &str, count: usize| {
        format!("Incorrect number of operands for operator or function; operator or function: {operator}, number of operands: {count}")
    };
    assert_eq!(in_filter("begins_with(a)"), count("begins_with", 1));
    assert_eq!(in_filter("attribute_exists(a, b)"), count("attribute_exists", 2));
    assert_eq!(in_filter("size(a, b) = :n"), count("size", 2));
    assert_eq!(in_update("SET a = if_not_exists(b)"), count("if_not_exists", 1));
}

#[test]
fn some_functions_need_a_document_path() {
    let path = |operator: &str| format!("Operator or function requires a document path; operator or function: {operator}");
    assert_eq!(in_filter("attribute_exists(:v)"), path("attribute_exists"));
    assert_eq!(in_filter("attribute_type(:v, :S)"), path("attribute_type"));
    assert_eq!(in_filter("attribute_not_exists(size(a))"), path("attribute_not_exists"));
    assert_eq!(in_update("SET a = if_not_exists(:v, :v)"), path("if_not_exists"));
}

#[test]
fn operand_types_are_checked_without_an_item() {
    // Rule 32.
    let wrong = |operator: &str, operand_type: &str| {
        format!("Incorrect operand type for operator or function; operator or function: {operator}, operand type: {operand_type}")
    };
    assert_eq!(in_filter("begins_with(a,:n)"), wrong("begins_with", "N"));
    assert_eq!(in_filter("begins_with(a,size(b))"), wrong("begins_with", "N"));
    assert_eq!(in_filter("size(:n) = :n"), wrong("size", "N"));
    assert_eq!(in_filter("size(size(a)) = :n"), wrong("size", "N"));
    assert_eq!(in_filter("contains(:m, a)"), wrong("contains", "M"));
    assert_eq!(in_filter("a < :bool"), wrong("<", "BOOL"));
    assert_eq!(in_filter("a BETWEEN :ss AND :n"), wrong("BETWEEN", "SS"));
    assert_eq!(
        in_filter("attribute_type(a, b)"),
        wrong("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
    );
    assert_eq!(in_filter("attribute_type(a, :n)"), wrong("attribute_type", "N"));
    assert_eq!(
        in_filter("attribute_type(a, :X)"),
        "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
    );
    assert_eq!(in_update("SET a = list_append(b, :v)"), wrong("list_append", "S"));
    assert_eq!(in_update("SET a = n1 + :v"), wrong("+", "S"));
    assert_eq!(in_update("SET a = :bool - n1"), wrong("-", "BOOL"));
    assert_eq!(in_filter("a = :m AND b <> :null AND c IN (:ss)"), "");
}

#[test]
fn a_path_is_not_compared_with_itself() {
    // Rule 31.
    let same = |operator: &str, path: &str| {
        format!(
            "The first operand must be distinct from the remaining operands for this operator or function; \
             operator: {operator}, first operand: {path}"
        )
    };
    assert_eq!(in_filter("contains(dd,dd)"), same("contains", "[dd]"));
    assert_eq!(in_filter("contains(a.b,a.b)"), same("contains", "[a, b]"));
    assert_eq!(in_filter("a[0].b = #a[0].#b"), same("=", "[a, [0], b]"));
    assert_eq!(in_filter("a IN (b, a)"), same("IN", "[a]"));
    assert_eq!(in_filter("a BETWEEN b AND a"), same("BETWEEN", "[a]"));
    assert_eq!(in_filter("a.b = a.c AND size(a) = size(a)"), "");
}

#[test]
fn between_bounds_have_one_type_and_stand_in_order() {
    // Rule 32.
    assert_eq!(
        in_filter("a BETWEEN :two AND :one"),
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"
    );
    assert_eq!(
        problem(ExpressionKind::KeyCondition, "a BETWEEN :one AND :p"),
        "The BETWEEN operator requires same data type for lower and upper bounds; \
         lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:p}"
    );
    assert_eq!(in_filter("a BETWEEN :one AND :one AND :bin BETWEEN :bin AND b"), "");
}

#[test]
fn undefined_placeholders_are_reported() {
    // Rule 29.
    let name = |name: &str| format!("An expression attribute name used in the document path is not defined; attribute name: {name}");
    let value = |value: &str| format!("An expression attribute value used in expression is not defined; attribute value: {value}");
    assert_eq!(in_filter("#x = :v"), name("#x"));
    assert_eq!(in_filter("a.#A = :v"), name("#A"));
    assert_eq!(in_filter("a = :V OR #x = :v"), value(":V"), "the first in the text");
    assert_eq!(in_update("SET a = :undefined, #x = :v"), name("#x"), "updates look at names first");
    assert_eq!(in_projection("a, #x"), name("#x"));
}

#[test]
fn list_indexes_and_paths_have_bounds() {
    assert_eq!(
        in_projection("a[4294967295]"),
        "List index is not within the allowable range; index: [4294967295]"
    );
    assert_eq!(
        in_update("SET a[99999999999999] = :v"),
        "List index is not within the allowable range; index: [99999999999999]"
    );
    assert_eq!(in_projection(&format!("a{}", ".b".repeat(31))), "");
    assert_eq!(
        in_projection(&format!("a{}", ".b".repeat(32))),
        "The document path has too many nesting elements; nesting levels: 33"
    );
}

#[test]
fn paths_that_overlap_or_conflict_are_refused() {
    // Rule 30.
    let collide = |how: &str, one: &str, two: &str| {
        format!("Two document paths {how} with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}")
    };
    assert_eq!(in_projection("a[0], a[0].b"), collide("overlap", "[a, [0]]", "[a, [0], b]"));
    assert_eq!(in_projection("a, b, #a"), collide("overlap", "[a]", "[a]"));
    assert_eq!(in_update("SET a.b.c = :v REMOVE a.b"), collide("overlap", "[a, b, c]", "[a, b]"));
    assert_eq!(in_update("REMOVE a[0], a.b"), collide("conflict", "[a, [0]]", "[a, b]"));
    assert_eq!(
        in_update("REMOVE a[0], a.b, c, c"),
        collide("overlap", "[c]", "[c]"),
        "overlaps before conflicts"
    );
    assert_eq!(in_projection("a.b, a.c[0], a.c[1], #odd"), "");
}

#[test]
fn operands_of_add_and_delete_have_the_types_of_their_clause() {
    let wrong = |operator: &str, operand_type: &str| {
        format!(
            "Incorrect operand type for operator or function; operator: {operator}, operand type: {operand_type}, \
             typeSet: ALLOWED_FOR_{operator}_OPERAND"
        )
    };
    for (value, operand_type) in [
        (":v", "STRING"),
        (":l", "LIST"),
        (":m", "MAP"),
        (":null", "NULL"),
        (":bool", "BOOLEAN"),
        (":bin", "BINARY"),
    ] {
        assert_eq!(in_update(&format!("ADD a {value}")), wrong("ADD", operand_type));
        assert_eq!(in_update(&format!("DELETE a {value}")), wrong("DELETE", operand_type));
    }
    assert_eq!(in_update("DELETE a :n"), wrong("DELETE", "NUMBER"));
    assert_eq!(in_update("ADD a :n, b :ss DELETE c :ns"), "");
}

#[test]
fn a_clause_appears_once() {
    assert_eq!(
        in_update("SET a = :v SET b = :v"),
        "The \"SET\" section can only be used once in an update expression;"
    );
    assert_eq!(
        in_update("remove a set b = :v REMOVE c"),
        "The \"REMOVE\" section can only be used once in an update expression;"
    );
}

#[test]
fn well_formed_updates_are_accepted() {
    for text in [
        "SET a = :v",
        "set #a.b[3] = if_not_exists(c, :n) + :n, d = list_append(:l, if_not_exists(e, :l)) REMOVE f, g[0] ADD h :n DELETE i :ss",
        "SET a = (b + :n), c = (d)",
        "DELETE a :ss SET b = b - :n",
    ] {
        assert_eq!(in_update(text), "", "{text}");
    }
}

#[test]
fn of_two_problems_in_a_condition_the_service_reports_the_one_it_looks_for_first() {
    // Part D on rule 26: each text has the problem of its row and of all rows below.
    let problems = [
        ("(( b = :w ))", "redundant parentheses"),
        ("foo(b)", "Invalid function name"),
        ("size(b)", "not allowed to be used this way"),
        ("status = :v", "reserved keyword"),
        ("#x = :v", "not defined"),
        ("begins_with(b)", "Incorrect number of operands"),
        ("b = b", "must be distinct"),
        ("begins_with(b, :n)", "Incorrect operand type"),
    ];
    for at in 0..problems.len() {
        let backwards: Vec<_> = problems[at..].iter().rev().map(|(text, _)| *text).collect();
        let found = in_filter(&backwards.join(" AND "));
        assert!(found.contains(problems[at].1), "{found}");
    }
    assert!(in_filter("((a=:v)) AND !").contains("Syntax error"));
}

#[test]
fn of_two_problems_in_an_update_the_service_reports_the_one_it_looks_for_first() {
    // Part D on rule 30.
    let problems = [
        ("SET c1 = status", "reserved keyword"),
        ("SET c2 = foo(b)", "Invalid function name"),
        ("SET c3 = c3 SET c33 = b", "can only be used once"),
        ("SET c4 = #x", "name used in the document path is not defined"),
        ("SET c5 = :undefined", "value used in expression is not defined"),
        ("REMOVE d, d", "overlap"),
        ("REMOVE e[0], e.b", "conflict"),
        ("ADD f :v", "operator: ADD, operand type"),
        ("SET c6 = if_not_exists(b)", "Incorrect number of operands"),
    ];
    for at in 0..problems.len() {
        let rest: Vec<&str> = problems[at..].iter().rev().map(|(text, _)| *text).collect();
        let list = |clause: &str| {
            let parts: Vec<_> = rest.iter().filter_map(|text| text.strip_prefix(clause)).collect();
            if parts.is_empty() {
                String::new()
            } else {
                format!("{clause}{}", parts.join(","))
            }
        };
        let found = in_update(&format!("{}  {} {}", list("ADD "), list("REMOVE "), list("SET ")));
        assert!(found.contains(problems[at].1), "{found}");
    }
}
