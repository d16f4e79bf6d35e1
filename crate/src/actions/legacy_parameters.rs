//! The legacy parameters of requests: read, translated, and their errors put into the envelope of the operation.

use crate::api::error::ApiError;
use crate::api::request::{ConditionParameters, QueryRequest};
use crate::expression::{
    AttributeUpdatesError, Condition, KeyClauses, LegacyError, Update, parse_attribute_updates, parse_expected, parse_key_conditions,
    parse_legacy_filter,
};
use crate::model::json::{Document, Value};

/// Reads the JSON of a legacy parameter, which was part of a request that has been parsed.
fn with_json<T>(json: Option<&str>, read: impl FnOnce(Option<Value<'_>>) -> T) -> Result<T, ApiError> {
    let document = json.map(|json| Document::parse(json.as_bytes())).transpose();
    let document = document.map_err(|_| ApiError::unparseable())?;
    Ok(read(document.as_ref().map(Document::root)))
}

/// The wire's form of an error (the request's checks have refused values that cannot be read at all); on writes it carries `1 validation error detected: ` where it can.
fn sealed(error: &LegacyError, write: bool) -> ApiError {
    match error {
        LegacyError::Value(value) if !value.takes_prefix() => ApiError::validation_of(error),
        _ if write => ApiError::one_validation_error(error),
        _ => ApiError::validation_of(error),
    }
}

/// The update of an `AttributeUpdates`. Faults of its values carry `1 validation error detected: ` where they can; of its own, only an
/// unknown action does.
pub fn attribute_updates(json: &str) -> Result<Update, ApiError> {
    let update = with_json(Some(json), |map| map.map(parse_attribute_updates).transpose())?;
    update.map(Option::unwrap_or_default).map_err(|error| match error {
        AttributeUpdatesError::Value(value) => sealed(&LegacyError::Value(value), true),
        AttributeUpdatesError::UnknownAction => ApiError::one_validation_error(error),
        error => ApiError::validation_of(error),
    })
}

/// The condition of a write's `Expected` and `ConditionalOperator`.
pub fn expected_condition(parameters: &ConditionParameters) -> Result<Option<Condition>, ApiError> {
    let operator = parameters.conditional_operator.as_deref();
    with_json(parameters.expected.as_deref(), |map| parse_expected(map, operator))?.map_err(|error| sealed(&error, true))
}

/// The clauses of a Query's `KeyConditions`; none if there are no such conditions.
pub fn key_conditions(request: &QueryRequest) -> Result<KeyClauses, ApiError> {
    let clauses = with_json(request.key_conditions.as_deref(), |map| {
        map.map_or_else(|| Ok(KeyClauses::new(Vec::new())), parse_key_conditions)
    });
    clauses?.map_err(|error| sealed(&error, false))
}

/// The filter of a Query's `QueryFilter` or a Scan's `ScanFilter`, with its `ConditionalOperator`.
pub fn filter(filter: Option<&str>, conditional_operator: Option<&str>) -> Result<Option<Condition>, ApiError> {
    with_json(filter, |map| parse_legacy_filter(map, conditional_operator))?.map_err(|error| sealed(&error, false))
}
