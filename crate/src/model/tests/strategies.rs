//! Values for property tests, leaning towards what breaks encodings: NUL, U+0001, the edges of planes and surrogates, equal numbers in
//! different spellings, members that are prefixes of each other.

use crate::model::{AttributeValue, Item, Number};
use proptest::prelude::*;

/// Short strings of awkward characters.
pub fn text() -> impl Strategy<Value = String> {
    let character = prop::sample::select(vec![
        '\0',
        '\u{1}',
        '\u{2}',
        'a',
        'b',
        '"',
        '\\',
        '\n',
        '\u{7f}',
        '\u{80}',
        '\u{ff}',
        '\u{100}',
        '\u{7ff}',
        '\u{800}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{10000}',
        '\u{10fffe}',
        '\u{10ffff}',
    ]);
    let characters = prop::collection::vec(character, 0..5);
    prop_oneof![4 => characters.prop_map(|characters| characters.into_iter().collect()), 1 => any::<String>()]
}

/// Short binaries of awkward bytes.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![4 => prop::sample::select(vec![0, 1, 2, 0x7f, 0x80, 0xc3, 0xfe, 0xff]), 1 => any::<u8>()];
    prop::collection::vec(byte, 0..5)
}

/// A number's spelling: small ones that often meet, and numbers from all over the range.
pub fn spelling() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "0", "-0", "0.0", "1", "1.0", "+1", "10e-1", "-1", "-1.0", "2", "10", "1e1", "100", "-10", "-100", "0.1", ".1", "-0.1", "0.01", "1.2",
            "1.25", "-1.2", "-1.25", "12", "9", "-9", "1e125", "-1e125", "1e-130", "-1e-130", "99999999999999999999999999999999999999",
            "-99999999999999999999999999999999999999", "9.9999999999999999999999999999999999999E125", "-9.9999999999999999999999999999999999999E125",
            "1.0000000000000000000000000000000000001e-130",
        ]).prop_map(str::to_owned),
        3 => "-?[0-9]{1,3}(\\.[0-9]{0,3})?",
        2 => "-?[0-9]{1,19}(\\.[0-9]{0,19})?(e-?[0-9]{1,2})?",
    ]
}

/// Numbers of [`spelling`]'s.
pub fn number() -> impl Strategy<Value = Number> {
    spelling().prop_filter_map("out of range", |text| Number::parse(&text).ok())
}

/// Values of every type, nested and not.
pub fn value() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        3 => text().prop_map(AttributeValue::S),
        3 => number().prop_map(AttributeValue::N),
        2 => bytes().prop_map(AttributeValue::B),
        1 => any::<bool>().prop_map(AttributeValue::Bool),
        1 => Just(AttributeValue::Null),
        1 => prop::collection::vec(text(), 1..5).prop_map(AttributeValue::string_set),
        1 => prop::collection::vec(number(), 1..5).prop_map(AttributeValue::number_set),
        1 => prop::collection::vec(bytes(), 1..5).prop_map(AttributeValue::binary_set),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(AttributeValue::L),
            attributes(inner, 5).prop_map(AttributeValue::M),
        ]
    })
}

/// Items of up to 30 attributes.
pub fn item() -> impl Strategy<Value = Item> {
    attributes(value(), 30)
}

fn attributes(values: impl Strategy<Value = AttributeValue>, most: usize) -> impl Strategy<Value = Item> {
    let name = prop_oneof!["[a-c]{1,3}", text()].prop_filter("names are not empty", |name| !name.is_empty());
    prop::collection::vec((name, values), 0..=most).prop_map(Item::from_iter)
}
