//! The ledger's rows.

use super::check::{CaseResult, equal};
use super::samples::MEGABYTE;
use super::snapshot::undone;
use crate::storage_backend::{LedgerRow, StorageBackend};

fn row<'a>(client: &'a str, replies: &'a [u8]) -> LedgerRow<'a> {
    LedgerRow { client, replies }
}

async fn rows<B: StorageBackend>(backend: &B) -> Result<Vec<(String, Vec<u8>)>, crate::storage_backend::BackendError> {
    Ok(backend.get_ledger().await?.rows)
}

pub(super) async fn a_client_has_one_row_until_it_is_too_old<B: StorageBackend>(backend: &B) -> CaseResult {
    equal!(rows(backend).await?, Vec::new(), "nobody wrote");
    backend.put_ledger_rows(&[row("a", b"1"), row("b", b"2")], 1000).await?;
    backend.put_ledger_rows(&[row("b", b"3")], 2000).await?;
    let both = vec![("a".to_owned(), b"1".to_vec()), ("b".to_owned(), b"3".to_vec())];
    equal!(rows(backend).await?, both, "the later row replaces the earlier");
    backend.trim_ledger(1000).await?;
    equal!(rows(backend).await?, both, "not old enough");
    backend.trim_ledger(1001).await?;
    equal!(rows(backend).await?, both[1..].to_vec(), "the old one is gone");
    Ok(())
}

pub(super) async fn rows_hold_a_megabyte_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    let replies: Vec<u8> = (0..MEGABYTE).map(|at| (at % 251) as u8).collect();
    backend.put_ledger_rows(&[row("a\0b", &replies)], 1).await?;
    equal!(rows(backend).await?, vec![("a\0b".to_owned(), replies)], "whole");
    Ok(())
}

pub(super) async fn changes_of_the_ledger_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    backend.put_ledger_rows(&[row("old", b"o")], 1).await?;
    let before = rows(backend).await?;
    undone(backend, async {
        backend.put_ledger_rows(&[row("new", b"n")], 2).await?;
        backend.trim_ledger(2).await?;
        equal!(
            rows(backend).await?,
            vec![("new".to_owned(), b"n".to_vec())],
            "inside the transaction"
        );
        Ok(())
    })
    .await?;
    equal!(rows(backend).await?, before, "after the rollback");
    Ok(())
}

pub(super) async fn writes_are_counted_and_reads_are_not<B: StorageBackend>(backend: &B) -> CaseResult {
    let before = backend.writes();
    backend.get_ledger().await?;
    backend.get_request_token("t", 0).await?;
    equal!(backend.writes(), before, "reads");
    backend.put_ledger_rows(&[row("a", b"1")], 1).await?;
    equal!(backend.writes(), before + 1, "a write");
    Ok(())
}
