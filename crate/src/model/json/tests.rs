//! The parser and the string writer, held against `serde_json`.

use super::*;
use proptest::prelude::*;
use serde_json::Value as Oracle;

fn parse(text: &str) -> Result<Document<'_>, JsonError> {
    Document::parse(text.as_bytes())
}

/// Whether two fractions are equal but for the last bit, in which the oracle errs.
fn near(one: Option<f64>, two: Option<f64>) -> bool {
    one.zip(two).is_some_and(|(one, two)| (one - two).abs() <= two.abs() * f64::EPSILON)
}

/// The floating-point number nearest to a number.
fn nearest(value: Value<'_>) -> Option<f64> {
    value.number_text()?.parse().ok()
}

/// Whether a value on the tape is the oracle's value.
fn same(value: Value<'_>, oracle: &Oracle) -> bool {
    match oracle {
        Oracle::Null => value.kind() == Kind::Null && value.is_null(),
        Oracle::Bool(flag) => value.as_bool() == Some(*flag),
        // The oracle takes -0 for a fraction.
        Oracle::Number(number) => near(nearest(value), number.as_f64()) && (number.is_f64() || value.as_i64() == number.as_i64()),
        Oracle::String(text) => value.as_str().as_deref() == Some(text),
        Oracle::Array(elements) => {
            value.kind() == Kind::Array
                && value.len() == elements.len()
                && value.is_empty() == elements.is_empty()
                && value.elements().zip(elements).all(|(element, other)| same(element, other))
        }
        // The oracle keeps the last of equal names and sorts them.
        Oracle::Object(members) => {
            value.kind() == Kind::Object
                && value.members().all(|(name, _)| members.contains_key(name.as_ref()))
                && members
                    .iter()
                    .all(|(name, other)| value.get(name).is_some_and(|member| same(member, other)))
        }
    }
}

fn any_json() -> impl Strategy<Value = Oracle> {
    let leaf = prop_oneof![
        Just(Oracle::Null),
        any::<bool>().prop_map(Oracle::from),
        any::<i64>().prop_map(Oracle::from),
        any::<u64>().prop_map(Oracle::from),
        (-1e15..1e15).prop_map(|number: f64| Oracle::from(number)),
        any::<String>().prop_map(Oracle::from),
        "[\"\\\\\u{0}-\u{1f}\u{7f}é\u{10ffff}a/]{0,20}".prop_map(Oracle::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Oracle::from),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(|members| Oracle::Object(members.into_iter().collect())),
        ]
    })
}

/// Texts of JSON's own characters, most of them broken.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "\\",
        "\\n",
        "\\u0041",
        "\\ud83d\\ude00",
        "true",
        "false",
        "null",
        "nul",
        "0",
        "1",
        "12",
        "-",
        "+",
        ".",
        "e",
        "E",
        "e5",
        "1.5",
        "-0",
        " ",
        "\n",
        "\t",
        "\u{1}",
        "é",
        "\u{a0}",
    ]);
    prop_oneof![prop::collection::vec(token.clone(), 0..6), prop::collection::vec(token, 0..12)].prop_map(|tokens| tokens.concat())
}

/// Errors the oracle has because it makes numbers and strings of what it reads at once, where the tape keeps text.
fn is_no_syntax_error(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    text.contains("number out of range") || text.contains("surrogate") || text.contains("end of hex escape")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn reads_what_the_oracle_writes(oracle in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&oracle) } else { serde_json::to_string(&oracle) }.unwrap();
        let document = parse(&text).unwrap();
        prop_assert!(same(document.root(), &oracle), "{}", text);
        prop_assert_eq!(document.root().raw(), text.as_str());
    }

    #[test]
    fn accepts_what_the_oracle_accepts_and_nothing_else(text in nearly_json()) {
        match (parse(&text), serde_json::from_str::<Oracle>(&text)) {
            (Ok(document), Ok(oracle)) => prop_assert!(same(document.root(), &oracle), "{}", text),
            (Ok(_), Err(error)) => prop_assert!(is_no_syntax_error(&error), "accepted {:?}, but {}", text, error),
            (Err(error), Ok(_)) => prop_assert!(false, "refused {:?}: {}", text, error),
            (Err(error), Err(_)) => prop_assert!(error.offset <= text.len()),
        }
    }

    #[test]
    fn any_bytes_give_a_document_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(document) = Document::parse(&bytes) {
            prop_assert!(std::str::from_utf8(&bytes).is_ok());
            prop_assert!(!document.root().raw().is_empty());
        }
    }

    #[test]
    fn every_cut_of_a_text_is_refused(oracle in any_json(), cut: prop::sample::Index) {
        let text = serde_json::to_string(&Oracle::from(vec![oracle])).unwrap();
        let mut end = cut.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let error = parse(&text[..end]).err().map(|error| error.kind);
        prop_assert_eq!(error, Some(JsonErrorKind::UnexpectedEnd));
    }

    #[test]
    fn strings_are_written_with_the_fewest_escapes(text: String, nasty in "[\"\\\\\u{0}-\u{1f}\u{7f}é\u{2028}\u{10ffff}/a]{0,40}") {
        for text in [text, nasty] {
            let mut out = Vec::new();
            write_json_string(&mut out, &text);
            prop_assert_eq!(std::str::from_utf8(&out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}

#[test]
fn numbers_keep_their_text_and_kind() {
    let document = parse("[1, -0, 1.50, 2E+3, 9223372036854775807, 9223372036854775808]").unwrap();
    let read: Vec<_> = document
        .root()
        .elements()
        .map(|value| (value.kind(), value.number_text().unwrap(), value.as_i64()))
        .collect();
    assert_eq!(
        read,
        [
            (Kind::Integer, "1", Some(1)),
            (Kind::Integer, "-0", Some(0)),
            (Kind::Decimal, "1.50", None),
            (Kind::Decimal, "2E+3", None),
            (Kind::Integer, "9223372036854775807", Some(i64::MAX)),
            (Kind::Integer, "9223372036854775808", None),
        ]
    );
}

#[test]
fn the_last_of_equal_names_wins_and_all_are_iterated() {
    let document = parse(r#"{"a":1,"b":2,"\u0061":3}"#).unwrap();
    assert_eq!(document.root().get("a").and_then(Value::as_i64), Some(3));
    assert_eq!(document.root().len(), 3);
    assert!(document.root().get("c").is_none());
}

#[test]
fn accessors_of_another_kind_answer_none_or_nothing() {
    let document = parse(r#"{"a":[{"b":"c"}]}"#).unwrap();
    let root = document.root();
    assert!(root.as_str().is_none() && root.number_text().is_none() && root.as_bool().is_none());
    assert_eq!(root.elements().count(), 0);
    assert_eq!(root.get("a").unwrap().members().count(), 0);
    let text = root.get("a").unwrap().elements().next().unwrap().get("b").unwrap();
    assert_eq!((text.len(), text.members().count(), text.elements().count()), (0, 0, 0));
}

#[test]
fn every_escape_is_read_and_the_shortest_is_written() {
    let document = parse(r#""\"\\\/\b\f\n\r\t\u0041\u001f""#).unwrap();
    let text = "\"\\/\u{8}\u{c}\n\r\tA\u{1f}";
    assert_eq!(document.root().as_str().as_deref(), Some(text));
    let mut out = Vec::new();
    write_json_string(&mut out, text);
    assert_eq!(std::str::from_utf8(&out).unwrap(), r#""\"\\/\b\f\n\r\tA\u001f""#);
}

#[test]
fn lone_surrogates_become_question_marks_and_pairs_become_one_character() {
    let document = parse(r#"["\ud83d\ude00", "\ud83d", "\ude00x", "\ud83dx", "\ud83d\u0041", "\ud83d\ud83d\ude00"]"#).unwrap();
    let texts: Vec<_> = document
        .root()
        .elements()
        .map(|value| value.as_str().unwrap().into_owned())
        .collect();
    assert_eq!(texts, ["😀", "?", "?x", "?x", "?A", "?😀"]);
}

#[test]
fn nesting_ends_at_the_limit_with_an_error_and_not_with_the_stack() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    let error = parse(&nested(MAX_DEPTH + 1)).err().unwrap();
    assert_eq!(error, JsonError::new(MAX_DEPTH, JsonErrorKind::TooDeep));
    assert!(parse(&"{\"a\":".repeat(1_000_000)).is_err());
}

#[test]
fn errors_say_what_and_where() {
    let error = |text: &str| parse(text).err().map(|error| (error.offset, error.kind));
    assert_eq!(error(""), Some((0, JsonErrorKind::UnexpectedEnd)));
    assert_eq!(error("[1,]"), Some((3, JsonErrorKind::UnexpectedCharacter)));
    assert_eq!(error("{\"a\" 1}"), Some((5, JsonErrorKind::UnexpectedCharacter)));
    assert_eq!(error("\"a\nb\""), Some((2, JsonErrorKind::ControlCharacter)));
    assert_eq!(error("\"\\x\""), Some((2, JsonErrorKind::InvalidEscape)));
    assert_eq!(error(r#""\u12""#), Some((5, JsonErrorKind::InvalidEscape)));
    assert_eq!(error(r#""\u123g""#), Some((6, JsonErrorKind::InvalidEscape)));
    assert_eq!(error("[1}"), Some((2, JsonErrorKind::UnexpectedCharacter)));
    assert_eq!(error("{\"a\":1]"), Some((6, JsonErrorKind::UnexpectedCharacter)));
    assert_eq!(error("01"), Some((1, JsonErrorKind::UnexpectedCharacter)));
    assert_eq!(error("1 2"), Some((2, JsonErrorKind::UnexpectedCharacter)));
    let invalid = Document::parse(b"\"ab\xff\"").err().unwrap();
    assert_eq!(invalid.to_string(), "invalid UTF-8 at byte 3");
}

#[test]
fn spans_and_columns_count_in_the_text() {
    let document = parse("{\n  \"a\": [1, \"xy\"]}").unwrap();
    let array = document.root().get("a").unwrap();
    assert_eq!(array.raw(), "[1, \"xy\"]");
    assert_eq!(document.line_column(array.span().start), (2, 8));
    assert_eq!(document.line_column(0), (1, 1));
    let (name, _) = document.root().members().next_pair().unwrap();
    assert_eq!(name.span(), 4..7);
}
