//! Filling an index that `UpdateTable` has made, some items at a time (rule 91).
//!
//! The table is gone through in the order of a scan. The place that has been got to is stored with every step, so that filling goes on where
//! it stopped when the database was closed. What lies behind that place the index does not know yet: writes leave it alone there
//! (`IndexDefinition::knows`), and the step that comes by takes the item as it is then.

use std::rc::Rc;

use super::get_item::stored_text;
use super::item_change::{Entry, Image, key_text};
use super::single_write::read_stored;
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::{IndexStatus, TableDefinition};
use crate::storage::StartAfter;
use crate::storage_backend::{BackendError, GsiItemRow, RowScan, Source, StorageBackend};

/// Items and bytes looked at in one step.
const ITEMS_A_STEP: u32 = 100;
const BYTES_A_STEP: u32 = 256 << 10;

/// The table with an index to fill, and which of its global indexes.
fn unfinished<B>(cx: &Context<'_, B>) -> Option<(Rc<TableDefinition>, usize)> {
    let catalog = cx.catalog.borrow();
    let mut found = catalog.tables().filter_map(|table| {
        let mut indexes = table.global_indexes.iter();
        let at = indexes.position(|index| index.backfilling == Some(true) && index.status == IndexStatus::Creating)?;
        Some((table.clone(), at))
    });
    found.next()
}

/// Fills in some items; says whether there was an index to fill.
pub async fn step<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
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
        most_rows: ITEMS_A_STEP,
        most_bytes: BYTES_A_STEP,
    };
    let page = cx.backend.scan_rows(&scan).await.map_err(storage_error)?;
    let mut entries = Vec::new();
    let mut last = None;
    for row in page.rows() {
        let row = row.map_err(storage_error)?;
        let json = stored_text(row.json)?;
        let item = read_stored(json)?;
        let key = table.key_schema.values_in(&item).ok_or_else(unreadable)?;
        let [table_pk, table_sk] = [key_text(&key.hash), key_text(&key.range)];
        let image = Image {
            item: &item,
            json,
            size: row.size,
        };
        // An item whose attribute cannot be a key has no entry.
        if let Some(entry) = Entry::of(&table, index, &image) {
            let [gsi_pk, gsi_sk, item_json] = entry.into_texts();
            entries.push(GsiItemRow {
                gsi_pk,
                gsi_sk,
                table_pk: table_pk.clone(),
                table_sk: table_sk.clone(),
                item_json,
            });
        }
        last = Some([table_pk, table_sk]);
    }
    cx.backend.recycle(page);

    let mut definition = (*table).clone();
    if let Some(index) = definition.global_indexes.get_mut(at) {
        if last.is_none() {
            index.status = IndexStatus::Active;
            index.backfilling = None;
        }
        index.filled_to = last;
    }
    cx.transact(async {
        let filled = cx.backend.insert_gsi_items(&table.name, &index.name, &entries).await;
        filled.map_err(storage_error)?;
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
