//! BatchWriteItem: all writes in one transaction, at most two crossings.

use std::rc::Rc;

use super::item_change::{Image, StreamChange, canonical_text, item_write, key_text};
use super::reply::{ChangedCollection, write_item_collections};
use super::single_write::read_stored;
use super::{Context, capacity, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{BatchWriteItemRequest, ReturnConsumedCapacity, WriteRequest, check_distinct};
use crate::api::response::ConsumedCapacity;
use crate::model::Item;
use crate::model::json::Document;
use crate::schema::item_keys::KeyValues;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::schema::{KeyFault, TableDefinition};
use crate::storage_backend::{ItemWrite, ReadSpec, StorageBackend};

/// One write, planned.
struct Planned<'r> {
    /// Which of the request's tables.
    at: usize,
    table: Rc<TableDefinition>,
    /// The attributes of the key, perhaps among others.
    key_item: &'r Item,
    pk: String,
    sk: String,
    /// The new item and its canonical JSON; none for a deletion.
    new: Option<(&'r Item, String)>,
}

/// Puts and deletes items of one or more tables, all or none of them.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = BatchWriteItemRequest::parse(request)?;
    let planned = plan(cx, &request)?;
    let specs: Vec<ReadSpec<'_>> = planned.iter().map(Planned::read_spec).collect();
    cx.transact(async || {
        let rows = cx.backend.read_for_write(&specs).await.map_err(storage_error)?;
        let old_items: Vec<Option<Item>> = rows
            .iter()
            .zip(&specs)
            .map(|(row, spec)| {
                row.as_ref()
                    .filter(|_| spec.with_item)
                    .map(|row| read_stored(&row.json))
                    .transpose()
            })
            .collect::<Result<_, _>>()?;
        let now = cx.now();
        let mut decided = Vec::with_capacity(planned.len());
        for (planned, (row, item)) in planned.iter().zip(rows.iter().zip(&old_items)) {
            let old = row.as_ref().zip(item.as_ref()).map(|(row, item)| Image {
                item,
                json: &row.json,
                size: row.size,
            });
            let new = planned.new.as_ref().map(|(item, json)| Image {
                item,
                json,
                size: item.size(),
            });
            let changes = cx.entry_changes(&planned.table, [&planned.pk, &planned.sk], old.as_ref(), new.as_ref());
            let stream = StreamChange::of(&planned.table, old.as_ref(), new.as_ref(), now);
            decided.push((planned, row.as_ref().map(|row| row.size), new, changes, stream));
        }
        // What is not there needs no deletion.
        let changing = decided.iter().filter(|(_, old_size, new, ..)| old_size.is_some() || new.is_some());
        let writes: Vec<ItemWrite<'_>> = changing
            .map(|(planned, old_size, new, changes, stream)| {
                item_write(
                    &planned.table,
                    [&planned.pk, &planned.sk],
                    *old_size,
                    new.as_ref(),
                    changes,
                    stream.as_ref(),
                )
            })
            .collect();
        cx.backend.apply_writes(&writes).await.map_err(storage_error)?;

        let mut consumed = vec![ConsumedCapacity::default(); request.tables.len()];
        for (planned, old_size, new, changes, _) in &decided {
            consumed[planned.at].add(capacity::of_write(*old_size, new.as_ref().map(|image| image.size), changes));
        }
        write_reply(&request, &planned, &consumed, out);
        Ok(())
    })
    .await
}

/// Holds the writes against their tables: all tables first, then whether an item occurs twice, then the keys (rules 70, 87).
fn plan<'r, B: StorageBackend>(cx: &Context<'_, B>, request: &'r BatchWriteItemRequest) -> Result<Vec<Planned<'r>>, ApiError> {
    let tables = request.tables.iter().map(|table| cx.table(&table.table_name));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    let writes = || {
        let writes = request.tables.iter().zip(&tables).enumerate();
        writes.flat_map(|(at, (writes, table))| writes.writes.iter().map(move |write| (at, table, write)))
    };
    check_distinct(writes().filter_map(|(_, table, write)| {
        let key = table.key_schema.key_item(item_of(write));
        // What has no whole key is refused for that.
        (key.len() == table.key_schema.attributes().count()).then_some((&table.name, key))
    }))?;
    let plan = |(at, table, write): (usize, &Rc<TableDefinition>, &'r WriteRequest)| {
        let key = checked_key(table, write).map_err(ApiError::validation_of)?;
        Ok(Planned {
            at,
            table: table.clone(),
            key_item: item_of(write),
            pk: key_text(&key.hash),
            sk: key_text(&key.range),
            new: match write {
                WriteRequest::Put(item) => Some((item, canonical_text(item))),
                WriteRequest::Delete(_) => None,
            },
        })
    };
    writes().map(plan).collect()
}

fn item_of(write: &WriteRequest) -> &Item {
    match write {
        WriteRequest::Put(item) | WriteRequest::Delete(item) => item,
    }
}

/// The key of a write; a wrong or missing key of an item is worded as that of a `Key` is (rule 20).
fn checked_key<'r>(table: &TableDefinition, write: &'r WriteRequest) -> Result<KeyValues<'r>, KeyFault> {
    match write {
        WriteRequest::Delete(key) => table.key_schema.key_of_request(key),
        WriteRequest::Put(item) => table.check_item(item).map_err(|fault| match fault {
            KeyFault::Missing { .. } | KeyFault::WrongType { .. } => KeyFault::DoesNotMatchSchema,
            fault => fault,
        }),
    }
}

impl Planned<'_> {
    /// The old item itself is needed for the entries of indexes and for the stream only.
    fn read_spec(&self) -> ReadSpec<'_> {
        ReadSpec {
            table_name: &self.table.name,
            pk: &self.pk,
            sk: &self.sk,
            with_item: self.table.stream.is_some() || self.table.indexes().next().is_some(),
        }
    }
}

fn write_reply(request: &BatchWriteItemRequest, planned: &[Planned<'_>], consumed: &[ConsumedCapacity], out: &mut Vec<u8>) {
    let mut reply = ObjectWriter::begin(out);
    reply.name("UnprocessedItems").extend_from_slice(b"{}");
    if request.return_item_collection_metrics {
        let changed = planned.iter().map(|planned| ChangedCollection {
            table_name: &request.tables[planned.at].sent_name,
            table: &planned.table,
            pk: &planned.pk,
            key_item: planned.key_item,
        });
        write_item_collections(&mut reply, changed);
    }
    let mode = request.return_consumed_capacity;
    if mode != ReturnConsumedCapacity::None {
        write_array(
            reply.name("ConsumedCapacity"),
            request.tables.iter().zip(consumed),
            |out, (table, consumed)| {
                let mut object = ObjectWriter::begin(out);
                consumed.write(&mut object, &table.table_name, mode);
                object.end();
            },
        );
    }
    reply.end();
}
