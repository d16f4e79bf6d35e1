//! The rules of transactions, and what becomes of queued writes that fail.

use super::check::{CaseResult, Failure, equal, holds, refused};
use super::samples::{GSI, TABLE, create, create_indexed, megabyte, metadata, noted, put, put_noted};
use super::snapshot::{SHARD, committed, snapshot, unchanged, undone};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{self, TransactionState};

pub(super) async fn transactions_do_not_nest<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.begin_transaction().await?;
    refused!(backend.begin_transaction().await, TransactionState(_), "a second begin");
    let sample = noted("a", "1", "x");
    put(backend, "a", "1", &sample).await?;
    refused!(backend.begin_transaction().await, TransactionState(_), "a begin after a write");
    // The refused begin has not disturbed the open transaction.
    backend.commit().await?;
    equal!(backend.get_item(TABLE, "a", "1").await?, Some(sample.json), "the item");
    Ok(())
}

pub(super) async fn only_an_open_transaction_ends<B: StorageBackend>(backend: &B) -> CaseResult {
    refused!(backend.commit().await, TransactionState(_), "commit without begin");
    refused!(backend.rollback().await, TransactionState(_), "rollback without begin");
    backend.begin_transaction().await?;
    backend.commit().await?;
    refused!(backend.commit().await, TransactionState(_), "a second commit");
    refused!(backend.rollback().await, TransactionState(_), "a rollback after the commit");
    backend.begin_transaction().await?;
    backend.rollback().await?;
    refused!(backend.rollback().await, TransactionState(_), "a second rollback");
    refused!(backend.commit().await, TransactionState(_), "a commit after the rollback");
    create(backend, TABLE).await?;
    put_noted(backend, "a", "1", "x").await?;
    equal!(backend.count_items(TABLE).await?, 1, "items");
    Ok(())
}

pub(super) async fn empty_transactions_change_nothing<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    put_noted(backend, "a", "1", "x").await?;
    let before = snapshot(backend).await?;
    committed(backend, async { Ok(()) }).await?;
    undone(backend, async { Ok(()) }).await?;
    // One that only reads.
    committed(backend, async {
        backend.get_item(TABLE, "a", "1").await?;
        Ok(())
    })
    .await?;
    unchanged(backend, &before).await
}

pub(super) async fn a_commit_keeps_every_write<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let first = put_noted(backend, "a", "1", "first").await?;
    let big = megabyte("a", "2");
    committed(backend, async {
        backend.delete_item(TABLE, "a", "1").await?;
        put(backend, "a", "2", &big).await?;
        backend.insert_gsi_item(TABLE, GSI, "rock", "", "a", "2", &big.json).await?;
        create(backend, "Other").await?;
        backend.put_item("Other", "a", "1", &first.json, first.size).await?;
        Ok(())
    })
    .await?;
    equal!(backend.get_item(TABLE, "a", "1").await?, None, "the deleted item");
    equal!(backend.get_item(TABLE, "a", "2").await?, Some(big.json), "the new item");
    equal!(
        backend.get_item("Other", "a", "1").await?,
        Some(first.json),
        "the item of the new table"
    );
    equal!(backend.table_stats().await?[0].indexes[0].item_count, 1, "the entry");
    Ok(())
}

pub(super) async fn many_transactions_follow_each_other<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    for n in 0..20 {
        let sk = format!("{n:02}");
        backend.begin_transaction().await?;
        put_noted(backend, "a", &sk, "x").await?;
        if n % 2 == 0 {
            backend.commit().await?;
        } else {
            backend.rollback().await?;
        }
        equal!(backend.count_items(TABLE).await?, n / 2 + 1, "items after transaction {n}");
    }
    Ok(())
}

/// Queues a write that the database will refuse: the second record of one sequence number.
async fn queue_a_failing_write<B: StorageBackend>(backend: &B) -> Result<(), BackendError> {
    backend
        .insert_stream_record(TABLE, "INSERT", "{}", None, None, "000000000000000000077", SHARD, 1)
        .await
}

/// A table with an item, and a stream in which sequence number 77 is taken.
async fn with_taken_sequence<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "kept").await?;
    backend.enable_stream(TABLE, "KEYS_ONLY", "label").await?;
    Ok(queue_a_failing_write(backend).await?)
}

/// Runs a transaction with a queued write that fails between two that do not; says what its commit said.
async fn failing_transaction<B: StorageBackend>(backend: &B) -> Result<Result<(), BackendError>, Failure> {
    backend.begin_transaction().await?;
    put_noted(backend, "a", "1", "changed").await?;
    put_noted(backend, "b", "1", "new").await?;
    let queued = queue_a_failing_write(backend).await;
    // The error may come at once, or with a later read, or with the commit: never as success.
    let read = match &queued {
        Ok(()) => backend.update_billing_mode(TABLE, "PAY_PER_REQUEST").await,
        Err(_) => queued.clone(),
    };
    Ok(queued.and(read).and(backend.commit().await))
}

pub(super) async fn a_queued_error_arrives_at_the_commit<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    refused!(failing_transaction(backend).await?, BackendError::Constraint(_), "the commit");
    backend.rollback().await?;
    unchanged(backend, &before).await?;
    // The connection is as good as before.
    committed(backend, async { put_noted(backend, "b", "1", "new").await.map(drop) }).await?;
    equal!(backend.count_items(TABLE).await?, 2, "items after the next transaction");
    Ok(())
}

pub(super) async fn a_queued_error_arrives_at_the_next_read<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    backend.begin_transaction().await?;
    put_noted(backend, "b", "1", "new").await?;
    let queued = queue_a_failing_write(backend).await;
    let read = backend.get_item(TABLE, "a", "1").await;
    holds!(
        queued.is_err() || read.is_err(),
        "the error came neither with the write nor with the read behind it"
    );
    backend.rollback().await?;
    unchanged(backend, &before).await
}

/// After an error inside a transaction there is no telling what ran: it can only be rolled back, and nothing of it is kept.
pub(super) async fn a_failed_transaction_can_only_be_rolled_back<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    backend.begin_transaction().await?;
    put_noted(backend, "a", "1", "changed").await?;
    let queued = queue_a_failing_write(backend).await;
    let read = backend.get_item(TABLE, "a", "1").await;
    holds!(queued.is_err() || read.is_err(), "the error was lost");
    refused!(backend.get_item(TABLE, "a", "1").await, TransactionState(_), "a read");
    let sample = noted("c", "1", "x");
    let write = backend.put_item(TABLE, "c", "1", &sample.json, sample.size).await;
    refused!(write, TransactionState(_), "a write");
    refused!(
        backend.update_billing_mode(TABLE, "x").await,
        TransactionState(_),
        "a write that would be queued"
    );
    refused!(backend.begin_transaction().await, TransactionState(_), "a begin");
    refused!(backend.commit().await, TransactionState(_), "the commit");
    backend.rollback().await?;
    unchanged(backend, &before).await
}

pub(super) async fn an_error_outside_a_transaction_leaves_none_open<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let before = snapshot(backend).await?;
    refused!(
        queue_a_failing_write(backend).await,
        BackendError::Constraint(_),
        "the second record of a number"
    );
    backend.insert_table_metadata(&metadata("NoData")).await?;
    let sample = noted("a", "1", "x");
    let outcome = backend.put_item("NoData", "a", "1", &sample.json, sample.size).await;
    holds!(outcome.is_err(), "a put into a table without its physical table: {outcome:?}");
    holds!(
        backend.get_item("NoData", "a", "1").await.is_err(),
        "a get from a table without its physical table"
    );
    refused!(backend.commit().await, TransactionState(_), "commit");
    backend.delete_table_metadata("NoData").await?;
    unchanged(backend, &before).await
}

/// The statement of a failed frame is sent again, with its text, when it is used again.
pub(super) async fn a_failed_statement_works_when_its_cause_is_gone<B: StorageBackend>(backend: &B) -> CaseResult {
    backend.insert_table_metadata(&metadata(TABLE)).await?;
    let sample = noted("a", "1", "x");
    for _ in 0..2 {
        holds!(
            backend.put_item(TABLE, "a", "1", &sample.json, sample.size).await.is_err(),
            "a put without a physical table"
        );
        holds!(backend.get_item(TABLE, "a", "1").await.is_err(), "a get without a physical table");
    }
    equal!(backend.count_items(TABLE).await?, 0, "items after failed puts");
    backend.create_data_table(TABLE).await?;
    equal!(put(backend, "a", "1", &sample).await?, None, "the put");
    equal!(backend.get_item(TABLE, "a", "1").await?, Some(sample.json), "the item");
    Ok(())
}

pub(super) async fn a_rollback_reaches_over_every_kind_of_change<B: StorageBackend>(backend: &B) -> CaseResult {
    with_taken_sequence(backend).await?;
    let sample = noted("a", "1", "x");
    undone(backend, async {
        create_indexed(backend, "Other").await?;
        backend.put_item("Other", "a", "1", &sample.json, sample.size).await?;
        backend.drop_gsi_table(TABLE, GSI).await?;
        backend.delete_item(TABLE, "a", "1").await?;
        backend.update_ttl_config(TABLE, Some("expires"), true).await?;
        backend.disable_stream(TABLE).await?;
        backend.enable_stream(TABLE, "NEW_IMAGE", "second").await?;
        backend.touch_cached_at(TABLE, "a", "1", 1.0).await?;
        Ok(())
    })
    .await
}
