//! Rule 55 and A1: which items a query reads, and why it may not.

use super::{KeyConditionPlan, KeyTest, QueryKeys, parse_key_condition};
use crate::expression::{Comparator, Placeholders};
use crate::model::{AttributeValue, KeyType, Number};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(Number::from_u64(value))
}

fn placeholders() -> Placeholders {
    let values = [
        (":p", text("p")),
        (":s", text("s")),
        (":t", text("t")),
        (":n", number(1)),
        (":m", number(2)),
        (":empty", text("")),
        (":nothing", AttributeValue::B(vec![])),
        (":most", text(&"x".repeat(1024))),
        (":long", text(&"x".repeat(1025))),
        (":longest", text(&"x".repeat(2048))),
        (":longer", text(&"x".repeat(2049))),
    ];
    let names = vec![("#sk".to_owned(), "sk".to_owned())];
    Placeholders::new(Some(names), Some(values.map(|(key, value)| (key.to_owned(), value)).to_vec())).unwrap()
}

const HASH_ONLY: QueryKeys<'_> = QueryKeys {
    index: None,
    hash: &[("pk", KeyType::S)],
    range: &[],
};
const TABLE: QueryKeys<'_> = QueryKeys {
    index: None,
    hash: &[("pk", KeyType::S)],
    range: &[("sk", KeyType::S)],
};
const INDEX: QueryKeys<'_> = QueryKeys {
    index: Some("multi"),
    hash: &[("t", KeyType::S), ("r", KeyType::S)],
    range: &[("a", KeyType::S), ("b", KeyType::N), ("c", KeyType::S)],
};

fn plan(expression: &str, keys: &QueryKeys<'_>) -> Result<KeyConditionPlan, String> {
    let clauses = parse_key_condition(expression, &placeholders()).map_err(|error| error.to_string())?;
    clauses.plan(keys).map_err(|error| error.to_string())
}

#[track_caller]
fn assert_refused(expression: &str, keys: &QueryKeys<'_>, message: &str) {
    assert_eq!(plan(expression, keys).err().as_deref(), Some(message), "{expression}");
}

#[track_caller]
fn assert_invalid(expression: &str, problem: &str) {
    assert_refused(expression, &TABLE, &format!("Invalid KeyConditionExpression: {problem}"));
}

#[test]
fn every_key_operator_is_planned_whichever_way_round_it_is_written() {
    let test = |expression: &str| plan(&format!("pk = :p AND {expression}"), &TABLE).unwrap().range_test.unwrap();
    let compare = |comparator, value: &str| KeyTest::Compare(comparator, text(value).into());
    for (symbol, reversed, comparator) in [
        ("<", ">", Comparator::Less),
        ("<=", ">=", Comparator::LessOrEqual),
        (">", "<", Comparator::Greater),
        (">=", "<=", Comparator::GreaterOrEqual),
    ] {
        assert_eq!(test(&format!("sk {symbol} :s")), compare(comparator, "s"));
        assert_eq!(test(&format!(":s {reversed} sk")), compare(comparator, "s"));
    }
    assert_eq!(test("sk BETWEEN :s AND :t"), KeyTest::Between(text("s").into(), text("t").into()));
    assert_eq!(test("begins_with(#sk, :s)"), KeyTest::BeginsWith(text("s").into()));

    let whole = plan("(:s = #sk) AND (pk = :p)", &TABLE).unwrap();
    assert_eq!((whole.range_equal.len(), &whole.range_test), (1, &None));
    assert!(whole.is_single_key());
    assert!(plan("pk = :p", &HASH_ONLY).unwrap().is_single_key());
    assert!(!plan("pk = :p", &TABLE).unwrap().is_single_key());
}

#[test]
fn a_plan_gives_the_texts_of_the_keys_it_reads() {
    let query = plan("pk = :p AND sk BETWEEN :s AND :t", &TABLE).unwrap();
    assert_eq!(query.hash_key().as_deref(), Some("p"));
    let range = query.range_keys().unwrap();
    let inside = |key: &str| range.contains(key);
    assert_eq!(
        [inside("rz"), inside("s"), inside("sz"), inside("t"), inside("ta")],
        [false, true, true, true, false]
    );
    assert_eq!(plan("pk = :p", &HASH_ONLY).unwrap().range_keys(), None);
}

#[test]
fn a_starting_key_is_held_against_the_conditions() {
    // Rule 54.
    let query = plan("t = :t AND r = :p AND a = :s AND b > :n", &INDEX).unwrap();
    let holds = |a: &str, b: u64| query.range_holds(&[&text(a), &number(b), &text("c")]);
    assert_eq!([holds("s", 2), holds("s", 1), holds("x", 2)], [true, false, false]);
    assert!(plan("pk = :p", &TABLE).unwrap().range_holds(&[&text("any")]));
    let between = plan("pk = :p AND sk BETWEEN :s AND :t", &TABLE).unwrap();
    assert_eq!(
        ["r", "s", "t", "u"].map(|sk| between.range_holds(&[&text(sk)])),
        [false, true, true, false]
    );
}

#[test]
fn operators_that_are_no_key_conditions_are_named() {
    for (expression, operator) in [
        ("pk = :p OR sk = :s", "OR"),
        ("NOT pk = :p", "NOT"),
        ("pk = :p AND sk <> :s", "<>"),
        ("pk IN (:p)", "IN"),
        ("pk = :p AND contains(sk, :s)", "contains"),
        ("attribute_exists(sk) AND pk = :p", "attribute_exists"),
        ("pk = :p AND attribute_not_exists(sk)", "attribute_not_exists"),
    ] {
        assert_invalid(expression, &format!("Invalid operator used in KeyConditionExpression: {operator}"));
    }
}

#[test]
fn conditions_that_are_not_about_one_whole_attribute_are_refused() {
    assert_invalid(
        "pk = :p AND size(sk) = :n",
        "KeyConditionExpressions cannot contain nested operations",
    );
    assert_invalid(
        "pk = :p AND sk.a = :s",
        "KeyConditionExpressions cannot have conditions on nested attributes",
    );
    assert_invalid("pk[0] = :p", "KeyConditionExpressions cannot have conditions on nested attributes");
    assert_invalid(
        "pk = :p AND pk = :p",
        "KeyConditionExpressions must only contain one condition per key",
    );
    assert_invalid(
        "pk = :p AND sk > :s AND #sk < :t",
        "KeyConditionExpressions must only contain one condition per key",
    );
    assert_invalid(":p = :s", "Invalid condition in KeyConditionExpression: No key attribute specified");
    assert_invalid(
        "pk = sk",
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
    assert_invalid(
        "pk = :p AND :s BETWEEN sk AND o",
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
    assert_invalid(
        "pk = :p AND begins_with(:s, sk)",
        "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand",
    );
    assert_invalid(
        "pk = :p AND :s BETWEEN sk AND :t",
        "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand",
    );
}

#[test]
fn the_first_problem_in_the_order_of_the_text_is_reported() {
    assert_invalid(
        "pk.a = :p AND sk <> :s",
        "KeyConditionExpressions cannot have conditions on nested attributes",
    );
    assert_invalid("sk <> :s AND pk.a = :p", "Invalid operator used in KeyConditionExpression: <>");
}

#[test]
fn conditions_must_fit_the_key_attributes() {
    assert_refused("sk = :s", &TABLE, "Query condition missed key schema element: pk");
    assert_refused("pk = :p AND o = :s", &TABLE, "Query condition missed key schema element: sk");
    assert_refused("o = :s AND x1 = :s", &TABLE, "Query condition missed key schema element: pk");
    assert_refused(
        "pk = :p AND o = :s",
        &HASH_ONLY,
        "The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)",
    );
    assert_refused(
        "pk = :p AND sk = :s AND o = :s",
        &TABLE,
        "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
    );
    for expression in ["pk < :p", "begins_with(pk, :p)", "pk BETWEEN :p AND :s AND sk = :s"] {
        assert_refused(expression, &TABLE, "Query key condition not supported");
    }
}

#[test]
fn values_must_have_the_types_of_the_key_attributes() {
    let mismatch = "One or more parameter values were invalid: Condition parameter type does not match schema type";
    assert_refused("pk = :n", &TABLE, mismatch);
    assert_refused("pk = :p AND sk BETWEEN :n AND :m", &TABLE, mismatch);
    assert_refused("t = :t AND r = :p AND a = :s AND b = :s", &INDEX, mismatch);
    assert_refused("pk = :nothing", &TABLE, mismatch);
}

#[test]
fn key_values_are_neither_empty_nor_too_long() {
    // Rules 18, 19 and part D.
    assert_refused(
        "pk = :p AND sk > :empty",
        &TABLE,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk",
    );
    assert_refused(
        "pk = :nothing",
        &QueryKeys {
            hash: &[("pk", KeyType::B)],
            ..HASH_ONLY
        },
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: pk",
    );
    assert_refused(
        "r = :empty AND t = :t",
        &INDEX,
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. \
         The AttributeValue for a key attribute cannot contain an empty string value. IndexName: multi, IndexKey: r",
    );
    assert_refused(
        "pk = :longer",
        &TABLE,
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
    assert_refused(
        "pk = :p AND sk = :long",
        &TABLE,
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
    assert!(plan("pk = :longest AND sk = :most", &TABLE).is_ok());
}

#[test]
fn a_multi_attribute_key_needs_every_hash_attribute_and_a_prefix_of_its_range() {
    // A1.
    let query = plan("b BETWEEN :n AND :m AND r = :p AND a = :s AND t = :t", &INDEX).unwrap();
    assert_eq!(query.hash, [text("t").into(), text("p").into()]);
    assert_eq!(query.range_equal, [text("s").into()]);
    assert_eq!(query.range_test, Some(KeyTest::Between(number(1).into(), number(2).into())));
    assert!(plan("r = :p AND t = :t", &INDEX).is_ok());

    assert_refused(
        "a = :s",
        &INDEX,
        "HASH key attributes t, r must have equality conditions specified in the query",
    );
    assert_refused(
        "t = :t AND r > :s",
        &INDEX,
        "HASH key attributes r must have equality conditions specified in the query",
    );
    assert_refused(
        "t = :t AND r = :p AND c = :s",
        &INDEX,
        "RANGE key attributes a, b must have equality conditions specified in the query \
         because a condition is present on key attribute c",
    );
    assert_refused(
        "t = :t AND r = :p AND a > :s AND b = :n",
        &INDEX,
        "RANGE key attributes a must have equality conditions specified in the query \
         because a condition is present on key attribute b",
    );
}

#[test]
fn one_hash_or_one_range_attribute_does_not_loosen_the_others() {
    // A1.
    let long_range = QueryKeys {
        hash: &[("t", KeyType::S)],
        ..INDEX
    };
    assert_refused(
        "t = :t AND b = :n",
        &long_range,
        "RANGE key attributes a must have equality conditions specified in the query \
         because a condition is present on key attribute b",
    );
    let long_hash = QueryKeys {
        range: &[("a", KeyType::S)],
        ..INDEX
    };
    assert_refused(
        "t = :t AND r > :s",
        &long_hash,
        "HASH key attributes r must have equality conditions specified in the query",
    );
}
