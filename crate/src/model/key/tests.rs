//! Encoded keys: their order, and the ranges over them.

use super::*;
use crate::model::Number;
use crate::model::tests::strategies::{bytes, number, text};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::ops::Bound::{Excluded, Unbounded};

fn value(of: KeyType) -> BoxedStrategy<AttributeValue> {
    match of {
        KeyType::S => text().prop_map(AttributeValue::S).boxed(),
        KeyType::N => number().prop_map(AttributeValue::N).boxed(),
        KeyType::B => bytes().prop_map(AttributeValue::B).boxed(),
    }
}

fn types() -> impl Strategy<Value = Vec<KeyType>> {
    prop::collection::vec(prop::sample::select(vec![KeyType::S, KeyType::N, KeyType::B]), 1..=MAX_PARTS)
}

fn values(types: &[KeyType]) -> Vec<BoxedStrategy<AttributeValue>> {
    types.iter().map(|&of| value(of)).collect()
}

/// Two keys of the same types; often they share their first parts, so that the later ones decide.
fn two_keys() -> impl Strategy<Value = (Vec<KeyType>, Vec<AttributeValue>, Vec<AttributeValue>)> {
    types()
        .prop_flat_map(|types| (values(&types), values(&types), 0..=types.len(), Just(types)))
        .prop_map(|(a, mut b, shared, types)| {
            b[..shared].clone_from_slice(&a[..shared]);
            (types, a, b)
        })
}

fn compare(a: &AttributeValue, b: &AttributeValue) -> Ordering {
    match (a, b) {
        (AttributeValue::S(a), AttributeValue::S(b)) => a.as_bytes().cmp(b.as_bytes()),
        (AttributeValue::N(a), AttributeValue::N(b)) => a.cmp(b),
        (AttributeValue::B(a), AttributeValue::B(b)) => a.cmp(b),
        _ => unreachable!("keys of different types"),
    }
}

fn encode(parts: &[AttributeValue]) -> String {
    encode_key(&parts.iter().collect::<Vec<_>>()).unwrap()
}

fn begins_with(value: &AttributeValue, start: &AttributeValue) -> bool {
    match (value, start) {
        (AttributeValue::S(value), AttributeValue::S(start)) => value.starts_with(start),
        (AttributeValue::B(value), AttributeValue::B(start)) => value.starts_with(start),
        _ => false,
    }
}

fn fulfils(value: &AttributeValue, condition: KeyCondition<'_>) -> bool {
    match condition {
        KeyCondition::Equal(other) => compare(value, other).is_eq(),
        KeyCondition::Less(other) => compare(value, other).is_lt(),
        KeyCondition::LessOrEqual(other) => compare(value, other).is_le(),
        KeyCondition::Greater(other) => compare(value, other).is_gt(),
        KeyCondition::GreaterOrEqual(other) => compare(value, other).is_ge(),
        KeyCondition::Between(low, high) => compare(value, low).is_ge() && compare(value, high).is_le(),
        KeyCondition::BeginsWith(start) => begins_with(value, start),
    }
}

/// The conditions there are on a part, with these operands.
fn conditions<'v>(a: &'v AttributeValue, b: &'v AttributeValue) -> [KeyCondition<'v>; 7] {
    [
        KeyCondition::Equal(a),
        KeyCondition::Less(a),
        KeyCondition::LessOrEqual(a),
        KeyCondition::Greater(a),
        KeyCondition::GreaterOrEqual(a),
        KeyCondition::Between(a, b),
        KeyCondition::BeginsWith(a),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_order_of_texts_is_the_order_of_values((_, a, b) in two_keys()) {
        let by_value = a.iter().zip(&b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        prop_assert_eq!(encode(&a).as_bytes().cmp(encode(&b).as_bytes()), by_value, "{:?} {:?}", encode(&a), encode(&b));
    }

    #[test]
    fn ranges_hold_exactly_the_keys_that_fulfil_them((_, a, b) in two_keys(), at: prop::sample::Index, other in text(), cut: prop::sample::Index) {
        let at = at.index(a.len());
        let equal: Vec<&AttributeValue> = a[..at].iter().collect();
        let shares = equal.iter().zip(&b).all(|(equal, value)| compare(equal, value).is_eq());

        let whole = prefix_range(a.len(), &equal, None).unwrap();
        prop_assert_eq!(whole.contains(&encode(&b)), shares);
        let full = prefix_range(a.len(), &a.iter().collect::<Vec<_>>(), None).unwrap();
        prop_assert_eq!(full.contains(&encode(&b)), encode(&a) == encode(&b));

        // A second operand: another value, or a piece of the key's own.
        let operand = match &b[at] {
            AttributeValue::S(value) => {
                let pieces: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
                AttributeValue::S(if other.is_empty() { value[..pieces[cut.index(pieces.len())]].to_owned() } else { other })
            }
            AttributeValue::B(value) => AttributeValue::B(value[..cut.index(value.len() + 1)].to_vec()),
            _ => a[at].clone(),
        };
        for condition in conditions(&a[at], &operand).into_iter().chain(conditions(&operand, &a[at])) {
            match prefix_range(a.len(), &equal, Some(condition)) {
                Some(range) => {
                    let expected = shares && fulfils(&b[at], condition);
                    prop_assert_eq!(range.contains(&encode(&b)), expected, "{:?} {:?} {:?}", range, encode(&b), condition);
                }
                None => prop_assert!(matches!(condition, KeyCondition::BeginsWith(AttributeValue::N(_)))),
            }
        }
    }
}

#[test]
fn parts_look_like_this() {
    let string = |text: &str| AttributeValue::S(text.to_owned());
    let number = |text: &str| AttributeValue::N(Number::parse(text).unwrap());
    assert_eq!(encode_key_part(&string("abc")).as_deref(), Some("abc"));
    assert_eq!(encode_key_part(&string("")).as_deref(), Some(""));
    assert_eq!(encode_key_part(&string("\0a")).as_deref(), Some("\0\0a"));
    assert_eq!(encode_key_part(&string("\u{1}a")).as_deref(), Some("\0\u{1}a"));
    assert_eq!(
        encode_key_part(&AttributeValue::B(vec![0, 0x41, 0xff])).as_deref(),
        Some("\u{1}\0A\u{ff}")
    );
    assert_eq!(encode_key_part(&number("12.5")).as_deref(), Some("183125"));
    assert_eq!(encode_key_part(&number("-12.50")).as_deref(), Some("-7c874~"));
    assert_eq!(encode_key_part(&number("-0.0")).as_deref(), Some("0"));
    assert_eq!(encode(&[string("a\0b"), string(""), number("0")]), "a\0\u{1}b\0\0\0\0\u{30}\0\0");
}

#[test]
fn only_one_to_four_parts_of_key_types_have_a_text() {
    let part = AttributeValue::Null;
    assert_eq!(encode_key_part(&part), None);
    assert_eq!(encode_key(&[&AttributeValue::S("a".to_owned()), &part]), None);
    assert_eq!(encode_key(&[]), None);
    let part = AttributeValue::B(Vec::new());
    assert!(encode_key(&[&part; 4]).is_some());
    assert_eq!(encode_key(&[&part; 5]), None);
    assert_eq!(prefix_range(5, &[], None), None);
    assert_eq!(prefix_range(2, &[&part, &part], Some(KeyCondition::Equal(&part))), None);
}

#[test]
fn upper_bounds_step_over_surrogates_and_the_last_character() {
    let upper = |text: &str| {
        let value = AttributeValue::S(text.to_owned());
        prefix_range(1, &[], Some(KeyCondition::BeginsWith(&value))).unwrap().upper
    };
    assert_eq!(upper("ab"), Excluded("ac".to_owned()));
    assert_eq!(upper("a\u{d7ff}"), Excluded("a\u{e000}".to_owned()));
    assert_eq!(upper("a\u{7f}"), Excluded("a\u{80}".to_owned()));
    assert_eq!(upper("a\u{10ffff}\u{10ffff}"), Excluded("b".to_owned()));
    assert_eq!(upper("\u{10ffff}"), Unbounded);
    assert_eq!(upper(""), Unbounded);
}
