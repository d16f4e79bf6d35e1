//! DescribeStream.

use super::super::{Context, storage_error};
use super::{not_found, position, sequence_text, trimmed_through};
use crate::actions::item_change::SHARD_ID;
use crate::api::error::ApiError;
use crate::api::request::DescribeStreamRequest;
use crate::model::json::Document;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::schema::stream_arn;
use crate::storage::StreamInfo;
use crate::storage_backend::StorageBackend;

/// Describes a stream with its shard.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = DescribeStreamRequest::parse(request)?;
    let at = position(cx, &request.stream);
    let found = cx.backend.read_stream(&at, 0, 0, 0);
    let (info, _) = found.await.map_err(storage_error)?.ok_or_else(|| not_found(&request.arn))?;
    let mut reply = ObjectWriter::begin(out);
    reply.object("StreamDescription", |description| {
        description.string("StreamArn", &stream_arn(cx.region, &info.table_name, &info.label));
        description.string("StreamLabel", &info.label);
        description.string("StreamStatus", if info.enabled { "ENABLED" } else { "DISABLED" });
        description.string("StreamViewType", &info.view_type);
        description.timestamp("CreationRequestDateTime", info.opened_at);
        description.string("TableName", &info.table_name);
        description.name("KeySchema").extend_from_slice(info.key_schema.as_bytes());
        // The one shard has no parent, so no filter for children finds it.
        let behind = request.exclusive_start_shard_id.as_deref().unwrap_or_default();
        let shown = request.children_of.is_none() && behind < SHARD_ID;
        write_array(description.name("Shards"), shown.then_some(&info), write_shard);
    });
    reply.end();
    Ok(())
}

fn write_shard(out: &mut Vec<u8>, info: &StreamInfo) {
    let mut shard = ObjectWriter::begin(out);
    shard.string("ShardId", SHARD_ID);
    shard.object("SequenceNumberRange", |range| {
        range.string("StartingSequenceNumber", &sequence_text(trimmed_through(info) + 1));
        if !info.enabled {
            range.string("EndingSequenceNumber", &sequence_text(info.last.max(trimmed_through(info) + 1)));
        }
    });
    shard.end();
}
