//! Whatever the text, parsing ends with a meaning or an error, and what was parsed can be used.

use super::placeholders;
use crate::expression::{ExpressionKind, Problem, parse_condition, parse_key_condition, parse_projection, parse_update};
use crate::model::{AttributeValue, Item, KeyType, Number};
use proptest::prelude::*;

const TOKENS: &[&str] = &[
    "a",
    "b",
    "#a",
    "#odd",
    ":v",
    ":n",
    ":l",
    ":ss",
    ".",
    "[0]",
    "[",
    "]",
    "(",
    ")",
    ",",
    "=",
    "<>",
    "<",
    ">=",
    "+",
    "-",
    "AND",
    "OR",
    "NOT",
    "IN (",
    "BETWEEN",
    "SET",
    "ADD",
    "REMOVE",
    "DELETE",
    "size(",
    "contains(",
    "attribute_exists(",
    "if_not_exists(",
    "list_append(",
    "f(",
    "status",
    "é",
    "!",
    "1",
];

/// Texts that are mostly well formed: clauses and conditions put together from operands.
pub(in crate::expression) fn sentence() -> impl Strategy<Value = String> {
    let operand = prop::sample::select(vec!["a", "a.b", "a[1]", "b", ":v", ":n", ":l", ":ss", "size(a)", "(b)", "c1"]);
    let test =
        (operand.clone(), prop::sample::select(vec!["=", "<>", "<", ">="]), operand.clone()).prop_map(|(l, op, r)| format!("{l} {op} {r}"));
    let call = (
        prop::sample::select(vec!["contains", "begins_with"]),
        operand.clone(),
        operand.clone(),
    )
        .prop_map(|(f, l, r)| format!("{f}({l}, {r})"));
    let condition = prop_oneof![test, call].prop_recursive(5, 40, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["AND", "OR"]), inner.clone()).prop_map(|(l, op, r)| format!("{l} {op} {r}")),
            inner.clone().prop_map(|inner| format!("NOT {inner}")),
            inner.prop_map(|inner| format!("({inner})")),
        ]
    });
    let target = prop::sample::select(vec!["a.x1", "a[0]", "a[1]", "a[9]", "b", "c1.d1", "e1"]);
    let set = (target.clone(), operand.clone(), operand).prop_map(|(target, l, r)| format!("SET {target} = if_not_exists({l}, {r}) "));
    let other = (prop::sample::select(vec!["REMOVE", "ADD", "DELETE"]), target).prop_map(|(clause, target)| match clause {
        "REMOVE" => format!("REMOVE {target} "),
        _ => format!("{clause} {target} :ss "),
    });
    prop_oneof![condition, (set, other).prop_map(|(set, other)| set + &other)]
}

pub(in crate::expression) fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(TOKENS), prop::bool::ANY), 0..24).prop_map(|tokens| {
        tokens
            .into_iter()
            .flat_map(|(token, space)| [token, if space { " " } else { "" }])
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_breaks_the_parser_or_what_it_makes(text in prop_oneof![soup(), sentence(), ".{0,40}"]) {
        let placeholders = placeholders();
        let list = AttributeValue::L(vec![AttributeValue::N(Number::from_u64(1)), AttributeValue::Null]);
        let item: Item = [("a".to_owned(), list), ("b".to_owned(), AttributeValue::N(Number::from_u64(2)))].into_iter().collect();
        let mut errors = Vec::new();
        match parse_condition(ExpressionKind::Filter, &text, &placeholders) {
            Ok(condition) => {
                prop_assert!(condition.attributes().is_sorted());
                let negated = parse_condition(ExpressionKind::Filter, &format!("NOT ({text})"), &placeholders);
                // Only parentheses around all of it stand in the way.
                if let Ok(negated) = negated {
                    prop_assert_ne!(condition.holds(&item), negated.holds(&item));
                }
            }
            Err(error) => errors.push(error),
        }
        match parse_projection(&text, &placeholders) {
            Ok(projection) => prop_assert!(projection.apply(&item).len() <= item.len()),
            Err(error) => errors.push(error),
        }
        match parse_update(&text, &placeholders) {
            Ok(update) => {
                prop_assert!(update.cost() > 3);
                let _ = update.apply(&item);
            }
            Err(error) => errors.push(error),
        }
        match parse_key_condition(&text, &placeholders) {
            Ok(clauses) => {
                let keys = crate::expression::QueryKeys { index: None, hash: &[("a", KeyType::S)], range: &[("b", KeyType::N)] };
                if let Ok(plan) = clauses.plan(&keys) {
                    prop_assert!(plan.hash_key().is_some() && plan.range_keys().is_some());
                }
            }
            Err(error) => errors.push(error),
        }
        for error in errors {
            if let Problem::Syntax { token, near } = &error.problem {
                prop_assert!(text.contains(near.as_str()), "{near}");
                prop_assert!(token == "<EOF>" || near.contains(token.as_str()), "{token}");
            }
            prop_assert!(error.to_string().starts_with("Invalid "));
        }
    }
}
