//! What is well formed, and what a syntax error shows (rules 24-26).

use super::{assert_syntax_error, in_filter, in_projection, in_update, problem};
use crate::expression::ExpressionKind;

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
        ("a[+1]=:v", "1", "+1]"),
        ("a[-]=:v", "-", "[-]"),
        ("a[-x]=:v", "-", "[-x"),
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
