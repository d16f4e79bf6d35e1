//! UpdateItem: what an update may not touch, and what it may not make of an item.

use super::single_write::{Effect, SingleWrite, write_placeholders};
use super::{Context, legacy_parameters};
use crate::api::error::ApiError;
use crate::api::request::UpdateItemRequest;
use crate::expression::{Condition, ExpressionCache, ExpressionKind, Update, UpdateError, Updated};
use crate::model::json::Document;
use crate::model::{AttributeValue, Item, MAX_NESTING, ValueError};
use crate::schema::item_keys::is_of_type;
use crate::schema::{KeyFault, TableDefinition};
use crate::storage_backend::StorageBackend;

/// Most bytes of an item after an update, and of the update itself (rules 13, 16).
const MOST_BYTES: usize = 409_600;

/// Changes an item, or creates it (rule 41).
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = UpdateItemRequest::parse(request)?;
    let (update, condition) = plan(cx.expressions, &mut request)?;
    let table = cx.table(&request.table_name)?;
    let key = table.key_schema.key_of_request(&request.key).map_err(ApiError::validation_of)?;
    check_targets(&table, &update.update)?;
    let write = SingleWrite {
        key,
        key_item: &request.key,
        effect: Effect::Update(&update),
        condition,
        return_values: request.return_values,
        return_old_on_failure: request.condition.return_item_on_failure,
        return_consumed_capacity: request.return_consumed_capacity,
        return_item_collection_metrics: request.return_item_collection_metrics,
        table: table.clone(),
    };
    write.run(cx, out).await
}

/// An update, and in which way it was asked for.
#[derive(Default)]
pub struct PlannedUpdate {
    /// What it does; nothing, where the request has only a key.
    pub update: Update,
    /// In which way.
    pub form: UpdateForm,
}

/// The ways to ask for an update.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UpdateForm {
    /// `UpdateExpression` of `UpdateItem`.
    #[default]
    Expression,
    /// `AttributeUpdates`
    AttributeUpdates,
    /// `UpdateExpression` of a transaction.
    Transaction,
}

impl PlannedUpdate {
    /// Whether there is nothing to do where there is no item: deletions by `AttributeUpdates` do not create one.
    pub fn needs_item(&self) -> bool {
        self.form == UpdateForm::AttributeUpdates && self.update.only_takes_away()
    }
}

/// The update and the condition, from expressions or from the legacy parameters.
fn plan(expressions: &ExpressionCache, request: &mut UpdateItemRequest) -> Result<(PlannedUpdate, Option<Condition>), ApiError> {
    let attributes = std::mem::take(&mut request.condition.attributes);
    let texts = (&request.update, &request.condition.expression);
    if let (None, None) = texts {
        write_placeholders(attributes, Some(&[ExpressionKind::Update, ExpressionKind::Condition]))?;
        let mut planned = PlannedUpdate::default();
        if let Some(json) = &request.attribute_updates {
            planned.update = legacy_parameters::attribute_updates(json)?;
            planned.form = UpdateForm::AttributeUpdates;
        }
        return Ok((planned, legacy_parameters::expected_condition(&request.condition)?));
    }
    let placeholders = write_placeholders(attributes, None)?;
    let update = texts.0.as_ref().map(|text| expressions.update(text, &placeholders));
    let update = update.transpose().map_err(ApiError::one_validation_error)?;
    let condition = texts.1.as_ref();
    let condition = condition.map(|text| expressions.condition(ExpressionKind::Condition, text, &placeholders));
    let condition = condition.transpose().map_err(ApiError::one_validation_error)?;
    placeholders.check_all_used().map_err(ApiError::one_validation_error)?;
    let update = update.unwrap_or_default();
    let form = UpdateForm::Expression;
    Ok((PlannedUpdate { update, form }, condition))
}

/// What of an update is wrong for its table, whatever the item: it changes the key (rule 45), or sets an index's key to an empty value
/// (rule 19).
pub fn check_targets(table: &TableDefinition, update: &Update) -> Result<(), ApiError> {
    let keys: Vec<&str> = table.key_schema.attributes().map(|attribute| attribute.name.as_str()).collect();
    if let Some(key) = update.first_attribute_of(&keys) {
        return Err(ApiError::validation(format!(
            "One or more parameter values were invalid: Cannot update attribute {key}. This attribute is part of the key"
        )));
    }
    for (path, value) in update.set_values() {
        let mut index_keys = table.indexes().flat_map(|index| index.key_schema.attributes());
        // A value of another type is refused for that, when the item is known.
        let mut is_index_key = || index_keys.any(|key| key.name == path.attribute && is_of_type(value, key.key_type));
        if let (Some(kind), false, true) = (empty_kind(value), path.is_nested(), is_index_key()) {
            return Err(UpdateFault::EmptyIndexKey(kind).into());
        }
    }
    Ok(())
}

fn empty_kind(value: &AttributeValue) -> Option<&'static str> {
    match value {
        AttributeValue::S(text) if text.is_empty() => Some("string"),
        AttributeValue::B(bytes) if bytes.is_empty() => Some("binary"),
        _ => None,
    }
}

/// Why an update cannot be applied to an item.
pub enum UpdateFault {
    /// The item, or the update itself, is too large: this comes before the condition (rule 16).
    TooLarge,
    /// The key of an index would become an empty string, or an empty binary (rule 19).
    EmptyIndexKey(&'static str),
    /// Anything else.
    Other(ApiError),
}

impl From<UpdateFault> for ApiError {
    fn from(fault: UpdateFault) -> Self {
        match fault {
            UpdateFault::TooLarge => Self::validation("Item size to update has exceeded the maximum allowed size"),
            // Unlike PutItem's text this one does not say which index (part D on rule 19).
            UpdateFault::EmptyIndexKey(kind) => Self::validation(format!(
                "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value \
                 that is not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value."
            )),
            UpdateFault::Other(error) => error,
        }
    }
}

/// Applies an update and holds what comes out against what an item may be. `item` has the key attributes only if there is no item yet.
pub fn apply(table: &TableDefinition, planned: &PlannedUpdate, item: &Item) -> Result<Updated, UpdateFault> {
    let update = &planned.update;
    // Rule 16: only expressions of UpdateItem count by themselves.
    if planned.form == UpdateForm::Expression && update.cost() > MOST_BYTES {
        return Err(UpdateFault::TooLarge);
    }
    let updated = update.apply(item).map_err(|error| {
        UpdateFault::Other(match error {
            // messages-items 7
            UpdateError::OperandType if planned.form == UpdateForm::AttributeUpdates => {
                ApiError::validation("Type mismatch for attribute to update")
            }
            error => ApiError::validation_of(error),
        })
    })?;
    if updated.item.size() > MOST_BYTES {
        return Err(UpdateFault::TooLarge);
    }
    let levels = updated.item.levels();
    if levels > MAX_NESTING {
        // Rule 17: bare in transactions. 64 levels, which are bare everywhere, are out of reach: a path has 32 and a value 32 more, at its end.
        let seal = if planned.form == UpdateForm::Transaction {
            ApiError::validation_of
        } else {
            ApiError::one_validation_error
        };
        return Err(UpdateFault::Other(seal(ValueError::Nesting(levels))));
    }
    for index in table.indexes() {
        let keys: Vec<&str> = index.key_schema.attributes().map(|attribute| attribute.name.as_str()).collect();
        // What the update does not touch was good when it was written.
        if update.first_attribute_of(&keys).is_some() {
            index.entry_key(&updated.item).map_err(|fault| match fault {
                KeyFault::IndexEmpty { binary, .. } => UpdateFault::EmptyIndexKey(if binary { "binary" } else { "string" }),
                fault => UpdateFault::Other(ApiError::validation_of(fault)),
            })?;
        }
    }
    Ok(updated)
}
