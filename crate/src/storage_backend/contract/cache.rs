//! Cache tracking: when items were last used, and which were not for the longest time.

use super::check::{CaseResult, Failure, equal, refused};
use super::samples::{TABLE, base_row, create, noted, put_noted, signed};
use super::snapshot::undone;
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::TableNotFound;

/// The sort keys of the least recently used items.
async fn oldest<B: StorageBackend>(backend: &B, limit: usize) -> Result<Vec<String>, Failure> {
    Ok(backend
        .get_lru_items(TABLE, limit)
        .await?
        .into_iter()
        .map(|(_, sk, _)| sk)
        .collect())
}

async fn fill<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    for sk in ["1", "2", "3", "4\0"] {
        put_noted(backend, "a", sk, "x").await?;
    }
    Ok(())
}

pub(super) async fn items_never_touched_come_first<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    equal!(oldest(backend, 10).await?, ["1", "2", "3", "4\0"], "none touched: in key order");
    backend.touch_cached_at(TABLE, "a", "1", 2000.5).await?;
    backend.touch_cached_at(TABLE, "a", "3", 1000.25).await?;
    equal!(
        oldest(backend, 10).await?,
        ["2", "4\0", "3", "1"],
        "untouched ones, then the oldest"
    );
    equal!(oldest(backend, 3).await?, ["2", "4\0", "3"], "limited");
    backend.touch_cached_at(TABLE, "a", "3", 3000.0).await?;
    backend.touch_cached_at(TABLE, "a", "4\0", -1.0).await?;
    equal!(oldest(backend, 10).await?, ["2", "4\0", "1", "3"], "touched again");
    let rows = backend.get_lru_items(TABLE, 1).await?;
    equal!(
        rows,
        [("a".to_owned(), "2".to_owned(), signed(noted("a", "2", "x").size))],
        "key and size"
    );
    Ok(())
}

pub(super) async fn touching_what_is_not_there_is_no_error<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    backend.touch_cached_at(TABLE, "a", "4", 1.0).await?;
    backend.touch_cached_at(TABLE, "absent", "1", 1.0).await?;
    equal!(oldest(backend, 10).await?, ["1", "2", "3", "4\0"], "nothing was touched");
    equal!(backend.count_items(TABLE).await?, 4, "nothing was made");
    refused!(
        backend.touch_cached_at("none", "a", "1", 1.0).await,
        TableNotFound(_),
        "touch_cached_at"
    );
    refused!(backend.get_lru_items("none", 1).await, TableNotFound(_), "get_lru_items");
    Ok(())
}

pub(super) async fn a_put_keeps_the_time_and_a_bulk_put_sets_it<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    for (sk, time) in [("1", 10.0), ("2", 20.0), ("3", 30.0), ("4\0", 40.0)] {
        backend.touch_cached_at(TABLE, "a", sk, time).await?;
    }
    put_noted(backend, "a", "4\0", "changed").await?;
    put_noted(backend, "a", "1", "changed").await?;
    equal!(oldest(backend, 10).await?, ["1", "2", "3", "4\0"], "after puts");
    let row = |sk: &str, time| base_row("a", sk, &noted("a", sk, "bulk"), time);
    backend
        .put_base_items(TABLE, &[row("1", Some(25.0)), row("3", None), row("5", Some(5.0))])
        .await?;
    equal!(
        oldest(backend, 10).await?,
        ["3", "5", "2", "1", "4\0"],
        "after a bulk put, which writes the time as given"
    );
    backend.delete_item(TABLE, "a", "2").await?;
    put_noted(backend, "a", "2", "again").await?;
    equal!(oldest(backend, 2).await?, ["2", "3"], "a deleted item has lost its time");
    Ok(())
}

pub(super) async fn touches_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    backend.touch_cached_at(TABLE, "a", "1", 1.0).await?;
    undone(backend, async {
        backend.touch_cached_at(TABLE, "a", "1", 9.0).await?;
        backend.touch_cached_at(TABLE, "a", "2", 2.0).await?;
        equal!(oldest(backend, 10).await?, ["3", "4\0", "2", "1"], "inside the transaction");
        Ok(())
    })
    .await
}

pub(super) async fn a_cache_writes_the_uses_of_its_items_with_the_next_commit<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    for pk in ["a", "b", "c"] {
        put_noted(backend, pk, "1", "x").await?;
    }
    let latest = async || -> Result<Option<String>, super::check::Failure> {
        let rows = backend.get_lru_items(TABLE, 10).await?;
        Ok(rows.into_iter().next_back().map(|(pk, _, _)| pk))
    };
    let unused = latest().await?;
    backend.update_cache_config(TABLE, true).await?;
    for used in ["a", "b", "a"] {
        backend.recycle(backend.get_row(TABLE, used, "1").await?);
        backend.recycle(backend.get_row(TABLE, "nothing", "1").await?);
        equal!(latest().await?, unused.clone(), "a read writes nothing");
    }
    put_noted(backend, "d", "1", "x").await?;
    equal!(latest().await?.as_deref(), Some("a"), "the use went with the commit");
    backend.update_cache_config(TABLE, false).await?;
    backend.recycle(backend.get_row(TABLE, "b", "1").await?);
    put_noted(backend, "e", "1", "x").await?;
    equal!(latest().await?.as_deref(), Some("a"), "an ordinary table notes nothing");
    Ok(())
}
