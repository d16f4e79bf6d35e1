//! The exact texts of `messages-items.md`, sections 4 and 5, and which of two problems is reported.

mod operands;
mod precedence;
pub(in crate::expression) mod soup;
mod syntax;

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
        (":bin0", AttributeValue::B(vec![0])),
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
