//! Items that the service removes by itself, behind the requests: with their index entries, and a stream record that says who did it.

use super::item_change::{Image, StreamChange, item_write};
use super::single_write::read_stored;
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::Item;
use crate::schema::TableDefinition;
use crate::storage_backend::StorageBackend;

/// A stored item that goes.
pub struct RemovedRow {
    /// The partition key, as storage keeps it.
    pub pk: String,
    /// The sort key, likewise.
    pub sk: String,
    /// Its size by rule 13.
    pub size: usize,
    /// The item.
    pub json: String,
}

/// Removes items in the open transaction. `identity` is the `userIdentity` of their records.
#[waits]
pub async fn remove<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    rows: &[RemovedRow],
    identity: &'static str,
) -> Result<(), ApiError> {
    let items: Vec<Item> = rows.iter().map(|row| read_stored(&row.json)).collect::<Result<_, _>>()?;
    let now = cx.now();
    let mut changes = Vec::with_capacity(rows.len());
    for (row, item) in rows.iter().zip(&items) {
        let old = Image {
            item,
            json: &row.json,
            size: row.size,
        };
        let record = StreamChange::of(table, Some(&old), None, now).map(|record| record.made_by(identity));
        changes.push((cx.entry_changes(table, [&row.pk, &row.sk], Some(&old), None), record));
    }
    let writes = rows
        .iter()
        .zip(&changes)
        .map(|(row, (changes, record))| item_write(table, [&row.pk, &row.sk], Some(row.size), None, changes, record.as_ref()));
    cx.backend.apply_writes(&writes.collect::<Vec<_>>()).await.map_err(storage_error)
}
