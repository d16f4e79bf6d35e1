//! Tables used as a cache: where there are more items than their bound allows, the ones not used for longest go.
//!
//! They go behind the requests, as a rule. While requests never pause that would let a cache grow without end, so a commit that leaves one far
//! above its bound evicts as many items as it has added, and a step's worth beside.

use std::rc::Rc;

use super::removal::{RemovedRow, remove};
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::TableDefinition;
use crate::storage_backend::{ReadSpec, StorageBackend};

/// Who evicts, as stream records have it: a service like DynamoDB's own, by the package's name.
const EVICTOR: &str = r#"{"PrincipalId":"dynatab","Type":"Service"}"#;

/// How many items more than its bound a cache may have before commits evict: so many, and an eighth of the bound.
const FAR: i64 = 100;

/// A table with a bound, and how many items it holds.
pub struct Filled {
    table: Rc<TableDefinition>,
    most: i64,
    items: i64,
}

/// The caches, as full as they are now.
#[waits]
pub async fn filled<B: StorageBackend>(cx: &Context<'_, B>) -> Vec<Filled> {
    let mut caches: Vec<Filled> = {
        let catalog = cx.catalog.borrow();
        let bounded = catalog.tables().filter_map(|table| {
            Some(Filled {
                table: table.clone(),
                most: table.cache_max_items?,
                items: 0,
            })
        });
        bounded.collect()
    };
    for cache in &mut caches {
        // A table that is being deleted is gone for storage.
        cache.items = cx.backend.count_items(&cache.table.name).await.unwrap_or(0);
    }
    caches
}

/// Evicts some items of a table that has too many, if there is one; says whether there was.
#[waits]
pub async fn evict<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
    let (began, step) = (cx.now(), cx.paces.eviction.amount());
    for cache in filled(cx).await {
        let excess = usize::try_from(cache.items - cache.most).unwrap_or(0).min(step);
        if excess > 0 {
            let evicted = cx.transact(async || evict_from(cx, &cache.table, excess).await).await?;
            cx.learn(&cx.paces.eviction, began, excess);
            return Ok(evicted);
        }
    }
    Ok(false)
}

/// Evicts what a commit must not leave behind, in its transaction; `before` says how full the caches were when it began.
#[waits]
pub async fn evict_far_excess<B: StorageBackend>(cx: &Context<'_, B>, before: &[Filled]) -> Result<(), ApiError> {
    for cache in before {
        let items = cx.backend.count_items(&cache.table.name).await.unwrap_or(0);
        let added = usize::try_from(items - cache.items).unwrap_or(0);
        // What adds nothing may be reads alone, which never become a commit.
        if added > 0 && items - cache.most > FAR + cache.most / 8 {
            let excess = usize::try_from(items - cache.most).unwrap_or(0);
            let count = excess.min(added + cx.paces.eviction.amount());
            cx.transact(async || evict_from(cx, &cache.table, count).await).await?;
        }
    }
    Ok(())
}

#[waits]
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
