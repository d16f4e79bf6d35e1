//! Index entries, one by one, in bulk, and as a fan-out.

use super::check::{CaseResult, equal, refused};
use super::samples::{GSI, LSI, Rows, TABLE, create, create_indexed, gsi_row, megabyte, noted, signed, sort_keys, texts};
use super::snapshot::{committed, snapshot, unchanged, undone};
use crate::storage::{QueryParams, ScanParams};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{IndexNotFound, InvalidArgument, TableNotFound};
use crate::storage_backend::rows::IndexWriteOp;

async fn gsi<B: StorageBackend>(backend: &B, pk: &str) -> Result<Rows, super::check::Failure> {
    Ok(backend.query_gsi_items(TABLE, GSI, pk, &QueryParams::default()).await?)
}

async fn lsi<B: StorageBackend>(backend: &B, pk: &str) -> Result<Rows, super::check::Failure> {
    Ok(backend.query_lsi_items(TABLE, LSI, pk, &QueryParams::default()).await?)
}

/// Entries and bytes of the GSI and of the LSI, from the counters.
async fn counters<B: StorageBackend>(backend: &B) -> Result<[(u64, u64); 2], super::check::Failure> {
    let stats = backend.table_stats().await?;
    let of = |name: &str| {
        let found = stats.iter().flat_map(|table| &table.indexes).find(|index| index.index_name == name);
        found.map_or((0, 0), |index| (index.item_count, index.size_bytes))
    };
    Ok([of(GSI), of(LSI)])
}

pub(super) async fn a_gsi_entry_is_written_replaced_and_deleted<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let (first, second) = (noted("a", "1", "first"), noted("a", "1", "second, longer"));
    backend.insert_gsi_item(TABLE, GSI, "rock", "x", "a", "1", &first.json).await?;
    equal!(counters(backend).await?[0], (1, first.size as u64), "counters after one");
    backend.insert_gsi_item(TABLE, GSI, "rock", "x", "a", "1", &second.json).await?;
    equal!(
        gsi(backend, "rock").await?,
        [("rock".into(), "x".into(), second.json.clone())],
        "replaced at the same full key"
    );
    equal!(
        counters(backend).await?[0],
        (1, second.size as u64),
        "counters after the replacement"
    );
    backend.insert_gsi_item(TABLE, GSI, "rock", "x", "a", "2", &first.json).await?;
    backend.insert_gsi_item(TABLE, GSI, "rock", "x", "b", "1", &first.json).await?;
    equal!(
        gsi(backend, "rock").await?.len(),
        3,
        "entries of the same index key and different items"
    );
    backend.delete_gsi_item(TABLE, GSI, "a", "1").await?;
    equal!(
        texts(&gsi(backend, "rock").await?),
        [first.json.as_str(), first.json.as_str()],
        "after the delete"
    );
    backend.delete_gsi_item(TABLE, GSI, "a", "1").await?;
    equal!(
        counters(backend).await?[0],
        (2, 2 * first.size as u64),
        "counters after deleting one, and none"
    );
    Ok(())
}

pub(super) async fn deleting_by_base_key_finds_every_gsi_entry<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = noted("a", "1", "x");
    for genre in ["rock", "pop", "jazz"] {
        backend.insert_gsi_item(TABLE, GSI, genre, "1", "a", "1", &sample.json).await?;
        backend.insert_gsi_item(TABLE, GSI, genre, "1", "a", "1\0", &sample.json).await?;
    }
    backend.delete_gsi_item(TABLE, GSI, "a", "1").await?;
    equal!(
        backend.scan_gsi_items(TABLE, GSI, &ScanParams::default()).await?.len(),
        3,
        "entries of the other item"
    );
    equal!(counters(backend).await?[0], (3, 3 * sample.size as u64), "counters");
    Ok(())
}

pub(super) async fn an_lsi_entry_is_written_replaced_and_deleted<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let (first, second) = (noted("a", "1", "first"), noted("a", "1", "second, longer"));
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &first.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &second.json).await?;
    equal!(
        lsi(backend, "a").await?,
        [("a".into(), "1999".into(), second.json.clone())],
        "replaced at the same full key"
    );
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "2", &first.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "b", "1999", "b", "1", &first.json).await?;
    equal!(counters(backend).await?[1], (3, (second.size + 2 * first.size) as u64), "counters");
    equal!(
        backend.get_lsi_partition_size(TABLE, LSI, "a").await?,
        signed(second.size + first.size),
        "partition size"
    );
    equal!(
        backend.get_lsi_partition_size(TABLE, LSI, "absent").await?,
        0,
        "size of no partition"
    );
    backend.delete_lsi_item(TABLE, LSI, "a", "1").await?;
    backend.delete_lsi_item(TABLE, LSI, "a", "absent").await?;
    equal!(texts(&lsi(backend, "a").await?), [first.json.as_str()], "after the delete");
    equal!(
        lsi(backend, "b").await?.len(),
        1,
        "the item of the same sort key in another partition"
    );
    equal!(counters(backend).await?[1], (2, 2 * first.size as u64), "counters after the delete");
    Ok(())
}

pub(super) async fn an_lsi_entry_has_its_items_partition_key<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let json = noted("a", "1", "x").json;
    refused!(
        backend.insert_lsi_item(TABLE, LSI, "b", "1999", "a", "1", &json).await,
        InvalidArgument(_),
        "another partition key"
    );
    equal!(backend.scan_lsi_items(TABLE, LSI, &ScanParams::default()).await?, [], "entries");
    Ok(())
}

pub(super) async fn entries_need_their_index<B: StorageBackend>(backend: &B) -> CaseResult {
    let json = noted("a", "1", "x").json;
    let (query, scan) = (QueryParams::default(), ScanParams::default());
    for created in [false, true] {
        if created {
            create(backend, TABLE).await?;
            backend.create_gsi_table(TABLE, "G").await?;
            backend.create_lsi_table(TABLE, "L").await?;
        }
        let outcomes = [
            backend.insert_gsi_item(TABLE, "L", "x", "", "a", "1", &json).await,
            backend
                .insert_gsi_items(TABLE, "L", &[gsi_row(["x", ""], ["a", "1"], &noted("a", "1", "x"))])
                .await,
            backend.delete_gsi_item(TABLE, "L", "a", "1").await,
            backend.query_gsi_items(TABLE, "none", "x", &query).await.map(drop),
            backend.scan_gsi_items(TABLE, "none", &scan).await.map(drop),
            backend.insert_lsi_item(TABLE, "G", "a", "x", "a", "1", &json).await,
            backend.delete_lsi_item(TABLE, "G", "a", "1").await,
            backend.query_lsi_items(TABLE, "none", "a", &query).await.map(drop),
            backend.scan_lsi_items(TABLE, "none", &scan).await.map(drop),
            backend.get_lsi_partition_size(TABLE, "G", "a").await.map(drop),
        ];
        for (n, outcome) in outcomes.into_iter().enumerate() {
            if created {
                refused!(outcome, IndexNotFound { .. }, "call {n} on the wrong kind of index, or none");
            } else {
                refused!(outcome, TableNotFound(_), "call {n} on no table");
            }
        }
    }
    Ok(())
}

pub(super) async fn an_entry_that_is_no_json_is_refused<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    refused!(
        backend.insert_gsi_item(TABLE, GSI, "x", "", "a", "1", "{oops").await,
        InvalidArgument(_),
        "a GSI entry"
    );
    refused!(
        backend.insert_lsi_item(TABLE, LSI, "a", "", "a", "1", "").await,
        InvalidArgument(_),
        "an LSI entry"
    );
    equal!(counters(backend).await?, [(0, 0); 2], "counters");
    Ok(())
}

pub(super) async fn nul_bytes_in_index_keys_are_characters<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for (n, sk) in ["", "\0", "\0\0", "a", "a\0", "a\0b"].into_iter().enumerate() {
        let sample = noted("p\0", &n.to_string(), "\0");
        backend
            .insert_gsi_item(TABLE, GSI, "g\0", sk, "p\0", &n.to_string(), &sample.json)
            .await?;
        backend
            .insert_lsi_item(TABLE, LSI, "p\0", sk, "p\0", &n.to_string(), &sample.json)
            .await?;
    }
    let expected = ["", "\0", "\0\0", "a", "a\0", "a\0b"];
    equal!(sort_keys(&gsi(backend, "g\0").await?), expected, "GSI sort keys");
    equal!(sort_keys(&lsi(backend, "p\0").await?), expected, "LSI sort keys");
    equal!(gsi(backend, "g").await?, [], "the partition without NUL");
    backend.delete_lsi_item(TABLE, LSI, "p", "0").await?;
    backend.delete_gsi_item(TABLE, GSI, "p", "0").await?;
    equal!(
        counters(backend).await?.map(|(entries, _)| entries),
        [6, 6],
        "entries after deletes of other keys"
    );
    Ok(())
}

pub(super) async fn entries_may_be_a_megabyte<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let big = megabyte("a", "1");
    backend.insert_gsi_item(TABLE, GSI, "rock", "", "a", "1", &big.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "", "a", "1", &big.json).await?;
    backend
        .insert_gsi_items(TABLE, GSI, &[gsi_row(["rock", "1"], ["a", "1"], &big)])
        .await?;
    equal!(texts(&gsi(backend, "rock").await?), [big.json.as_str(), big.json.as_str()], "GSI");
    equal!(texts(&lsi(backend, "a").await?), [big.json.as_str()], "LSI");
    equal!(
        counters(backend).await?,
        [(2, 2 * big.size as u64), (1, big.size as u64)],
        "counters"
    );
    Ok(())
}

pub(super) async fn gsi_entries_are_written_in_bulk<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.insert_gsi_items(TABLE, GSI, &[]).await?;
    let mut rows = Vec::new();
    for n in 0..600 {
        let (genre, year, base) = (format!("g{}", n % 5), format!("{}", 1900 + n % 50), format!("{n}"));
        rows.push(gsi_row([&genre, &year], ["a", &base], &noted("a", &base, "bulk")));
    }
    rows.push(gsi_row(["g0", "1900"], ["a", "0"], &noted("a", "0", "last")));
    backend.insert_gsi_items(TABLE, GSI, &rows).await?;
    equal!(gsi(backend, "g3").await?.len(), 120, "entries of one partition");
    let (entries, bytes) = counters(backend).await?[0];
    let sum: usize = rows[1..].iter().map(|row| noted("a", &row.table_sk, "bulk").size).sum();
    equal!((entries, bytes as usize), (600, sum), "counters, with one entry that came twice");
    let first = gsi(backend, "g0").await?.swap_remove(0);
    equal!(first.2, noted("a", "0", "last").json, "the entry that came twice");
    Ok(())
}

/// The fan-out of `n` items: each moves its entries.
fn fan_out(n: usize) -> Vec<IndexWriteOp> {
    let mut ops = Vec::new();
    for at in 0..n {
        let (sk, json) = (at.to_string(), noted("a", &at.to_string(), "fan").json);
        let names = || (TABLE.to_owned(), GSI.to_owned());
        let (table_name, index_name) = names();
        ops.push(match at % 4 {
            0 => {
                let (gsi_pk, gsi_sk) = ("rock".into(), sk.clone());
                IndexWriteOp::InsertGsi {
                    table_name,
                    index_name,
                    gsi_pk,
                    gsi_sk,
                    table_pk: "a".into(),
                    table_sk: sk,
                    item_json: json,
                }
            }
            1 => {
                let (pk, lsi_sk) = ("a".into(), format!("y{sk}"));
                IndexWriteOp::InsertLsi {
                    table_name,
                    index_name: LSI.into(),
                    pk,
                    sk: lsi_sk,
                    base_pk: "a".into(),
                    base_sk: sk,
                    item_json: json,
                }
            }
            // Each deletes the entry that was written two places before it, if that was of the first half.
            2 => IndexWriteOp::DeleteGsi {
                table_name,
                index_name,
                table_pk: "a".into(),
                table_sk: at.saturating_sub(2).to_string(),
            },
            _ => IndexWriteOp::DeleteLsi {
                table_name,
                index_name: LSI.into(),
                base_pk: "a".into(),
                base_sk: "none".into(),
            },
        });
    }
    ops
}

pub(super) async fn a_fan_out_is_applied_in_order<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.apply_index_writes(&[]).await?;
    equal!(counters(backend).await?, [(0, 0); 2], "of no writes");
    backend.apply_index_writes(&fan_out(1)).await?;
    equal!(counters(backend).await?[0].0, 1, "of one write");
    committed(backend, async { Ok(backend.apply_index_writes(&fan_out(200)).await?) }).await?;
    let [(gsi_entries, gsi_bytes), (lsi_entries, _)] = counters(backend).await?;
    equal!(
        (gsi_entries, gsi_bytes, lsi_entries),
        (0, 0, 50),
        "of 200 writes: every GSI entry was deleted again"
    );
    equal!(gsi(backend, "rock").await?, [], "GSI");
    equal!(lsi(backend, "a").await?.len(), 50, "LSI");
    Ok(())
}

pub(super) async fn a_fan_out_fails_as_a_whole<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.apply_index_writes(&fan_out(2)).await?;
    let before = snapshot(backend).await?;
    let mut ops = fan_out(10);
    ops.push(IndexWriteOp::DeleteGsi {
        table_name: TABLE.into(),
        index_name: "none".into(),
        table_pk: "a".into(),
        table_sk: "1".into(),
    });
    backend.begin_transaction().await?;
    refused!(
        backend.apply_index_writes(&ops).await,
        IndexNotFound { .. },
        "an index that is not there"
    );
    backend.rollback().await?;
    unchanged(backend, &before).await
}

pub(super) async fn writes_of_entries_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = noted("a", "1", "kept");
    backend.insert_gsi_item(TABLE, GSI, "rock", "", "a", "1", &sample.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "", "a", "1", &sample.json).await?;
    undone(backend, async {
        let other = noted("a", "1", "changed");
        backend.insert_gsi_item(TABLE, GSI, "rock", "", "a", "1", &other.json).await?;
        backend
            .insert_gsi_items(TABLE, GSI, &[gsi_row(["pop", ""], ["a", "1"], &megabyte("a", "1"))])
            .await?;
        backend.delete_lsi_item(TABLE, LSI, "a", "1").await?;
        backend.apply_index_writes(&fan_out(20)).await?;
        equal!(gsi(backend, "pop").await?.len(), 1, "inside the transaction");
        Ok(())
    })
    .await?;
    undone(backend, async {
        backend.delete_gsi_item(TABLE, GSI, "a", "1").await?;
        backend.insert_lsi_item(TABLE, LSI, "a", "9", "a", "1", &sample.json).await?;
        equal!(
            counters(backend).await?.map(|(entries, _)| entries),
            [0, 2],
            "inside the transaction"
        );
        Ok(())
    })
    .await
}
