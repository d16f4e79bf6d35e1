//! `Dynatab.ReadChanges`: the records of a table's streams as one sequence, which `db.changes()` reads.
//!
//! A table's sequence numbers go on from one of its streams to the next, so a number alone says where to go on, though the stream was closed and
//! opened again meanwhile. A reader who goes on sends the place it got, which costs one crossing; only a beginning, and the step from one
//! stream to the next, look for the stream.

use std::borrow::Cow;

use crate::actions::item_change::SHARD_ID;
use crate::actions::streams::record::{MOST_BYTES, sequence_of, write_records};
use crate::actions::streams::{RETENTION_MILLIS, sequence_text, trimmed, trimmed_through};
use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::json::{Document, Value};
use crate::schema::json_text::ObjectWriter;
use crate::schema::{TableDefinition, TableName, TableStatus};
use crate::storage::{StreamInfo, StreamPosition};
use crate::storage_backend::StorageBackend;

/// Records in one reply.
const MOST_RECORDS: usize = 1000;

/// Streams looked at to find a place. Each had to be enabled by a request of its own within a day.
const MOST_STREAMS: usize = 10_000;

/// What is looked for among a table's streams.
enum Seek {
    /// Behind everything there is.
    Now,
    /// The oldest record there is.
    Oldest,
    /// The record behind this number.
    After(i64),
    /// The stream that follows the one of the place, which was read to its end.
    Next,
}

/// Where reading goes on: behind that number of that stream.
struct Place {
    label: String,
    after: i64,
}

/// Answers with records behind a place, and the place to go on from; without one, the table has no stream. `more` says that there is more to be
/// read at once, `ended` that the table is gone and nothing will come.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = request.root();
    let name = text(request, "tableName").unwrap_or_default();
    let name = TableName::resolve(&name).ok_or_else(|| ApiError::table_not_found(&name))?;
    let table = cx.catalog.borrow().get(&name).filter(|table| table.status != TableStatus::Deleting);
    let mut place = request.get("position").and_then(place_of);
    let mut seek = None;
    let mut ended = false;
    if place.is_none() {
        seek = Some(seek_of(request)?);
        let table = table.as_ref().ok_or_else(|| ApiError::table_not_found(&name))?;
        if table.stream.is_none() {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
    }
    // One loop with one place to look for streams and one to read them: every await of the storage is code anew.
    let found = loop {
        if let Some(seek) = seek.take() {
            let streams = match &table {
                Some(table) => streams_of(cx, table).await?,
                None => Vec::new(),
            };
            match find(&streams, &seek, place.as_ref())? {
                Found::Place(next) => place = Some(next),
                Found::Nothing => {
                    ended = table.is_none();
                    break None;
                }
                Found::Stranger => {
                    ended = true;
                    break None;
                }
            }
        }
        let Some(at) = &place else { break None };
        let stream = StreamPosition {
            table_name: &name,
            label: &at.label,
            shard_id: SHARD_ID,
            horizon: cx.now() - RETENTION_MILLIS,
        };
        let read = cx.backend.read_stream(&stream, at.after, MOST_RECORDS, MOST_BYTES);
        match read.await.map_err(storage_error)? {
            Some((info, _)) if at.after < trimmed_through(&info) => return Err(trimmed()),
            Some((info, records)) if info.enabled || !records.is_empty() => break Some((info, records)),
            Some(_) => seek = Some(Seek::Next),
            // Closed and trimmed away: a later stream of the table knows whether its numbers go on here.
            None => seek = Some(Seek::After(at.after)),
        }
    };
    let mut reply = ObjectWriter::begin(out);
    let mut more = false;
    if let (Some((info, records)), Some(place)) = (&found, &mut place) {
        write_records(&mut reply, cx.region, info, records)?;
        place.after = records.last().and_then(sequence_of).unwrap_or(place.after);
        more = !info.enabled || place.after < info.last;
    }
    if let Some(place) = &place {
        reply.object("position", |position| {
            position.string("streamLabel", &place.label);
            position.string("sequenceNumber", &sequence_text(place.after));
        });
    }
    reply.boolean("more", more);
    reply.boolean("ended", ended);
    reply.end();
    Ok(())
}

fn text(holder: Value<'_>, name: &str) -> Option<String> {
    holder.get(name).and_then(Value::as_str).map(Cow::into_owned)
}

fn place_of(position: Value<'_>) -> Option<Place> {
    let label = text(position, "streamLabel")?;
    let after = text(position, "sequenceNumber")?.parse().ok()?;
    Some(Place { label, after })
}

fn seek_of(request: Value<'_>) -> Result<Seek, ApiError> {
    let number = text(request, "after").map(|number| number.parse());
    match number {
        Some(Ok(number)) => Ok(Seek::After(number)),
        Some(Err(_)) => Err(ApiError::validation("Invalid SequenceNumber")),
        None if text(request, "from").as_deref() == Some("oldest") => Ok(Seek::Oldest),
        None => Ok(Seek::Now),
    }
}

/// The table's streams, oldest first. Those of an earlier table of its name are not among them: a table's first stream is opened after it was
/// created, and every other one goes on with the numbers of the one before.
#[waits]
async fn streams_of<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition) -> Result<Vec<StreamInfo>, ApiError> {
    let first = StreamPosition {
        table_name: "",
        label: "",
        shard_id: SHARD_ID,
        horizon: cx.now() - RETENTION_MILLIS,
    };
    let found = cx.backend.list_streams(Some(&table.name), &first, MOST_STREAMS);
    let mut streams = found.await.map_err(storage_error)?;
    streams.retain(|stream| stream.opened_at >= table.created_at);
    let another = |pair: &[StreamInfo]| matches!(pair, [before, after] if before.last != after.opened_after);
    let earlier = streams.windows(2).rposition(another).map_or(0, |at| at + 1);
    Ok(streams.split_off(earlier))
}

/// What is found among a table's streams.
enum Found {
    /// Where to read.
    Place(Place),
    /// No stream that goes on, as yet.
    Nothing,
    /// The stream that was read is none of this table: its own is gone.
    Stranger,
}

fn find(streams: &[StreamInfo], seek: &Seek, from: Option<&Place>) -> Result<Found, ApiError> {
    let (stream, after) = match seek {
        Seek::Now => (streams.last(), streams.last().map(|stream| stream.last)),
        Seek::Oldest => (streams.first(), streams.first().map(trimmed_through)),
        Seek::After(number) => {
            let holds = |stream: &&StreamInfo| stream.last > *number;
            (streams.iter().find(holds).or(streams.last()), Some(*number))
        }
        Seek::Next => {
            let Some(own) = streams
                .iter()
                .position(|stream| from.is_some_and(|from| from.label == stream.label))
            else {
                return Ok(Found::Stranger);
            };
            (streams.get(own + 1), from.map(|from| from.after))
        }
    };
    let (Some(stream), Some(after)) = (stream, after) else {
        return Ok(Found::Nothing);
    };
    // Behind the newest of all, or trimmed.
    if after > stream.last || after < trimmed_through(stream) {
        return Err(trimmed());
    }
    let label = stream.label.clone();
    Ok(Found::Place(Place { label, after }))
}
