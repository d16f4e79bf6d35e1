//! Filling an index that `UpdateTable` has made, some items at a time (rule 91).
//!
//! The table is gone through in the order of a scan. The place that has been got to is stored with every step, so that filling goes on where
//! it stopped when the database was closed. What lies behind that place the index does not know yet: writes leave it alone there
//! (`IndexDefinition::knows`), and the step that comes by takes the item as it is then.

use std::rc::Rc;

use super::get_item::stored_text;
use super::item_change::{Entry, EntryChange, Image, item_write, key_text};
use super::single_write::read_stored;
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::{hash_prefix, sorting::sorted_indices};
use crate::schema::{IndexDefinition, IndexStatus, TableDefinition};
use crate::storage::StartAfter;
use crate::storage_backend::{BackendError, ItemWrite, RowScan, Source, StorageBackend};

/// Items and bytes looked at in one step between requests.
pub const ITEMS_A_STEP: u32 = 100;
const BYTES_A_STEP: u32 = 256 << 10;

/// Hash prefixes have 24 bits.
const HASHES: i64 = 1 << 24;

/// Which of the table's global indexes is to be filled.
pub fn unfilled(table: &TableDefinition) -> Option<usize> {
    let mut indexes = table.global_indexes.iter();
    indexes.position(is_to_be_filled)
}

fn is_to_be_filled(index: &IndexDefinition) -> bool {
    index.backfilling == Some(true) && index.status == IndexStatus::Creating
}

/// The table with an index to fill, and which of its global indexes. One whose items are still being imported waits.
fn unfinished<B: StorageBackend>(cx: &Context<'_, B>) -> Option<(Rc<TableDefinition>, usize)> {
    let catalog = cx.catalog.borrow();
    let now = cx.now();
    let waits = |table: &TableDefinition| cx.imports.holds_until(table).is_some_and(|until| until > now);
    let mut found = catalog.tables().filter_map(|table| Some((table, unfilled(table)?)));
    found.find(|(table, _)| !waits(table)).map(|(table, at)| (table.clone(), at))
}

/// When an index that waits for an import may be filled all the same, in milliseconds since the epoch.
pub fn held_until<B>(cx: &Context<'_, B>) -> Option<i64> {
    let catalog = cx.catalog.borrow();
    let waiting = catalog.tables().filter(|table| unfilled(table).is_some());
    waiting.filter_map(|table| cx.imports.holds_until(table)).min()
}

/// How many indexes of the table are still to be filled, and how far they are altogether, in thousandths of one: the order of a scan is that
/// of the hashes, which are evenly spread.
pub fn left_to_fill(table: &TableDefinition) -> (i64, i64) {
    let (mut left, mut filled) = (0, 0);
    for index in table.global_indexes.iter().filter(|index| is_to_be_filled(index)) {
        left += 1;
        filled += index
            .filled_to
            .as_ref()
            .map_or(0, |[pk, _]| i64::from(hash_prefix(pk)) * 1000 / HASHES);
    }
    (left, filled)
}

/// Fills in some items; says whether there was an index to fill.
pub async fn step<B: StorageBackend>(cx: &Context<'_, B>, most_items: u32) -> Result<bool, ApiError> {
    let Some((table, at)) = unfinished(cx) else { return Ok(false) };
    let Some(index) = table.global_indexes.get(at) else {
        return Ok(false);
    };
    let start = index.filled_to.as_ref().map(|[pk, sk]| {
        let behind = StartAfter {
            sk,
            ..StartAfter::default()
        };
        (pk.as_str(), behind)
    });
    let scan = RowScan {
        table_name: &table.name,
        source: Source::Base,
        hashes: None,
        start,
        most_rows: most_items,
        most_bytes: BYTES_A_STEP,
    };
    let page = cx.backend.scan_rows(&scan).await.map_err(storage_error)?;
    let mut filled = Vec::new();
    let mut last = None;
    for row in page.rows() {
        let row = row.map_err(storage_error)?;
        let json = stored_text(row.json)?;
        let item = read_stored(json)?;
        let key = table.key_schema.values_in(&item).ok_or_else(unreadable)?;
        let key = [key_text(&key.hash), key_text(&key.range)];
        let image = Image {
            item: &item,
            json,
            size: row.size,
        };
        // An item whose attribute cannot be a key has no entry.
        if let Some(new) = Entry::of(&table, index, &image) {
            let change = EntryChange {
                index,
                old: None,
                new: Some(new),
            };
            filled.push((key.clone(), [change]));
        }
        last = Some(key);
    }
    cx.backend.recycle(page);
    // What lies together in the index is written together: it dirties fewer pages than in the order of the table.
    let places: Vec<u32> = filled
        .iter()
        .map(|(_, [change])| change.new.as_ref().map_or(0, Entry::hash))
        .collect();
    let order = sorted_indices(filled.len(), &|a, b| places[a].cmp(&places[b]));
    let in_order = order.iter().filter_map(|&at| filled.get(at as usize));
    let writes: Vec<ItemWrite<'_>> = in_order
        .map(|([pk, sk], changes)| item_write(&table, [pk, sk], None, None, changes, None))
        .collect();

    let mut definition = (*table).clone();
    if let Some(index) = definition.global_indexes.get_mut(at) {
        if last.is_none() {
            index.status = IndexStatus::Active;
            index.backfilling = None;
        }
        index.filled_to = last;
    }
    cx.transact(async {
        cx.backend.apply_writes(&writes).await.map_err(storage_error)?;
        let stored = definition.to_stored();
        let noted = cx
            .backend
            .update_table_metadata(&table.name, &stored.attribute_definitions, stored.gsi_definitions.as_deref());
        noted.await.map_err(storage_error)
    })
    .await?;
    cx.catalog.borrow_mut().insert(definition);
    Ok(true)
}

fn unreadable() -> ApiError {
    storage_error(BackendError::Corrupt("a stored item is unreadable".into()))
}
