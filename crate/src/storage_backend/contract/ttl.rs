//! Time to live: expiry dates are built, kept up by every kind of write, and cleared.

use super::check::{CaseResult, Failure, equal, refused};
use super::samples::{TABLE, base_row, create, create_indexed, expiring, item, megabyte, noted, put};
use super::snapshot::undone;
use crate::model::AttributeValue;
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{InvalidArgument, TableNotFound};
use crate::storage_backend::rows::{ItemPut, ItemWrite};

/// The sort keys of expired items, in their order.
async fn expired<B: StorageBackend>(backend: &B, now: i64, limit: usize) -> Result<Vec<String>, Failure> {
    Ok(backend
        .list_expired(TABLE, 0..now, limit)
        .await?
        .into_iter()
        .map(|row| row.sk)
        .collect())
}

async fn put_expiring<B: StorageBackend>(backend: &B, sk: &str, seconds: u64) -> CaseResult {
    put(backend, sk, sk, &expiring(sk, sk, seconds)).await.map(drop)
}

pub(super) async fn enabling_builds_what_is_there<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    for (sk, seconds) in [("c", 300), ("a", 100), ("d", 400), ("b", 200)] {
        put_expiring(backend, sk, seconds).await?;
    }
    put(backend, "t", "t", &item("t", "t", "expires", AttributeValue::S("100".into()))).await?;
    put(backend, "n", "n", &noted("n", "n", "no date")).await?;
    equal!(expired(backend, i64::MAX, 100).await?, Vec::<String>::new(), "without TTL");
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    equal!(
        expired(backend, i64::MAX, 100).await?,
        ["a", "b", "c", "d"],
        "the longest expired first"
    );
    equal!(expired(backend, 300, 100).await?, ["a", "b"], "strictly before now");
    equal!(expired(backend, i64::MAX, 2).await?, ["a", "b"], "limited");
    let since = backend.list_expired(TABLE, 200..301, 100).await?;
    equal!(since.iter().map(|row| row.expires_at).collect::<Vec<_>>(), [200, 300], "not before");
    let rows = backend.list_expired(TABLE, 0..101, 10).await?;
    let sample = expiring("a", "a", 100);
    equal!(
        (rows[0].pk.as_str(), rows[0].expires_at, rows[0].size),
        ("a", 100, sample.size),
        "a row"
    );
    equal!(rows[0].json, sample.json, "its item");
    Ok(())
}

pub(super) async fn enabling_builds_many_items<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let key = |n: u64| format!("k{n}");
    let rows: Vec<_> = (0..1100)
        .map(|n| base_row(&key(n), "1", &expiring(&key(n), "1", n + 1), None))
        .collect();
    backend.put_base_items(TABLE, &rows).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    let found = backend.list_expired(TABLE, 0..i64::MAX, 2000).await?;
    equal!(
        found.iter().map(|row| row.expires_at).collect::<Vec<_>>(),
        (1..=1100).collect::<Vec<_>>(),
        "dates"
    );
    Ok(())
}

pub(super) async fn every_write_keeps_the_date<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    put_expiring(backend, "a", 100).await?;
    put_expiring(backend, "b", 200).await?;
    let bulk = [
        base_row("c", "c", &expiring("c", "c", 150), None),
        base_row("d", "d", &noted("d", "d", "x"), None),
    ];
    backend.put_base_items(TABLE, &bulk).await?;
    let sample = expiring("e", "e", 50);
    let write = ItemWrite {
        table_name: TABLE,
        pk: "e",
        sk: "e",
        put: Some(ItemPut {
            json: &sample.json,
            size: sample.size,
            expires_at: Some(50),
        }),
        old_size: None,
        index_writes: Vec::new(),
        stream: None,
    };
    backend.apply_writes(&[write]).await?;
    equal!(expired(backend, 1000, 10).await?, ["e", "a", "c", "b"], "after puts of every kind");
    put_expiring(backend, "a", 175).await?;
    put(backend, "c", "c", &noted("c", "c", "no date")).await?;
    backend.delete_item(TABLE, "b", "b").await?;
    equal!(
        expired(backend, 1000, 10).await?,
        ["e", "a"],
        "after a new date, no date, and a delete"
    );
    equal!(backend.list_expired(TABLE, 0..1000, 10).await?[1].expires_at, 175, "the new date");
    Ok(())
}

pub(super) async fn disabling_clears_every_date<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    put_expiring(backend, "a", 100).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    backend.update_ttl_config(TABLE, Some("expires"), false).await?;
    equal!(expired(backend, i64::MAX, 10).await?, Vec::<String>::new(), "disabled");
    put_expiring(backend, "b", 50).await?;
    equal!(
        expired(backend, i64::MAX, 10).await?,
        Vec::<String>::new(),
        "written while it was disabled"
    );
    backend.update_ttl_config(TABLE, None, false).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    equal!(expired(backend, i64::MAX, 10).await?, ["b", "a"], "enabled again");
    let read = backend.get_item(TABLE, "a", "a").await?;
    equal!(read, Some(expiring("a", "a", 100).json), "the item itself never changed");
    Ok(())
}

pub(super) async fn another_attribute_brings_its_own_dates<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    put_expiring(backend, "a", 100).await?;
    put(
        backend,
        "b",
        "b",
        &item("b", "b", "until\0", AttributeValue::N(crate::model::Number::from_u64(7))),
    )
    .await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    equal!(expired(backend, 1000, 10).await?, ["a"], "by the first attribute");
    backend.update_ttl_config(TABLE, Some("until\0"), true).await?;
    equal!(expired(backend, 1000, 10).await?, ["b"], "by the second");
    Ok(())
}

pub(super) async fn the_setting_is_kept_and_listed<B: StorageBackend>(backend: &B) -> CaseResult {
    for name in ["b", "a", "c"] {
        create(backend, name).await?;
        backend.update_ttl_config(name, Some("expires"), true).await?;
    }
    backend.update_ttl_config("b", None, false).await?;
    let listed = backend.list_ttl_enabled_tables().await?;
    let names: Vec<_> = listed
        .iter()
        .map(|table| (table.table_name.as_str(), table.ttl_attribute.as_deref()))
        .collect();
    equal!(names, [("a", Some("expires")), ("c", Some("expires"))], "by name");
    let read = backend.get_table_metadata("b").await?.unwrap_or_default();
    equal!((read.ttl_enabled, read.ttl_attribute), (false, None), "disabled");
    Ok(())
}

pub(super) async fn ttl_needs_its_table_and_attribute<B: StorageBackend>(backend: &B) -> CaseResult {
    refused!(
        backend.update_ttl_config(TABLE, Some("x"), true).await,
        TableNotFound(_),
        "update_ttl_config"
    );
    refused!(backend.list_expired(TABLE, 0..0, 1).await, TableNotFound(_), "list_expired");
    create(backend, TABLE).await?;
    refused!(
        backend.update_ttl_config(TABLE, None, true).await,
        InvalidArgument(_),
        "enabling without an attribute"
    );
    equal!(backend.list_ttl_enabled_tables().await?, [], "tables with TTL");
    Ok(())
}

pub(super) async fn changes_of_ttl_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_expiring(backend, "a", 100).await?;
    undone(backend, async {
        backend.update_ttl_config(TABLE, Some("expires"), true).await?;
        put_expiring(backend, "b", 200).await?;
        equal!(expired(backend, 1000, 10).await?, ["a", "b"], "inside the transaction");
        Ok(())
    })
    .await?;
    put_expiring(backend, "c", 300).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    undone(backend, async {
        put_expiring(backend, "a", 900).await?;
        backend.update_ttl_config(TABLE, None, false).await?;
        put_expiring(backend, "d", 1).await?;
        Ok(())
    })
    .await?;
    put_expiring(backend, "e", 50).await?;
    equal!(expired(backend, 1000, 10).await?, ["e", "a", "c"], "the setting still works");
    Ok(())
}

pub(super) async fn expired_items_may_be_large_and_hold_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.update_ttl_config(TABLE, Some("expires"), true).await?;
    let big = megabyte("a\0", "\0");
    let write = ItemWrite {
        table_name: TABLE,
        pk: "a\0",
        sk: "\0",
        put: Some(ItemPut {
            json: &big.json,
            size: big.size,
            expires_at: None,
        }),
        old_size: None,
        index_writes: Vec::new(),
        stream: None,
    };
    backend.apply_writes(&[write]).await?;
    equal!(
        expired(backend, i64::MAX, 10).await?,
        Vec::<String>::new(),
        "an item without a date"
    );
    put(backend, "a\0", "\0", &expiring("a\0", "\0", 5)).await?;
    let rows = backend.list_expired(TABLE, 0..6, 10).await?;
    equal!((rows[0].pk.as_str(), rows[0].sk.as_str()), ("a\0", "\0"), "its key");
    equal!(backend.count_items(TABLE).await?, 1, "items");
    Ok(())
}
