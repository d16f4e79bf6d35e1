//! Everything that can be seen of a database, so that "as before" is one comparison.

use std::future::Future;

use super::check::{CaseResult, Failure, equal};
use super::samples::Rows;
use crate::storage::{ScanParams, StreamRecord, TableMetadata, TableStats, Tag};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError;

/// The shard all cases write to.
pub(super) const SHARD: &str = "shardId-00000001700000000000-00000001";

/// One table, as its readers see it.
#[derive(Debug, PartialEq)]
pub(super) struct TableSnapshot {
    metadata: Option<TableMetadata>,
    tags: Vec<Tag>,
    /// `None` where the physical table is not there.
    items: Option<Rows>,
    indexes: Vec<Rows>,
    records: Vec<StreamRecord>,
    count: i64,
    next_sequence: i64,
    least_recently_used: Vec<(String, String, i64)>,
    expired: usize,
}

/// The whole database.
#[derive(Debug, PartialEq)]
pub(super) struct Snapshot {
    pub(super) stats: Vec<TableStats>,
    pub(super) tables: Vec<(String, TableSnapshot)>,
}

async fn index_rows<B: StorageBackend>(backend: &B, table: &str, index: &str) -> Result<Rows, BackendError> {
    let all = ScanParams::default();
    match backend.scan_gsi_items(table, index, &all).await {
        Err(BackendError::IndexNotFound { .. }) => backend.scan_lsi_items(table, index, &all).await,
        rows => rows,
    }
}

async fn table_snapshot<B: StorageBackend>(backend: &B, stats: &TableStats) -> Result<TableSnapshot, Failure> {
    let table = stats.table_name.as_str();
    let mut indexes = Vec::new();
    for index in &stats.indexes {
        indexes.push(index_rows(backend, table, &index.index_name).await?);
    }
    // Drawing a number is a write, so it is undone.
    backend.begin_transaction().await?;
    let next_sequence = backend.next_stream_sequence_number(table).await?;
    backend.rollback().await?;
    let items = backend.scan_items(table, &ScanParams::default()).await.ok();
    let there = items.is_some();
    Ok(TableSnapshot {
        metadata: backend.get_table_metadata(table).await?,
        tags: backend.get_tags(table).await?,
        items,
        indexes,
        records: backend.get_stream_records(table, SHARD, 0, 10_000).await?,
        count: backend.count_items(table).await?,
        next_sequence,
        least_recently_used: if there {
            backend.get_lru_items(table, 10_000).await?
        } else {
            Vec::new()
        },
        expired: if there {
            backend.list_expired(table, 0..i64::MAX, 10_000).await?.len()
        } else {
            0
        },
    })
}

/// Reads everything.
pub(super) async fn snapshot<B: StorageBackend>(backend: &B) -> Result<Snapshot, Failure> {
    let stats = backend.table_stats().await?;
    let mut tables = Vec::new();
    for table in &stats {
        tables.push((table.table_name.clone(), table_snapshot(backend, table).await?));
    }
    Ok(Snapshot { stats, tables })
}

/// Compares table by table, so that a difference is shown and not lost in the rest.
fn compare(after: &Snapshot, before: &Snapshot) -> CaseResult {
    equal!(after.stats, before.stats, "the counters");
    for (after, before) in after.tables.iter().zip(&before.tables) {
        equal!(after.1.metadata, before.1.metadata, "the metadata of {}", before.0);
        equal!(after.1.items, before.1.items, "the items of {}", before.0);
        equal!(after.1.indexes, before.1.indexes, "the index entries of {}", before.0);
        equal!(after.1.records, before.1.records, "the stream records of {}", before.0);
        equal!(after.1, before.1, "table {}", before.0);
    }
    Ok(())
}

/// Runs the work in a transaction, undoes it, and compares everything with what was before.
pub(super) async fn undone<B: StorageBackend>(backend: &B, work: impl Future<Output = CaseResult>) -> CaseResult {
    let before = snapshot(backend).await?;
    backend.begin_transaction().await?;
    work.await?;
    backend.rollback().await?;
    compare(&snapshot(backend).await?, &before)
}

/// Checks that everything is as it was.
pub(super) async fn unchanged<B: StorageBackend>(backend: &B, before: &Snapshot) -> CaseResult {
    compare(&snapshot(backend).await?, before)
}

/// Runs the work in a transaction and commits it.
pub(super) async fn committed<B: StorageBackend>(backend: &B, work: impl Future<Output = CaseResult>) -> CaseResult {
    backend.begin_transaction().await?;
    work.await?;
    Ok(backend.commit().await?)
}
