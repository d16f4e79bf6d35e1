//! Bulk loading, vacuum, and facts about the database.

use super::check::{CaseResult, equal, holds, refused};
use super::samples::{TABLE, base_row, create, create_indexed, drop_indexed, megabyte, noted, put, put_noted};
use super::snapshot::{snapshot, unchanged};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::TransactionState;

pub(super) async fn bulk_loading_is_switched_on_and_off<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    for round in 0..2 {
        backend.enable_bulk_loading().await?;
        backend.enable_bulk_loading().await?;
        for chunk in 0..5 {
            let key = |n| format!("{round}-{chunk}-{n}");
            let rows: Vec<_> = (0..100)
                .map(|n| base_row(&key(n), "1", &noted(&key(n), "1", "bulk"), None))
                .collect();
            backend.put_base_items(TABLE, &rows).await?;
        }
        backend.disable_bulk_loading().await?;
        backend.disable_bulk_loading().await?;
    }
    equal!(backend.count_items(TABLE).await?, 1000, "items");
    put_noted(backend, "a", "1", "after").await?;
    equal!(
        backend.get_item(TABLE, "1-4-99", "1").await?,
        Some(noted("1-4-99", "1", "bulk").json),
        "a loaded item"
    );
    Ok(())
}

pub(super) async fn bulk_loading_and_transactions_do_not_mix<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.begin_transaction().await?;
    refused!(backend.enable_bulk_loading().await, TransactionState(_), "enable_bulk_loading");
    refused!(backend.disable_bulk_loading().await, TransactionState(_), "disable_bulk_loading");
    refused!(backend.vacuum().await, TransactionState(_), "vacuum");
    put_noted(backend, "a", "1", "x").await?;
    backend.commit().await?;
    // A rollback works while loading.
    backend.enable_bulk_loading().await?;
    backend.begin_transaction().await?;
    put_noted(backend, "a", "2", "x").await?;
    backend.rollback().await?;
    backend.disable_bulk_loading().await?;
    equal!(backend.count_items(TABLE).await?, 1, "items");
    Ok(())
}

pub(super) async fn vacuum_gives_free_pages_back<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    create_indexed(backend, "Big").await?;
    put_noted(backend, "a", "1", "kept").await?;
    let big = megabyte("b", "1");
    for sk in ["1", "2", "3"] {
        backend.put_item("Big", "b", sk, &big.json, big.size).await?;
    }
    let full = backend.db_size_bytes().await?;
    drop_indexed(backend, "Big").await?;
    let before = snapshot(backend).await?;
    holds!(backend.database_info().await?.free_pages > 0, "a dropped table leaves free pages");
    backend.vacuum().await?;
    let (info, size) = (backend.database_info().await?, backend.db_size_bytes().await?);
    equal!(info.free_pages, 0, "free pages");
    holds!(size + 3_000_000 < full, "the file shrinks: {full} to {size} bytes");
    unchanged(backend, &before).await?;
    put_noted(backend, "a", "2", "after").await?;
    equal!(backend.count_items(TABLE).await?, 2, "items");
    Ok(())
}

pub(super) async fn the_database_is_described<B: StorageBackend>(backend: &B) -> CaseResult {
    let empty = backend.database_info().await?;
    equal!((empty.table_count, backend.table_count().await?), (0, 0), "tables at first");
    equal!(backend.table_stats().await?, [], "figures at first");
    holds!(empty.schema_version >= 1, "schema version {}", empty.schema_version);
    holds!(empty.sqlite_version.starts_with("3."), "SQLite version {:?}", empty.sqlite_version);
    holds!(!empty.journal_mode.is_empty(), "no journal mode");
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    put(backend, "a", "1", &megabyte("a", "1")).await?;
    let info = backend.database_info().await?;
    equal!((info.table_count, backend.table_count().await?), (2, 2), "tables");
    holds!(
        info.page_size.is_power_of_two() && info.page_size >= 512,
        "page size {}",
        info.page_size
    );
    holds!(
        info.page_count * info.page_size > 1 << 20,
        "a database with a megabyte in it has {} pages",
        info.page_count
    );
    equal!(backend.db_size_bytes().await?, info.page_count * info.page_size, "size");
    Ok(())
}

pub(super) async fn figures_are_listed_by_table<B: StorageBackend>(backend: &B) -> CaseResult {
    for name in ["b", "B", "a\0", "a"] {
        create_indexed(backend, name).await?;
        let sample = noted("k", "1", name);
        backend.put_item(name, "k", "1", &sample.json, sample.size).await?;
    }
    let stats = backend.table_stats().await?;
    equal!(
        stats.iter().map(|table| table.table_name.as_str()).collect::<Vec<_>>(),
        ["B", "a", "a\0", "b"],
        "names"
    );
    for table in &stats {
        let size = noted("k", "1", &table.table_name).size as u64;
        equal!((table.item_count, table.size_bytes), (1, size), "figures of {:?}", table.table_name);
        let names: Vec<_> = table.indexes.iter().map(|index| index.index_name.as_str()).collect();
        equal!(names, ["ByGenre", "ByYear"], "indexes of {:?}", table.table_name);
    }
    Ok(())
}

pub(super) async fn the_clock_does_not_run_backwards<B: StorageBackend>(backend: &B) -> CaseResult {
    let clock = backend.clock();
    let (millis, seconds) = (clock.now_millis(), clock.now_seconds());
    holds!(clock.now_millis() >= millis, "milliseconds");
    equal!(
        (seconds - millis.div_euclid(1000)).abs() <= 1,
        true,
        "seconds and milliseconds tell the same time"
    );
    Ok(())
}
