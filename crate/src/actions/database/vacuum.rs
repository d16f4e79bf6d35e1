//! `Dynatab.Vacuum`: makes the database file smaller, a step at a time. Whoever asks repeats it until it is done; a vacuum that is given up
//! has done no harm, and what it has freed stays freed.

use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::{BackendError, StorageBackend};

/// Free pages that are given back at a time: 2 ms of work, or 3 with their commit.
const PAGES_A_STEP: usize = 48;

/// Rows of deleted tables and indexes that are freed at a time, and bytes of items in them.
const ROWS_A_STEP: usize = 200;
const BYTES_A_STEP: usize = 256 << 10;

/// Does one step: frees what was deleted before it gives free pages back.
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let deleted = free_discarded(cx.backend).await.map_err(storage_error)?;
    let left = if deleted {
        1
    } else {
        cx.backend.vacuum_step(PAGES_A_STEP).await.map_err(storage_error)?
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
pub async fn free_discarded<B: StorageBackend>(backend: &B) -> Result<bool, BackendError> {
    if !backend.has_discarded() {
        return Ok(false);
    }
    backend.free_discarded(ROWS_A_STEP, BYTES_A_STEP).await?;
    Ok(true)
}
