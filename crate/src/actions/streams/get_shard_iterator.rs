//! GetShardIterator: where to begin reading.

use super::super::{Context, storage_error};
use super::shard_iterator::ShardIterator;
use super::{not_found, position, trimmed, trimmed_through};
use crate::actions::item_change::SHARD_ID;
use crate::api::error::{ApiError, ModelledError};
use crate::api::request::{GetShardIteratorRequest, IteratorStart};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::storage::StreamInfo;
use crate::storage_backend::StorageBackend;

/// Answers with an iterator for a place in a shard.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = GetShardIteratorRequest::parse(request)?;
    let at = position(cx, &request.stream);
    let found = cx.backend.read_stream(&at, 0, 0, 0);
    let (info, _) = found.await.map_err(storage_error)?.ok_or_else(|| not_found(&request.arn))?;
    if request.shard_id != SHARD_ID {
        return Err(ApiError::modelled(
            ModelledError::ResourceNotFound,
            format!(
                "Requested resource not found: Shard does not exist: {} in stream {}",
                request.shard_id, request.arn
            ),
        ));
    }
    let after = match request.start {
        IteratorStart::TrimHorizon => trimmed_through(&info),
        IteratorStart::Latest => info.last,
        IteratorStart::At(number) => {
            let number = known(&info, number)?;
            if number <= trimmed_through(&info) {
                return Err(trimmed());
            }
            number - 1
        }
        // Where just this record is the newest one trimmed, nothing behind it is missing.
        IteratorStart::After(number) => {
            let number = known(&info, number)?;
            if number < trimmed_through(&info) {
                return Err(trimmed());
            }
            number
        }
        IteratorStart::Time(time) => {
            if time > cx.now() {
                return Err(ApiError::validation(
                    "One or more parameter values were invalid: Timestamp must not be in the future",
                ));
            }
            let first = cx.backend.stream_position_at(&at, time).await.map_err(storage_error)?;
            first.map_or(info.last, |first| first - 1)
        }
    };
    let iterator = ShardIterator {
        stream: request.stream,
        after,
        issued_at: cx.now(),
    };
    let mut reply = ObjectWriter::begin(out);
    reply.string("ShardIterator", &iterator.to_text(cx.region));
    reply.end();
    Ok(())
}

/// A number a record of the stream has or had (messages-tables 104).
fn known(info: &StreamInfo, number: Option<i64>) -> Result<i64, ApiError> {
    number
        .filter(|number| (info.opened_after + 1..=info.last).contains(number))
        .ok_or_else(|| ApiError::validation("Invalid SequenceNumber for the shard"))
}
