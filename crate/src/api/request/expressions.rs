//! Expressions and legacy conditions of a request: raw, with the placeholders read.

use super::attribute_values::{Envelope, ValuesOf, read_expression_name, read_expression_value};
use super::fields::Fields;
use crate::api::error::ApiError;
use crate::model::AttributeValue;
use crate::model::json::Value;

/// `ExpressionAttributeNames` and `ExpressionAttributeValues`; `None` for one that is absent.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExpressionAttributes {
    /// Attribute names by `#placeholder`.
    pub names: Option<Vec<(String, String)>>,
    /// Values by `:placeholder`.
    pub values: Option<Vec<(String, AttributeValue)>>,
}

impl ExpressionAttributes {
    pub(super) fn read(fields: Fields<'_>, of: ValuesOf, envelope: Envelope) -> Result<Self, ApiError> {
        let names = fields.get("ExpressionAttributeNames").map(|map| {
            map.members()
                .map(|(key, name)| Ok((key.into_owned(), read_expression_name(name)?)))
                .collect::<Result<_, ApiError>>()
        });
        let values = fields.get("ExpressionAttributeValues").map(|map| {
            let read = |key: &str, value: Value<'_>| read_expression_value(key, value, of, envelope);
            map.members()
                .map(|(key, value)| Ok((key.to_string(), read(&key, value)?)))
                .collect::<Result<_, ApiError>>()
        });
        Ok(Self {
            names: names.transpose()?,
            values: values.transpose()?,
        })
    }
}

/// The condition of a write.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConditionParameters {
    /// `ConditionExpression`, as it was sent.
    pub expression: Option<String>,
    /// Its placeholders.
    pub attributes: ExpressionAttributes,
    /// `Expected`, as JSON.
    pub expected: Option<String>,
    /// `ConditionalOperator`: `AND` or `OR`.
    pub conditional_operator: Option<String>,
    /// Whether the item is to be returned when the condition does not hold (rule A5).
    pub return_item_on_failure: bool,
}

impl ConditionParameters {
    pub(super) fn read(fields: Fields<'_>, of: ValuesOf) -> Result<Self, ApiError> {
        Ok(Self {
            expression: fields.string("ConditionExpression"),
            attributes: ExpressionAttributes::read(fields, of, Envelope::Prefixed)?,
            expected: fields.raw("Expected"),
            conditional_operator: fields.string("ConditionalOperator"),
            return_item_on_failure: fields.text("ReturnValuesOnConditionCheckFailure").as_deref() == Some("ALL_OLD"),
        })
    }

    /// Whether the write has a condition at all.
    pub fn is_conditional(&self) -> bool {
        self.expression.is_some() || self.expected.is_some()
    }
}

/// Expressions and legacy parameters do not go together (rule 36). Both lists in the order the service names them.
pub(super) fn check_not_mixed(fields: Fields<'_>, legacy: &[&str], expressions: &[&str], envelope: Envelope) -> Result<(), ApiError> {
    let any = |names: &[&str]| names.iter().any(|name| fields.has(name));
    if !any(legacy) || !any(expressions) {
        return Ok(());
    }
    let given = |names: &[&str]| {
        let mut given = names.to_vec();
        given.retain(|name| fields.has(name));
        given.join(", ")
    };
    let message = format!(
        "Can not use both expression and non-expression parameters in the same request: \
         Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
        given(legacy),
        given(expressions)
    );
    Err(if envelope == Envelope::Prefixed {
        ApiError::one_validation_error(message)
    } else {
        ApiError::validation(message)
    })
}

/// `AttributesToGet`; a name may occur once.
pub(super) fn attributes_to_get(fields: Fields<'_>) -> Result<Option<Vec<String>>, ApiError> {
    let Some(list) = fields.get("AttributesToGet") else {
        return Ok(None);
    };
    let mut names: Vec<String> = Vec::new();
    for name in list.elements().filter_map(Value::as_str) {
        if name.is_empty() {
            return Err(ApiError::validation("Empty attribute name"));
        }
        if names.iter().any(|other| *other == name) {
            return Err(ApiError::validation(format!(
                "One or more parameter values were invalid: Duplicate value in attribute name: {name}"
            )));
        }
        names.push(name.into_owned());
    }
    Ok(Some(names))
}
