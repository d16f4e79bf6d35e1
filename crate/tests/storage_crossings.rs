//! How often the storage crosses to SQLite: the bounds the hot path is built for, counted where frames are carried.

use std::ops::Bound;

use dynatab::storage::{CreateTableMetadata, QueryParams, Storage};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::{
    BackendError, BaseItemRow, EntryKey, EntryPut, EntryWrite, GsiItemRow, IndexWriteOp, ItemPut, ItemWrite, ReadSpec, RowQuery, RowScan,
    Source, StorageBackend, StreamAppend,
};

const JSON: &str = r#"{"pk":{"S":"a"}}"#;
const SIZE: usize = 3;
const INDEXES: [&str; 5] = ["G1", "G2", "G3", "L1", "L2"];

/// A table without anything.
const METADATA: CreateTableMetadata<'static> = CreateTableMetadata {
    table_name: "T",
    table_id: "id",
    key_schema: "[]",
    attribute_definitions: "[]",
    gsi_definitions: None,
    lsi_definitions: None,
    provisioned_throughput: None,
    billing_mode: "PAY_PER_REQUEST",
    table_class: None,
    on_demand_throughput: None,
    other_settings: None,
    deletion_protection: false,
    created_at: 0,
};

/// What a future comes to, over a carrier that never waits.
fn now<T>(future: impl Future<Output = Result<T, BackendError>>) -> T {
    now_or_never(future).unwrap().unwrap()
}

/// A table with five indexes, a stream and TTL.
fn table() -> Storage {
    let storage = Storage::open_in_memory().unwrap();
    now(async {
        storage.insert_table_metadata(&METADATA).await?;
        storage.create_data_table("T").await?;
        for index in INDEXES {
            if index.starts_with('G') {
                storage.create_gsi_table("T", index).await?;
            } else {
                storage.create_lsi_table("T", index).await?;
            }
        }
        storage.enable_stream("T", "NEW_IMAGE", "label").await?;
        storage.update_ttl_config("T", Some("expires"), true).await
    });
    storage
}

/// Crossings that a future needs.
fn crossings<T>(storage: &Storage, future: impl Future<Output = Result<T, BackendError>>) -> u64 {
    let before = storage.crossings().frames;
    now(future);
    storage.crossings().frames - before
}

/// Everything one item's change can write: five index entries that move, and a stream record.
fn write(sk: &str) -> ItemWrite<'_> {
    let entry = |index_name| EntryWrite {
        index_name,
        delete: Some(EntryKey { pk: "a", sk: "old" }),
        put: Some(EntryPut {
            key: EntryKey { pk: "a", sk: "new" },
            json: JSON,
            size: SIZE,
        }),
        old_size: None,
    };
    ItemWrite {
        table_name: "T",
        pk: "a",
        sk,
        put: Some(ItemPut {
            json: JSON,
            size: SIZE,
            expires_at: Some(1),
        }),
        old_size: None,
        index_writes: INDEXES.into_iter().map(entry).collect(),
        stream: Some(StreamAppend {
            event_name: "INSERT",
            keys_json: JSON,
            new_image: Some(JSON),
            old_image: None,
            shard_id: "shard",
            created_at: 1,
            user_identity: None,
        }),
    }
}

fn op(n: usize) -> IndexWriteOp {
    let (table_name, index_name, item_json) = ("T".into(), "G1".into(), JSON.into());
    let key = n.to_string();
    match n % 2 {
        0 => IndexWriteOp::InsertGsi {
            table_name,
            index_name,
            gsi_pk: "g".into(),
            gsi_sk: String::new(),
            table_pk: "a".into(),
            table_sk: key,
            item_json,
        },
        _ => IndexWriteOp::DeleteGsi {
            table_name,
            index_name,
            table_pk: "a".into(),
            table_sk: key,
        },
    }
}

fn query<'a>() -> RowQuery<'a> {
    RowQuery {
        table_name: "T",
        source: Source::Base,
        pk: "a",
        lower: Bound::Unbounded,
        upper: Bound::Unbounded,
        forward: true,
        start: None,
        most_rows: 0,
        most_bytes: 1 << 20,
    }
}

#[test]
fn a_read_crosses_once() {
    let storage = table();
    let specs: Vec<_> = (0..100)
        .map(|_| ReadSpec {
            table_name: "T",
            pk: "a",
            sk: "1",
            with_item: true,
        })
        .collect();
    assert_eq!(crossings(&storage, storage.get_item("T", "a", "1")), 1);
    assert_eq!(crossings(&storage, storage.get_row("T", "a", "1")), 1);
    assert_eq!(crossings(&storage, storage.read_for_write(&specs)), 1, "a hundred rows");
    assert_eq!(crossings(&storage, storage.read_for_write(&[])), 0, "no rows");
    assert_eq!(crossings(&storage, storage.query_items("T", "a", &QueryParams::default())), 1);
    for source in [Source::Base, Source::Index("G1"), Source::Index("L1"), Source::IndexJoined("L1")] {
        assert_eq!(
            crossings(&storage, storage.query_rows(&RowQuery { source, ..query() })),
            1,
            "{source:?}"
        );
        let scan = RowScan {
            table_name: "T",
            source,
            hashes: Some(0..1 << 23),
            start: None,
            most_rows: 10,
            most_bytes: 0,
        };
        assert_eq!(crossings(&storage, storage.scan_rows(&scan)), 1, "{source:?}");
    }
    assert_eq!(crossings(&storage, storage.list_expired("T", 0..1, 10)), 1);
    assert_eq!(crossings(&storage, storage.get_stream_records("T", "shard", 0, 10)), 1);
    assert_eq!(crossings(&storage, storage.get_table_metadata("T")), 1);
}

#[test]
fn counters_and_names_cross_never() {
    let storage = table();
    assert_eq!(crossings(&storage, storage.count_items("T")), 0);
    assert_eq!(crossings(&storage, storage.table_stats()), 0);
    assert_eq!(crossings(&storage, storage.list_table_names()), 0);
    assert_eq!(crossings(&storage, storage.table_exists("T")), 0);
    assert_eq!(crossings(&storage, storage.table_count()), 0);
}

#[test]
fn a_single_item_write_crosses_twice_with_five_indexes_and_a_stream() {
    let storage = table();
    now(storage.begin_transaction());
    let spec = ReadSpec {
        table_name: "T",
        pk: "a",
        sk: "1",
        with_item: true,
    };
    assert_eq!(
        crossings(&storage, storage.read_for_write(&[spec])),
        1,
        "the read takes BEGIN along"
    );
    assert_eq!(crossings(&storage, storage.apply_writes(&[write("1")])), 0, "the writes are queued");
    assert_eq!(crossings(&storage, storage.commit()), 1, "and travel with the commit");
    assert_eq!(now(storage.count_items("T")), 1);
}

#[test]
fn a_write_that_need_not_read_crosses_once() {
    let storage = table();
    assert_eq!(crossings(&storage, storage.apply_writes(&[write("1")])), 1, "outside a transaction");
    let writes: Vec<_> = (0..100).map(|_| write("2")).collect();
    now(storage.begin_transaction());
    assert_eq!(crossings(&storage, storage.apply_writes(&writes)), 0);
    assert_eq!(
        crossings(&storage, storage.next_stream_sequence_number("T")),
        0,
        "a number is drawn from the counter"
    );
    assert_eq!(crossings(&storage, storage.commit()), 1, "a hundred writes, 700 statements");
    assert_eq!(crossings(&storage, storage.update_billing_mode("T", "PROVISIONED")), 1);
}

#[test]
fn index_writes_of_any_number_cross_at_most_once() {
    let storage = table();
    now(storage.begin_transaction());
    for (length, expected) in [(0, 0), (1, 1), (2, 1), (200, 1), (5000, 1)] {
        let ops: Vec<_> = (0..length).map(op).collect();
        assert_eq!(crossings(&storage, storage.apply_index_writes(&ops)), expected, "{length} writes");
    }
    now(storage.commit());
    assert_eq!(
        crossings(&storage, storage.apply_index_writes(&[])),
        0,
        "none, outside a transaction"
    );
}

#[test]
fn bulk_writes_cross_once_in_a_transaction() {
    let storage = table();
    let rows: Vec<_> = (0..1000)
        .map(|n| BaseItemRow {
            pk: "a".into(),
            sk: n.to_string(),
            item_json: JSON.into(),
            item_size: SIZE,
            cached_at: None,
            hash_prefix: format!("{:06x}", dynatab::model::hash::hash_prefix("a")),
        })
        .collect();
    let entries: Vec<_> = (0..1000)
        .map(|n| GsiItemRow {
            gsi_pk: "g".into(),
            gsi_sk: String::new(),
            table_pk: "a".into(),
            table_sk: n.to_string(),
            item_json: JSON.into(),
        })
        .collect();
    now(storage.begin_transaction());
    assert_eq!(crossings(&storage, storage.put_base_items("T", &rows)), 1);
    assert_eq!(crossings(&storage, storage.insert_gsi_items("T", "G1", &entries)), 1);
    assert_eq!(crossings(&storage, storage.commit()), 1);
}

#[test]
fn a_transaction_that_never_crossed_ends_without_crossing() {
    let storage = table();
    now(storage.begin_transaction());
    assert_eq!(crossings(&storage, storage.rollback()), 0, "nothing was done");
    now(storage.begin_transaction());
    assert_eq!(crossings(&storage, storage.commit()), 0, "nothing to commit");
    now(storage.begin_transaction());
    now(storage.apply_writes(&[write("1")]));
    assert_eq!(crossings(&storage, storage.rollback()), 0, "what was queued is dropped");
    assert_eq!(now(storage.count_items("T")), 0);
    now(storage.begin_transaction());
    now(storage.get_item("T", "a", "1"));
    assert_eq!(crossings(&storage, storage.rollback()), 1, "SQLite has begun this one");
}

#[test]
fn a_dropped_table_leaves_no_statements_behind() {
    let storage = Storage::open_in_memory().unwrap();
    let mut kept = Vec::new();
    for round in 0..4 {
        let name = format!("round-{round}");
        let metadata = CreateTableMetadata {
            table_name: &name,
            ..METADATA
        };
        now(storage.insert_table_metadata(&metadata));
        now(storage.create_data_table(&name));
        now(storage.create_gsi_table(&name, "g"));
        now(storage.put_item(&name, "a", "b", "{}", 0));
        now(storage.insert_gsi_item(&name, "g", "x", "", "a", "b", "{}"));
        now(storage.drop_gsi_table(&name, "g"));
        now(storage.drop_data_table(&name));
        now(storage.delete_table_metadata(&name));
        kept.push(storage.kept_statements());
    }
    assert_eq!(kept, [kept[0]; 4]);
}
