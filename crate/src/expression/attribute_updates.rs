//! `AttributeUpdates`, the parameter from before there were update expressions, translated into what those are parsed into.
//!
//! The JSON kinds have been checked.

use super::condition::Operand;
use super::path::DocumentPath;
use super::update::{Clauses, SetAction, SetValue, Update, ValueAction};
use super::values::Values;
use crate::model::json::Value;
use crate::model::{AttributeValue, Layer, ValueError};
use std::fmt;
use std::sync::Arc;

/// What is wrong with an `AttributeUpdates`. `Display` gives the message without `1 validation error detected: `.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AttributeUpdatesError {
    /// A value that is none, or an attribute without a name.
    Value(ValueError),
    /// An action there is not.
    UnknownAction,
    /// `PUT` or `ADD` without a value.
    NoValue,
    /// `ADD` of what is neither a number nor a set; its type's name on the wire.
    NotAddable(&'static str),
    /// `DELETE` of what is no set; its type's name on the wire.
    NotDeletable(&'static str),
}

impl fmt::Display for AttributeUpdatesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INVALID: &str = "One or more parameter values were invalid:";
        match self {
            Self::Value(error) => error.fmt(f),
            // The service's own text, stray quote included.
            Self::UnknownAction => f.write_str("Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action"),
            Self::NoValue => write!(f, "{INVALID} Only DELETE action is allowed when no attribute value is specified"),
            Self::NotAddable(name) => write!(f, "{INVALID} ADD action is not supported for the type {name}"),
            Self::NotDeletable(name) => write!(f, "{INVALID} DELETE action with value is not supported for the type {name}"),
        }
    }
}

impl std::error::Error for AttributeUpdatesError {}

/// The update of an `AttributeUpdates`; of two elements for one attribute the last counts.
pub fn parse_attribute_updates(map: Value<'_>) -> Result<Update, AttributeUpdatesError> {
    let (mut clauses, mut values) = (Clauses::default(), Values::default());
    for (attribute, element) in map.members() {
        let counts = map.get(&attribute).is_some_and(|last| last.span() == element.span());
        if !counts || element.is_null() {
            continue;
        }
        if attribute.is_empty() {
            return Err(AttributeUpdatesError::Value(ValueError::EmptyAttributeName));
        }
        let path = DocumentPath::of_attribute(attribute);
        let given = |name: &str| element.get(name).filter(|value| !value.is_null());
        let value = given("Value").map(|value| AttributeValue::from_json(value, Layer::Current).map(Arc::new));
        let value = value.transpose().map_err(AttributeUpdatesError::Value)?;
        let action = given("Action").and_then(Value::as_str);
        match (action.as_deref(), value) {
            (Some("DELETE"), None) => clauses.remove.push(path),
            (Some("DELETE"), Some(value)) if is_set(&value) => {
                let value = values.push(value);
                clauses.delete.push(ValueAction { path, value });
            }
            (Some("DELETE"), Some(value)) => return Err(AttributeUpdatesError::NotDeletable(value.type_name())),
            (Some(word), _) if !matches!(word, "ADD" | "DELETE" | "PUT") => return Err(AttributeUpdatesError::UnknownAction),
            (_, None) => return Err(AttributeUpdatesError::NoValue),
            (Some("ADD"), Some(value)) if is_set(&value) || matches!(*value, AttributeValue::N(_)) => {
                let value = values.push(value);
                clauses.add.push(ValueAction { path, value });
            }
            (Some("ADD"), Some(value)) => return Err(AttributeUpdatesError::NotAddable(value.type_name())),
            (_, Some(value)) => {
                let value = SetValue::Operand(Operand::Value(values.push(value)));
                clauses.set.push(SetAction { path, value });
            }
        }
    }
    let clauses = Arc::new(clauses);
    Ok(Update { clauses, values })
}

fn is_set(value: &AttributeValue) -> bool {
    matches!(value, AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Placeholders, parse_update};
    use crate::model::Number;
    use crate::model::json::Document;

    fn parse(json: &str) -> Result<Update, String> {
        let document = Document::parse(json.as_bytes()).unwrap();
        parse_attribute_updates(document.root()).map_err(|error| error.to_string())
    }

    #[test]
    fn actions_mean_what_the_clauses_of_an_expression_mean() {
        let legacy = r#"{
            "a": {"Value": {"N": "1"}},
            "b": {"Action": "PUT", "Value": {"N": "1"}},
            "c": {"Action": "ADD", "Value": {"N": "1"}},
            "d": {"Action": "DELETE"},
            "e": {"Action": "DELETE", "Value": {"SS": ["x"]}}
        }"#;
        let values = vec![
            (":n".to_owned(), AttributeValue::N(Number::parse("1").unwrap())),
            (":s".to_owned(), AttributeValue::string_set(vec!["x".to_owned()])),
        ];
        let placeholders = Placeholders::new(None, Some(values)).unwrap();
        let expression = parse_update("SET a = :n, b = :n ADD c :n REMOVE d DELETE e :s", &placeholders).unwrap();
        assert_eq!(parse(legacy).unwrap(), expression);
        assert_eq!(parse("{}").unwrap(), Update::default());
        assert_eq!(parse(r#"{"a": {"Action": "DELETE"}, "a": null}"#).unwrap(), Update::default());
    }

    #[test]
    fn values_fit_their_actions() {
        // messages-items 7
        const INVALID: &str = "One or more parameter values were invalid:";
        for (element, message) in [
            ("{}", "Only DELETE action is allowed when no attribute value is specified"),
            (
                r#"{"Action": "ADD"}"#,
                "Only DELETE action is allowed when no attribute value is specified",
            ),
            (
                r#"{"Action": "ADD", "Value": {"S": "a"}}"#,
                "ADD action is not supported for the type S",
            ),
            (
                r#"{"Action": "DELETE", "Value": {"N": "1"}}"#,
                "DELETE action with value is not supported for the type N",
            ),
        ] {
            assert_eq!(
                parse(&format!(r#"{{"a": {element}}}"#)),
                Err(format!("{INVALID} {message}")),
                "{element}"
            );
        }
        assert_eq!(parse(r#"{"": {"Action": "DELETE"}}"#), Err("Empty attribute name".to_owned()));
    }
}
