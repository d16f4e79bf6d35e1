//! `Dynatab.UpdateCache`: makes a table a cache of at most so many items, or an ordinary table again.

use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::json::{Document, Value};
use crate::storage_backend::StorageBackend;

/// Sets or takes away the bound. What there is too much of goes behind the reply.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let root = request.root();
    let name = root.get("tableName").and_then(Value::as_str).unwrap_or_default();
    let most = match root.get("maxItems").filter(|value| !value.is_null()) {
        None => None,
        Some(value) => match value.as_i64() {
            Some(most) if most > 0 => Some(most),
            _ => return Err(ApiError::validation("maxItems must be a whole number of at least 1, or null")),
        },
    };
    let table = cx.table(&name)?;
    let mut changed = (*table).clone();
    changed.cache_max_items = most;
    cx.transact(async || {
        let name = table.name.as_str();
        if table.cache_max_items.is_some() != most.is_some() {
            cx.backend.update_cache_config(name, most.is_some()).await.map_err(storage_error)?;
        }
        let settings = changed.other_settings();
        let noted = cx.backend.update_other_settings(name, settings.as_deref()).await;
        noted.map_err(storage_error)
    })
    .await?;
    cx.catalog.borrow_mut().insert(changed);
    out.extend_from_slice(b"{}");
    Ok(())
}
