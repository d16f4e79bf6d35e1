//! Counters are exact after every kind of write: compared with a count over the rows after each step of a long mixed life.

use super::check::{CaseResult, Failure, equal};
use super::samples::{GSI, LSI, TABLE, base_row, create_indexed, gsi_row, noted, signed};
use super::snapshot::undone;
use crate::model::Item;
use crate::storage::{IndexStats, ScanParams, TableStats};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::rows::{IndexWriteOp, ItemPut, ItemWrite};

/// The figures, counted over the rows.
async fn recount<B: StorageBackend>(backend: &B) -> Result<TableStats, Failure> {
    let all = ScanParams::default();
    let count = |rows: Vec<(String, String, String)>| {
        let bytes = rows
            .iter()
            .map(|(_, _, json)| Item::size_of_canonical(json).unwrap_or(usize::MAX) as u64)
            .sum::<u64>();
        (rows.len() as u64, bytes)
    };
    let (item_count, size_bytes) = count(backend.scan_items(TABLE, &all).await?);
    let mut indexes = Vec::new();
    for (name, rows) in [
        (GSI, backend.scan_gsi_items(TABLE, GSI, &all).await?),
        (LSI, backend.scan_lsi_items(TABLE, LSI, &all).await?),
    ] {
        let (item_count, size_bytes) = count(rows);
        indexes.push(IndexStats {
            index_name: name.into(),
            item_count,
            size_bytes,
        });
    }
    Ok(TableStats {
        table_name: TABLE.into(),
        item_count,
        size_bytes,
        indexes,
    })
}

async fn exact<B: StorageBackend>(backend: &B, step: &str) -> CaseResult {
    equal!(backend.table_stats().await?, [recount(backend).await?], "after {step}");
    let rows = backend.scan_items(TABLE, &ScanParams::default()).await?;
    equal!(backend.count_items(TABLE).await?, signed(rows.len()), "count_items after {step}");
    Ok(())
}

/// One step of each kind; `n` makes keys that sometimes meet and notes of different lengths.
async fn steps<B: StorageBackend>(backend: &B, n: usize) -> CaseResult {
    let (pk, sk) = (format!("p{}", n % 3), format!("s{}", n % 5));
    let sample = noted(&pk, &sk, &"x".repeat(n % 11));
    backend.put_item(TABLE, &pk, &sk, &sample.json, sample.size).await?;
    exact(backend, "put_item").await?;
    let other = noted(&pk, "bulk", &"y".repeat(n % 7));
    let rows = [
        base_row(&pk, &sk, &sample, None),
        base_row(&pk, "bulk", &other, None),
        base_row(&pk, "bulk", &sample, Some(1.0)),
    ];
    backend.put_base_items(TABLE, &rows).await?;
    exact(backend, "put_base_items").await?;
    backend.insert_gsi_item(TABLE, GSI, &sk, "", &pk, &sk, &sample.json).await?;
    backend
        .insert_gsi_items(
            TABLE,
            GSI,
            &[gsi_row([&sk, ""], [&pk, &sk], &other), gsi_row([&sk, "2"], [&pk, &sk], &other)],
        )
        .await?;
    exact(backend, "insert_gsi_items").await?;
    backend.insert_lsi_item(TABLE, LSI, &pk, &sk, &pk, "bulk", &sample.json).await?;
    exact(backend, "insert_lsi_item").await?;
    let old = backend
        .read_for_write(&[crate::storage_backend::ReadSpec {
            table_name: TABLE,
            pk: &pk,
            sk: &sk,
            with_item: false,
        }])
        .await?;
    let write = ItemWrite {
        table_name: TABLE,
        pk: &pk,
        sk: &sk,
        put: n.is_multiple_of(2).then_some(ItemPut {
            json: &other.json,
            size: other.size,
            expires_at: None,
        }),
        old_size: old[0].as_ref().map(|row| row.size),
        index_writes: Vec::new(),
        stream: None,
    };
    backend.apply_writes(&[write]).await?;
    exact(backend, "apply_writes").await?;
    let (table_name, index_name) = (TABLE.to_owned(), GSI.to_owned());
    let ops = [
        IndexWriteOp::DeleteGsi {
            table_name: table_name.clone(),
            index_name,
            table_pk: pk.clone(),
            table_sk: sk.clone(),
        },
        IndexWriteOp::DeleteLsi {
            table_name,
            index_name: LSI.into(),
            base_pk: pk.clone(),
            base_sk: format!("s{}", n % 4),
        },
    ];
    backend.apply_index_writes(&ops[..=n % 2]).await?;
    exact(backend, "apply_index_writes").await?;
    if n.is_multiple_of(3) {
        backend.delete_item(TABLE, &pk, "bulk").await?;
        backend.delete_item(TABLE, &pk, "none").await?;
        backend.delete_lsi_item(TABLE, LSI, &pk, "bulk").await?;
    }
    exact(backend, "deletes").await
}

pub(super) async fn counters_are_exact_after_every_write<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    exact(backend, "creation").await?;
    for n in 0..12 {
        steps(backend, n).await?;
    }
    Ok(())
}

pub(super) async fn counters_are_exact_inside_and_after_transactions<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for n in 0..8_usize {
        if n.is_multiple_of(2) {
            undone(backend, steps(backend, n)).await?;
        }
        backend.begin_transaction().await?;
        steps(backend, n).await?;
        backend.commit().await?;
        exact(backend, "the commit").await?;
    }
    Ok(())
}

pub(super) async fn counters_follow_drops_of_every_kind<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for n in 0..6 {
        steps(backend, n).await?;
    }
    backend.drop_gsi_table(TABLE, GSI).await?;
    backend.create_gsi_table(TABLE, GSI).await?;
    exact(backend, "dropping the GSI").await?;
    backend.drop_lsi_table(TABLE, LSI).await?;
    backend.create_lsi_table(TABLE, LSI).await?;
    exact(backend, "dropping the LSI").await?;
    backend.drop_data_table(TABLE).await?;
    backend.create_data_table(TABLE).await?;
    exact(backend, "dropping the items").await?;
    steps(backend, 1).await
}
