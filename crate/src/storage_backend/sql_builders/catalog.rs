//! The catalog's schema and statements: metadata, tags, counters, streams, facts about the database.

/// `PRAGMA application_id` of our files: "dyta".
pub const APPLICATION_ID: i64 = 0x6479_7461;

/// `PRAGMA user_version`: the schema this build writes.
pub const SCHEMA_VERSION: i64 = 2;

/// Statements that make an empty file a database of schema version 1. A new database is one of version 1 that is migrated at once, so that it
/// cannot differ from an old one that was.
pub const CREATE_SCHEMA: &[&str] = &[
    "CREATE TABLE tables(
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        table_id TEXT NOT NULL,
        key_schema TEXT NOT NULL,
        attribute_definitions TEXT NOT NULL,
        gsi_definitions TEXT,
        lsi_definitions TEXT,
        provisioned_throughput TEXT,
        billing_mode TEXT NOT NULL,
        table_class TEXT,
        on_demand_throughput TEXT,
        other_settings TEXT,
        deletion_protection INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        stream_number INTEGER,
        stream_enabled INTEGER NOT NULL DEFAULT 0,
        stream_view_type TEXT,
        stream_label TEXT,
        ttl_attribute TEXT,
        ttl_enabled INTEGER NOT NULL DEFAULT 0,
        next_index INTEGER NOT NULL DEFAULT 1) STRICT",
    "CREATE TABLE indexes(
        table_number INTEGER NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY(table_number, number),
        UNIQUE(table_number, name)) STRICT, WITHOUT ROWID",
    "CREATE TABLE counters(
        table_number INTEGER PRIMARY KEY,
        items INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        indexes TEXT NOT NULL) STRICT",
    "CREATE TABLE tags(
        table_number INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY(table_number, key)) STRICT, WITHOUT ROWID",
    "CREATE TABLE streams(
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        table_name TEXT NOT NULL,
        label TEXT NOT NULL,
        view_type TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        key_schema TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        opened_after INTEGER NOT NULL,
        closed_at INTEGER,
        last_trimmed INTEGER NOT NULL,
        UNIQUE(table_name, label)) STRICT",
    "CREATE TABLE stream_records(
        stream_number INTEGER NOT NULL,
        shard_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        sequence_number TEXT NOT NULL,
        event_name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        user_identity TEXT,
        keys_json TEXT NOT NULL,
        new_image TEXT,
        old_image TEXT,
        UNIQUE(stream_number, shard_id, sequence)) STRICT",
    "CREATE TABLE request_tokens(
        token TEXT PRIMARY KEY,
        digest TEXT NOT NULL,
        used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "PRAGMA application_id = 1685681249",
    "PRAGMA user_version = 1",
];

/// What leads from each schema version to the next; the first entry starts from version 1.
pub const MIGRATIONS: &[&[&str]] = &[&[
    "ALTER TABLE counters ADD COLUMN receipt BLOB",
    "CREATE TABLE ledger(
        client TEXT PRIMARY KEY,
        used_at INTEGER NOT NULL,
        replies BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "PRAGMA user_version = 2",
]];

/// A kept statement on the catalog. The variants say what they do; their parameters stand in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CatalogSql {
    ApplicationId,
    SchemaVersion,
    AnyTable,
    AllTables,
    AllIndexes,
    AllCounters,
    PhysicalNames,
    InsertTable,
    InsertCounters,
    SaveCounters,
    SaveCommitNumber,
    SaveDeletedSequence,
    GetTable,
    AllMetadata,
    DeleteTable,
    DeleteIndexes,
    DeleteCounters,
    DeleteTags,
    UpdateDefinitions,
    UpdateProvisionedThroughput,
    UpdateBillingMode,
    UpdateTableClass,
    UpdateOtherSettings,
    UpdateOnDemandThroughput,
    UpdateDeletionProtection,
    InsertIndex,
    DeleteIndex,
    NextIndex,
    GetTags,
    SetTag,
    RemoveTag,
    InsertStream,
    PointToStream,
    CloseStream,
    MarkStreamDisabled,
    InsertStreamRecord,
    GetStreamRecords,
    GetStream,
    ListStreams,
    ReadStream,
    StreamAtTime,
    OldRecords,
    AnyOldStream,
    DropRecord,
    MarkTrimmed,
    DropOldStreams,
    ShardRange,
    StreamTables,
    TtlTables,
    UpdateTtl,
    GetRequestToken,
    PutRequestToken,
    ForgetRequestTokens,
    GetReceipt,
    AllLedgerRows,
    PutLedgerRow,
    AnyOldLedgerRow,
    ForgetLedgerRows,
    PageCount,
    PageSize,
    FreePages,
    AutoVacuum,
    JournalMode,
    SqliteVersion,
}

/// The columns of a metadata row, in the order `framed::metadata` reads them.
const TABLE_COLUMNS: &str = "number, name, table_id, key_schema, attribute_definitions, gsi_definitions, lsi_definitions, \
     provisioned_throughput, billing_mode, table_class, on_demand_throughput, other_settings, deletion_protection, created_at, \
     stream_enabled, stream_view_type, stream_label, ttl_attribute, ttl_enabled";

/// A stream's row: ?1 is the shard, ?2 the time before which records are not to be read any more.
const STREAM_INFO: &str = "SELECT table_name, label, view_type, enabled, key_schema, opened_at, opened_after, \
     (SELECT sequence FROM stream_records WHERE stream_number = number AND shard_id = ?1 AND created_at >= ?2 ORDER BY sequence LIMIT 1), \
     max(last_trimmed, ifnull((SELECT max(sequence) FROM stream_records WHERE stream_number = number AND shard_id = ?1), 0)) FROM streams";

/// A stream that was closed before its last records expired is gone.
const STREAM_IS_LISTED: &str = "(closed_at IS NULL OR closed_at >= ?2)";

impl CatalogSql {
    /// The statement's text.
    pub fn text(self) -> std::borrow::Cow<'static, str> {
        let fixed = match self {
            Self::ApplicationId => "PRAGMA application_id",
            Self::SchemaVersion => "PRAGMA user_version",
            Self::AnyTable => "SELECT 1 FROM sqlite_schema LIMIT 1",
            Self::AllTables => "SELECT number, name, iif(stream_enabled, stream_number, NULL), ttl_attribute FROM tables ORDER BY number",
            Self::AllIndexes => "SELECT table_number, number, kind, name FROM indexes ORDER BY table_number, number",
            Self::AllCounters => "SELECT table_number, items, bytes, sequence, indexes FROM counters",
            Self::PhysicalNames => "SELECT name FROM sqlite_schema WHERE name GLOB 't[0-9]*'",
            Self::InsertTable => {
                "INSERT INTO tables(name, table_id, key_schema, attribute_definitions, gsi_definitions, lsi_definitions, \
                 provisioned_throughput, billing_mode, table_class, on_demand_throughput, other_settings, deletion_protection, created_at) \
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING number"
            }
            Self::InsertCounters => "INSERT INTO counters(table_number, items, bytes, sequence, indexes) VALUES(?1, 0, 0, ?2, '')",
            Self::SaveCounters => "UPDATE counters SET items = ?2, bytes = ?3, sequence = ?4, indexes = ?5 WHERE table_number = ?1",
            // The row of table 0, which no table is, belongs to the database: its items are the highest sequence number of a table that was
            // deleted, its sequence numbers the commits. A commit without a receipt leaves the last one.
            Self::SaveDeletedSequence => {
                "INSERT INTO counters(table_number, items, bytes, sequence, indexes) VALUES(0, ?1, 0, 0, '') \
                 ON CONFLICT DO UPDATE SET items = excluded.items"
            }
            Self::SaveCommitNumber => {
                "INSERT INTO counters(table_number, items, bytes, sequence, indexes, receipt) VALUES(0, 0, 0, ?1, '', ?2) \
                 ON CONFLICT DO UPDATE SET sequence = excluded.sequence, receipt = ifnull(excluded.receipt, receipt)"
            }
            Self::GetTable => return format!("SELECT {TABLE_COLUMNS} FROM tables WHERE name = ?1").into(),
            Self::AllMetadata => return format!("SELECT {TABLE_COLUMNS} FROM tables ORDER BY name").into(),
            Self::StreamTables => return format!("SELECT {TABLE_COLUMNS} FROM tables WHERE stream_enabled = 1 ORDER BY name").into(),
            Self::TtlTables => return format!("SELECT {TABLE_COLUMNS} FROM tables WHERE ttl_enabled = 1 ORDER BY name").into(),
            Self::DeleteTable => "DELETE FROM tables WHERE number = ?1",
            Self::DeleteIndexes => "DELETE FROM indexes WHERE table_number = ?1",
            Self::DeleteCounters => "DELETE FROM counters WHERE table_number = ?1",
            Self::DeleteTags => "DELETE FROM tags WHERE table_number = ?1",
            Self::UpdateDefinitions => "UPDATE tables SET attribute_definitions = ?2, gsi_definitions = ?3 WHERE number = ?1",
            Self::UpdateProvisionedThroughput => "UPDATE tables SET provisioned_throughput = ?2 WHERE number = ?1",
            Self::UpdateBillingMode => "UPDATE tables SET billing_mode = ?2 WHERE number = ?1",
            Self::UpdateOtherSettings => "UPDATE tables SET other_settings = ?2 WHERE number = ?1",
            Self::UpdateTableClass => "UPDATE tables SET table_class = ?2 WHERE number = ?1",
            Self::UpdateOnDemandThroughput => "UPDATE tables SET on_demand_throughput = ?2 WHERE number = ?1",
            Self::UpdateDeletionProtection => "UPDATE tables SET deletion_protection = ?2 WHERE number = ?1",
            Self::NextIndex => "UPDATE tables SET next_index = next_index + 1 WHERE number = ?1 RETURNING next_index - 1",
            Self::InsertIndex => "INSERT INTO indexes(table_number, number, kind, name) VALUES(?1, ?2, ?3, ?4)",
            Self::DeleteIndex => "DELETE FROM indexes WHERE table_number = ?1 AND number = ?2",
            Self::GetTags => "SELECT key, value FROM tags WHERE table_number = ?1 ORDER BY key",
            Self::SetTag => {
                "INSERT INTO tags(table_number, key, value) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = excluded.value"
            }
            Self::RemoveTag => "DELETE FROM tags WHERE table_number = ?1 AND key = ?2",
            Self::InsertStream => {
                "INSERT INTO streams(table_name, label, view_type, enabled, key_schema, opened_at, opened_after, last_trimmed) \
                 SELECT name, ?2, ?3, 1, key_schema, ?4, ?5, ?5 FROM tables WHERE number = ?1 RETURNING number"
            }
            Self::PointToStream => {
                "UPDATE tables SET stream_number = ?2, stream_enabled = 1, stream_view_type = ?3, stream_label = ?4 WHERE number = ?1"
            }
            Self::CloseStream => "UPDATE streams SET enabled = 0, closed_at = ?2 WHERE number = ?1 AND enabled = 1",
            Self::MarkStreamDisabled => "UPDATE tables SET stream_enabled = 0 WHERE number = ?1",
            Self::InsertStreamRecord => {
                "INSERT INTO stream_records(stream_number, shard_id, sequence, sequence_number, event_name, created_at, user_identity, \
                 keys_json, new_image, old_image) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            }
            Self::GetStreamRecords => {
                "SELECT event_name, keys_json, new_image, old_image, sequence_number, shard_id, created_at, user_identity \
                 FROM streams JOIN stream_records ON stream_number = number \
                 WHERE table_name = ?1 AND shard_id = ?2 AND sequence > ?3 ORDER BY sequence LIMIT ?4"
            }
            Self::GetStream => return format!("{STREAM_INFO} WHERE table_name = ?3 AND label = ?4 AND {STREAM_IS_LISTED}").into(),
            Self::ListStreams => {
                return format!(
                    "{STREAM_INFO} WHERE (?3 IS NULL OR table_name = ?3) AND {STREAM_IS_LISTED} \
                     AND (table_name > ?4 OR (table_name = ?4 AND label > ?5)) ORDER BY table_name, label LIMIT ?6"
                )
                .into();
            }
            // The bytes before a record count, so that the first one is always among them.
            Self::ReadStream => {
                "SELECT event_name, keys_json, new_image, old_image, sequence_number, shard_id, created_at, user_identity FROM ( \
                 SELECT r.*, sum(octet_length(keys_json) + ifnull(octet_length(new_image), 0) + ifnull(octet_length(old_image), 0)) \
                 OVER (ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before \
                 FROM streams JOIN stream_records r ON stream_number = number \
                 WHERE table_name = ?1 AND label = ?2 AND shard_id = ?3 AND created_at >= ?4 AND sequence > ?5 ORDER BY sequence LIMIT ?6) \
                 WHERE ifnull(bytes_before, 0) < ?7 ORDER BY sequence"
            }
            Self::StreamAtTime => {
                "SELECT sequence FROM streams JOIN stream_records ON stream_number = number \
                 WHERE table_name = ?1 AND label = ?2 AND shard_id = ?3 AND created_at >= ?4 ORDER BY sequence LIMIT 1"
            }
            // Of every stream only the oldest records are looked at.
            Self::OldRecords => {
                "SELECT r.rowid, stream_number, sequence FROM streams JOIN stream_records r ON r.rowid IN ( \
                 SELECT rowid FROM stream_records WHERE stream_number = number ORDER BY shard_id, sequence LIMIT ?2) \
                 WHERE created_at < ?1 LIMIT ?2"
            }
            Self::AnyOldStream => "SELECT 1 FROM streams WHERE closed_at < ?1 LIMIT 1",
            Self::DropRecord => "DELETE FROM stream_records WHERE rowid = ?1",
            Self::MarkTrimmed => "UPDATE streams SET last_trimmed = max(last_trimmed, ?2) WHERE number = ?1",
            Self::DropOldStreams => {
                "DELETE FROM streams WHERE closed_at < ?1 AND NOT EXISTS (SELECT 1 FROM stream_records WHERE stream_number = number)"
            }
            Self::ShardRange => {
                "SELECT (SELECT sequence_number FROM streams JOIN stream_records ON stream_number = number \
                 WHERE table_name = ?1 AND shard_id = ?2 ORDER BY sequence LIMIT 1), \
                 (SELECT sequence_number FROM streams JOIN stream_records ON stream_number = number \
                 WHERE table_name = ?1 AND shard_id = ?2 ORDER BY sequence DESC LIMIT 1)"
            }
            Self::UpdateTtl => "UPDATE tables SET ttl_attribute = ?2, ttl_enabled = ?3 WHERE number = ?1",
            Self::GetRequestToken => "SELECT digest FROM request_tokens WHERE token = ?1 AND used_at >= ?2",
            Self::PutRequestToken => "INSERT OR REPLACE INTO request_tokens(token, digest, used_at) VALUES(?1, ?2, ?3)",
            Self::ForgetRequestTokens => "DELETE FROM request_tokens WHERE used_at < ?1",
            Self::GetReceipt => "SELECT receipt FROM counters WHERE table_number = 0",
            Self::AllLedgerRows => "SELECT client, replies FROM ledger",
            Self::PutLedgerRow => "INSERT OR REPLACE INTO ledger(client, used_at, replies) VALUES(?1, ?2, ?3)",
            Self::AnyOldLedgerRow => "SELECT 1 FROM ledger WHERE used_at < ?1 LIMIT 1",
            Self::ForgetLedgerRows => "DELETE FROM ledger WHERE used_at < ?1",
            Self::PageCount => "PRAGMA page_count",
            Self::PageSize => "PRAGMA page_size",
            Self::FreePages => "PRAGMA freelist_count",
            Self::AutoVacuum => "PRAGMA auto_vacuum",
            Self::JournalMode => "PRAGMA journal_mode",
            Self::SqliteVersion => "SELECT sqlite_version()",
        };
        fixed.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_states_its_application_and_version() {
        assert!(CREATE_SCHEMA.contains(&format!("PRAGMA application_id = {APPLICATION_ID}").as_str()));
        assert!(CREATE_SCHEMA.contains(&"PRAGMA user_version = 1"));
        for (version, migration) in (2..).zip(MIGRATIONS) {
            assert_eq!(migration.last(), Some(&format!("PRAGMA user_version = {version}").as_str()));
        }
        assert_eq!(i64::try_from(MIGRATIONS.len() + 1), Ok(SCHEMA_VERSION));
    }
}
