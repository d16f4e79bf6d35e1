//! Metadata rows: what is kept of a table's definition, and names.

use super::check::{CaseResult, equal, holds, refused};
use super::samples::{self, LSI, MEGABYTE, TABLE, create, create_indexed, metadata, noted, put_noted};
use super::snapshot::{committed, snapshot, unchanged, undone};
use crate::storage::{CreateTableMetadata, QueryParams, Tag};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{AlreadyExists, TableNotFound};

pub(super) async fn a_new_table_reads_back_every_field<B: StorageBackend>(backend: &B) -> CaseResult {
    let given = CreateTableMetadata {
        deletion_protection: true,
        on_demand_throughput: Some("{}"),
        ..metadata(TABLE)
    };
    backend.insert_table_metadata(&given).await?;
    let Some(read) = backend.get_table_metadata(TABLE).await? else {
        holds!(false, "the table is not there");
        return Ok(());
    };
    equal!(read.table_name, TABLE, "name");
    equal!(read.table_id, given.table_id, "id");
    equal!(read.key_schema, given.key_schema, "key schema");
    equal!(read.attribute_definitions, given.attribute_definitions, "attribute definitions");
    equal!(read.gsi_definitions.as_deref(), given.gsi_definitions, "GSI definitions");
    equal!(read.lsi_definitions.as_deref(), given.lsi_definitions, "LSI definitions");
    equal!(
        read.provisioned_throughput.as_deref(),
        given.provisioned_throughput,
        "provisioned throughput"
    );
    equal!(read.billing_mode, given.billing_mode, "billing mode");
    equal!(read.table_class.as_deref(), given.table_class, "table class");
    equal!(
        read.on_demand_throughput.as_deref(),
        given.on_demand_throughput,
        "on-demand throughput"
    );
    equal!(read.other_settings.as_deref(), given.other_settings, "other settings");
    equal!(read.deletion_protection, true, "deletion protection");
    equal!(read.created_at, given.created_at, "creation time");
    equal!(
        (read.stream_enabled, read.stream_view_type, read.stream_label),
        (false, None, None),
        "stream"
    );
    equal!((read.ttl_attribute, read.ttl_enabled), (None, false), "TTL");
    equal!(backend.table_exists(TABLE).await?, true, "exists");
    equal!(backend.count_items(TABLE).await?, 0, "items");
    Ok(())
}

pub(super) async fn absent_definitions_stay_absent<B: StorageBackend>(backend: &B) -> CaseResult {
    let bare = CreateTableMetadata {
        gsi_definitions: None,
        lsi_definitions: None,
        provisioned_throughput: None,
        table_class: None,
        other_settings: None,
        ..metadata(TABLE)
    };
    backend.insert_table_metadata(&bare).await?;
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    let optional = [
        read.gsi_definitions,
        read.lsi_definitions,
        read.provisioned_throughput,
        read.table_class,
        read.on_demand_throughput,
    ];
    equal!(optional, [const { None::<String> }; 5], "optional definitions");
    equal!(read.other_settings, None, "other settings");
    Ok(())
}

pub(super) async fn a_table_that_is_not_there_is_said_to_be<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, "Other").await?;
    equal!(backend.get_table_metadata(TABLE).await?, None, "get_table_metadata");
    equal!(backend.delete_table_metadata(TABLE).await?, false, "delete_table_metadata");
    equal!(backend.table_exists(TABLE).await?, false, "table_exists");
    refused!(
        backend.update_table_metadata(TABLE, "[]", None).await,
        TableNotFound(_),
        "update_table_metadata"
    );
    refused!(
        backend.update_provisioned_throughput(TABLE, "{}").await,
        TableNotFound(_),
        "update_provisioned_throughput"
    );
    refused!(
        backend.clear_provisioned_throughput(TABLE).await,
        TableNotFound(_),
        "clear_provisioned_throughput"
    );
    refused!(
        backend.update_billing_mode(TABLE, "PROVISIONED").await,
        TableNotFound(_),
        "update_billing_mode"
    );
    refused!(
        backend.update_table_class(TABLE, "STANDARD").await,
        TableNotFound(_),
        "update_table_class"
    );
    refused!(
        backend.update_other_settings(TABLE, None).await,
        TableNotFound(_),
        "update_other_settings"
    );
    refused!(
        backend.update_on_demand_throughput(TABLE, "{}").await,
        TableNotFound(_),
        "update_on_demand_throughput"
    );
    refused!(
        backend.update_deletion_protection(TABLE, true).await,
        TableNotFound(_),
        "update_deletion_protection"
    );
    refused!(backend.get_tags(TABLE).await, TableNotFound(_), "get_tags");
    refused!(backend.set_tags(TABLE, &[]).await, TableNotFound(_), "set_tags");
    refused!(backend.remove_tags(TABLE, &[]).await, TableNotFound(_), "remove_tags");
    Ok(())
}

pub(super) async fn a_taken_name_is_refused<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "kept").await?;
    let before = snapshot(backend).await?;
    let other = CreateTableMetadata {
        billing_mode: "PAY_PER_REQUEST",
        ..metadata(TABLE)
    };
    refused!(
        backend.insert_table_metadata(&other).await,
        AlreadyExists(_),
        "the second table of a name"
    );
    unchanged(backend, &before).await
}

pub(super) async fn each_update_changes_its_own_fields<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    let other = backend.get_table_metadata("Other").await?;
    let mut expected = backend.get_table_metadata(TABLE).await?.unwrap_or_default();

    backend.update_table_metadata(TABLE, "[1]", Some("[2]")).await?;
    expected.attribute_definitions = "[1]".into();
    expected.gsi_definitions = Some("[2]".into());
    equal!(backend.get_table_metadata(TABLE).await?, Some(expected.clone()), "definitions");
    backend.update_table_metadata(TABLE, "[1]", None).await?;
    expected.gsi_definitions = None;
    equal!(backend.get_table_metadata(TABLE).await?, Some(expected.clone()), "no GSI any more");

    backend.update_provisioned_throughput(TABLE, "{3}").await?;
    expected.provisioned_throughput = Some("{3}".into());
    equal!(
        backend.get_table_metadata(TABLE).await?,
        Some(expected.clone()),
        "provisioned throughput"
    );
    backend.clear_provisioned_throughput(TABLE).await?;
    expected.provisioned_throughput = None;
    equal!(
        backend.get_table_metadata(TABLE).await?,
        Some(expected.clone()),
        "no provisioned throughput"
    );

    backend.update_billing_mode(TABLE, "PAY_PER_REQUEST").await?;
    expected.billing_mode = "PAY_PER_REQUEST".into();
    backend.update_table_class(TABLE, "STANDARD_INFREQUENT_ACCESS").await?;
    expected.table_class = Some("STANDARD_INFREQUENT_ACCESS".into());
    backend.update_on_demand_throughput(TABLE, "{4}").await?;
    expected.on_demand_throughput = Some("{4}".into());
    backend.update_deletion_protection(TABLE, true).await?;
    expected.deletion_protection = true;
    backend.update_other_settings(TABLE, Some("{5}")).await?;
    expected.other_settings = Some("{5}".into());
    equal!(backend.get_table_metadata(TABLE).await?, Some(expected.clone()), "the five others");
    backend.update_other_settings(TABLE, None).await?;
    expected.other_settings = None;
    equal!(
        backend.get_table_metadata(TABLE).await?,
        Some(expected.clone()),
        "no other settings"
    );
    backend.update_deletion_protection(TABLE, false).await?;
    expected.deletion_protection = false;
    equal!(backend.get_table_metadata(TABLE).await?, Some(expected), "deletion protection off");
    equal!(backend.get_table_metadata("Other").await?, other, "another table");
    Ok(())
}

pub(super) async fn changes_of_metadata_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "kept").await?;
    undone(backend, async {
        backend.update_table_metadata(TABLE, "[1]", None).await?;
        backend.update_provisioned_throughput(TABLE, "{3}").await?;
        backend.update_billing_mode(TABLE, "PAY_PER_REQUEST").await?;
        backend.update_table_class(TABLE, "x").await?;
        backend.update_on_demand_throughput(TABLE, "{4}").await?;
        backend.update_deletion_protection(TABLE, true).await?;
        let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
        equal!(read.billing_mode, "PAY_PER_REQUEST", "inside the transaction");
        Ok(())
    })
    .await?;
    undone(backend, async { Ok(backend.clear_provisioned_throughput(TABLE).await?) }).await
}

pub(super) async fn creating_a_table_is_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, "Other").await?;
    undone(backend, async {
        create_indexed(backend, TABLE).await?;
        put_noted(backend, "a", "1", "gone").await?;
        equal!(backend.list_table_names().await?, [TABLE, "Other"], "inside the transaction");
        Ok(())
    })
    .await?;
    equal!(backend.table_exists(TABLE).await?, false, "after the rollback");
    // The name is free again, in every part.
    create_indexed(backend, TABLE).await?;
    equal!(backend.count_items(TABLE).await?, 0, "items of the table created again");
    Ok(())
}

pub(super) async fn dropping_a_table_is_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let sample = put_noted(backend, "a", "1", "kept").await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &sample.json).await?;
    backend
        .set_tags(
            TABLE,
            &[Tag {
                key: "k".into(),
                value: "v".into(),
            }],
        )
        .await?;
    undone(backend, async {
        samples::drop_indexed(backend, TABLE).await?;
        equal!(backend.table_exists(TABLE).await?, false, "inside the transaction");
        refused!(
            backend.count_items(TABLE).await,
            TableNotFound(_),
            "counting inside the transaction"
        );
        Ok(())
    })
    .await?;
    equal!(backend.get_item(TABLE, "a", "1").await?, Some(sample.json), "the item");
    Ok(())
}

pub(super) async fn a_table_created_again_is_empty<B: StorageBackend>(backend: &B) -> CaseResult {
    for round in 0..3 {
        create_indexed(backend, TABLE).await?;
        equal!(backend.count_items(TABLE).await?, 0, "items in round {round}");
        equal!(backend.get_tags(TABLE).await?, [], "tags in round {round}");
        // Behind those of every table there was, with one left out.
        let number = backend.next_stream_sequence_number(TABLE).await?;
        equal!(number, 1 + 2 * round, "sequence in round {round}");
        put_noted(backend, "a", "1", "x").await?;
        backend
            .set_tags(
                TABLE,
                &[Tag {
                    key: "k".into(),
                    value: "v".into(),
                }],
            )
            .await?;
        samples::drop_indexed(backend, TABLE).await?;
        equal!(backend.list_table_names().await?, Vec::<String>::new(), "names in round {round}");
        equal!(backend.table_stats().await?, [], "figures in round {round}");
    }
    Ok(())
}

pub(super) async fn a_table_is_dropped_and_created_in_one_transaction<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    put_noted(backend, "a", "1", "old").await?;
    let replace = || async {
        samples::drop_indexed(backend, TABLE).await?;
        create_indexed(backend, TABLE).await?;
        put_noted(backend, "b", "1", "new").await?;
        Ok(())
    };
    undone(backend, replace()).await?;
    committed(backend, replace()).await?;
    equal!(backend.get_item(TABLE, "a", "1").await?, None, "the old item");
    equal!(backend.count_items(TABLE).await?, 1, "items");
    Ok(())
}

/// Names DynamoDB tells apart, SQLite would not or would refuse, and the longest.
pub(super) async fn names_live_side_by_side<B: StorageBackend>(backend: &B) -> CaseResult {
    let longest = format!("{}.-_", "Tt9".repeat(84));
    let names = [
        "Music",
        "music",
        "MUSIC",
        "sqlite_x",
        "sqlite_sequence",
        "tables",
        "t1",
        "t1_g1",
        "a'b\"c; DROP",
        longest.as_str(),
    ];
    equal!(longest.len(), 255, "the longest name");
    for name in names {
        create_indexed(backend, name).await?;
        let sample = noted("k", "1", name);
        backend.put_item(name, "k", "1", &sample.json, sample.size).await?;
        backend
            .insert_gsi_item(name, samples::GSI, "g", "1", "k", "1", &sample.json)
            .await?;
    }
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    equal!(backend.list_table_names().await?, sorted, "names, in byte order");
    equal!(backend.table_count().await?, names.len(), "their number");
    samples::drop_indexed(backend, "Music").await?;
    for name in &names[1..] {
        let sample = noted("k", "1", name);
        equal!(
            backend.get_item(name, "k", "1").await?,
            Some(sample.json.clone()),
            "the item of {name}"
        );
        let entries = backend.query_gsi_items(name, samples::GSI, "g", &QueryParams::default()).await?;
        equal!(samples::texts(&entries), [sample.json.as_str()], "the entry of {name}");
        equal!(backend.count_items(name).await?, 1, "the items of {name}");
    }
    refused!(backend.get_item("Music", "k", "1").await, TableNotFound(_), "the dropped one");
    refused!(
        backend.get_item("mUsic", "k", "1").await,
        TableNotFound(_),
        "a spelling nobody created"
    );
    Ok(())
}

pub(super) async fn nul_bytes_in_names_are_characters<B: StorageBackend>(backend: &B) -> CaseResult {
    let names = ["a", "a\0", "a\0b", "\0"];
    for name in names {
        create(backend, name).await?;
        backend.create_gsi_table(name, "i\0").await?;
        backend.create_gsi_table(name, "i").await?;
        let sample = noted("k", "1", name);
        backend.put_item(name, "k", "1", &sample.json, sample.size).await?;
    }
    equal!(backend.list_table_names().await?, ["\0", "a", "a\0", "a\0b"], "names");
    for name in names {
        equal!(
            backend.get_item(name, "k", "1").await?,
            Some(noted("k", "1", name).json),
            "the item of {name:?}"
        );
        let read = backend.get_table_metadata(name).await?.unwrap_or_default();
        equal!(read.table_name, name, "the name in the metadata");
    }
    // A rollback loads the catalog again: from the file the names come back as they were.
    undone(backend, async { create(backend, "b\0").await }).await
}

pub(super) async fn definitions_hold_a_megabyte_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    let long = format!("\0{}\0", "é".repeat(MEGABYTE / 2));
    let given = CreateTableMetadata {
        other_settings: Some(&long),
        attribute_definitions: &long,
        ..metadata(TABLE)
    };
    backend.insert_table_metadata(&given).await?;
    backend.update_table_metadata(TABLE, &long, Some(&long)).await?;
    let read = backend.get_table_metadata(TABLE).await?.unwrap_or_default();
    equal!(read.attribute_definitions, long, "attribute definitions");
    equal!(read.gsi_definitions.as_deref(), Some(long.as_str()), "GSI definitions");
    equal!(read.other_settings.as_deref(), Some(long.as_str()), "other settings");
    Ok(())
}
