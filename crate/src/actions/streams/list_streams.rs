//! ListStreams.

use super::super::{Context, storage_error};
use super::RETENTION_MILLIS;
use crate::actions::item_change::SHARD_ID;
use crate::api::error::ApiError;
use crate::api::request::ListStreamsRequest;
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::stream_arn;
use crate::storage::StreamPosition;
use crate::storage_backend::StorageBackend;

/// Lists the streams of a table, or all, those of deleted tables included while their records last.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ListStreamsRequest::parse(request)?;
    let start = request.exclusive_start.as_ref();
    let behind = StreamPosition {
        table_name: start.map_or("", |start| &start.table_name),
        label: start.map_or("", |start| &start.label),
        shard_id: SHARD_ID,
        horizon: cx.now() - RETENTION_MILLIS,
    };
    // One more tells whether there are more.
    let found = cx.backend.list_streams(request.table_name.as_deref(), &behind, request.limit + 1);
    let found = found.await.map_err(storage_error)?;
    let page = found.get(..request.limit).unwrap_or(&found);
    let mut reply = ObjectWriter::begin(out);
    reply.array("Streams", page, |out, stream| {
        let mut object = ObjectWriter::begin(out);
        object.string("StreamArn", &stream_arn(cx.region, &stream.table_name, &stream.label));
        object.string("TableName", &stream.table_name);
        object.string("StreamLabel", &stream.label);
        object.end();
    });
    if let (true, Some(last)) = (found.len() > page.len(), page.last()) {
        reply.string("LastEvaluatedStreamArn", &stream_arn(cx.region, &last.table_name, &last.label));
    }
    reply.end();
    Ok(())
}
