//! GetRecords.

use super::super::{Context, storage_error};
use super::shard_iterator::{LIFE_MILLIS, ShardIterator};
use super::{not_found, position, trimmed, trimmed_through};
use crate::actions::single_write::read_stored;
use crate::api::error::{ApiError, ModelledError};
use crate::api::request::GetRecordsRequest;
use crate::model::digest_text;
use crate::model::json::{Document, write_json_string};
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::schema::stream_arn;
use crate::storage::{StreamInfo, StreamRecord};
use crate::storage_backend::StorageBackend;

/// Most bytes of records in one reply (`GetRecords`' documentation); the first record comes whatever its size.
const MOST_BYTES: usize = 1 << 20;

/// Answers with the records behind an iterator, and the iterator to go on with.
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
    let mut sizes = Vec::with_capacity(records.len());
    for record in &records {
        sizes.push(size(record)?);
    }
    let last = records.last().and_then(|record| record.sequence_number.parse().ok());
    let next = ShardIterator {
        after: last.unwrap_or(iterator.after),
        issued_at: now,
        stream: iterator.stream.clone(),
    };
    let mut reply = ObjectWriter::begin(out);
    write_array(reply.name("Records"), records.iter().zip(sizes), |out, (record, size)| {
        write_record(out, cx.region, &info, record, size);
    });
    // Rule 101: a closed shard that was read to its end has no next iterator.
    if info.enabled || next.after < info.last {
        reply.string("NextShardIterator", &next.to_text(cx.region));
    }
    reply.end();
    Ok(())
}

/// A record's size: of its key and its images, each by rule 13.
fn size(record: &StreamRecord) -> Result<usize, ApiError> {
    let parts = [Some(&record.keys_json), record.new_image.as_ref(), record.old_image.as_ref()];
    let mut sum = 0;
    for json in parts.into_iter().flatten() {
        sum += read_stored(json)?.size();
    }
    Ok(sum)
}

/// rule 100
fn write_record(out: &mut Vec<u8>, region: &str, info: &StreamInfo, record: &StreamRecord, size: usize) {
    let id = format!("{}/{}/{}", info.table_name, info.label, record.sequence_number);
    let mut event = ObjectWriter::begin(out);
    event.string("eventID", &digest_text(id.as_bytes()));
    event.string("eventName", &record.event_name);
    event.string("eventVersion", "1.1");
    event.string("eventSource", "aws:dynamodb");
    event.string("awsRegion", region);
    event.object("dynamodb", |dynamodb| {
        dynamodb.integer("ApproximateCreationDateTime", record.created_at.div_euclid(1000));
        dynamodb.name("Keys").extend_from_slice(record.keys_json.as_bytes());
        for (name, image) in [("NewImage", &record.new_image), ("OldImage", &record.old_image)] {
            if let Some(image) = image {
                dynamodb.name(name).extend_from_slice(image.as_bytes());
            }
        }
        write_json_string(dynamodb.name("SequenceNumber"), &record.sequence_number);
        dynamodb.integer("SizeBytes", i64::try_from(size).unwrap_or(i64::MAX));
        dynamodb.string("StreamViewType", &info.view_type);
    });
    if let Some(identity) = &record.user_identity {
        event.name("userIdentity").extend_from_slice(identity.as_bytes());
    }
    event.end();
}
