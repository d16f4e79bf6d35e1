//! Tables used as a cache: where there are more items than their bound allows, the ones not used for longest go, behind the requests.

use std::rc::Rc;

use super::removal::{RemovedRow, remove};
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::TableDefinition;
use crate::storage_backend::{ReadSpec, StorageBackend};

/// Items evicted at a time: few enough for a step between two requests.
const ITEMS_A_STEP: usize = 25;

/// Who evicts, as stream records have it: a service like DynamoDB's own, by the package's name.
const EVICTOR: &str = r#"{"PrincipalId":"dynatab","Type":"Service"}"#;

/// Evicts some items of a table that has too many, if there is one; says whether there was.
pub async fn evict<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
    let caches: Vec<(Rc<TableDefinition>, i64)> = {
        let catalog = cx.catalog.borrow();
        let bounded = |table: &Rc<TableDefinition>| Some((table.clone(), table.cache_max_items?));
        catalog.tables().filter_map(bounded).collect()
    };
    for (table, most) in caches {
        // A table that is being deleted is gone for storage.
        let items = cx.backend.count_items(&table.name).await.unwrap_or(0);
        let excess = usize::try_from(items - most).unwrap_or(0).min(ITEMS_A_STEP);
        if excess > 0 {
            return cx.transact(evict_from(cx, &table, excess)).await;
        }
    }
    Ok(false)
}

async fn evict_from<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, items: usize) -> Result<bool, ApiError> {
    let oldest = cx.backend.get_lru_items(&table.name, items).await.map_err(storage_error)?;
    let specs: Vec<ReadSpec<'_>> = oldest
        .iter()
        .map(|(pk, sk, _)| ReadSpec {
            table_name: &table.name,
            pk,
            sk,
            with_item: true,
        })
        .collect();
    let stored = cx.backend.read_for_write(&specs).await.map_err(storage_error)?;
    let rows = oldest.iter().zip(stored).filter_map(|((pk, sk, _), row)| {
        let row = row?;
        Some(RemovedRow {
            pk: pk.clone(),
            sk: sk.clone(),
            size: row.size,
            json: row.json,
        })
    });
    let rows: Vec<_> = rows.collect();
    remove(cx, table, &rows, EVICTOR).await?;
    Ok(!rows.is_empty())
}
