//! Deleting what has expired.

use std::rc::Rc;

use super::super::item_change::{Image, StreamChange, entry_changes, item_write};
use super::super::single_write::read_stored;
use super::super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::Item;
use crate::schema::TableDefinition;
use crate::storage_backend::{ExpiredRow, StorageBackend};

/// Items deleted at a time: few enough for a step between two requests.
const ITEMS_A_STEP: usize = 25;

/// What expired longer ago than five years is kept (rule 96).
const OLDEST_SECONDS: i64 = 5 * 365 * 24 * 60 * 60;

/// Who deletes, as stream records have it (rule 98).
const SERVICE: &str = r#"{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}"#;

/// Deletes some expired items, of each table so many; says whether there may be more.
pub async fn sweep<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
    let with_ttl = |table: &&Rc<TableDefinition>| table.ttl.is_some();
    let tables: Vec<_> = cx.catalog.borrow().tables().filter(with_ttl).cloned().collect();
    let seconds = cx.now().div_euclid(1000);
    let mut more = false;
    for table in tables {
        let expired = cx
            .backend
            .list_expired(&table.name, seconds - OLDEST_SECONDS..seconds, ITEMS_A_STEP);
        let expired = expired.await.map_err(storage_error)?;
        more |= expired.len() == ITEMS_A_STEP;
        if !expired.is_empty() {
            delete(cx, &table, &expired).await?;
        }
    }
    Ok(more)
}

async fn delete<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, expired: &[ExpiredRow]) -> Result<(), ApiError> {
    let items: Vec<Item> = expired.iter().map(|row| read_stored(&row.json)).collect::<Result<_, _>>()?;
    let now = cx.now();
    let mut changes = Vec::with_capacity(expired.len());
    for (row, item) in expired.iter().zip(&items) {
        let old = Image {
            item,
            json: &row.json,
            size: row.size,
        };
        let record = StreamChange::of(table, Some(&old), None, now).map(|record| record.made_by(SERVICE));
        changes.push((entry_changes(table, [&row.pk, &row.sk], Some(&old), None), record));
    }
    let writes = expired
        .iter()
        .zip(&changes)
        .map(|(row, (changes, record))| item_write(table, [&row.pk, &row.sk], Some(row.size), None, changes, record.as_ref()));
    let writes: Vec<_> = writes.collect();
    cx.transact(async { cx.backend.apply_writes(&writes).await.map_err(storage_error) })
        .await
}
