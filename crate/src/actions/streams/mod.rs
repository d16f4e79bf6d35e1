//! DynamoDB Streams: the operations that read what item operations have recorded (rules 99-102).
//!
//! A stream has one shard from its opening to its end, since the engine has one writer. Records are to be read for a day; what is older counts
//! as trimmed even while it is still there.

mod describe_stream;
mod get_records;
mod get_shard_iterator;
mod list_streams;
pub mod record;
mod shard_iterator;

pub use describe_stream::run as describe_stream;
pub use get_records::run as get_records;
pub use get_shard_iterator::run as get_shard_iterator;
pub use list_streams::run as list_streams;

use super::item_change::SHARD_ID;
use super::{Context, storage_error};
use crate::api::error::{ApiError, ModelledError};
use crate::schema::{StreamName, TableName};
use crate::storage::{StreamInfo, StreamPosition};
use crate::storage_backend::StorageBackend;

/// How long records are to be read, and closed streams are listed (rule 102).
pub const RETENTION_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Digits of a sequence number (rule 100).
pub fn sequence_text(sequence: i64) -> String {
    format!("{sequence:021}")
}

/// The one shard of a stream, as it is now.
fn position<'a, B: StorageBackend>(cx: &Context<'_, B>, stream: &'a StreamName) -> StreamPosition<'a> {
    StreamPosition {
        table_name: &stream.table_name,
        label: &stream.label,
        shard_id: SHARD_ID,
        horizon: cx.now() - RETENTION_MILLIS,
    }
}

/// Whether the table has, or had, a stream of that label that is still to be read.
#[waits]
pub async fn exists<B: StorageBackend>(cx: &Context<'_, B>, table_name: &TableName, label: &str) -> Result<bool, ApiError> {
    let stream = StreamName {
        table_name: table_name.clone(),
        label: label.to_owned(),
    };
    let found = cx.backend.read_stream(&position(cx, &stream), 0, 0, 0).await;
    Ok(found.map_err(storage_error)?.is_some())
}

/// messages-tables 100
fn not_found(arn: &str) -> ApiError {
    ApiError::modelled(
        ModelledError::ResourceNotFound,
        format!("Requested resource not found: Stream: {arn} not found"),
    )
}

/// The number of the newest record that cannot be read any more, or what all records are behind.
pub fn trimmed_through(info: &StreamInfo) -> i64 {
    info.first.map_or(info.last, |first| first - 1)
}

/// What lies before the oldest record there is was asked for.
pub fn trimmed() -> ApiError {
    ApiError::modelled(
        ModelledError::TrimmedDataAccess,
        "The data you are trying to access has been trimmed.",
    )
}
