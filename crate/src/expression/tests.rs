//! What parsed expressions mean for an item, and the bookkeeping of placeholders.

use super::*;
use crate::model::{AttributeValue, Item, Number};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(Number::from_u64(value))
}

fn map<const N: usize>(members: [(&str, AttributeValue); N]) -> Item {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn strings(members: &[&str]) -> AttributeValue {
    AttributeValue::string_set(members.iter().map(|&member| member.to_owned()).collect())
}

/// An attribute of every type, named after it in lower case.
fn item() -> Item {
    map([
        ("s", text("Grüße 𝄞")),
        ("n", number(7)),
        ("b", AttributeValue::B(vec![1, 2, 3])),
        ("bool", AttributeValue::Bool(true)),
        ("nil", AttributeValue::Null),
        ("ss", strings(&["x", "y"])),
        ("ns", AttributeValue::number_set(vec![Number::from_u64(1), Number::from_u64(2)])),
        ("bs", AttributeValue::binary_set(vec![vec![1], vec![2]])),
        (
            "l",
            AttributeValue::L(vec![
                text("zero"),
                AttributeValue::M(map([("deep", number(1)), ("more", number(2))])),
                number(2),
            ]),
        ),
        (
            "m",
            AttributeValue::M(map([("one", number(1)), ("list", AttributeValue::L(vec![number(10), number(11)]))])),
        ),
    ])
}

fn values() -> Vec<(String, AttributeValue)> {
    let values = [
        (":s", text("Grüße 𝄞")),
        (":seven", number(7)),
        (":eight", number(8)),
        (":one", number(1)),
        (":two", number(2)),
        (":three", number(3)),
        (":g", text("Gr")),
        (":x", text("x")),
        (":S", text("S")),
        (":NULL", text("NULL")),
        (":bytes", AttributeValue::B(vec![2, 3])),
        (":byte", AttributeValue::B(vec![1])),
        (":swapped", AttributeValue::B(vec![3, 2])),
        (":true", AttributeValue::Bool(true)),
        (":ss", strings(&["y", "x"])),
        (":l", AttributeValue::L(vec![number(10), number(11)])),
        (":reversed", AttributeValue::L(vec![number(11), number(10)])),
    ];
    values.map(|(key, value)| (key.to_owned(), value)).to_vec()
}

#[track_caller]
fn holds(expression: &str) -> bool {
    let names = vec![("#list".to_owned(), "list".to_owned())];
    let placeholders = Placeholders::new(Some(names), Some(values())).unwrap();
    let condition = parse_condition(ExpressionKind::Filter, expression, &placeholders).unwrap();
    condition.holds(&item())
}

#[track_caller]
fn assert_holds(expressions: &[&str]) {
    for expression in expressions {
        assert!(holds(expression), "{expression}");
        assert!(!holds(&format!("NOT ({expression})")), "NOT ({expression})");
    }
}

#[track_caller]
fn assert_fails(expressions: &[&str]) {
    for expression in expressions {
        assert!(!holds(expression), "{expression}");
        assert!(holds(&format!("NOT ({expression})")), "NOT ({expression})");
    }
}

#[test]
fn comparisons_need_one_type_and_a_value() {
    // Rule 35.
    assert_holds(&[
        "n = :seven",
        "n < :eight",
        "n <= :seven",
        "n >= :seven",
        ":eight > n",
        "s = :s",
        "b < :bytes",
        "n <> :eight",
    ]);
    assert_holds(&["lacking <> :x", "s <> :seven", "lacking <> absent", "bool = :true"]);
    assert_fails(&[
        "lacking = :x",
        "lacking = absent",
        "lacking < :x",
        "s < :seven",
        "s > :seven",
        "n = :s",
        "n <> :seven",
        "n < :seven",
    ]);
}

#[test]
fn sets_are_equal_by_content_and_lists_by_order() {
    // Rule 12.
    assert_holds(&["ss = :ss", "m.#list = :l", "m.#list <> :reversed"]);
    assert_fails(&["ss <> :ss", "m.#list = :reversed"]);
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_and() {
    assert_holds(&[
        "n = :seven OR n = :eight AND n = :eight",
        "NOT n = :eight AND n = :seven",
        "NOT (n = :eight AND n = :seven)",
    ]);
    assert_fails(&["(n = :seven OR n = :eight) AND n = :eight", "NOT n = :seven AND n = :eight"]);
}

#[test]
fn between_includes_both_bounds_and_in_takes_any_type() {
    assert_holds(&[
        "n BETWEEN :seven AND :eight",
        "n BETWEEN :one AND :seven",
        "n IN (:x, :seven)",
        "l[2] IN (n, :two)",
    ]);
    assert_fails(&[
        "n BETWEEN :one AND :two",
        "s BETWEEN :one AND :two",
        "lacking BETWEEN :one AND :two",
        "n IN (:x)",
        "lacking IN (absent)",
    ]);
}

#[test]
fn existence_is_asked_of_paths() {
    assert_holds(&[
        "attribute_exists(l[1].deep)",
        "attribute_exists(nil)",
        "attribute_not_exists(l[3])",
        "attribute_not_exists(s.x)",
    ]);
    assert_fails(&["attribute_exists(m[0])", "attribute_exists(l.deep)", "attribute_not_exists(m.one)"]);
}

#[test]
fn attribute_type_compares_the_type() {
    assert_holds(&["attribute_type(s, :S)", "attribute_type(nil, :NULL)"]);
    assert_fails(&["attribute_type(n, :S)", "attribute_type(lacking, :S)"]);
}

#[test]
fn begins_with_looks_into_strings_and_binaries_only() {
    // Rule 34.
    assert_holds(&["begins_with(s, :g)", "begins_with(b, :byte)", "begins_with(:s, s)"]);
    assert_fails(&[
        "begins_with(s, :x)",
        "begins_with(n, :g)",
        "begins_with(b, :bytes)",
        "begins_with(s, :byte)",
        "begins_with(lacking, :g)",
    ]);
}

#[test]
fn contains_looks_into_strings_binaries_sets_and_lists() {
    // Rule 34; a mismatch of types is false.
    assert_holds(&[
        "contains(s, :g)",
        "contains(b, :bytes)",
        "contains(ss, :x)",
        "contains(ns, :two)",
        "contains(bs, :byte)",
        "contains(l, :two)",
        "contains(:ss, l[0]) OR contains(:l, m.#list[0])",
    ]);
    assert_fails(&[
        "contains(s, :one)",
        "contains(b, :swapped)",
        "contains(ss, :one)",
        "contains(n, :seven)",
        "contains(m, :x)",
        "contains(ns, :three)",
        "contains(lacking, :x)",
    ]);
}

#[test]
fn size_counts_utf_16_units_bytes_and_elements() {
    // Rule 13: the clef is one character, two units and four bytes.
    let sized = |expression: &str, size: u64| {
        let placeholders = Placeholders::new(None, Some(vec![(":size".to_owned(), number(size))])).unwrap();
        let condition = parse_condition(ExpressionKind::Condition, &format!("size({expression}) = :size"), &placeholders);
        assert!(condition.unwrap().holds(&item()), "{expression}");
    };
    for (path, size) in [("s", 8), ("b", 3), ("ss", 2), ("ns", 2), ("bs", 2), ("l", 3), ("m", 2), ("l[1]", 2)] {
        sized(path, size);
    }
    assert_fails(&[
        "size(n) = :one",
        "size(bool) = :one",
        "size(nil) < :eight",
        "size(lacking) < :eight",
    ]);
    assert_holds(&["size(l) > size(m)", "size(ss) BETWEEN :one AND :two", "size(ss) IN (:two)"]);
}

#[test]
fn a_condition_of_300_operators_is_evaluated() {
    assert!(holds(&format!("{}n = :eight", "NOT ".repeat(299))));
    assert!(holds(&vec!["n = :seven"; 150].join(" AND ")));
}

#[test]
fn a_condition_says_which_attributes_it_reads() {
    let placeholders = Placeholders::new(None, Some(values())).unwrap();
    let text = "size(sk) > :one AND (attribute_exists(o.pk) OR x1 IN (:one, y1)) AND NOT y1 BETWEEN z1 AND :two";
    let condition = parse_condition(ExpressionKind::Filter, text, &placeholders).unwrap();
    assert_eq!(condition.attributes(), ["o", "sk", "x1", "y1", "z1"]);
    // Rule 56.
    assert_eq!(condition.first_attribute_of(&["pk", "sk"]), Some("sk"));
    assert_eq!(condition.first_attribute_of(&["pk", "one"]), None);
}

#[track_caller]
fn assert_projects(expression: &str, expected: &Item) {
    let names = vec![("#list".to_owned(), "list".to_owned())];
    let projection = parse_projection(expression, &Placeholders::new(Some(names), None).unwrap()).unwrap();
    assert_eq!(projection.apply(&item()), *expected, "{expression}");
}

#[test]
fn a_projection_returns_what_is_there() {
    // Rule 48: nothing there is an empty item.
    assert_projects("n, lacking, s.x, m[0], l.x", &map([("n", number(7))]));
    assert_projects("lacking", &Item::new());
    assert_projects("m.absent, l[9], l[0].x", &Item::new());
}

#[test]
fn projected_list_elements_move_together_in_index_order() {
    // Rule 49.
    assert_projects("l[2], l[0]", &map([("l", AttributeValue::L(vec![text("zero"), number(2)]))]));
    assert_projects(
        "m.#list[1]",
        &map([("m", AttributeValue::M(map([("list", AttributeValue::L(vec![number(11)]))])))]),
    );
}

#[test]
fn projections_that_share_a_parent_merge() {
    // Rule 49.
    let element = AttributeValue::M(map([("deep", number(1)), ("more", number(2))]));
    assert_projects("l[1].more, l[1].deep", &map([("l", AttributeValue::L(vec![element]))]));
    assert_projects(
        "l[1].deep, m.one, l[0]",
        &map([
            (
                "l",
                AttributeValue::L(vec![text("zero"), AttributeValue::M(map([("deep", number(1))]))]),
            ),
            ("m", AttributeValue::M(map([("one", number(1))]))),
        ]),
    );
}

#[test]
fn a_projection_says_which_attributes_it_returns() {
    let projection = parse_projection("l[1].a, b1, l[0], a1", &Placeholders::default()).unwrap();
    assert_eq!(projection.attributes().collect::<Vec<_>>(), ["a1", "b1", "l"]);
}

fn names(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|&(key, name)| (key.to_owned(), name.to_owned())).collect()
}

fn placeholder_error(names: Option<Vec<(String, String)>>, values: Option<Vec<(String, AttributeValue)>>) -> String {
    Placeholders::new(names, values).map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn malformed_placeholder_maps_are_refused() {
    let value = |key: &str| Some(vec![(key.to_owned(), number(1))]);
    assert_eq!(
        placeholder_error(Some(names(&[])), None),
        "ExpressionAttributeNames must not be empty"
    );
    assert_eq!(placeholder_error(None, Some(vec![])), "ExpressionAttributeValues must not be empty");
    assert_eq!(
        placeholder_error(Some(names(&[("x", "a")])), None),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\""
    );
    assert_eq!(
        placeholder_error(None, value("v")),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\""
    );
    for key in ["#", "#a-b", "##a", "#a b", "#é", ""] {
        let expected = format!("ExpressionAttributeNames contains invalid key: Syntax error; key: \"{key}\"");
        assert_eq!(placeholder_error(Some(names(&[(key, "a")])), None), expected);
    }
    assert_eq!(
        placeholder_error(Some(names(&[("#n", "")])), None),
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #n"
    );
    assert_eq!(placeholder_error(Some(names(&[("#0_a", "any name at all")])), value(":_9")), "");
}

#[test]
fn placeholders_no_expression_uses_are_reported_names_first() {
    // Rule 27.
    let unused = |expression: &str| {
        let placeholders = Placeholders::new(Some(names(&[("#y", "y"), ("#x", "x")])), Some(values()[..2].to_vec())).unwrap();
        parse_projection("a1, #x", &placeholders).unwrap();
        parse_condition(ExpressionKind::Filter, expression, &placeholders).unwrap();
        placeholders
            .check_all_used()
            .map_or_else(|error| error.to_string(), |()| String::new())
    };
    assert_eq!(unused("#y = :s AND n = :seven"), "");
    assert_eq!(
        unused("attribute_exists(a)"),
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#y}"
    );
    assert_eq!(
        unused("attribute_exists(#y)"),
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:s, :seven}"
    );
}

#[test]
fn placeholders_without_an_expression_are_reported() {
    // Rule 28.
    let error = |placeholders: &Placeholders, lacking| {
        placeholders
            .check_none_given(lacking)
            .map_or_else(|error| error.to_string(), |()| String::new())
    };
    let with_values = Placeholders::new(None, Some(values())).unwrap();
    assert_eq!(
        error(&with_values, &[ExpressionKind::Filter]),
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"
    );
    assert_eq!(
        error(&with_values, &[ExpressionKind::Filter, ExpressionKind::KeyCondition]),
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null"
    );
    assert_eq!(
        error(&with_values, &[]),
        "ExpressionAttributeValues can only be specified when using expressions"
    );
    let with_both = Placeholders::new(Some(names(&[("#a", "a")])), Some(values())).unwrap();
    assert_eq!(
        error(&with_both, &[ExpressionKind::Condition]),
        "ExpressionAttributeNames can only be specified when using expressions"
    );
    assert_eq!(error(&Placeholders::default(), &[ExpressionKind::Condition]), "");
}

#[test]
fn that_there_is_no_expression_is_reported_before_what_is_wrong_in_a_map() {
    // Rule 28: the maps are empty or have malformed keys, and that there is nothing they could be for comes first.
    let error = |names, values, missing| {
        Placeholders::of_request(names, values, missing)
            .err()
            .map_or_else(String::new, |error| error.to_string())
    };
    let malformed = vec![("v".to_owned(), AttributeValue::Null)];
    for values in [Vec::new(), malformed.clone()] {
        assert_eq!(
            error(None, Some(values), Some(&[ExpressionKind::Filter])),
            "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"
        );
    }
    assert_eq!(
        error(Some(Vec::new()), None, Some(&[])),
        "ExpressionAttributeNames can only be specified when using expressions"
    );
    assert_eq!(
        error(None, Some(malformed), None),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\""
    );
    assert_eq!(error(None, None, Some(&[])), "");
}
