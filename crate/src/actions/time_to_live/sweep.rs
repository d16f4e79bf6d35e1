//! Deleting what has expired.

use std::rc::Rc;

use super::super::removal::{RemovedRow, remove};
use super::super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::TableDefinition;
use crate::storage_backend::StorageBackend;

/// What expired longer ago than five years is kept (rule 96).
const OLDEST_SECONDS: i64 = 5 * 365 * 24 * 60 * 60;

/// Who deletes, as stream records have it (rule 98).
const SERVICE: &str = r#"{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}"#;

/// Deletes some expired items; says whether there may be more.
#[waits]
pub async fn sweep<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
    let with_ttl = |table: &&Rc<TableDefinition>| table.ttl.is_some();
    let tables: Vec<_> = cx.catalog.borrow().tables().filter(with_ttl).cloned().collect();
    let seconds = cx.now().div_euclid(1000);
    let (began, most) = (cx.now(), cx.paces.sweep.amount());
    let mut deleted = 0;
    for table in tables {
        let expired = cx
            .backend
            .list_expired(&table.name, seconds - OLDEST_SECONDS..seconds, most - deleted);
        let expired = expired.await.map_err(storage_error)?;
        deleted += expired.len();
        if !expired.is_empty() {
            let rows = expired.into_iter().map(|row| RemovedRow {
                pk: row.pk,
                sk: row.sk,
                size: row.size,
                json: row.json,
            });
            let rows: Vec<_> = rows.collect();
            cx.transact(async || remove(cx, &table, &rows, SERVICE).await).await?;
        }
        if deleted == most {
            break;
        }
    }
    cx.learn(&cx.paces.sweep, began, deleted);
    Ok(deleted == most)
}
