//! Streams: labels, records, sequence numbers and their ranges.

use super::check::{CaseResult, equal, refused};
use super::samples::{MEGABYTE, TABLE, create, create_indexed, drop_indexed};
use super::snapshot::{SHARD, undone};
use crate::storage::StreamRecord;
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{AlreadyExists, Constraint, InvalidArgument, TableNotFound};

pub(super) fn sequence(n: i64) -> String {
    format!("{n:021}")
}

pub(super) async fn append<B: StorageBackend>(backend: &B, n: i64, shard: &str) -> Result<(), crate::storage_backend::BackendError> {
    backend
        .insert_stream_record(TABLE, "INSERT", r#"{"pk":{"S":"a"}}"#, None, None, &sequence(n), shard, n * 1000)
        .await
}

async fn sequences<B: StorageBackend>(backend: &B, shard: &str, after: i64, limit: usize) -> Result<Vec<String>, super::check::Failure> {
    let records = backend.get_stream_records(TABLE, shard, after, limit).await?;
    Ok(records.into_iter().map(|record| record.sequence_number).collect())
}

pub(super) async fn a_stream_is_opened_and_closed<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    equal!(backend.list_stream_enabled_tables().await?, [], "none at first");
    backend.enable_stream(TABLE, "NEW_AND_OLD_IMAGES", "2024-01-01").await?;
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    let stream = (read.stream_enabled, read.stream_view_type.as_deref(), read.stream_label.as_deref());
    equal!(stream, (true, Some("NEW_AND_OLD_IMAGES"), Some("2024-01-01")), "the open stream");
    equal!(backend.list_stream_enabled_tables().await?, [read], "tables with a stream");
    backend.disable_stream(TABLE).await?;
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    equal!(
        (read.stream_enabled, read.stream_label.as_deref()),
        (false, Some("2024-01-01")),
        "a closed stream keeps its label"
    );
    equal!(backend.list_stream_enabled_tables().await?, [], "none at last");
    backend.enable_stream(TABLE, "KEYS_ONLY", "2024-01-02").await?;
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    let stream = (read.stream_enabled, read.stream_view_type.as_deref(), read.stream_label.as_deref());
    equal!(stream, (true, Some("KEYS_ONLY"), Some("2024-01-02")), "the next stream");
    Ok(())
}

pub(super) async fn tables_whose_streams_change_are_named_once<B: StorageBackend>(backend: &B) -> CaseResult {
    let none: [&str; 0] = [];
    let changed = || backend.take_changed_streams().iter().map(ToString::to_string).collect::<Vec<_>>();
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    equal!(changed(), none, "tables without a stream");
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    backend.enable_stream("Other", "KEYS_ONLY", "label").await?;
    equal!(changed(), [TABLE, "Other"], "enabled");
    equal!(changed(), none, "asked already");
    append(backend, 1, SHARD).await?;
    append(backend, 2, SHARD).await?;
    equal!(changed(), [TABLE], "two records");
    backend.disable_stream(TABLE).await?;
    equal!(changed(), [TABLE], "disabled");
    backend.drop_data_table("Other").await?;
    backend.delete_table_metadata("Other").await?;
    equal!(changed(), ["Other"], "deleted");
    Ok(())
}

pub(super) async fn tables_with_a_stream_are_listed_by_name<B: StorageBackend>(backend: &B) -> CaseResult {
    for name in ["b", "a", "c", "A"] {
        create(backend, name).await?;
        backend.enable_stream(name, "KEYS_ONLY", "label").await?;
    }
    backend.disable_stream("b").await?;
    let names: Vec<_> = backend
        .list_stream_enabled_tables()
        .await?
        .into_iter()
        .map(|table| table.table_name)
        .collect();
    equal!(names, ["A", "a", "c"], "names");
    Ok(())
}

pub(super) async fn a_label_is_used_once<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    append(backend, 1, SHARD).await?;
    backend.disable_stream(TABLE).await?;
    refused!(
        backend.enable_stream(TABLE, "NEW_IMAGE", "label").await,
        AlreadyExists(_),
        "the same label"
    );
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    equal!(
        (read.stream_enabled, read.stream_view_type.as_deref()),
        (false, Some("KEYS_ONLY")),
        "after the refusal"
    );
    backend.enable_stream("Other", "KEYS_ONLY", "label").await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label\0").await?;
    equal!(sequences(backend, SHARD, 0, 10).await?, [sequence(1)], "records");
    Ok(())
}

pub(super) async fn streams_need_their_table<B: StorageBackend>(backend: &B) -> CaseResult {
    refused!(
        backend.enable_stream(TABLE, "KEYS_ONLY", "label").await,
        TableNotFound(_),
        "enable_stream"
    );
    refused!(backend.disable_stream(TABLE).await, TableNotFound(_), "disable_stream");
    refused!(append(backend, 1, SHARD).await, TableNotFound(_), "insert_stream_record");
    refused!(
        backend.next_stream_sequence_number(TABLE).await,
        TableNotFound(_),
        "next_stream_sequence_number"
    );
    equal!(backend.get_stream_records(TABLE, SHARD, 0, 10).await?, [], "records of no table");
    equal!(
        backend.get_shard_sequence_range(TABLE, SHARD).await?,
        (None, None),
        "range of no table"
    );
    create(backend, TABLE).await?;
    refused!(append(backend, 1, SHARD).await, InvalidArgument(_), "a record without a stream");
    refused!(backend.disable_stream(TABLE).await, InvalidArgument(_), "closing no stream");
    Ok(())
}

pub(super) async fn a_record_reads_back_every_field<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.enable_stream(TABLE, "NEW_AND_OLD_IMAGES", "label").await?;
    let expected = StreamRecord {
        event_name: "REMOVE".into(),
        keys_json: r#"{"pk":{"S":"a"}}"#.into(),
        new_image: Some(String::new()),
        old_image: Some("{}".into()),
        sequence_number: sequence(5),
        shard_id: SHARD.into(),
        created_at: 1_700_000_000_123,
        user_identity: Some(r#"{"type":"Service"}"#.into()),
    };
    backend
        .insert_stream_record_with_identity(
            TABLE,
            &expected.event_name,
            &expected.keys_json,
            expected.new_image.as_deref(),
            expected.old_image.as_deref(),
            &expected.sequence_number,
            &expected.shard_id,
            expected.created_at,
            expected.user_identity.as_deref(),
        )
        .await?;
    append(backend, 6, SHARD).await?;
    let records = backend.get_stream_records(TABLE, SHARD, 0, 10).await?;
    equal!(records[0], expected, "with identity and both images");
    let bare = (
        &records[1].new_image,
        &records[1].old_image,
        &records[1].user_identity,
        records[1].created_at,
    );
    equal!(bare, (&None, &None, &None, 6000), "without");
    Ok(())
}

pub(super) async fn records_are_read_from_a_place_on<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    equal!(
        backend.get_shard_sequence_range(TABLE, SHARD).await?,
        (None, None),
        "range of an empty shard"
    );
    for n in [3, 1, 10, 2, 100] {
        append(backend, n, SHARD).await?;
    }
    append(backend, 50, "another shard").await?;
    equal!(
        sequences(backend, SHARD, 0, 10).await?,
        [1, 2, 3, 10, 100].map(sequence),
        "all, by number"
    );
    equal!(sequences(backend, SHARD, 2, 2).await?, [3, 10].map(sequence), "two behind 2");
    equal!(
        sequences(backend, SHARD, 4, 10).await?,
        [10, 100].map(sequence),
        "behind a number nobody has"
    );
    equal!(sequences(backend, SHARD, 100, 10).await?, Vec::<String>::new(), "behind the last");
    let range = backend.get_shard_sequence_range(TABLE, SHARD).await?;
    equal!(range, (Some(sequence(1)), Some(sequence(100))), "range");
    let range = backend.get_shard_sequence_range(TABLE, "another shard").await?;
    equal!(range, (Some(sequence(50)), Some(sequence(50))), "range of a shard with one record");
    equal!(
        backend.get_shard_sequence_range(TABLE, "none").await?,
        (None, None),
        "range of no shard"
    );
    Ok(())
}

pub(super) async fn a_sequence_number_is_used_once_in_a_shard<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    append(backend, 1, SHARD).await?;
    refused!(append(backend, 1, SHARD).await, Constraint(_), "the same number in the same shard");
    append(backend, 1, "another shard").await?;
    let odd = backend
        .insert_stream_record(TABLE, "INSERT", "{}", None, None, "one", SHARD, 1)
        .await;
    refused!(odd, InvalidArgument(_), "a number that is none");
    equal!(sequences(backend, SHARD, 0, 10).await?, [sequence(1)], "records");
    Ok(())
}

pub(super) async fn records_survive_their_stream_and_their_table<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "first").await?;
    append(backend, 1, SHARD).await?;
    backend.disable_stream(TABLE).await?;
    equal!(
        sequences(backend, SHARD, 0, 10).await?,
        [sequence(1)],
        "after the stream was closed"
    );
    backend.enable_stream(TABLE, "KEYS_ONLY", "second").await?;
    append(backend, 2, "second shard").await?;
    equal!(
        sequences(backend, SHARD, 0, 10).await?,
        [sequence(1)],
        "the first stream's, beside the second"
    );
    equal!(
        sequences(backend, "second shard", 0, 10).await?,
        [sequence(2)],
        "the second stream's"
    );
    drop_indexed(backend, TABLE).await?;
    equal!(
        sequences(backend, SHARD, 0, 10).await?,
        [sequence(1)],
        "after the table was deleted"
    );
    let range = backend.get_shard_sequence_range(TABLE, "second shard").await?;
    equal!(range, (Some(sequence(2)), Some(sequence(2))), "range after the table was deleted");
    Ok(())
}

pub(super) async fn sequence_numbers_never_come_twice<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    for expected in 1..=3 {
        equal!(backend.next_stream_sequence_number(TABLE).await?, expected, "one after the other");
    }
    equal!(
        backend.next_stream_sequence_number("Other").await?,
        1,
        "another table counts for itself"
    );
    backend.begin_transaction().await?;
    equal!(backend.next_stream_sequence_number(TABLE).await?, 4, "in a transaction");
    equal!(backend.next_stream_sequence_number(TABLE).await?, 5, "in a transaction");
    backend.rollback().await?;
    equal!(
        backend.next_stream_sequence_number(TABLE).await?,
        4,
        "a rolled back number was never given"
    );
    backend.begin_transaction().await?;
    equal!(backend.next_stream_sequence_number(TABLE).await?, 5, "in the next transaction");
    backend.commit().await?;
    equal!(backend.next_stream_sequence_number(TABLE).await?, 6, "after the commit");
    Ok(())
}

pub(super) async fn changes_of_streams_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    undone(backend, async { Ok(backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?) }).await?;
    refused!(
        append(backend, 1, SHARD).await,
        InvalidArgument(_),
        "a record without a stream, after the rollback"
    );
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    append(backend, 1, SHARD).await?;
    undone(backend, async {
        append(backend, 2, SHARD).await?;
        equal!(sequences(backend, SHARD, 0, 10).await?.len(), 2, "inside the transaction");
        Ok(backend.disable_stream(TABLE).await?)
    })
    .await?;
    undone(backend, async {
        backend.enable_stream(TABLE, "NEW_IMAGE", "second").await?;
        Ok(append(backend, 3, SHARD).await?)
    })
    .await?;
    append(backend, 3, SHARD).await?;
    equal!(sequences(backend, SHARD, 0, 10).await?, [1, 3].map(sequence), "records");
    Ok(())
}

pub(super) async fn records_hold_a_megabyte_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.enable_stream(TABLE, "NEW_AND_OLD_IMAGES", "label").await?;
    let (new, old) = ("n".repeat(MEGABYTE), "o\0".repeat(MEGABYTE / 2));
    backend
        .insert_stream_record(
            TABLE,
            "MODIFY",
            "\0",
            Some(&new),
            Some(&old),
            &sequence(i64::MAX),
            "shard\0",
            i64::MIN,
        )
        .await?;
    let records = backend.get_stream_records(TABLE, "shard\0", i64::MAX - 1, 10).await?;
    equal!(records.len(), 1, "records");
    equal!(records[0].new_image.as_deref(), Some(new.as_str()), "new image");
    equal!(records[0].old_image.as_deref(), Some(old.as_str()), "old image");
    equal!(
        (records[0].keys_json.as_str(), records[0].created_at),
        ("\0", i64::MIN),
        "keys and date"
    );
    equal!(
        backend.get_stream_records(TABLE, "shard", 0, 10).await?,
        [],
        "the shard without NUL"
    );
    Ok(())
}
