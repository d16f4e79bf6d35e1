//! The row and parameter types both backends share, and the native [`Storage`].

#[cfg(any(feature = "native-sqlite", feature = "_has-encryption"))]
pub use crate::storage_backend::rusqlite_impl::Storage;

use std::ops::{Bound, Range};

/// A tag of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The key, unique within its table.
    pub key: String,
    /// The value.
    pub value: String,
}

/// What a new table's metadata row is made of. Definitions are JSON in the service model's own shapes.
#[derive(Debug, Clone, Copy)]
pub struct CreateTableMetadata<'a> {
    /// The table's name, as DynamoDB spells it (case-sensitive).
    pub table_name: &'a str,
    /// The table's `TableId` (a UUID).
    pub table_id: &'a str,
    /// `KeySchema` as a JSON list.
    pub key_schema: &'a str,
    /// `AttributeDefinitions` as a JSON list.
    pub attribute_definitions: &'a str,
    /// `GlobalSecondaryIndexes` as a JSON list.
    pub gsi_definitions: Option<&'a str>,
    /// `LocalSecondaryIndexes` as a JSON list.
    pub lsi_definitions: Option<&'a str>,
    /// `ProvisionedThroughput` as a JSON object.
    pub provisioned_throughput: Option<&'a str>,
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    pub billing_mode: &'a str,
    /// `TableClass`, where the request named one.
    pub table_class: Option<&'a str>,
    /// `OnDemandThroughput` as a JSON object.
    pub on_demand_throughput: Option<&'a str>,
    /// Everything else of the definition (warm throughput, encryption, vector indexes, ...) as one JSON object.
    pub other_settings: Option<&'a str>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// Creation time, milliseconds since the epoch.
    pub created_at: i64,
}

/// A table's metadata row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableMetadata {
    /// The number the physical tables are named by.
    pub number: u32,
    /// The table's name.
    pub table_name: String,
    /// The table's `TableId`.
    pub table_id: String,
    /// `KeySchema` as a JSON list.
    pub key_schema: String,
    /// `AttributeDefinitions` as a JSON list.
    pub attribute_definitions: String,
    /// `GlobalSecondaryIndexes` as a JSON list.
    pub gsi_definitions: Option<String>,
    /// `LocalSecondaryIndexes` as a JSON list.
    pub lsi_definitions: Option<String>,
    /// `ProvisionedThroughput` as a JSON object.
    pub provisioned_throughput: Option<String>,
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    pub billing_mode: String,
    /// `TableClass`.
    pub table_class: Option<String>,
    /// `OnDemandThroughput` as a JSON object.
    pub on_demand_throughput: Option<String>,
    /// Everything else of the definition as one JSON object.
    pub other_settings: Option<String>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// Creation time, milliseconds since the epoch.
    pub created_at: i64,
    /// Whether a stream is enabled now.
    pub stream_enabled: bool,
    /// The view type of the latest stream.
    pub stream_view_type: Option<String>,
    /// The label of the latest stream, kept when it is disabled.
    pub stream_label: Option<String>,
    /// The TTL attribute, kept only while TTL is enabled.
    pub ttl_attribute: Option<String>,
    /// Whether TTL is enabled.
    pub ttl_enabled: bool,
}

/// Which rows of one partition a query reads, and how many.
#[derive(Debug, Clone, Copy)]
pub struct QueryParams<'a> {
    /// Lower bound of the sort key text.
    pub lower: Bound<&'a str>,
    /// Upper bound of the sort key text.
    pub upper: Bound<&'a str>,
    /// Ascending sort keys, or descending.
    pub forward: bool,
    /// Most rows; 0 for no bound.
    pub limit: usize,
    /// The row to start behind.
    pub start: Option<StartAfter<'a>>,
}

impl Default for QueryParams<'_> {
    fn default() -> Self {
        Self {
            lower: Bound::Unbounded,
            upper: Bound::Unbounded,
            forward: true,
            limit: 0,
            start: None,
        }
    }
}

/// Which rows a scan reads: in the order of the partition key's hash.
#[derive(Debug, Clone, Default)]
pub struct ScanParams<'a> {
    /// Most rows; 0 for no bound.
    pub limit: usize,
    /// The hash prefixes of a parallel scan's segment; all when absent.
    pub hashes: Option<Range<u32>>,
    /// The partition key of the row to start behind, and the row.
    pub start: Option<(&'a str, StartAfter<'a>)>,
}

/// The row a page starts behind.
#[derive(Debug, Clone, Copy, Default)]
pub struct StartAfter<'a> {
    /// Its sort key text (of the index, if an index is read).
    pub sk: &'a str,
    /// In an index: the base table's partition key text. Empty otherwise.
    pub base_pk: &'a str,
    /// In an index: the base table's sort key text. Empty otherwise.
    pub base_sk: &'a str,
}

/// A stream record as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// The item's key as DynamoDB-JSON.
    pub keys_json: String,
    /// The item after the change.
    pub new_image: Option<String>,
    /// The item before the change.
    pub old_image: Option<String>,
    /// The sequence number, as it was given.
    pub sequence_number: String,
    /// The shard.
    pub shard_id: String,
    /// When the change was made, in the unit the caller gave it.
    pub created_at: i64,
    /// `userIdentity` as JSON, for changes the service itself made.
    pub user_identity: Option<String>,
}

/// A stream, open or closed; the stream of a table that is gone is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamInfo {
    /// The table it is or was of.
    pub table_name: String,
    /// Its label, unique among the streams of that name.
    pub label: String,
    /// What its records show.
    pub view_type: String,
    /// Whether it is open.
    pub enabled: bool,
    /// The table's `KeySchema` as a JSON list.
    pub key_schema: String,
    /// When it was opened, in milliseconds since the epoch.
    pub opened_at: i64,
    /// The number all its records are behind.
    pub opened_after: i64,
    /// The number of its first record that is still to be read; none where there is no such record.
    pub first: Option<i64>,
    /// The number of its last record, to be read or not; `opened_after` where there was none.
    pub last: i64,
}

/// A place in a stream, and how much to read from there.
#[derive(Debug, Clone, Copy)]
pub struct StreamPosition<'a> {
    /// The table.
    pub table_name: &'a str,
    /// The stream's label.
    pub label: &'a str,
    /// The shard.
    pub shard_id: &'a str,
    /// Records made before this are not to be read any more: milliseconds since the epoch.
    pub horizon: i64,
}

/// A table's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableStats {
    /// The table.
    pub table_name: String,
    /// Items in the table.
    pub item_count: u64,
    /// Their sizes by DynamoDB's rule, in bytes.
    pub size_bytes: u64,
    /// The indexes' figures, by name.
    pub indexes: Vec<IndexStats>,
}

/// An index's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStats {
    /// The index.
    pub index_name: String,
    /// Entries in the index.
    pub item_count: u64,
    /// Their sizes by DynamoDB's rule, in bytes.
    pub size_bytes: u64,
}

/// Facts about the database as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseInfo {
    /// The schema version of the file.
    pub schema_version: i64,
    /// SQLite's own version.
    pub sqlite_version: String,
    /// Bytes a page.
    pub page_size: u64,
    /// Pages in the file.
    pub page_count: u64,
    /// Pages in the file that hold nothing.
    pub free_pages: u64,
    /// SQLite's journal mode.
    pub journal_mode: String,
    /// DynamoDB tables.
    pub table_count: usize,
}
