//! Items and values in requests, and the envelopes their errors travel in (rule 11).

use super::fields::Fields;
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
    /// Nothing, except that an attribute without a name has the prefix: the `Key` of a write.
    KeyOfWrite,
}

impl Envelope {
    fn prefixes(self, error: &ValueError) -> bool {
        match self {
            Self::Prefixed => error.takes_prefix(),
            Self::Bare => false,
            Self::KeyOfWrite => *error == ValueError::EmptyAttributeName,
        }
    }

    pub(super) fn seal(self, error: &ValueError, message: String) -> ApiError {
        if error.is_serialization() {
            ApiError::serialization(message)
        } else if self.prefixes(error) {
            ApiError::one_validation_error(message)
        } else {
            ApiError::validation(message)
        }
    }
}

/// Most bytes of an attribute's name (rule 21, `AttributeName` of the service model).
const MOST_NAME_BYTES: usize = 65_535;

/// Reads an item or a key: the member of that name.
pub(super) fn read_item(fields: Fields<'_>, member: &str, envelope: Envelope) -> Result<Item, ApiError> {
    let Some(value) = fields.get(member) else { return Ok(Item::new()) };
    read_value_as_item(value, member, Layer::Current, envelope)
}

/// Reads an item or a key, which stands in the member of that name.
pub(super) fn read_value_as_item(value: Value<'_>, member: &str, layer: Layer, envelope: Envelope) -> Result<Item, ApiError> {
    let item = Item::from_json(value, layer).map_err(|error| envelope.seal(&error, error.to_string()))?;
    check_names(item, value, member)
}

/// Reads the item or key of a transaction's action. Of its faults an empty name and too many levels come after those of the action's
/// expressions: they stand inside (rule 79).
pub(super) fn read_action_item(fields: Fields<'_>, member: &str) -> Result<Result<Item, ApiError>, ApiError> {
    let Some(value) = fields.get(member) else {
        return Ok(Ok(Item::new()));
    };
    match Item::from_json(value, Layer::Older) {
        Ok(item) => check_names(item, value, member).map(Ok),
        Err(error) => {
            let later = matches!(error, ValueError::EmptyAttributeName | ValueError::Nesting(_));
            let error = Envelope::Bare.seal(&error, error.to_string());
            if later { Ok(Err(error)) } else { Err(error) }
        }
    }
}

fn check_names(item: Item, value: Value<'_>, member: &str) -> Result<Item, ApiError> {
    if value.span().len() > MOST_NAME_BYTES && has_long_name(&item) {
        return Err(name_too_long(member, "keys"));
    }
    Ok(item)
}

/// The model has the constraint, the message tables do not have its text: worded as the newer layer words its kind.
fn name_too_long(member: &str, of_the_map: &str) -> ApiError {
    ApiError::one_validation_error(format!(
        "Value at '{member}' failed to satisfy constraint: Map {of_the_map} must satisfy constraint: \
         [Member must have length less than or equal to {MOST_NAME_BYTES}]"
    ))
}

/// Reads what an `ExpressionAttributeNames` has for a placeholder.
pub(super) fn read_expression_name(name: Value<'_>) -> Result<String, ApiError> {
    let name = name.as_str().unwrap_or_default();
    if name.len() > MOST_NAME_BYTES {
        return Err(name_too_long("ExpressionAttributeNames", "value"));
    }
    Ok(name.into_owned())
}

/// Holds the names in an `AttributeUpdates` to their length; its values are read later.
pub(super) fn check_names_of_updates(map: Value<'_>) -> Result<(), ApiError> {
    let value_of = |element: Value<'_>| AttributeValue::from_json(element.get("Value")?, Layer::Current).ok();
    let is_long = |(name, element): (std::borrow::Cow<'_, str>, Value<'_>)| {
        name.len() > MOST_NAME_BYTES || value_of(element).is_some_and(|value| value_has_long_name(&value))
    };
    if map.span().len() > MOST_NAME_BYTES && map.members().any(is_long) {
        return Err(name_too_long("AttributeUpdates", "keys"));
    }
    Ok(())
}

/// Whether a name in the item, at any level, is too long. Levels are bounded by the reading of the item.
fn has_long_name(item: &Item) -> bool {
    item.iter()
        .any(|(name, value)| name.len() > MOST_NAME_BYTES || value_has_long_name(value))
}

fn value_has_long_name(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::M(map) => has_long_name(map),
        AttributeValue::L(elements) => elements.iter().any(value_has_long_name),
        _ => false,
    }
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
    UpdateItem,
    /// An action of a transaction, whose values are the older layer's (rule 4).
    Transaction,
    Other,
}

/// Reads one value of `ExpressionAttributeValues`.
pub(super) fn read_expression_value(key: &str, value: Value<'_>, of: ValuesOf, envelope: Envelope) -> Result<AttributeValue, ApiError> {
    let layer = if of == ValuesOf::Transaction {
        Layer::Older
    } else {
        Layer::Current
    };
    let read = AttributeValue::from_json(value, layer);
    if value.span().len() > MOST_NAME_BYTES && read.as_ref().is_ok_and(value_has_long_name) {
        return Err(name_too_long("ExpressionAttributeValues", "keys"));
    }
    read.map_err(|error| {
        let wrapped = match error.wrapper() {
            ValueWrapper::Always => true,
            ValueWrapper::Query => of == ValuesOf::Query,
            ValueWrapper::UpdateItem => of == ValuesOf::UpdateItem,
            ValueWrapper::Never => false,
        };
        let message = if wrapped {
            format!("ExpressionAttributeValues contains invalid value: {error} for key {key}")
        } else {
            error.to_string()
        };
        envelope.seal(&error, message)
    })
}
