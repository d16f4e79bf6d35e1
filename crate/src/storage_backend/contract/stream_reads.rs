//! Streams as the streams API reads them: by label, from a place on, until they are old.

use super::check::{CaseResult, equal, refused};
use super::samples::{MEGABYTE, TABLE, create};
use super::snapshot::{SHARD, undone};
use super::streams::{append, sequence};
use crate::storage::{StreamInfo, StreamPosition};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::InvalidArgument;

fn position(label: &str, horizon: i64) -> StreamPosition<'_> {
    StreamPosition {
        table_name: TABLE,
        label,
        shard_id: SHARD,
        horizon,
    }
}

/// Opens a stream with records 1 to 5, made at 1000, 2000, ...
async fn five_records<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    for n in 1..=5 {
        append(backend, n, SHARD).await?;
    }
    Ok(())
}

async fn read<B: StorageBackend>(
    backend: &B,
    horizon: i64,
    after: i64,
    limit: usize,
    bytes: usize,
) -> Result<(Option<i64>, i64, Vec<String>), super::check::Failure> {
    let Some((info, records)) = backend.read_stream(&position("label", horizon), after, limit, bytes).await? else {
        return Ok((None, 0, Vec::new()));
    };
    let numbers = records.into_iter().map(|record| record.sequence_number).collect();
    Ok((info.first, info.last, numbers))
}

pub(super) async fn a_stream_is_read_by_its_label<B: StorageBackend>(backend: &B) -> CaseResult {
    let before = backend.clock().now_millis();
    five_records(backend).await?;
    let after = backend.clock().now_millis();
    let nowhere = backend.read_stream(&position("other", 0), 0, 10, MEGABYTE).await?;
    equal!(nowhere, None, "no such stream");
    let found = backend.read_stream(&position("label", 0), 0, 10, MEGABYTE).await?;
    equal!(found.as_ref().map(|(_, records)| records.len()), Some(5), "records");
    let opened_at = found.as_ref().map_or(0, |(info, _)| info.opened_at);
    equal!((before..=after).contains(&opened_at), true, "opened when it was opened");
    let key_schema = backend.get_table_metadata(TABLE).await?.unwrap_or_default().key_schema;
    let expected = StreamInfo {
        table_name: TABLE.into(),
        label: "label".into(),
        view_type: "KEYS_ONLY".into(),
        enabled: true,
        key_schema,
        opened_at,
        opened_after: 0,
        first: Some(1),
        last: 5,
    };
    equal!(found.map(|(info, _)| info), Some(expected), "the stream");
    equal!(
        read(backend, 0, 2, 2, MEGABYTE).await?,
        (Some(1), 5, vec![sequence(3), sequence(4)]),
        "two behind 2"
    );
    // A record has 16 bytes here; the first one comes whatever its size.
    equal!(read(backend, 0, 0, 10, 1).await?.2, [sequence(1)], "the first within one byte");
    equal!(
        read(backend, 0, 0, 10, 17).await?.2,
        [1, 2].map(sequence),
        "until the bytes are used up"
    );
    equal!(
        read(backend, 3000, 0, 10, MEGABYTE).await?,
        (Some(3), 5, [3, 4, 5].map(sequence).to_vec()),
        "behind the horizon"
    );
    equal!(read(backend, 9000, 0, 10, MEGABYTE).await?, (None, 5, Vec::new()), "all behind it");
    equal!(
        backend.stream_position_at(&position("label", 0), 2001).await?,
        Some(3),
        "the first record of that time or later"
    );
    equal!(
        backend.stream_position_at(&position("label", 0), 5001).await?,
        None,
        "later than all"
    );
    equal!(
        backend.stream_position_at(&position("label", 4000), 0).await?,
        Some(4),
        "not before the horizon"
    );
    Ok(())
}

pub(super) async fn streams_are_listed_by_table_and_label<B: StorageBackend>(backend: &B) -> CaseResult {
    let horizon = backend.clock().now_millis();
    for table in ["b", "a"] {
        create(backend, table).await?;
        backend.enable_stream(table, "KEYS_ONLY", "1").await?;
        backend.enable_stream(table, "NEW_IMAGE", "2").await?;
    }
    let list = async |table: Option<&str>, behind: (&str, &str), limit: usize, horizon: i64| {
        let at = StreamPosition {
            table_name: behind.0,
            label: behind.1,
            shard_id: SHARD,
            horizon,
        };
        let found = backend.list_streams(table, &at, limit).await?;
        let names = found.into_iter().map(|info| (info.table_name, info.label, info.enabled));
        Ok::<Vec<_>, super::check::Failure>(names.collect())
    };
    let stream = |table: &str, label: &str, enabled: bool| (table.to_owned(), label.to_owned(), enabled);
    let all = vec![
        stream("a", "1", false),
        stream("a", "2", true),
        stream("b", "1", false),
        stream("b", "2", true),
    ];
    equal!(
        list(None, ("", ""), 10, horizon).await?,
        all,
        "all; the next stream closes the one before"
    );
    equal!(list(None, ("a", "1"), 2, horizon).await?, all[1..3], "two behind the first");
    equal!(list(Some("b"), ("", ""), 10, horizon).await?, all[2..], "of one table");
    let open = vec![all[1].clone(), all[3].clone()];
    equal!(
        list(None, ("", ""), 10, backend.clock().now_millis() + 1).await?,
        open,
        "what was closed before the horizon is gone"
    );
    Ok(())
}

pub(super) async fn old_records_are_trimmed_and_old_streams_dropped<B: StorageBackend>(backend: &B) -> CaseResult {
    five_records(backend).await?;
    equal!(backend.trim_streams(3000, 1).await?, 1, "one at a time");
    equal!(backend.trim_streams(3000, 10).await?, 1, "the other one");
    equal!(backend.trim_streams(3000, 10).await?, 0, "no more");
    equal!(
        read(backend, 0, 0, 10, MEGABYTE).await?,
        (Some(3), 5, [3, 4, 5].map(sequence).to_vec()),
        "what is left"
    );
    equal!(backend.trim_streams(9000, 10).await?, 3, "the rest");
    equal!(
        read(backend, 0, 0, 10, MEGABYTE).await?,
        (None, 5, Vec::new()),
        "the last number is remembered"
    );
    undone(backend, async {
        append(backend, 6, SHARD).await?;
        equal!(backend.trim_streams(9000, 10).await?, 1, "inside a transaction");
        Ok(())
    })
    .await?;
    equal!(read(backend, 0, 0, 10, MEGABYTE).await?, (None, 5, Vec::new()), "undone");
    let later = backend.clock().now_millis() + 1;
    backend.trim_streams(later, 10).await?;
    equal!(
        backend.read_stream(&position("label", 0), 0, 1, 1).await?.is_some(),
        true,
        "an open stream stays"
    );
    backend.disable_stream(TABLE).await?;
    let later = backend.clock().now_millis() + 1;
    backend.trim_streams(later, 10).await?;
    equal!(
        backend.read_stream(&position("label", 0), 0, 1, 1).await?,
        None,
        "a closed one goes"
    );
    Ok(())
}

pub(super) async fn a_closed_stream_takes_no_records<B: StorageBackend>(backend: &B) -> CaseResult {
    five_records(backend).await?;
    backend.disable_stream(TABLE).await?;
    refused!(append(backend, 6, SHARD).await, InvalidArgument(_), "a record of a closed stream");
    refused!(backend.disable_stream(TABLE).await, InvalidArgument(_), "closing it again");
    equal!(read(backend, 0, 0, 10, MEGABYTE).await?.2.len(), 5, "its records stay");
    Ok(())
}
