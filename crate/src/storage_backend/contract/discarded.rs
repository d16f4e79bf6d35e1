//! What is discarded: gone at once, its room given back a little at a time.

use super::check::{CaseResult, equal, holds, refused};
use super::samples::{GSI, LSI, TABLE, base_row, create_indexed, megabyte, noted, put_noted};
use super::snapshot::{snapshot, unchanged, undone};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{IndexNotFound, TableNotFound, TransactionState};
use crate::storage_backend::rows::GsiItemRow;

/// A table with so many items, each of them in the GSI too.
async fn fill<B: StorageBackend>(backend: &B, table: &str, items: usize) -> CaseResult {
    create_indexed(backend, table).await?;
    let samples: Vec<_> = (0..items).map(|at| (at.to_string(), noted(&at.to_string(), "1", "note"))).collect();
    let rows: Vec<_> = samples.iter().map(|(pk, sample)| base_row(pk, "1", sample, None)).collect();
    backend.put_base_items(table, &rows).await?;
    let entries: Vec<_> = samples
        .iter()
        .map(|(pk, sample)| GsiItemRow {
            gsi_pk: "rock".into(),
            gsi_sk: pk.clone(),
            table_pk: pk.clone(),
            table_sk: "1".into(),
            item_json: sample.json.clone(),
        })
        .collect();
    Ok(backend.insert_gsi_items(table, GSI, &entries).await?)
}

/// Frees everything; gives the number of steps.
async fn free<B: StorageBackend>(backend: &B, rows: usize, bytes: usize) -> Result<usize, super::check::Failure> {
    let mut steps = 0;
    while backend.has_discarded() {
        let more = backend.free_discarded(rows, bytes).await?;
        equal!(more, backend.has_discarded(), "whether there is more");
        steps += 1;
        holds!(steps < 1000, "freeing goes on for ever");
    }
    Ok(steps)
}

pub(super) async fn a_discarded_table_is_gone_at_once_and_freed_in_steps<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, "Kept").await?;
    let empty = snapshot(backend).await?;
    holds!(!backend.has_discarded(), "nothing is discarded at first");
    holds!(!backend.free_discarded(10, 1000).await?, "nothing to free");
    fill(backend, TABLE, 100).await?;
    let free_before = backend.database_info().await?.free_pages;
    backend.discard_table(TABLE).await?;
    refused!(backend.discard_table(TABLE).await, TableNotFound(_), "discarding twice");
    unchanged(backend, &empty).await?;
    equal!(backend.database_info().await?.free_pages, free_before, "free pages before a step");
    // Another table takes the name meanwhile.
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "new").await?;
    let with_new = snapshot(backend).await?;
    // Ten steps each for items and for entries, and one for each of the three physical tables.
    equal!(free(backend, 10, 1 << 20).await?, 23, "steps");
    holds!(backend.database_info().await?.free_pages > free_before, "pages are free");
    unchanged(backend, &with_new).await
}

pub(super) async fn a_step_frees_no_more_than_so_many_bytes<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let big = megabyte("a", "1");
    for sk in ["1", "2", "3"] {
        backend.put_item(TABLE, "a", sk, &big.json, big.size).await?;
    }
    let full = backend.database_info().await?;
    backend.discard_table(TABLE).await?;
    holds!(backend.free_discarded(100, 1).await?, "there is more");
    let freed = backend.database_info().await?.free_pages.saturating_sub(full.free_pages) * full.page_size;
    holds!((1 << 20..2 << 20).contains(&freed), "one item's pages are free: {freed} bytes");
    // The other two items, and three physical tables.
    equal!(free(backend, 100, 1).await?, 5, "steps");
    Ok(())
}

pub(super) async fn a_discarded_index_is_gone_at_once_and_freed_in_steps<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend, TABLE, 30).await?;
    refused!(backend.discard_gsi(TABLE, LSI).await, IndexNotFound { .. }, "an LSI as a GSI");
    backend.discard_gsi(TABLE, GSI).await?;
    refused!(backend.discard_gsi(TABLE, GSI).await, IndexNotFound { .. }, "discarding twice");
    backend.create_gsi_table(TABLE, GSI).await?;
    let with_new = snapshot(backend).await?;
    equal!(free(backend, 10, 1 << 20).await?, 4, "steps");
    equal!(backend.count_items(TABLE).await?, 30, "items");
    unchanged(backend, &with_new).await
}

pub(super) async fn discarding_is_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend, TABLE, 5).await?;
    undone(backend, async { Ok(backend.discard_gsi(TABLE, GSI).await?) }).await?;
    undone(backend, async { Ok(backend.discard_table(TABLE).await?) }).await?;
    holds!(!backend.has_discarded(), "nothing is discarded after all");
    backend.discard_table(TABLE).await?;
    undone(backend, async { Ok(backend.free_discarded(2, 1000).await.map(drop)?) }).await?;
    holds!(backend.has_discarded(), "what was freed in vain is still there");
    free(backend, 100, 1 << 20).await?;
    Ok(())
}

pub(super) async fn vacuum_goes_on_step_by_step<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    create_indexed(backend, "Big").await?;
    let big = megabyte("b", "1");
    for sk in ["1", "2", "3"] {
        backend.put_item("Big", "b", sk, &big.json, big.size).await?;
        put_noted(backend, "a", sk, "kept").await?;
    }
    backend.discard_table("Big").await?;
    free(backend, 100, 1 << 30).await?;
    let before = snapshot(backend).await?;
    backend.begin_transaction().await?;
    refused!(backend.vacuum_step(10).await, TransactionState(_), "inside a transaction");
    backend.rollback().await?;
    let mut info = backend.database_info().await?;
    holds!(info.free_pages > 100, "there is something to do: {} pages", info.free_pages);
    loop {
        let left = backend.vacuum_step(25).await?;
        let now = backend.database_info().await?;
        equal!(now.free_pages, left, "free pages");
        if info.free_pages == 0 {
            break;
        }
        let freed = info.page_count - now.page_count;
        holds!(freed == 25 || (left == 0 && freed <= 25), "a step of 25 pages gave {freed} back");
        info = now;
    }
    unchanged(backend, &before).await?;
    put_noted(backend, "a", "4", "after").await?;
    equal!(backend.count_items(TABLE).await?, 4, "items");
    Ok(())
}
