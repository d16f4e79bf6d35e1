//! Items one by one and in bulk.

use super::check::{CaseResult, equal, refused};
use super::samples::{TABLE, base_row, create, hash_text, megabyte, noted, partition, put, put_noted, signed, sort_keys};
use super::snapshot::{snapshot, unchanged, undone};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{HashMismatch, TableNotFound};

pub(super) async fn an_item_is_put_replaced_and_deleted<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let (first, second) = (noted("a", "1", "first"), noted("a", "1", "second, longer"));
    equal!(backend.get_item(TABLE, "a", "1").await?, None, "before");
    equal!(put(backend, "a", "1", &first).await?, None, "put of a new item");
    equal!(backend.get_item(TABLE, "a", "1").await?, Some(first.json.clone()), "the first");
    equal!(
        put(backend, "a", "1", &second).await?,
        Some(first.json),
        "put over it returns the old item"
    );
    equal!(backend.get_item(TABLE, "a", "1").await?, Some(second.json.clone()), "the second");
    equal!(
        backend.delete_item(TABLE, "a", "1").await?,
        Some(second.json),
        "delete returns the item"
    );
    equal!(backend.delete_item(TABLE, "a", "1").await?, None, "delete of none");
    equal!(backend.get_item(TABLE, "a", "1").await?, None, "after");
    Ok(())
}

pub(super) async fn items_need_their_table<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, "Other").await?;
    let sample = noted("a", "1", "x");
    let (json, size) = (sample.json.as_str(), sample.size);
    refused!(backend.put_item(TABLE, "a", "1", json, size).await, TableNotFound(_), "put_item");
    refused!(
        backend.put_item_with_hash(TABLE, "a", "1", json, size, &hash_text("a")).await,
        TableNotFound(_),
        "put_item_with_hash"
    );
    refused!(
        backend.put_base_items(TABLE, &[base_row("a", "1", &sample, None)]).await,
        TableNotFound(_),
        "put_base_items"
    );
    refused!(backend.get_item(TABLE, "a", "1").await, TableNotFound(_), "get_item");
    refused!(backend.delete_item(TABLE, "a", "1").await, TableNotFound(_), "delete_item");
    refused!(backend.get_partition_size(TABLE, "a").await, TableNotFound(_), "get_partition_size");
    refused!(backend.count_items(TABLE).await, TableNotFound(_), "count_items");
    // What was refused left nothing behind for the next frame to trip over.
    equal!(
        backend.put_item("Other", "a", "1", json, size).await?,
        None,
        "a put into a table that is there"
    );
    equal!(backend.get_item("Other", "a", "1").await?, Some(sample.json), "its item");
    Ok(())
}

pub(super) async fn keys_are_told_apart_by_every_byte<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let keys = [
        ("a", "b"),
        ("a", "B"),
        ("A", "b"),
        ("a", ""),
        ("a", "b "),
        ("é", "b"),
        ("e\u{301}", "b"),
        ("a", "😀"),
        ("ab", ""),
    ];
    for (pk, sk) in keys {
        put_noted(backend, pk, sk, &format!("{pk}|{sk}")).await?;
    }
    equal!(backend.count_items(TABLE).await?, 9, "items");
    for (pk, sk) in keys {
        equal!(
            backend.get_item(TABLE, pk, sk).await?,
            Some(noted(pk, sk, &format!("{pk}|{sk}")).json),
            "item {pk:?} {sk:?}"
        );
    }
    equal!(backend.delete_item(TABLE, "a", "b").await?.is_some(), true, "one delete");
    equal!(backend.count_items(TABLE).await?, 8, "deletes one");
    Ok(())
}

pub(super) async fn nul_bytes_in_items_are_characters<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let keys = [
        ("k", "s"),
        ("k\0", "s"),
        ("k", "s\0"),
        ("k", "s\0t"),
        ("k", "\0"),
        ("\0", ""),
        ("\0\0", "\0\0"),
    ];
    for (pk, sk) in keys {
        let sample = noted(pk, sk, "before\0after");
        equal!(sample.json.contains("before\\u0000after"), true, "canonical JSON escapes NUL");
        equal!(put(backend, pk, sk, &sample).await?, None, "item {pk:?} {sk:?} is new");
    }
    for (pk, sk) in keys {
        equal!(
            backend.get_item(TABLE, pk, sk).await?,
            Some(noted(pk, sk, "before\0after").json),
            "item {pk:?} {sk:?}"
        );
    }
    equal!(
        sort_keys(&partition(backend, "k").await?),
        ["\0", "s", "s\0", "s\0t"],
        "sort keys in byte order"
    );
    equal!(backend.delete_item(TABLE, "k", "s").await?.is_some(), true, "the delete");
    equal!(
        backend.get_item(TABLE, "k", "s\0").await?.is_some(),
        true,
        "the neighbour of the deleted one"
    );
    equal!(backend.count_items(TABLE).await?, 6, "items");
    Ok(())
}

pub(super) async fn an_item_may_be_a_megabyte<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let (big, small) = (megabyte("a", "2"), noted("a", "2", "small"));
    put_noted(backend, "a", "1", "before").await?;
    put_noted(backend, "a", "3", "after").await?;
    equal!(put(backend, "a", "2", &big).await?, None, "put");
    equal!(backend.get_item(TABLE, "a", "2").await?, Some(big.json.clone()), "get");
    equal!(
        backend.get_partition_size(TABLE, "a").await? > signed(big.size),
        true,
        "its size counts"
    );
    equal!(put(backend, "a", "2", &small).await?, Some(big.json.clone()), "replaced");
    equal!(put(backend, "a", "2", &big).await?, Some(small.json), "and back");
    equal!(sort_keys(&partition(backend, "a").await?), ["1", "2", "3"], "its neighbours");
    equal!(backend.delete_item(TABLE, "a", "2").await?, Some(big.json), "deleted");
    Ok(())
}

pub(super) async fn writes_of_items_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    put_noted(backend, "a", "1", "kept").await?;
    put_noted(backend, "a", "2", "kept").await?;
    undone(backend, async {
        put_noted(backend, "a", "1", "changed").await?;
        put_noted(backend, "b", "1", "new").await?;
        backend.delete_item(TABLE, "a", "2").await?;
        equal!(
            backend.get_item(TABLE, "b", "1").await?,
            Some(noted("b", "1", "new").json),
            "inside the transaction"
        );
        equal!(backend.count_items(TABLE).await?, 2, "counted inside the transaction");
        Ok(())
    })
    .await?;
    undone(backend, async {
        let big = megabyte("c", "1");
        put(backend, "c", "1", &big).await?;
        backend
            .put_base_items(TABLE, &[base_row("a", "1", &big, Some(1.5)), base_row("d", "1", &big, None)])
            .await?;
        equal!(backend.count_items(TABLE).await?, 4, "counted inside the transaction");
        Ok(())
    })
    .await
}

pub(super) async fn a_hash_that_is_not_the_keys_is_refused<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let sample = noted("a", "1", "x");
    let hash = hash_text("a");
    equal!(
        backend
            .put_item_with_hash(TABLE, "a", "1", &sample.json, sample.size, &hash)
            .await?,
        None,
        "the key's hash"
    );
    let second = backend
        .put_item_with_hash(TABLE, "a", "1", &sample.json, sample.size, &hash)
        .await?;
    equal!(second, Some(sample.json.clone()), "put over the item");
    let before = snapshot(backend).await?;
    for wrong in [hash_text("b"), hash.to_uppercase() + "0", String::new(), "zzzzzz".into()] {
        let refused = backend.put_item_with_hash(TABLE, "a", "2", &sample.json, sample.size, &wrong).await;
        refused!(refused, HashMismatch { .. }, "put with hash {wrong:?}");
        let mut row = base_row("a", "2", &sample, None);
        row.hash_prefix.clone_from(&wrong);
        let rows = [base_row("c", "1", &sample, None), row];
        refused!(
            backend.put_base_items(TABLE, &rows).await,
            HashMismatch { .. },
            "bulk put with hash {wrong:?}"
        );
    }
    unchanged(backend, &before).await
}

pub(super) async fn items_are_put_in_bulk<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    put_noted(backend, "p0", "0", "replaced").await?;
    backend.put_base_items(TABLE, &[]).await?;
    let mut rows = Vec::new();
    for n in 0..600 {
        let (pk, sk) = (format!("p{}", n % 7), format!("{n}"));
        rows.push(base_row(&pk, &sk, &noted(&pk, &sk, "bulk"), None));
    }
    // One key twice: the later row stays.
    rows.push(base_row("p1", "1", &noted("p1", "1", "last"), None));
    backend.put_base_items(TABLE, &rows).await?;
    equal!(backend.count_items(TABLE).await?, 600, "items");
    equal!(
        backend.get_item(TABLE, "p0", "0").await?,
        Some(noted("p0", "0", "bulk").json),
        "the replaced one"
    );
    equal!(
        backend.get_item(TABLE, "p1", "1").await?,
        Some(noted("p1", "1", "last").json),
        "the one that came twice"
    );
    let sizes: usize = rows.iter().map(|row| row.item_size).sum();
    let stats = backend.table_stats().await?;
    equal!(stats[0].size_bytes as usize, sizes - noted("p1", "1", "bulk").size, "bytes");
    Ok(())
}

pub(super) async fn a_bulk_put_holds_megabytes_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let rows: Vec<_> = ["1", "1\0", "2"]
        .into_iter()
        .map(|sk| base_row("a\0", sk, &megabyte("a\0", sk), None))
        .collect();
    backend.put_base_items(TABLE, &rows).await?;
    for row in &rows {
        equal!(
            backend.get_item(TABLE, &row.pk, &row.sk).await?,
            Some(row.item_json.clone()),
            "item {:?}",
            row.sk
        );
    }
    equal!(backend.count_items(TABLE).await?, 3, "items");
    Ok(())
}

pub(super) async fn partition_sizes_are_sums_of_sizes<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    equal!(backend.get_partition_size(TABLE, "a").await?, 0, "of no partition");
    let mut sum = 0;
    for sk in ["1", "2", "3\0"] {
        sum += put_noted(backend, "a", sk, sk).await?.size;
        put_noted(backend, "a\0", sk, "another partition").await?;
    }
    equal!(backend.get_partition_size(TABLE, "a").await?, signed(sum), "of three items");
    backend.delete_item(TABLE, "a", "2").await?;
    equal!(
        backend.get_partition_size(TABLE, "a").await?,
        signed(sum - noted("a", "2", "2").size),
        "after a delete"
    );
    // The size is what the caller says, not what the JSON weighs.
    backend.put_item(TABLE, "b", "1", &noted("b", "1", "x").json, 400_000).await?;
    equal!(
        backend.get_partition_size(TABLE, "b").await?,
        400_000,
        "of an item with a given size"
    );
    Ok(())
}
