//! One step of an import: some rows of its run with their index entries and stream records, and the place that was got to, in one transaction.

use super::session::{Session, State};
use crate::actions::item_change::{Image, StreamChange, item_write};
use crate::actions::single_write::read_stored;
use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::Item;
use crate::schema::{IndexDefinition, TableDefinition};
use crate::storage_backend::{BaseItemRow, ItemWrite, ReadSpec, StorageBackend};

/// Writes a step of the session's run. The commit is not flushed: whoever else is answered next, or the end of the run, sees to that.
#[waits]
pub async fn write_step<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, session: &mut Session) -> Result<(), ApiError> {
    cx.imports.begin_bulk_loading(cx.backend).await.map_err(storage_error)?;
    let (rows, progress) = session.next_step();
    let mut definition = table.clone();
    if session.remembered {
        definition.note_import(progress.clone());
    }
    cx.transact(async || {
        if is_bare(table) {
            cx.filling.forget(table);
            cx.backend.put_base_items(&table.name, rows).await.map_err(storage_error)?;
        } else {
            write_whole(cx, table, rows).await?;
        }
        if session.remembered {
            let settings = definition.other_settings();
            let noted = cx.backend.update_other_settings(&table.name, settings.as_deref());
            noted.await.map_err(storage_error)?;
        }
        Ok(())
    })
    .await?;
    if session.remembered {
        cx.catalog.borrow_mut().insert(definition);
    }
    let count = rows.len();
    session.wrote(count, progress);
    if session.state() != State::Writing {
        cx.imports.end_bulk_loading(cx.backend).await.map_err(storage_error)?;
    }
    Ok(())
}

/// Whether nothing but the row of an item changes with it: no stream, and no index that knows of any item yet.
fn is_bare(table: &TableDefinition) -> bool {
    table.stream.is_none() && table.indexes().all(IndexDefinition::knows_nothing)
}

/// Writes items with all that goes with them, as `BatchWriteItem` does.
#[waits]
async fn write_whole<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, rows: &[BaseItemRow]) -> Result<(), ApiError> {
    let spec = |row| ReadSpec {
        table_name: &table.name,
        pk: key_of(row)[0],
        sk: key_of(row)[1],
        with_item: true,
    };
    let specs: Vec<ReadSpec<'_>> = rows.iter().map(spec).collect();
    let found = cx.backend.read_for_write(&specs).await.map_err(storage_error)?;
    let now = cx.now();
    let mut items = Vec::with_capacity(rows.len());
    for (row, old) in rows.iter().zip(&found) {
        let old_item: Option<Item> = old.as_ref().map(|old| read_stored(&old.json)).transpose()?;
        items.push((old_item, read_stored(&row.item_json)?));
    }
    let mut decided = Vec::with_capacity(rows.len());
    for ((row, old), (old_item, item)) in rows.iter().zip(&found).zip(&items) {
        let old = old.as_ref().zip(old_item.as_ref()).map(|(old, item)| Image {
            item,
            json: &old.json,
            size: old.size,
        });
        let new = Image {
            item,
            json: &row.item_json,
            size: row.item_size,
        };
        let changes = cx.entry_changes(table, key_of(row), old.as_ref(), Some(&new));
        let stream = StreamChange::of(table, old.as_ref(), Some(&new), now);
        decided.push((row, old.map(|old| old.size), new, changes, stream));
    }
    let writes: Vec<ItemWrite<'_>> = decided
        .iter()
        .map(|(row, old_size, new, changes, stream)| item_write(table, key_of(row), *old_size, Some(new), changes, stream.as_ref()))
        .collect();
    cx.backend.apply_writes(&writes).await.map_err(storage_error)
}

fn key_of(row: &BaseItemRow) -> [&str; 2] {
    [&row.pk, &row.sk]
}
