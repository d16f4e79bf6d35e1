//! Items and values in requests, and the envelopes their errors travel in (rule 11).

use crate::api::error::ApiError;
use crate::model::json::Value;
use crate::model::{AttributeValue, Item, Layer, ValueError, ValueWrapper};

/// What an operation puts in front of the errors of its values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// `1 validation error detected: `, where the error takes it.
    Prefixed,
    /// Nothing.
    Bare,
}

impl Envelope {
    pub(super) fn seal(self, error: &ValueError, message: String) -> ApiError {
        if error.is_serialization() {
            ApiError::serialization(message)
        } else if self == Self::Prefixed && error.takes_prefix() {
            ApiError::one_validation_error(message)
        } else {
            ApiError::validation(message)
        }
    }
}

/// Reads an item or a key.
pub(super) fn read_item(value: Option<Value<'_>>, envelope: Envelope) -> Result<Item, ApiError> {
    let Some(value) = value else { return Ok(Item::new()) };
    Item::from_json(value, Layer::Current).map_err(|error| envelope.seal(&error, error.to_string()))
}

/// Reads an `ExclusiveStartKey`, whose errors have their own lead, most of them (messages-items section 6).
pub(super) fn read_start_key(value: Value<'_>) -> Result<Item, ApiError> {
    Item::from_json(value, Layer::Current).map_err(|error| {
        let alone = matches!(
            error,
            ValueError::Number(..)
                | ValueError::DuplicateNumbers(_)
                | ValueError::DuplicateStrings(_)
                | ValueError::DuplicateBinaries(_)
                | ValueError::EmptyNumberSet
        );
        let message = if alone || error.is_serialization() {
            error.to_string()
        } else {
            format!("The provided starting key is invalid: {error}")
        };
        Envelope::Bare.seal(&error, message)
    })
}

/// Which operation an `ExpressionAttributeValues` belongs to, where that decides the wording.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ValuesOf {
    Query,
    Other,
}

/// Reads one value of `ExpressionAttributeValues`.
pub(super) fn read_expression_value(key: &str, value: Value<'_>, of: ValuesOf, envelope: Envelope) -> Result<AttributeValue, ApiError> {
    AttributeValue::from_json(value, Layer::Current).map_err(|error| {
        let wrapped = match error.wrapper() {
            ValueWrapper::Always => true,
            ValueWrapper::Query => of == ValuesOf::Query,
            ValueWrapper::UpdateItem | ValueWrapper::Never => false,
        };
        let message = if wrapped {
            format!("ExpressionAttributeValues contains invalid value: {error} for key {key}")
        } else {
            error.to_string()
        };
        envelope.seal(&error, message)
    })
}
