//! What PutItem, UpdateItem and DeleteItem share: read what must be known, decide, write once, reply. At most two crossings.

use std::borrow::Cow;
use std::rc::Rc;

use super::capacity;
use super::item_change::{Image, StreamChange, canonical_text, item_write, key_text};
use super::update_item::{self, PlannedUpdate, UpdateFault};
use super::{Context, legacy_parameters, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{ConditionParameters, ExpressionAttributes, ReturnConsumedCapacity, ReturnValues};
use crate::api::response::write_item_collection_metrics;
use crate::expression::{Condition, ExpressionCache, ExpressionKind, Placeholders};
use crate::model::Item;
use crate::schema::TableDefinition;
use crate::schema::item_keys::KeyValues;
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::{BackendError, ReadSpec, StorageBackend, StoredRow};

/// The placeholders of a write, whose errors carry the prefix of the writes where they can. For a write without any expression `missing`
/// says which could have used values.
pub fn write_placeholders(attributes: ExpressionAttributes, missing: Option<&'static [ExpressionKind]>) -> Result<Placeholders, ApiError> {
    Placeholders::of_request(attributes.names, attributes.values, missing).map_err(|error| {
        if error.takes_prefix() {
            ApiError::one_validation_error(error)
        } else {
            ApiError::validation_of(error)
        }
    })
}

/// Parses a write's condition; its errors carry the prefix of the writes (behaviour part C). `check` is what the service looks at when it
/// knows the expression, before it asks whether every placeholder was used.
pub fn parse_write_condition(
    expressions: &ExpressionCache,
    parameters: &mut ConditionParameters,
    check: impl FnOnce() -> Result<(), ApiError>,
) -> Result<Option<Condition>, ApiError> {
    let attributes = std::mem::take(&mut parameters.attributes);
    let Some(text) = &parameters.expression else {
        write_placeholders(attributes, Some(&[ExpressionKind::Condition]))?;
        check()?;
        return legacy_parameters::expected_condition(parameters);
    };
    let placeholders = write_placeholders(attributes, None)?;
    let condition = expressions.condition(ExpressionKind::Condition, text, &placeholders);
    let condition = condition.map_err(ApiError::one_validation_error)?;
    check()?;
    placeholders.check_all_used().map_err(ApiError::one_validation_error)?;
    Ok(Some(condition))
}

/// What becomes of the item.
#[derive(Clone, Copy)]
pub enum Effect<'r> {
    /// It is replaced by this one, whose keys have been checked.
    Put(&'r Item),
    /// It is changed so, whose targets have been checked.
    Update(&'r PlannedUpdate),
    /// It goes.
    Delete,
}

/// A write of one item, planned.
pub struct SingleWrite<'r> {
    /// The table.
    pub table: Rc<TableDefinition>,
    /// The item's key.
    pub key: KeyValues<'r>,
    /// The attributes of the key, for item collection metrics: the item, or the request's `Key`.
    pub key_item: &'r Item,
    /// What becomes of the item.
    pub effect: Effect<'r>,
    /// Under which condition.
    pub condition: Option<Condition>,
    /// What of the item the reply shows.
    pub return_values: ReturnValues,
    /// Whether a failed condition's error shows the item as it was (rule A5).
    pub return_old_on_failure: bool,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

/// A stored item read back; anything unreadable is corruption.
pub fn read_stored(json: &str) -> Result<Item, ApiError> {
    Item::from_canonical(json).map_err(|error| storage_error(BackendError::Corrupt(error.to_string())))
}

/// What a write makes of the item.
#[derive(Default)]
struct Finished<'r> {
    /// The item after it.
    item: Option<Cow<'r, Item>>,
    /// The values an update put in place.
    new_values: Item,
}

/// Parts of an item as the reply shows them; no parts are not shown.
fn shown(parts: &Item) -> Option<Cow<'static, str>> {
    (!parts.is_empty()).then(|| Cow::Owned(canonical_text(parts)))
}

#[waits]
impl SingleWrite<'_> {
    /// Whether the old item itself must be known, beside its size.
    fn needs_old_item(&self) -> bool {
        let table = &self.table;
        matches!(self.effect, Effect::Update(_))
            || self.return_values != ReturnValues::None
            || self.condition.is_some()
            || table.stream.is_some()
            || table.indexes().next().is_some()
    }

    /// Writes, and replies.
    pub async fn run<B: StorageBackend>(self, cx: &Context<'_, B>, out: &mut Vec<u8>) -> Result<(), ApiError> {
        let (pk, sk) = (key_text(&self.key.hash), key_text(&self.key.range));
        let spec = ReadSpec {
            table_name: &self.table.name,
            pk: &pk,
            sk: &sk,
            with_item: self.needs_old_item(),
        };
        cx.transact(async || {
            let old = cx.backend.read_for_write(&[spec]).await.map_err(storage_error)?.pop().flatten();
            let old_item = match &old {
                Some(row) if spec.with_item => Some(read_stored(&row.json)?),
                _ => None,
            };
            let finished = self.finish(old_item.as_ref());
            if let Err(UpdateFault::TooLarge) = finished {
                return Err(UpdateFault::TooLarge.into());
            }
            self.check_condition(old.as_ref(), old_item.as_ref())?;
            let Finished { item: new, new_values } = finished?;
            let new_json = new.as_deref().map(canonical_text);

            let old_image = old.as_ref().zip(old_item.as_ref()).map(|(row, item)| Image {
                item,
                json: &row.json,
                size: row.size,
            });
            let new_image = new.as_deref().zip(new_json.as_deref()).map(|(item, json)| Image {
                item,
                json,
                size: item.size(),
            });
            let changes = cx.entry_changes(&self.table, [&pk, &sk], old_image.as_ref(), new_image.as_ref());
            let stream = StreamChange::of(&self.table, old_image.as_ref(), new_image.as_ref(), cx.now());
            let old_size = old.as_ref().map(|row| row.size);
            if old_size.is_some() || new_image.is_some() {
                let write = item_write(&self.table, [&pk, &sk], old_size, new_image.as_ref(), &changes, stream.as_ref());
                cx.backend.apply_writes(&[write]).await.map_err(storage_error)?;
            }
            let mut reply = ObjectWriter::begin(out);
            let attributes = match self.return_values {
                ReturnValues::None => None,
                ReturnValues::AllOld => old.as_ref().map(|row| Cow::Borrowed(row.json.as_str())),
                ReturnValues::AllNew => new_json.as_deref().map(Cow::Borrowed),
                ReturnValues::UpdatedOld => old_item.as_ref().and_then(|item| self.old_values(item)),
                ReturnValues::UpdatedNew => shown(&new_values),
            };
            if let Some(attributes) = attributes {
                reply.name("Attributes").extend_from_slice(attributes.as_bytes());
            }
            if self.return_consumed_capacity != ReturnConsumedCapacity::None {
                let consumed = capacity::of_write(old_size, new_image.map(|image| image.size), &changes);
                consumed.write_member(&mut reply, &self.table.name, self.return_consumed_capacity);
            }
            if self.return_item_collection_metrics && !self.table.local_indexes.is_empty() {
                write_item_collection_metrics(&mut reply, &self.table.key_schema, self.key_item, 0);
            }
            reply.end();
            Ok(())
        })
        .await
    }

    /// The item after the write, or why it cannot be.
    fn finish(&self, old: Option<&Item>) -> Result<Finished<'_>, UpdateFault> {
        let mut finished = Finished::default();
        match self.effect {
            Effect::Delete => {}
            Effect::Put(item) => finished.item = Some(Cow::Borrowed(item)),
            Effect::Update(update) if old.is_none() && update.needs_item() => {}
            Effect::Update(update) => {
                let updated = update_item::apply(&self.table, update, old.unwrap_or(self.key_item))?;
                finished.item = Some(Cow::Owned(updated.item));
                finished.new_values = updated.new_values;
            }
        }
        Ok(finished)
    }

    /// What stood where an update changes something (rule 44).
    fn old_values(&self, old: &Item) -> Option<Cow<'static, str>> {
        match self.effect {
            Effect::Update(update) => shown(&update.update.old_values(old)),
            Effect::Put(_) | Effect::Delete => None,
        }
    }

    fn check_condition(&self, old: Option<&StoredRow>, old_item: Option<&Item>) -> Result<(), ApiError> {
        let Some(condition) = &self.condition else { return Ok(()) };
        let nothing = Item::new();
        if condition.holds(old_item.unwrap_or(&nothing)) {
            return Ok(());
        }
        let shown = old.filter(|_| self.return_old_on_failure).map(|row| row.json.clone().into_bytes());
        Err(ApiError::conditional_check_failed(shown))
    }
}
