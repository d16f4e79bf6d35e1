//! Database files: which are opened, which are refused and left as they were, and what a file keeps.

mod scratch;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use dynatab::storage::{CreateTableMetadata, QueryParams, Storage, TableStats, Tag};
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::{
    BackendError, EntryKey, EntryPut, EntryWrite, ItemPut, ItemWrite, ManualClock, StorageBackend, StreamAppend,
};
use rusqlite::Connection;
use scratch::Scratch;

const ITEM: &str = r#"{"Artist":{"S":"No One You Know"},"SongTitle":{"S":"Call Me Today"},"expires":{"N":"1700000000"}}"#;
const SHARD: &str = "shardId-00000001700000000000-00000001";

fn now<T>(future: impl Future<Output = Result<T, BackendError>>) -> T {
    now_or_never(future).unwrap().unwrap()
}

fn open(path: &Path) -> Result<Storage, BackendError> {
    Storage::open(path, Rc::new(ManualClock::new(1_700_000_000_000)), Durability::Strict)
}

/// The golden file of a schema version.
fn golden(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/schema/v{version}.db"))
}

/// The schema version of this build.
const CURRENT: i64 = 2;

/// A table with an item, an entry in a GSI and in an LSI, a stream with a record, TTL and a tag.
fn fill(storage: &Storage) {
    let size = dynatab::model::Item::size_of_canonical(ITEM).unwrap();
    let metadata = CreateTableMetadata {
        table_name: "Music",
        table_id: "0e1b2c3d-0000-4000-8000-000000000001",
        key_schema: r#"[{"AttributeName":"Artist","KeyType":"HASH"},{"AttributeName":"SongTitle","KeyType":"RANGE"}]"#,
        attribute_definitions: r#"[{"AttributeName":"Artist","AttributeType":"S"},{"AttributeName":"SongTitle","AttributeType":"S"}]"#,
        gsi_definitions: Some(r#"[{"IndexName":"ByTitle"}]"#),
        lsi_definitions: Some(r#"[{"IndexName":"ByYear"}]"#),
        provisioned_throughput: None,
        billing_mode: "PAY_PER_REQUEST",
        table_class: None,
        on_demand_throughput: None,
        other_settings: None,
        deletion_protection: true,
        created_at: 1_700_000_000_000,
    };
    let entry = |index_name, pk| EntryWrite {
        index_name,
        delete: None,
        put: Some(EntryPut {
            key: EntryKey { pk, sk: "1999" },
            json: ITEM,
            size,
        }),
        old_size: None,
    };
    let write = ItemWrite {
        table_name: "Music",
        pk: "No One You Know",
        sk: "Call Me Today",
        put: Some(ItemPut {
            json: ITEM,
            size,
            expires_at: Some(1_700_000_000),
        }),
        old_size: None,
        index_writes: vec![entry("ByTitle", "Call Me Today"), entry("ByYear", "No One You Know")],
        stream: Some(StreamAppend {
            event_name: "INSERT",
            keys_json: "{}",
            new_image: Some(ITEM),
            old_image: None,
            shard_id: SHARD,
            created_at: 1_700_000_000_000,
            user_identity: None,
        }),
    };
    now(async {
        storage.insert_table_metadata(&metadata).await?;
        storage.create_data_table("Music").await?;
        storage.create_gsi_table("Music", "ByTitle").await?;
        storage.create_lsi_table("Music", "ByYear").await?;
        storage.enable_stream("Music", "NEW_IMAGE", "2023-11-14T22:13:20.000").await?;
        storage.update_ttl_config("Music", Some("expires"), true).await?;
        storage
            .set_tags(
                "Music",
                &[Tag {
                    key: "owner".into(),
                    value: "me".into(),
                }],
            )
            .await?;
        storage.apply_writes(&[write]).await
    });
}

/// Everything `fill` has written is there, and the counters go on from where they were.
fn check_filled(storage: &Storage) {
    let size = dynatab::model::Item::size_of_canonical(ITEM).unwrap() as u64;
    let all = QueryParams::default();
    now(async {
        assert_eq!(storage.list_table_names().await?, ["Music"]);
        let metadata = storage.get_table_metadata("Music").await?.unwrap();
        assert_eq!((metadata.deletion_protection, metadata.created_at), (true, 1_700_000_000_000));
        assert_eq!(
            (metadata.stream_enabled, metadata.ttl_attribute.as_deref()),
            (true, Some("expires"))
        );
        assert_eq!(
            storage.get_item("Music", "No One You Know", "Call Me Today").await?.as_deref(),
            Some(ITEM)
        );
        assert_eq!(storage.query_gsi_items("Music", "ByTitle", "Call Me Today", &all).await?.len(), 1);
        assert_eq!(storage.query_lsi_items("Music", "ByYear", "No One You Know", &all).await?.len(), 1);
        assert_eq!(storage.get_stream_records("Music", SHARD, 0, 10).await?.len(), 1);
        assert_eq!(storage.list_expired("Music", 0..1_700_000_001, 10).await?.len(), 1);
        assert_eq!(storage.get_tags("Music").await?.len(), 1);
        let TableStats {
            item_count,
            size_bytes,
            indexes,
            ..
        } = storage.table_stats().await?.remove(0);
        assert_eq!((item_count, size_bytes), (1, size));
        let indexes: Vec<_> = indexes
            .into_iter()
            .map(|index| (index.index_name, index.item_count, index.size_bytes))
            .collect();
        assert_eq!(indexes, [("ByTitle".into(), 1, size), ("ByYear".into(), 1, size)]);
        assert_eq!(storage.next_stream_sequence_number("Music").await?, 2);
        // A table that comes later does not take a number that was used.
        storage.drop_data_table("Music").await?;
        storage.delete_table_metadata("Music").await?;
        Ok(())
    });
}

#[test]
fn a_file_opened_again_holds_everything() {
    let scratch = Scratch::new();
    fill(&open(&scratch.file()).unwrap());
    let storage = open(&scratch.file()).unwrap();
    let info = now(storage.database_info());
    assert_eq!(
        (info.schema_version, info.page_size, info.journal_mode.as_str()),
        (CURRENT, 8192, "wal")
    );
    check_filled(&storage);
}

/// A process that dies leaves a file and a log: what was committed is in them, an open transaction is not.
#[test]
fn what_was_committed_survives_without_closing() {
    let scratch = Scratch::new();
    let storage = open(&scratch.file()).unwrap();
    fill(&storage);
    now(storage.begin_transaction());
    now(storage.put_item("Music", "lost", "", ITEM, 1));
    now(storage.get_item("Music", "lost", ""));
    let copy = Scratch::new();
    for file in std::fs::read_dir(&scratch.0).unwrap() {
        let file = file.unwrap();
        // The index of the log is memory of the process that is gone.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), copy.0.join(file.file_name())).unwrap();
        }
    }
    let survivor = open(&copy.file()).unwrap();
    assert_eq!(now(survivor.get_item("Music", "lost", "")), None);
    check_filled(&survivor);
}

#[test]
fn a_foreign_database_is_refused_and_left_as_it_was() {
    let scratch = Scratch::new();
    let foreign = Connection::open(scratch.file()).unwrap();
    foreign
        .execute_batch("CREATE TABLE theirs(a); INSERT INTO theirs VALUES (1)")
        .unwrap();
    drop(foreign);
    let before = std::fs::read(scratch.file()).unwrap();
    let refused = open(&scratch.file()).err();
    assert_eq!(refused, Some(BackendError::ForeignDatabase { application_id: 0 }));
    assert_eq!(std::fs::read(scratch.file()).unwrap(), before, "no byte was written");

    Connection::open(scratch.file())
        .unwrap()
        .execute_batch("PRAGMA application_id = 77")
        .unwrap();
    let refused = open(&scratch.file()).err();
    assert_eq!(refused, Some(BackendError::ForeignDatabase { application_id: 77 }));
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_was() {
    let scratch = Scratch::new();
    fill(&open(&scratch.file()).unwrap());
    let newer = Connection::open(scratch.file()).unwrap();
    newer
        .execute_batch("PRAGMA user_version = 3; PRAGMA journal_mode = DELETE")
        .unwrap();
    drop(newer);
    let before = std::fs::read(scratch.file()).unwrap();
    let refused = open(&scratch.file()).err().unwrap();
    assert_eq!(
        refused,
        BackendError::SchemaTooNew {
            found: 3,
            supported: CURRENT
        }
    );
    assert!(refused.to_string().contains("use a newer dynatab"), "{refused}");
    assert_eq!(std::fs::read(scratch.file()).unwrap(), before, "no byte was written");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let scratch = Scratch::new();
    let text = "certainly not a database\n".repeat(1000);
    std::fs::write(scratch.file(), &text).unwrap();
    assert!(matches!(open(&scratch.file()), Err(BackendError::Corrupt(_))));
    assert_eq!(std::fs::read_to_string(scratch.file()).unwrap(), text);
    assert!(matches!(open(&scratch.0.join("no/such/directory")), Err(BackendError::Io { .. })));
}

#[test]
fn another_connection_that_writes_makes_the_database_busy() {
    let scratch = Scratch::new();
    let storage = open(&scratch.file()).unwrap();
    fill(&storage);
    storage.conn().busy_timeout(std::time::Duration::ZERO).unwrap();
    let other = Connection::open(scratch.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = now_or_never(storage.put_item("Music", "a", "", ITEM, 1)).unwrap();
    assert!(matches!(refused, Err(BackendError::Busy(_))), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    check_filled(&storage);
}

#[test]
fn bulk_loading_lowers_durability_only_while_it_lasts() {
    for (durability, own) in [(Durability::Strict, 2), (Durability::Relaxed, 1)] {
        let scratch = Scratch::new();
        let storage = Storage::open(&scratch.file(), Rc::new(ManualClock::default()), durability).unwrap();
        let synchronous = || {
            storage
                .conn()
                .query_row("PRAGMA synchronous", (), |row| row.get::<_, i64>(0))
                .unwrap()
        };
        assert_eq!(synchronous(), own, "{durability:?}");
        now(storage.enable_bulk_loading());
        assert_eq!(synchronous(), 1, "{durability:?}: NORMAL, never OFF");
        fill(&storage);
        now(storage.disable_bulk_loading());
        assert_eq!(synchronous(), own, "{durability:?} again");
        // Everything loaded has been written through to the file: it is whole without its log.
        let copy = Scratch::new();
        std::fs::copy(scratch.file(), copy.file()).unwrap();
        check_filled(&open(&copy.file()).unwrap());
    }
}

/// Only the records of its stream outlive a table, and the stream they belong to.
#[test]
fn a_dropped_table_leaves_no_row_behind() {
    let scratch = Scratch::new();
    let storage = open(&scratch.file()).unwrap();
    fill(&storage);
    now(async {
        storage.drop_gsi_table("Music", "ByTitle").await?;
        storage.drop_lsi_table("Music", "ByYear").await?;
        storage.drop_data_table("Music").await?;
        storage.delete_table_metadata("Music").await
    });
    let count = |sql: &str| storage.conn().query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap();
    for table in ["tables", "indexes", "counters WHERE table_number > 0", "tags"] {
        assert_eq!(count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(
        count("SELECT count(*) FROM sqlite_schema WHERE name GLOB 't[0-9]*'"),
        0,
        "physical tables and their indexes"
    );
    assert_eq!(
        count("SELECT count(*) FROM streams JOIN stream_records ON stream_number = number"),
        1,
        "stream records"
    );
}

/// The schema's own statements, for comparison.
fn schema(connection: &Connection) -> Vec<(String, String)> {
    let mut statement = connection
        .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
        .unwrap();
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Files of every schema version as they were released: opened, they hold what was in them then, in the schema of today.
#[test]
fn a_database_of_any_schema_version_opens_and_is_brought_up_to_date() {
    for version in 1..=CURRENT {
        let (scratch, fresh) = (Scratch::new(), Scratch::new());
        std::fs::copy(golden(version), scratch.file()).unwrap();
        let storage = open(&scratch.file()).unwrap();
        assert_eq!(now(storage.database_info()).schema_version, CURRENT);
        fill(&open(&fresh.file()).unwrap());
        assert_eq!(
            schema(&storage.conn()),
            schema(&Connection::open(fresh.file()).unwrap()),
            "version {version}"
        );
        check_filled(&storage);
        drop(storage);
        open(&scratch.file()).unwrap();
    }
}

/// A file that was made before files could shrink in steps is rebuilt by the first vacuum, and can from then on.
#[test]
fn a_file_made_without_the_means_to_shrink_gets_them_by_its_first_vacuum() {
    let scratch = Scratch::new();
    std::fs::copy(golden(1), scratch.file()).unwrap();
    let storage = open(&scratch.file()).unwrap();
    let mode = || {
        storage
            .conn()
            .query_row("PRAGMA auto_vacuum", (), |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(mode(), 0);
    let big = format!(r#"{{"Artist":{{"S":"{}"}}}}"#, "x".repeat(1 << 20));
    now(storage.put_item("Music", "big", "", &big, big.len()));
    now(storage.delete_item("Music", "big", ""));
    assert_eq!(now(storage.vacuum_step(1)), 0);
    assert_eq!((mode(), now(storage.database_info()).free_pages), (2, 0));
    now(storage.put_item("Music", "big", "", &big, big.len()));
    now(storage.delete_item("Music", "big", ""));
    let free = now(storage.database_info()).free_pages;
    assert_eq!(now(storage.vacuum_step(1)), free - 1);
    check_filled(&storage);
}

/// Whoever changes the schema gives it a new version, with a migration and a golden file of its own.
#[test]
fn the_schema_is_that_of_its_golden_file() {
    let (fresh, old) = (Scratch::new(), Scratch::new());
    std::fs::copy(golden(CURRENT), old.file()).unwrap();
    fill(&open(&fresh.file()).unwrap());
    let old = Connection::open(old.file()).unwrap();
    assert_eq!(schema(&open(&fresh.file()).unwrap().conn()), schema(&old));
}

/// Writes the golden file of the current schema version. Run once per version, before its release, and never for a released one:
/// `cargo test -p dynatab --test storage_files -- --ignored make_the_golden_database`
#[test]
#[ignore = "writes into the source tree"]
fn make_the_golden_database() {
    let scratch = Scratch::new();
    let storage = open(&scratch.file()).unwrap();
    fill(&storage);
    now(storage.vacuum());
    drop(storage);
    std::fs::create_dir_all(golden(CURRENT).parent().unwrap()).unwrap();
    std::fs::copy(scratch.file(), golden(CURRENT)).unwrap();
}
