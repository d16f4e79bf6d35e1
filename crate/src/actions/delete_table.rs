//! DeleteTable.

use super::resource_tags::is_locked;
use super::update_table::check_not_busy;
use super::{Context, in_use, reply, storage_error};
use crate::api::error::ApiError;
use crate::api::request::DeleteTableRequest;
use crate::model::json::Document;
use crate::schema::TableStatus;
use crate::storage_backend::StorageBackend;

/// Deletes a table with its items, indexes and tags; the records of its stream stay (rules 89, 94, 102). However large it is, only the catalog
/// changes now: the pages of its items are freed behind the requests.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = DeleteTableRequest::parse(request)?;
    let table = cx.any_table(&request.table_name)?;
    // messages-tables 96, 97
    check_not_busy(&table)?;
    if table.global_indexes.iter().any(|index| index.backfilling.is_some()) {
        return Err(in_use("Cannot delete table while indexes are being created, updated, or deleted."));
    }
    if table.deletion_protection {
        return Err(ApiError::validation(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        ));
    }
    if is_locked(cx, &table) {
        // messages-tables 68
        return Err(in_use(&format!("Table tags are being updated: {}", table.name)));
    }
    let mut deleting = (*table).clone();
    deleting.status = TableStatus::Deleting;
    out.extend_from_slice(b"{\"TableDescription\":");
    reply::write_description(cx, &deleting, out).await?;
    out.push(b'}');
    cx.backend.discard_table(table.name.as_str()).await.map_err(storage_error)?;
    let mut catalog = cx.catalog.borrow_mut();
    catalog.insert(deleting);
    catalog.settle_at(&table.name, cx.now() + cx.lifecycle.deletion_ms);
    Ok(())
}
