//! Names, values, functions and their operands (rules 25, 29-33).

use super::{in_filter, in_projection, in_update, problem};
use crate::expression::ExpressionKind;

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
    assert_eq!(in_filter("attribute_type(a, size(b))"), wrong("attribute_type", "N"));
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
        in_filter("a BETWEEN :bin AND :bin0"),
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {B:AQ==}, upper bound operand: AttributeValue: {B:AA==}"
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
