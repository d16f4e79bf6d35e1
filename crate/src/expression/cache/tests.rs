//! The cache answers as the parser does, does so without parsing, and stays within its bounds.

use super::*;
use crate::expression::parser::tests::soup::{sentence, soup};
use crate::expression::{PlaceholderError, parse_condition, parse_key_condition, parse_projection, parse_update};
use crate::model::{AttributeValue, Number};
use proptest::prelude::*;
use std::fmt::Debug;

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(Number::from_u64(value))
}

fn placeholders(names: &[(&str, &str)], values: &[(&str, AttributeValue)]) -> Placeholders {
    let names = names.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned()));
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    given((names.collect(), values.collect()))
}

/// The two maps of a request.
type Maps = (Vec<(String, String)>, Vec<(String, AttributeValue)>);

fn given((names, values): Maps) -> Placeholders {
    Placeholders::new((!names.is_empty()).then_some(names), (!values.is_empty()).then_some(values)).unwrap()
}

/// What came of an expression: what it says or what is wrong with it, and which placeholders it leaves unused.
type Outcome = (Result<String, ExpressionError>, Result<(), PlaceholderError>);

fn outcome<T: Debug>(parsed: Result<T, ExpressionError>, placeholders: &Placeholders) -> Outcome {
    (parsed.map(|meaning| format!("{meaning:?}")), placeholders.check_all_used())
}

fn cached(cache: &ExpressionCache, kind: ExpressionKind, text: &str, given: &Placeholders) -> Outcome {
    match kind {
        ExpressionKind::Condition | ExpressionKind::Filter => outcome(cache.condition(kind, text, given), given),
        ExpressionKind::KeyCondition => outcome(cache.key_condition(text, given), given),
        ExpressionKind::Projection => outcome(cache.projection(text, given), given),
        ExpressionKind::Update => outcome(cache.update(text, given), given),
    }
}

fn fresh(kind: ExpressionKind, text: &str, given: &Placeholders) -> Outcome {
    match kind {
        ExpressionKind::Condition | ExpressionKind::Filter => outcome(parse_condition(kind, text, given), given),
        ExpressionKind::KeyCondition => outcome(parse_key_condition(text, given), given),
        ExpressionKind::Projection => outcome(parse_projection(text, given), given),
        ExpressionKind::Update => outcome(parse_update(text, given), given),
    }
}

const KINDS: [ExpressionKind; 5] = [
    ExpressionKind::Condition,
    ExpressionKind::Filter,
    ExpressionKind::KeyCondition,
    ExpressionKind::Projection,
    ExpressionKind::Update,
];

/// One that is right with [`good`], for every kind and every check that looks at a value.
const TEXTS: [(ExpressionKind, &str); 12] = [
    (ExpressionKind::KeyCondition, "#a = :s AND #b BETWEEN :low AND :high"),
    (ExpressionKind::KeyCondition, "#a = :s AND begins_with(#b, :s)"),
    (ExpressionKind::Filter, "#a.b[1] < :s OR NOT contains(#b, :n)"),
    (ExpressionKind::Filter, "attribute_type(#a, :code) AND size(#b) > :n"),
    (ExpressionKind::Condition, "#a IN (:s, :n, :list, :set) AND attribute_exists(#b)"),
    (ExpressionKind::Condition, "#a BETWEEN :low AND :high AND :n BETWEEN #b AND :high"),
    (ExpressionKind::Condition, "begins_with(:s, #a) AND contains(:list, #b)"),
    (ExpressionKind::Condition, "attribute_not_exists(#a)"),
    (ExpressionKind::Projection, "#a.x1, #b[2], c1.#a"),
    (ExpressionKind::Update, "SET #a = :n + x1, #b = if_not_exists(#b, :s)"),
    (ExpressionKind::Update, "SET x1 = list_append(#a, :list), #b = #b - :n"),
    (ExpressionKind::Update, "ADD #a :n DELETE #b :set"),
];

/// Placeholders, each with what it stands for.
type Content<const N: usize, T> = [(&'static str, T); N];

/// What the placeholders stand for in a request that uses them well.
fn good() -> (Content<2, &'static str>, Content<7, AttributeValue>) {
    let values = [
        (":s", text("v")),
        (":n", number(5)),
        (":low", number(1)),
        (":high", number(9)),
        (":code", text("SS")),
        (":list", AttributeValue::L(vec![number(1)])),
        (":set", AttributeValue::string_set(vec!["x".to_owned()])),
    ];
    ([("#a", "first"), ("#b", "second")], values)
}

/// A request's placeholders: those of [`good`], some of them away or with something else.
fn any_placeholders() -> impl Strategy<Value = Maps> {
    let (names, values) = good();
    let mostly = |there: bool| prop::bool::weighted(if there { 0.95 } else { 0.05 });
    let name = |(key, usual): (&'static str, &'static str)| {
        let attribute = prop_oneof![4 => Just(usual), 1 => Just("first"), 1 => Just("other")];
        (mostly(true), attribute).prop_map(move |(given, attribute)| given.then(|| (key.to_owned(), attribute.to_owned())))
    };
    let value = |(key, usual): (&'static str, AttributeValue)| {
        let other = prop::sample::select(vec![
            text("w"),
            text("N"),
            number(0),
            number(99),
            AttributeValue::B(vec![1]),
            AttributeValue::Bool(true),
            AttributeValue::Null,
            AttributeValue::L(vec![]),
            AttributeValue::number_set(vec![Number::from_u64(1)]),
        ]);
        let content = prop_oneof![6 => Just(usual), 1 => other];
        (mostly(true), content).prop_map(move |(given, content)| given.then(|| (key.to_owned(), content)))
    };
    let spare = mostly(false).prop_map(|given| given.then(|| ("#spare".to_owned(), "spare".to_owned())));
    let names = names
        .map(name)
        .into_iter()
        .map(Strategy::boxed)
        .chain([spare.boxed()])
        .collect::<Vec<_>>();
    // Those of the generated sentences.
    let others = [(":v", text("v")), (":l", AttributeValue::L(vec![])), (":ss", good().1[6].1.clone())];
    let values = values.into_iter().chain(others).map(value).collect::<Vec<_>>();
    (names, values).prop_map(|(names, values)| (names.into_iter().flatten().collect(), values.into_iter().flatten().collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_cache_answers_as_the_parser_does(
        generated in prop::collection::vec((prop::sample::select(&KINDS[..]), prop_oneof![3 => sentence(), 1 => soup()]), 3),
        steps in prop::collection::vec((any::<prop::sample::Index>(), any_placeholders()), 1..60),
    ) {
        let cache = ExpressionCache::default();
        let known = TEXTS.map(|(kind, text)| (kind, text.to_owned()));
        let texts: Vec<_> = known.into_iter().chain(generated).collect();
        for (text, maps) in steps {
            let (kind, text) = text.get(&texts);
            let [one, two] = [(); 2].map(|()| given(maps.clone()));
            prop_assert_eq!(cached(&cache, *kind, text, &one), fresh(*kind, text, &two), "{}", text);
        }
        let counts = cache.counts();
        prop_assert!(counts.parsed <= counts.asked);
    }
}

#[test]
fn the_same_text_is_parsed_once() {
    let (names, values) = good();
    for (kind, text) in TEXTS {
        let cache = ExpressionCache::default();
        let first = cached(&cache, kind, text, &placeholders(&names, &values));
        assert!(first.0.is_ok(), "{text}: {first:?}");
        for _ in 1..100 {
            assert_eq!(cached(&cache, kind, text, &placeholders(&names, &values)), first);
        }
        let CacheCounts {
            asked, parsed, entries, ..
        } = cache.counts();
        assert_eq!((asked, parsed, entries), (100, 1, 1), "{text}");
    }
}

#[test]
fn other_values_need_no_other_parse_where_no_check_sees_a_difference() {
    let cache = ExpressionCache::default();
    let ask = |text: &str, value: AttributeValue| {
        let given = placeholders(&[], &[(":v", value)]);
        cache.condition(ExpressionKind::Filter, text, &given).unwrap()
    };
    for value in [number(1), number(2), text("three"), AttributeValue::Null] {
        let item = [("x1".to_owned(), value.clone())].into_iter().collect();
        assert!(ask("x1 = :v", value.clone()).holds(&item));
        assert!(!ask("x1 <> :v", value).holds(&item));
    }
    assert_eq!(cache.counts().parsed, 2);
    // An order is one of strings, numbers or binaries, each seen once.
    for value in [number(1), text("two"), number(3), text("four")] {
        ask("x1 < :v", value);
    }
    assert_eq!(cache.counts().parsed, 4);
}

#[test]
fn one_text_with_two_names_is_kept_twice() {
    let cache = ExpressionCache::default();
    for _ in 0..5 {
        for name in ["pk", "gsi1pk"] {
            let given = placeholders(&[("#pk", name)], &[]);
            let condition = cache.condition(ExpressionKind::Filter, "attribute_exists(#pk)", &given).unwrap();
            assert_eq!(condition.attributes(), [name]);
        }
    }
    assert_eq!((cache.counts().parsed, cache.counts().entries), (2, 2));
}

#[test]
fn kinds_are_kept_apart() {
    // A projection and nothing else; then a condition with a function that a key condition has no use for.
    let cache = ExpressionCache::default();
    let given = Placeholders::default();
    assert!(cache.projection("x1", &given).is_ok());
    assert!(cache.condition(ExpressionKind::Filter, "x1", &given).is_err());
    assert!(cache.update("x1", &given).is_err());
    let text = "attribute_exists(x1)";
    assert!(cache.condition(ExpressionKind::Filter, text, &given).is_ok());
    assert!(cache.key_condition(text, &given).is_err());
    assert!(cache.update(text, &given).is_err());
    assert!(cache.condition(ExpressionKind::Condition, text, &given).is_ok());
    assert_eq!((cache.counts().parsed, cache.counts().entries), (7, 4));
}

/// A text that is right in one request and wrong in the next is refused in the parser's words, and is right again in the one after.
#[track_caller]
fn assert_found((kind, text): (ExpressionKind, &str), wrong: impl Fn() -> Placeholders) {
    let (names, values) = good();
    let cache = ExpressionCache::default();
    let right = cached(&cache, kind, text, &placeholders(&names, &values));
    assert!(right.0.is_ok(), "{text}");
    let found = cached(&cache, kind, text, &wrong());
    assert!(found.0.is_err(), "{text}");
    assert_eq!(found, fresh(kind, text, &wrong()));
    assert_eq!(cached(&cache, kind, text, &placeholders(&names, &values)), right);
    let counts = cache.counts();
    assert_eq!((counts.parsed, counts.entries), (2, 1), "only what is right is kept: {text}");
}

#[test]
fn values_that_do_not_fit_are_found_though_the_text_is_known() {
    // Rules 29, 32.
    let (names, values) = good();
    for (text, key, other) in [
        (TEXTS[0], ":low", Some(number(10))),
        (TEXTS[0], ":low", Some(text("a"))),
        (TEXTS[0], ":high", None),
        (TEXTS[1], ":s", Some(number(1))),
        (TEXTS[3], ":code", Some(text("XX"))),
        (TEXTS[3], ":code", Some(number(1))),
        (TEXTS[3], ":n", Some(AttributeValue::Null)),
        (TEXTS[6], ":list", Some(number(1))),
        (TEXTS[9], ":n", Some(text("1"))),
        (TEXTS[10], ":list", Some(text("1"))),
        (TEXTS[11], ":n", Some(text("1"))),
        (TEXTS[11], ":set", Some(number(1))),
    ] {
        let others = values.iter().filter(|(given, _)| *given != key).cloned();
        let values: Vec<_> = others.chain(other.map(|other| (key, other))).collect();
        assert_found(text, || placeholders(&names, &values));
    }
}

#[test]
fn names_that_do_not_fit_are_found_though_the_text_is_known() {
    // Rules 29, 30, 31.
    let (_, values) = good();
    for text in [
        (ExpressionKind::Filter, "#a = #b"),
        (ExpressionKind::Condition, "contains(#a, #b)"),
        (ExpressionKind::KeyCondition, "#a = :s AND #b = :s"),
        (ExpressionKind::Projection, "#a, #b.x1"),
        (ExpressionKind::Update, "SET #a = :n REMOVE #b"),
    ] {
        assert_found(text, || placeholders(&[("#a", "first")], &values));
        if text.0 != ExpressionKind::KeyCondition {
            assert_found(text, || placeholders(&[("#a", "first"), ("#b", "first")], &values));
        }
    }
}

#[test]
fn placeholders_are_used_by_what_is_known_already() {
    // Rule 27.
    let cache = ExpressionCache::default();
    let unused = |names: &[(&str, &str)]| {
        let given = placeholders(names, &[]);
        cache.condition(ExpressionKind::Condition, "attribute_exists(#a)", &given).unwrap();
        given.check_all_used()
    };
    for _ in 0..3 {
        assert_eq!(unused(&[("#a", "first")]), Ok(()));
        let message = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}";
        assert_eq!(unused(&[("#a", "first"), ("#b", "second")]).unwrap_err().to_string(), message);
    }
    assert_eq!(cache.counts().parsed, 1);
}

#[test]
fn the_cache_stays_within_its_bounds() {
    let given = Placeholders::default();
    let cache = ExpressionCache::default();
    let ask = |text: &str| {
        let before = cache.counts().parsed;
        cache.projection(text, &given).unwrap();
        let counts = cache.counts();
        assert!(counts.entries <= MOST_ENTRIES && counts.bytes <= MOST_BYTES, "{counts:?}");
        counts.parsed == before
    };
    for at in 0..2 * MOST_ENTRIES {
        ask("often1");
        assert!(!ask(&format!("x{at}")));
    }
    assert_eq!(cache.counts().entries, MOST_ENTRIES);
    assert!(ask("often1"), "what is used stays");
    for at in MOST_ENTRIES + 1..2 * MOST_ENTRIES {
        assert!(ask(&format!("x{at}")), "of the others the latest stay: {at}");
    }
    assert!(!ask("x0"), "the oldest went");

    // Some 4000 bytes each, so that bytes are what there is not enough of.
    let long = |at: usize| format!("x{at}.{}", vec!["deeper"; 20].join("."));
    for at in 0..2 * MOST_ENTRIES {
        assert!(!ask(&long(at)));
    }
    let counts = cache.counts();
    assert!(counts.entries < MOST_ENTRIES && counts.bytes > MOST_BYTES / 2, "{counts:?}");
    assert!(ask(&long(2 * MOST_ENTRIES - 1)));
}

#[test]
fn what_is_very_long_is_not_kept() {
    let cache = ExpressionCache::default();
    let many: Vec<String> = (0..200).map(|at| format!("x{at}")).collect();
    for _ in 0..2 {
        cache.projection(&many.join(","), &Placeholders::default()).unwrap();
    }
    let long_name = placeholders(&[("#a", &"x".repeat(MOST_ENTRY_BYTES))], &[]);
    for _ in 0..2 {
        cache.projection("#a", &long_name).unwrap();
    }
    let CacheCounts {
        entries, bytes, parsed, ..
    } = cache.counts();
    assert_eq!((entries, bytes, parsed), (0, 0, 4));
}
