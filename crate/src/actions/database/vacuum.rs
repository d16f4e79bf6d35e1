//! `Dynatab.Vacuum`: makes the database file smaller, a step at a time. Whoever asks repeats it until it is done; a vacuum that is given up
//! has done no harm, and what it has freed stays freed.

use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::{BackendError, StorageBackend};

/// Bytes of items in deleted tables and indexes that are freed at a time.
const BYTES_A_STEP: usize = 256 << 10;

/// Does one step: frees what was deleted before it gives free pages back.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let deleted = free_discarded(cx).await.map_err(storage_error)?;
    let left = if deleted {
        1
    } else {
        let (began, pages) = (cx.now(), cx.paces.vacuum.amount());
        let left = cx.backend.vacuum_step(pages).await.map_err(storage_error)?;
        cx.learn(&cx.paces.vacuum, began, if left > 0 { pages } else { 0 });
        left
    };
    let info = cx.backend.database_info().await.map_err(storage_error)?;
    let bytes = |pages: u64| i64::try_from(pages.saturating_mul(info.page_size)).unwrap_or(i64::MAX);
    let mut reply = ObjectWriter::begin(out);
    reply.integer("sizeBytes", bytes(info.page_count));
    reply.integer("freeBytes", bytes(info.free_pages));
    reply.boolean("done", left == 0);
    reply.end();
    Ok(())
}

/// Frees some of what was deleted, if there is any left; says whether there was.
#[waits]
pub async fn free_discarded<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, BackendError> {
    if !cx.backend.has_discarded() {
        return Ok(false);
    }
    let (began, rows) = (cx.now(), cx.paces.freeing.amount());
    let more = cx.backend.free_discarded(rows, BYTES_A_STEP).await?;
    cx.learn(&cx.paces.freeing, began, if more { rows } else { 0 });
    Ok(true)
}
