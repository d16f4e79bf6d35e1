//! Stream records as the wire has them (rule 100).

use crate::actions::single_write::read_stored;
use crate::api::error::ApiError;
use crate::model::digest_text;
use crate::model::json::write_json_string;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::storage::{StreamInfo, StreamRecord};

/// Most bytes of records in one reply (`GetRecords`' documentation); the first record comes whatever its size.
pub const MOST_BYTES: usize = 1 << 20;

/// The number of a record of the stream.
pub fn sequence_of(record: &StreamRecord) -> Option<i64> {
    record.sequence_number.parse().ok()
}

/// Writes the `Records` of a stream.
pub fn write_records(reply: &mut ObjectWriter<'_>, region: &str, info: &StreamInfo, records: &[StreamRecord]) -> Result<(), ApiError> {
    let mut sizes = Vec::with_capacity(records.len());
    for record in records {
        sizes.push(size(record)?);
    }
    write_array(reply.name("Records"), records.iter().zip(sizes), |out, (record, size)| {
        write_record(out, region, info, record, size);
    });
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
