//! Groups: requests that become durable together, or not at all.

use super::check::{CaseResult, equal, holds, refused};
use super::samples::{TABLE, create_indexed, noted, put, put_noted};
use super::snapshot::{SHARD, committed, snapshot, unchanged};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{Constraint, TransactionState};

/// A table with an item, and a stream in which sequence number 77 is taken.
async fn with_taken_sequence<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "kept").await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    Ok(append_77(backend).await?)
}

async fn append_77<B: StorageBackend>(backend: &B) -> Result<(), crate::storage_backend::BackendError> {
    backend
        .insert_stream_record(TABLE, "INSERT", "{}", None, None, "000000000000000000077", SHARD, 1)
        .await
}

pub(super) async fn requests_of_a_group_are_all_kept<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.begin_group().await?;
    for sk in ["1", "2", "3"] {
        committed(backend, async { put_noted(backend, "a", sk, "x").await.map(drop) }).await?;
        equal!(
            backend.get_item(TABLE, "a", sk).await?,
            Some(noted("a", sk, "x").json),
            "read behind the request"
        );
    }
    // A request that only reads and gives up, and a write that opens no transaction of its own.
    backend.begin_transaction().await?;
    backend.get_item(TABLE, "a", "1").await?;
    backend.rollback().await?;
    put_noted(backend, "a", "4", "x").await?;
    holds!(!backend.group_failed(), "the group has failed");
    backend.end_group().await?;
    equal!(backend.count_items(TABLE).await?, 4, "items");
    equal!(
        backend.get_item(TABLE, "a", "4").await?,
        Some(noted("a", "4", "x").json),
        "the last one"
    );
    refused!(backend.commit().await, TransactionState(_), "no transaction is left open");
    Ok(())
}

pub(super) async fn an_empty_group_is_no_group<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let before = snapshot(backend).await?;
    backend.begin_group().await?;
    backend.end_group().await?;
    backend.begin_group().await?;
    backend.get_item(TABLE, "a", "1").await?;
    backend.end_group().await?;
    backend.begin_group().await?;
    backend.abort_group().await?;
    unchanged(backend, &before).await?;
    put_noted(backend, "a", "1", "x").await.map(drop)
}

pub(super) async fn an_aborted_group_leaves_nothing<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    backend.begin_group().await?;
    committed(backend, async { put_noted(backend, "a", "1", "changed").await.map(drop) }).await?;
    committed(backend, async {
        backend.next_stream_sequence_number(TABLE).await?;
        put_noted(backend, "b", "1", "new").await.map(drop)
    })
    .await?;
    equal!(backend.count_items(TABLE).await?, 2, "counted inside the group");
    backend.abort_group().await?;
    unchanged(backend, &before).await
}

pub(super) async fn an_error_undoes_the_whole_group<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    backend.begin_group().await?;
    committed(backend, async { put_noted(backend, "b", "1", "new").await.map(drop) }).await?;
    committed(backend, async { Ok(append_77(backend).await?) }).await?;
    refused!(backend.end_group().await, Constraint(_), "the end of the group");
    unchanged(backend, &before).await?;
    // Its requests are run again one by one: the good one stays.
    committed(backend, async { put_noted(backend, "b", "1", "new").await.map(drop) }).await?;
    refused!(append_77(backend).await, Constraint(_), "the culprit, alone");
    equal!(backend.count_items(TABLE).await?, 2, "items");
    Ok(())
}

pub(super) async fn a_failed_group_can_only_be_aborted<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    backend.begin_group().await?;
    committed(backend, async { put_noted(backend, "b", "1", "new").await.map(drop) }).await?;
    backend.begin_transaction().await?;
    append_77(backend).await?;
    refused!(
        backend.get_item(TABLE, "a", "1").await,
        Constraint(_),
        "the read that takes the queue along"
    );
    holds!(backend.group_failed(), "the group has not failed");
    let sample = noted("c", "1", "x");
    holds!(
        backend.put_item(TABLE, "c", "1", &sample.json, sample.size).await.is_err(),
        "a write in a failed group"
    );
    backend.abort_group().await?;
    holds!(!backend.group_failed(), "the failure outlives the group");
    unchanged(backend, &before).await?;
    put(backend, "c", "1", &sample).await.map(drop)
}

pub(super) async fn groups_and_transactions_do_not_nest<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.begin_transaction().await?;
    refused!(backend.begin_group().await, TransactionState(_), "a group in a transaction");
    backend.rollback().await?;
    backend.begin_group().await?;
    refused!(backend.begin_group().await, TransactionState(_), "a group in a group");
    backend.begin_transaction().await?;
    refused!(backend.begin_transaction().await, TransactionState(_), "a request in a request");
    put_noted(backend, "a", "1", "x").await?;
    backend.commit().await?;
    refused!(backend.commit().await, TransactionState(_), "closing a request twice");
    backend.end_group().await?;
    equal!(backend.count_items(TABLE).await?, 1, "items");
    Ok(())
}
