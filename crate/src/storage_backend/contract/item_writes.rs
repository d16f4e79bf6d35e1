//! The hot path's writes: what a request must know, and everything one item's change writes.

use super::check::{CaseResult, Failure, equal, refused};
use super::samples::{self, GSI, LSI, Sample, TABLE, create, create_indexed, megabyte, noted, partition, put, put_noted, texts};
use super::snapshot::{SHARD, committed, snapshot, unchanged, undone};
use crate::storage::QueryParams;
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{IndexNotFound, TableNotFound};
use crate::storage_backend::rows::{EntryKey, EntryPut, EntryWrite, ItemPut, ItemWrite, ReadSpec, StoredRow, StreamAppend};

fn item_put(sample: &Sample) -> ItemPut<'_> {
    ItemPut {
        json: &sample.json,
        size: sample.size,
        expires_at: None,
    }
}

fn write<'a>(sk: &'a str, new: Option<&'a Sample>, old: Option<&Sample>) -> ItemWrite<'a> {
    ItemWrite {
        table_name: TABLE,
        pk: "a",
        sk,
        put: new.map(item_put),
        old_size: old.map(|old| old.size),
        index_writes: Vec::new(),
        stream: None,
    }
}

/// How an entry moves in one index.
fn entry<'a>(index_name: &'a str, from: Option<(&'a str, &'a str, usize)>, to: Option<(&'a str, &'a str, &'a Sample)>) -> EntryWrite<'a> {
    let moves = from.map(|(pk, sk, _)| (pk, sk)) != to.map(|(pk, sk, _)| (pk, sk));
    EntryWrite {
        index_name,
        delete: from.filter(|_| moves).map(|(pk, sk, _)| EntryKey { pk, sk }),
        put: to.map(|(pk, sk, sample)| EntryPut {
            key: EntryKey { pk, sk },
            json: &sample.json,
            size: sample.size,
        }),
        old_size: from.map(|(_, _, size)| size),
    }
}

fn record<'a>(event_name: &'a str, new_image: Option<&'a str>) -> StreamAppend<'a> {
    StreamAppend {
        event_name,
        keys_json: r#"{"pk":{"S":"a"}}"#,
        new_image,
        old_image: None,
        shard_id: SHARD,
        created_at: 7,
        user_identity: None,
    }
}

fn spec<'a>(table_name: &'a str, sk: &'a str, with_item: bool) -> ReadSpec<'a> {
    ReadSpec {
        table_name,
        pk: "a",
        sk,
        with_item,
    }
}

pub(super) async fn reads_answer_in_the_order_of_their_specs<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    let (one, two) = (put_noted(backend, "a", "1", "x").await?, megabyte("a", "2"));
    put(backend, "a", "2", &two).await?;
    backend.put_item("Other", "a", "1", &two.json, two.size).await?;
    let specs = [
        spec(TABLE, "2", true),
        spec(TABLE, "absent", true),
        spec("Other", "1", false),
        spec(TABLE, "1", true),
        spec(TABLE, "1", true),
        spec("Other", "2", false),
    ];
    let expected = [
        Some(StoredRow {
            json: two.json,
            size: two.size,
        }),
        None,
        Some(StoredRow {
            json: String::new(),
            size: two.size,
        }),
        Some(StoredRow {
            json: one.json.clone(),
            size: one.size,
        }),
        Some(StoredRow {
            json: one.json,
            size: one.size,
        }),
        None,
    ];
    equal!(backend.read_for_write(&specs).await?, expected, "six rows");
    equal!(backend.read_for_write(&[]).await?, [], "no rows");
    let absent = backend.read_for_write(&[spec(TABLE, "1", true), spec("none", "1", true)]).await;
    refused!(absent, TableNotFound(_), "a table that is not there");
    equal!(backend.read_for_write(&specs).await?.len(), 6, "after the refusal");
    Ok(())
}

pub(super) async fn reads_see_what_the_transaction_queued<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let old = put_noted(backend, "a", "1", "old").await?;
    let new = noted("a", "1", "new");
    backend.begin_transaction().await?;
    backend
        .apply_writes(&[write("1", Some(&new), Some(&old)), write("2", Some(&old), None)])
        .await?;
    let rows = backend.read_for_write(&[spec(TABLE, "1", true), spec(TABLE, "2", false)]).await?;
    equal!(
        rows[0].as_ref().map(|row| row.json.as_str()),
        Some(new.json.as_str()),
        "the replaced item"
    );
    equal!(rows[1].as_ref().map(|row| row.size), Some(old.size), "the new item");
    backend.rollback().await?;
    let rows = backend.read_for_write(&[spec(TABLE, "1", true), spec(TABLE, "2", false)]).await?;
    equal!(
        rows,
        [
            Some(StoredRow {
                size: old.size,
                json: old.json
            }),
            None
        ],
        "after the rollback"
    );
    Ok(())
}

/// One item's life with both indexes and a stream: put, moved, replaced in place, deleted. Counters follow each step.
pub(super) async fn a_write_carries_entries_and_record<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.enable_stream(TABLE, "NEW_IMAGE", "2024-01-01T00:00:00.000").await?;
    let (first, second) = (noted("a", "1", "first"), noted("a", "1", "second, longer"));

    let mut step = write("1", Some(&first), None);
    step.index_writes = vec![
        entry(GSI, None, Some(("rock", "x", &first))),
        entry(LSI, None, Some(("a", "1999", &first))),
    ];
    step.stream = Some(record("INSERT", Some(&first.json)));
    backend.apply_writes(&[step]).await?;
    check_step(backend, Some(&first), ("rock", "a"), 1).await?;

    let mut step = write("1", Some(&second), Some(&first));
    step.index_writes = vec![
        entry(GSI, Some(("rock", "x", first.size)), Some(("pop", "x", &second))),
        entry(LSI, Some(("a", "1999", first.size)), Some(("a", "1999", &second))),
    ];
    step.stream = Some(record("MODIFY", Some(&second.json)));
    backend.apply_writes(&[step]).await?;
    equal!(
        backend.query_gsi_items(TABLE, GSI, "rock", &QueryParams::default()).await?,
        [],
        "the GSI entry has moved"
    );
    check_step(backend, Some(&second), ("pop", "a"), 2).await?;

    let mut step = write("1", None, Some(&second));
    step.index_writes = vec![
        entry(GSI, Some(("pop", "x", second.size)), None),
        entry(LSI, Some(("a", "1999", second.size)), None),
    ];
    step.stream = Some(record("REMOVE", None));
    backend.apply_writes(&[step]).await?;
    check_step(backend, None, ("pop", "a"), 3).await
}

async fn check_step<B: StorageBackend>(backend: &B, item: Option<&Sample>, keys: (&str, &str), records: usize) -> Result<(), Failure> {
    let expected: Vec<_> = item.iter().map(|item| item.json.as_str()).collect();
    let (count, size) = (expected.len() as u64, item.map_or(0, |item| item.size as u64));
    equal!(texts(&partition(backend, "a").await?), expected, "the item after write {records}");
    let all = QueryParams::default();
    equal!(
        texts(&backend.query_gsi_items(TABLE, GSI, keys.0, &all).await?),
        expected,
        "the GSI entry after write {records}"
    );
    equal!(
        texts(&backend.query_lsi_items(TABLE, LSI, keys.1, &all).await?),
        expected,
        "the LSI entry after write {records}"
    );
    let stats = backend.table_stats().await?.swap_remove(0);
    equal!(
        (stats.item_count, stats.size_bytes),
        (count, size),
        "counters after write {records}"
    );
    for index in stats.indexes {
        equal!(
            (index.item_count, index.size_bytes),
            (count, size),
            "counters of {} after write {records}",
            index.index_name
        );
    }
    let stream = backend.get_stream_records(TABLE, SHARD, 0, 100).await?;
    equal!(stream.len(), records, "stream records");
    let last = stream
        .last()
        .map(|record| (record.sequence_number.clone(), record.new_image.clone()));
    equal!(
        last,
        Some((format!("{records:021}"), item.map(|item| item.json.clone()))),
        "the last stream record"
    );
    Ok(())
}

pub(super) async fn many_writes_are_one_change<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.apply_writes(&[]).await?;
    let samples: Vec<_> = (0..100).map(|n| noted("a", &format!("{n:03}"), &"x".repeat(n))).collect();
    let keys: Vec<_> = (0..100).map(|n| format!("{n:03}")).collect();
    let puts: Vec<_> = samples
        .iter()
        .zip(&keys)
        .map(|(sample, sk)| write(sk, Some(sample), None))
        .collect();
    let absent = write("absent", None, None);
    undone(backend, async {
        backend.apply_writes(&puts).await?;
        equal!(backend.count_items(TABLE).await?, 100, "counted while it is queued");
        Ok(())
    })
    .await?;
    backend.apply_writes(&puts).await?;
    backend.apply_writes(&[absent]).await?;
    let stats = backend.table_stats().await?.swap_remove(0);
    let sum: usize = samples.iter().map(|sample| sample.size).sum();
    equal!((stats.item_count, stats.size_bytes as usize), (100, sum), "counters");
    equal!(partition(backend, "a").await?.len(), 100, "items");
    Ok(())
}

pub(super) async fn a_write_holds_megabytes_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.enable_stream(TABLE, "NEW_IMAGE", "label").await?;
    let big = megabyte("a", "1\0");
    let mut step = write("1\0", Some(&big), None);
    step.index_writes = vec![
        entry(GSI, None, Some(("g\0", "\0", &big))),
        entry(LSI, None, Some(("a", "\0", &big))),
    ];
    step.stream = Some(record("INSERT", Some(&big.json)));
    committed(backend, async { Ok(backend.apply_writes(&[step]).await?) }).await?;
    let all = QueryParams::default();
    equal!(backend.get_item(TABLE, "a", "1\0").await?, Some(big.json.clone()), "the item");
    equal!(
        texts(&backend.query_gsi_items(TABLE, GSI, "g\0", &all).await?),
        [big.json.as_str()],
        "the GSI entry"
    );
    equal!(
        texts(&backend.query_lsi_items(TABLE, LSI, "a", &all).await?),
        [big.json.as_str()],
        "the LSI entry"
    );
    let records = backend.get_stream_records(TABLE, SHARD, 0, 10).await?;
    equal!(records[0].new_image, Some(big.json), "the stream record");
    Ok(())
}

pub(super) async fn a_write_that_cannot_be_queues_nothing<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let kept = put_noted(backend, "a", "1", "kept").await?;
    let before = snapshot(backend).await?;
    let changed = noted("a", "1", "changed");
    let good = write("1", Some(&changed), Some(&kept));
    let no_table = ItemWrite {
        table_name: "none",
        ..good.clone()
    };
    backend.begin_transaction().await?;
    refused!(
        backend.apply_writes(&[good.clone(), no_table.clone()]).await,
        TableNotFound(_),
        "in a transaction"
    );
    backend.rollback().await?;
    unchanged(backend, &before).await?;
    let mut no_index = good;
    no_index.index_writes = vec![entry("none", None, Some(("x", "", &changed)))];
    backend.begin_transaction().await?;
    refused!(
        backend.apply_writes(&[no_index]).await,
        IndexNotFound { .. },
        "an index that is not there"
    );
    backend.rollback().await?;
    unchanged(backend, &before).await
}

/// What only a backend with an `apply_writes` of its own promises: a refusal outside a transaction changes nothing either.
pub(super) async fn a_refused_write_is_atomic<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let kept = put_noted(backend, "a", "1", "kept").await?;
    let before = snapshot(backend).await?;
    let changed = noted("a", "1", "changed");
    let good = write("1", Some(&changed), Some(&kept));
    let no_table = ItemWrite {
        table_name: "none",
        ..good.clone()
    };
    refused!(backend.apply_writes(&[good.clone(), no_table]).await, TableNotFound(_), "no table");
    let mut with_record = good.clone();
    with_record.stream = Some(record("MODIFY", None));
    equal!(
        backend.apply_writes(&[good, with_record]).await.is_err(),
        true,
        "a table without a stream"
    );
    unchanged(backend, &before).await?;
    samples::put(backend, "a", "2", &kept).await?;
    equal!(backend.count_items(TABLE).await?, 2, "the next write");
    Ok(())
}
