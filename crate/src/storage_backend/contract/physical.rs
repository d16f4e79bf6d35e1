//! Creating and dropping the physical tables of items and indexes.

use super::check::{CaseResult, equal, refused};
use super::samples::{GSI, LSI, TABLE, create, create_indexed, metadata, noted, put_noted};
use super::snapshot::{snapshot, unchanged, undone};
use crate::storage::{QueryParams, ScanParams};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{AlreadyExists, IndexNotFound, TableNotFound};

pub(super) async fn physical_tables_need_their_table<B: StorageBackend>(backend: &B) -> CaseResult {
    refused!(backend.create_data_table(TABLE).await, TableNotFound(_), "create_data_table");
    refused!(backend.drop_data_table(TABLE).await, TableNotFound(_), "drop_data_table");
    refused!(backend.create_gsi_table(TABLE, GSI).await, TableNotFound(_), "create_gsi_table");
    refused!(backend.drop_gsi_table(TABLE, GSI).await, TableNotFound(_), "drop_gsi_table");
    refused!(backend.create_lsi_table(TABLE, LSI).await, TableNotFound(_), "create_lsi_table");
    refused!(backend.drop_lsi_table(TABLE, LSI).await, TableNotFound(_), "drop_lsi_table");
    create(backend, TABLE).await?;
    refused!(
        backend.drop_gsi_table(TABLE, GSI).await,
        IndexNotFound { .. },
        "drop_gsi_table of no index"
    );
    refused!(
        backend.drop_lsi_table(TABLE, LSI).await,
        IndexNotFound { .. },
        "drop_lsi_table of no index"
    );
    Ok(())
}

pub(super) async fn a_second_physical_table_is_refused<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = put_noted(backend, "a", "1", "kept").await?;
    backend.insert_gsi_item(TABLE, GSI, "rock", "1", "a", "1", &sample.json).await?;
    let before = snapshot(backend).await?;
    refused!(backend.create_data_table(TABLE).await, AlreadyExists(_), "create_data_table");
    refused!(backend.create_gsi_table(TABLE, GSI).await, AlreadyExists(_), "create_gsi_table");
    refused!(backend.create_lsi_table(TABLE, LSI).await, AlreadyExists(_), "create_lsi_table");
    refused!(
        backend.create_lsi_table(TABLE, GSI).await,
        AlreadyExists(_),
        "an LSI named like a GSI"
    );
    refused!(
        backend.create_gsi_table(TABLE, LSI).await,
        AlreadyExists(_),
        "a GSI named like an LSI"
    );
    unchanged(backend, &before).await
}

pub(super) async fn an_index_is_dropped_as_what_it_is<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    refused!(backend.drop_gsi_table(TABLE, LSI).await, IndexNotFound { .. }, "an LSI as a GSI");
    refused!(backend.drop_lsi_table(TABLE, GSI).await, IndexNotFound { .. }, "a GSI as an LSI");
    let all = QueryParams::default();
    refused!(
        backend.query_gsi_items(TABLE, LSI, "a", &all).await,
        IndexNotFound { .. },
        "querying an LSI as a GSI"
    );
    refused!(
        backend.query_lsi_items(TABLE, GSI, "a", &all).await,
        IndexNotFound { .. },
        "querying a GSI as an LSI"
    );
    let all = ScanParams::default();
    refused!(
        backend.scan_gsi_items(TABLE, LSI, &all).await,
        IndexNotFound { .. },
        "scanning an LSI as a GSI"
    );
    refused!(
        backend.scan_lsi_items(TABLE, GSI, &all).await,
        IndexNotFound { .. },
        "scanning a GSI as an LSI"
    );
    Ok(())
}

pub(super) async fn dropped_items_are_gone_and_uncounted<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for sk in ["1", "2", "3"] {
        put_noted(backend, "a", sk, "x").await?;
    }
    backend.drop_data_table(TABLE).await?;
    equal!(backend.count_items(TABLE).await?, 0, "items after the drop");
    refused!(backend.drop_data_table(TABLE).await, TableNotFound(_), "dropping twice");
    backend.create_data_table(TABLE).await?;
    equal!(backend.get_item(TABLE, "a", "1").await?, None, "an item of the dropped table");
    equal!(backend.scan_items(TABLE, &ScanParams::default()).await?, [], "all items");
    put_noted(backend, "a", "1", "x").await?;
    equal!(backend.count_items(TABLE).await?, 1, "items of the new table");
    Ok(())
}

pub(super) async fn dropped_entries_are_gone_and_uncounted<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = noted("a", "1", "x");
    for _ in 0..3 {
        backend.insert_gsi_item(TABLE, GSI, "rock", "1", "a", "1", &sample.json).await?;
        backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &sample.json).await?;
        let stats = backend.table_stats().await?;
        let counts: Vec<_> = stats[0]
            .indexes
            .iter()
            .map(|index| (index.index_name.as_str(), index.item_count))
            .collect();
        equal!(counts, [(GSI, 1), (LSI, 1)], "entries before the drop");
        backend.drop_gsi_table(TABLE, GSI).await?;
        backend.drop_lsi_table(TABLE, LSI).await?;
        equal!(backend.table_stats().await?[0].indexes, [], "indexes after the drop");
        refused!(backend.drop_gsi_table(TABLE, GSI).await, IndexNotFound { .. }, "dropping twice");
        backend.create_gsi_table(TABLE, GSI).await?;
        backend.create_lsi_table(TABLE, LSI).await?;
        equal!(
            backend.scan_gsi_items(TABLE, GSI, &ScanParams::default()).await?,
            [],
            "entries of the new GSI"
        );
        equal!(
            backend.scan_lsi_items(TABLE, LSI, &ScanParams::default()).await?,
            [],
            "entries of the new LSI"
        );
    }
    Ok(())
}

pub(super) async fn creating_and_dropping_is_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = put_noted(backend, "a", "1", "kept").await?;
    backend.insert_gsi_item(TABLE, GSI, "rock", "1", "a", "1", &sample.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &sample.json).await?;
    undone(backend, async { Ok(backend.drop_data_table(TABLE).await?) }).await?;
    undone(backend, async { Ok(backend.drop_gsi_table(TABLE, GSI).await?) }).await?;
    undone(backend, async { Ok(backend.drop_lsi_table(TABLE, LSI).await?) }).await?;
    undone(backend, async {
        backend.create_gsi_table(TABLE, "New").await?;
        backend.insert_gsi_item(TABLE, "New", "rock", "1", "a", "1", &sample.json).await?;
        Ok(())
    })
    .await?;
    undone(backend, async {
        backend.drop_gsi_table(TABLE, GSI).await?;
        backend.create_lsi_table(TABLE, GSI).await?;
        Ok(backend.insert_lsi_item(TABLE, GSI, "a", "x", "a", "1", &sample.json).await?)
    })
    .await?;
    backend.insert_table_metadata(&metadata("Other")).await?;
    undone(backend, async { Ok(backend.create_data_table("Other").await?) }).await?;
    Ok(backend.create_data_table("Other").await?)
}

pub(super) async fn statements_follow_a_table_that_is_created_again<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for round in 0..3 {
        let sample = put_noted(backend, "a", "1", "x").await?;
        backend.insert_gsi_item(TABLE, GSI, "rock", "1", "a", "1", &sample.json).await?;
        equal!(
            backend.get_item(TABLE, "a", "1").await?,
            Some(sample.json),
            "the item in round {round}"
        );
        backend.drop_data_table(TABLE).await?;
        backend.drop_gsi_table(TABLE, GSI).await?;
        backend.create_data_table(TABLE).await?;
        backend.create_gsi_table(TABLE, GSI).await?;
        equal!(backend.get_item(TABLE, "a", "1").await?, None, "after the drop in round {round}");
    }
    Ok(())
}
