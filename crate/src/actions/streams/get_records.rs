//! GetRecords.

use super::super::{Context, storage_error};
use super::record::{MOST_BYTES, sequence_of, write_records};
use super::shard_iterator::{LIFE_MILLIS, ShardIterator};
use super::{not_found, position, trimmed, trimmed_through};
use crate::api::error::{ApiError, ModelledError};
use crate::api::request::GetRecordsRequest;
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::stream_arn;
use crate::storage_backend::StorageBackend;

/// Answers with the records behind an iterator, and the iterator to go on with.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = GetRecordsRequest::parse(request)?;
    let iterator = ShardIterator::from_text(&request.shard_iterator)?;
    let now = cx.now();
    if now - iterator.issued_at > LIFE_MILLIS {
        return Err(ApiError::modelled(
            ModelledError::ExpiredIterator,
            "The provided iterator exceeds the maximum age allowed.",
        ));
    }
    let at = position(cx, &iterator.stream);
    let found = cx.backend.read_stream(&at, iterator.after, request.limit, MOST_BYTES);
    let arn = || stream_arn(cx.region, &iterator.stream.table_name, &iterator.stream.label);
    let (info, records) = found.await.map_err(storage_error)?.ok_or_else(|| not_found(&arn()))?;
    if iterator.after < trimmed_through(&info) {
        return Err(trimmed());
    }
    let last = records.last().and_then(sequence_of);
    let next = ShardIterator {
        after: last.unwrap_or(iterator.after),
        issued_at: now,
        stream: iterator.stream.clone(),
    };
    let mut reply = ObjectWriter::begin(out);
    write_records(&mut reply, cx.region, &info, &records)?;
    // Rule 101: a closed shard that was read to its end has no next iterator.
    if info.enabled || next.after < info.last {
        reply.string("NextShardIterator", &next.to_text(cx.region));
    }
    reply.end();
    Ok(())
}
