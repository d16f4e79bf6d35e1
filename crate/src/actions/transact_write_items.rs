//! TransactWriteItems: all actions or none, at most three crossings however many they are.

use std::borrow::Cow;
use std::rc::Rc;

use super::item_change::{Image, StreamChange, canonical_text, item_write, key_text};
use super::reply::{ChangedCollection, write_item_collections};
use super::single_write::read_stored;
use super::transaction::{
    NO_REASON, TransactionCapacity, check_distinct, check_reasons, check_total_size, condition_failed, is_found_at_the_door,
    validation_error,
};
use super::update_item::{self, PlannedUpdate, UpdateForm, check_targets};
use super::{Context, capacity, storage_error};
use crate::api::error::{ApiError, CancellationReason, ModelledError};
use crate::api::request::{ReturnConsumedCapacity, TransactWriteItemsRequest, WriteAction, WriteActionKind, check_item_size};
use crate::api::response::TransactionUnit;
use crate::expression::{Condition, ExpressionCache, ExpressionKind, Placeholders};
use crate::model::json::Document;
use crate::model::{Item, digest_text};
use crate::schema::json_text::ObjectWriter;
use crate::schema::{KeyFault, TableDefinition, TableName};
use crate::storage_backend::{ItemWrite, ReadSpec, RequestToken, StorageBackend, StoredRow};

/// How long a `ClientRequestToken` is remembered (rule 78).
const TOKEN_MILLIS: i64 = 10 * 60 * 1000;

/// What an action does, read whole.
enum Effect {
    Put,
    Update(PlannedUpdate),
    Delete,
    Check,
}

/// An action that is right by itself; its table is not known yet.
struct Action {
    table_name: TableName,
    effect: Effect,
    /// The item to put, or the key.
    item: Item,
    condition: Option<Condition>,
    return_item_on_failure: bool,
}

impl Action {
    /// Rule 79: of one action first the syntax of its expressions, then the size of an item, then unused placeholders, then names and levels.
    fn of(expressions: &ExpressionCache, action: WriteAction) -> Result<Self, ApiError> {
        let attributes = action.attributes;
        let placeholders = Placeholders::new(attributes.names, attributes.values).map_err(ApiError::validation_of)?;
        let effect = match action.kind {
            WriteActionKind::Put => Effect::Put,
            WriteActionKind::Delete => Effect::Delete,
            WriteActionKind::ConditionCheck => Effect::Check,
            WriteActionKind::Update(text) => Effect::Update(PlannedUpdate {
                update: expressions.update(&text, &placeholders).map_err(ApiError::validation_of)?,
                form: UpdateForm::Transaction,
            }),
        };
        let condition = action.condition.as_ref();
        let condition = condition.map(|text| expressions.condition(ExpressionKind::Condition, text, &placeholders));
        let condition = condition.transpose().map_err(ApiError::validation_of)?;
        if let (Effect::Put, Ok(item)) = (&effect, &action.item) {
            check_item_size(item)?;
        }
        let used = if condition.is_none() && !matches!(effect, Effect::Update(_)) {
            placeholders.check_none_given(&[ExpressionKind::Condition])
        } else {
            placeholders.check_all_used()
        };
        used.map_err(ApiError::validation_of)?;
        Ok(Self {
            table_name: action.table_name,
            effect,
            item: action.item?,
            condition,
            return_item_on_failure: action.return_item_on_failure,
        })
    }
}

/// An action held against its table.
struct Planned {
    action: Action,
    table: Rc<TableDefinition>,
    /// Its key as storage keeps it, or why the action cannot be.
    key: Result<[String; 2], KeyFault>,
}

impl Planned {
    fn of(action: Action, table: Rc<TableDefinition>) -> Result<Self, ApiError> {
        let key = match &action.effect {
            Effect::Put => table.check_item(&action.item),
            Effect::Update(_) | Effect::Delete | Effect::Check => table.key_schema.key_of_request(&action.item),
        };
        let key = key.map(|key| [key_text(&key.hash), key_text(&key.range)]);
        if let Err(fault) = &key
            && is_found_at_the_door(fault)
        {
            return Err(ApiError::validation_of(fault));
        }
        if let Effect::Update(planned) = &action.effect {
            check_targets(&table, &planned.update)?;
        }
        Ok(Self { action, table, key })
    }

    /// The key of its item, whatever the table's indexes want of the item: whole, where the transaction was done before.
    fn table_key(&self) -> Option<[String; 2]> {
        let schema = &self.table.key_schema;
        let key = match self.action.effect {
            Effect::Put => schema.key_of_item(&self.action.item),
            Effect::Update(_) | Effect::Delete | Effect::Check => schema.key_of_request(&self.action.item),
        };
        key.ok().map(|key| [key_text(&key.hash), key_text(&key.range)])
    }

    /// What must be read of the item: all of it, or only its size.
    fn read_spec<'p>(&'p self, [pk, sk]: &'p [String; 2]) -> ReadSpec<'p> {
        ReadSpec {
            table_name: &self.table.name,
            pk,
            sk,
            with_item: matches!(self.action.effect, Effect::Update(_))
                || self.action.condition.is_some()
                || self.table.stream.is_some()
                || self.table.indexes().next().is_some(),
        }
    }

    /// The item after the action and its JSON, none where it goes or is only looked at.
    fn decide(&self, row: Option<&StoredRow>, old: Option<&Item>) -> Result<Option<(Cow<'_, Item>, String)>, CancellationReason> {
        if let Err(fault) = &self.key {
            return Err(validation_error(fault.to_string()));
        }
        let holds = |condition: &Condition| condition.holds(old.unwrap_or(&Item::new()));
        if !self.action.condition.as_ref().is_none_or(holds) {
            let shown = row.filter(|_| self.action.return_item_on_failure);
            return Err(condition_failed(shown.map(|row| row.json.clone().into_bytes())));
        }
        let item = match &self.action.effect {
            Effect::Delete | Effect::Check => return Ok(None),
            Effect::Put => Cow::Borrowed(&self.action.item),
            Effect::Update(update) => {
                let updated = update_item::apply(&self.table, update, old.unwrap_or(&self.action.item));
                let fault = |fault| validation_error(ApiError::from(fault).message().unwrap_or_default().to_owned());
                Cow::Owned(updated.map_err(fault)?.item)
            }
        };
        let json = canonical_text(&item);
        Ok(Some((item, json)))
    }
}

/// An action and what it comes to.
struct Decided<'p> {
    planned: &'p Planned,
    key: &'p [String; 2],
    row: Option<&'p StoredRow>,
    old: Option<&'p Item>,
    new: Option<(Cow<'p, Item>, String)>,
}

/// The item before and after an action.
struct Images<'d> {
    old: Option<Image<'d>>,
    new: Option<Image<'d>>,
}

impl Decided<'_> {
    fn images(&self) -> Images<'_> {
        Images {
            old: self.row.zip(self.old).map(|(row, item)| Image {
                item,
                json: &row.json,
                size: row.size,
            }),
            new: self.new.as_ref().map(|(item, json)| Image {
                item,
                json,
                size: item.size(),
            }),
        }
    }
}

/// Puts, updates and deletes items and checks others, in one or more tables.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = TransactWriteItemsRequest::parse(request)?;
    let mut canonical = Vec::new();
    let mut actions = Vec::new();
    for action in request.actions() {
        let action = action?;
        if request.client_request_token.is_some() {
            action.write_canonical(&mut canonical);
        }
        actions.push(Action::of(cx.expressions, action)?);
    }
    let tables = actions.iter().map(|action| cx.table(&action.table_name));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    check_distinct(tables.iter().zip(&actions).map(|(table, action)| (&**table, &action.item)))?;
    let planned = actions.into_iter().zip(tables).map(|(action, table)| Planned::of(action, table));
    let planned = planned.collect::<Result<Vec<_>, _>>()?;
    let Some(token) = &request.client_request_token else {
        return cx.transact(async || write(cx, &request, &planned, out).await).await;
    };
    let use_of_token = RequestToken {
        token,
        digest: &digest_text(&canonical),
        used_at: cx.now(),
    };
    cx.transact(async || {
        let known = cx.backend.get_request_token(token, use_of_token.used_at - TOKEN_MILLIS);
        match known.await.map_err(storage_error)? {
            // It was done before: only the reply is given again (rule 66).
            Some(digest) if digest == use_of_token.digest => replay(cx, &request, &planned, out).await,
            Some(_) => Err(ApiError::modelled(
                ModelledError::IdempotentParameterMismatch,
                "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that \
                 was already used.",
            )),
            None => {
                write(cx, &request, &planned, out).await?;
                let noted = cx.backend.put_request_token(&use_of_token, use_of_token.used_at - TOKEN_MILLIS);
                noted.await.map_err(storage_error)
            }
        }
    })
    .await
}

/// Reads, decides, and queues the writes; replies.
#[waits]
async fn write<B: StorageBackend>(
    cx: &Context<'_, B>,
    request: &TransactWriteItemsRequest<'_>,
    planned: &[Planned],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    // An action whose key is wrong reads nothing.
    let keyed = || planned.iter().filter_map(|planned| Some((planned, planned.key.as_ref().ok()?)));
    let specs: Vec<ReadSpec<'_>> = keyed().map(|(planned, key)| planned.read_spec(key)).collect();
    let mut rows = cx.backend.read_for_write(&specs).await.map_err(storage_error)?.into_iter();
    let mut read = Vec::with_capacity(planned.len());
    for planned in planned {
        let row = planned.key.as_ref().ok().and_then(|_| rows.next()).flatten();
        let item = row.as_ref().filter(|row| !row.json.is_empty());
        let item = item.map(|row| read_stored(&row.json)).transpose()?;
        read.push((row, item));
    }
    let mut reasons = Vec::with_capacity(planned.len());
    let mut decided = Vec::with_capacity(planned.len());
    for (planned, (row, old)) in planned.iter().zip(&read) {
        match (planned.decide(row.as_ref(), old.as_ref()), &planned.key) {
            (Ok(new), Ok(key)) => {
                reasons.push(NO_REASON);
                decided.push(Decided {
                    planned,
                    key,
                    row: row.as_ref(),
                    old: old.as_ref(),
                    new,
                });
            }
            (Err(reason), _) => reasons.push(reason),
            (Ok(_), Err(fault)) => reasons.push(validation_error(fault.to_string())),
        }
    }
    check_reasons(reasons)?;

    let images: Vec<Images<'_>> = decided.iter().map(Decided::images).collect();
    check_total_size(images.iter().zip(&decided).map(|(images, decided)| {
        let new = images.new.as_ref().map(|image| image.size);
        new.or(decided.row.map(|row| row.size)).unwrap_or(0)
    }))?;
    let now = cx.now();
    let mut changes = Vec::with_capacity(decided.len());
    for (decided, images) in decided.iter().zip(&images) {
        let table = &decided.planned.table;
        let (old, new) = (images.old.as_ref(), images.new.as_ref());
        changes.push(match decided.planned.action.effect {
            Effect::Check => (Vec::new(), None),
            _ => (
                cx.entry_changes(table, [&decided.key[0], &decided.key[1]], old, new),
                StreamChange::of(table, old, new, now),
            ),
        });
    }
    let mut writes: Vec<ItemWrite<'_>> = Vec::with_capacity(decided.len());
    let mut consumed = TransactionCapacity::default();
    for ((decided, images), (changes, stream)) in decided.iter().zip(&images).zip(&changes) {
        let (table, [pk, sk]) = (&decided.planned.table, decided.key);
        let old_size = decided.row.map(|row| row.size);
        let checks = matches!(decided.planned.action.effect, Effect::Check);
        // What is not there needs no deletion.
        if !checks && (old_size.is_some() || images.new.is_some()) {
            writes.push(item_write(table, [pk, sk], old_size, images.new.as_ref(), changes, stream.as_ref()));
        }
        let new_size = images.new.as_ref().map(|image| image.size);
        consumed.add(&table.name, capacity::of_write(old_size, new_size, changes));
    }
    cx.backend.apply_writes(&writes).await.map_err(storage_error)?;

    let mut reply = ObjectWriter::begin(out);
    consumed.write(&mut reply, request.return_consumed_capacity, TransactionUnit::Write);
    if request.return_item_collection_metrics {
        let changing = decided
            .iter()
            .filter(|decided| !matches!(decided.planned.action.effect, Effect::Check));
        let changed = changing.map(|decided| ChangedCollection {
            table_name: &decided.planned.table.name,
            table: &decided.planned.table,
            pk: &decided.key[0],
            key_item: &decided.planned.action.item,
        });
        write_item_collections(&mut reply, changed);
    }
    reply.end();
    Ok(())
}

/// Replies to a request that was answered before: it has read what it would write (rule 66).
#[waits]
async fn replay<B: StorageBackend>(
    cx: &Context<'_, B>,
    request: &TransactWriteItemsRequest<'_>,
    planned: &[Planned],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    let mut reply = ObjectWriter::begin(out);
    if request.return_consumed_capacity != ReturnConsumedCapacity::None {
        // An index that was made meanwhile has nothing against what was written before it.
        let keys: Vec<[String; 2]> = planned.iter().filter_map(Planned::table_key).collect();
        let specs = planned.iter().zip(&keys).map(|(planned, [pk, sk])| ReadSpec {
            table_name: &planned.table.name,
            pk,
            sk,
            with_item: false,
        });
        let rows = cx.backend.read_for_write(&specs.collect::<Vec<_>>()).await.map_err(storage_error)?;
        let mut consumed = TransactionCapacity::default();
        for (planned, row) in planned.iter().zip(&rows) {
            let size = row.as_ref().map_or(0, |row| row.size);
            consumed.add_read(&planned.table.name, capacity::read_units(size, true));
        }
        consumed.write(&mut reply, request.return_consumed_capacity, TransactionUnit::Read);
    }
    reply.end();
    Ok(())
}
