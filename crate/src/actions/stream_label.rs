//! The label of a stream that begins: the time at which it does, which another stream of that name may have for its own.

use std::cell::Cell;

use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::TableDefinition;
use crate::storage_backend::{BackendError, StorageBackend};

/// How many milliseconds are tried for a label.
const MOST_LABELS: i64 = 1000;

/// Whether storing a table failed since its stream's label is taken.
#[derive(Default)]
pub struct LabelTaken(Cell<bool>);

#[waits]
impl LabelTaken {
    /// Enables the stream of a table.
    pub async fn enable<B: StorageBackend>(&self, backend: &B, table: &TableDefinition) -> Result<(), BackendError> {
        let Some(stream) = &table.stream else { return Ok(()) };
        let enabled = backend.enable_stream(table.name.as_str(), stream.view.name(), &stream.label).await;
        self.0.set(matches!(enabled, Err(BackendError::AlreadyExists(_))));
        enabled
    }
}

/// Stores a table that is new or has changed, all or nothing.
///
/// A stream is named by the time it was enabled. The table's earlier streams stay for a while, and those of a dropped table of the same name,
/// and one of them may have been enabled in this very millisecond: then the next one names this stream.
#[waits]
pub async fn store<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &mut TableDefinition,
    store: impl AsyncFn(&TableDefinition, &LabelTaken) -> Result<(), BackendError>,
) -> Result<(), ApiError> {
    for later in 1.. {
        let taken = LabelTaken::default();
        let stored = cx.transact(async || store(table, &taken).await.map_err(storage_error)).await;
        match (stored, &table.stream) {
            (Err(_), Some(stream)) if taken.0.get() && later <= MOST_LABELS => {
                let view = stream.view;
                table.enable_stream(view, cx.now() + later);
            }
            (outcome, _) => return outcome,
        }
    }
    Ok(())
}
