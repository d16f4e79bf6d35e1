//! How rows are kept: the storage contract and its implementations.
//!
//! [`StorageBackend`] is the seam between the operations and SQLite. One implementation, [`framed::FramedBackend`], turns every method into
//! frames of statements (`docs/frame.md`); what differs between the native engine and the browser is only the carrier that brings a frame to
//! SQLite: rusqlite ([`rusqlite_impl`]) or the JavaScript bridge ([`wasm_backend`]). So both issue the same SQL, and the native tests exercise the
//! codec that the product uses. Uses `model` only.

#[cfg(feature = "wasm-sqlite")]
pub mod arrivals;
pub mod clock;
#[cfg(any(test, feature = "contract-suite"))]
pub mod contract;
mod default_bodies;
pub mod error;
pub mod expiry;
pub mod frame;
pub mod framed;
pub mod poll;
pub mod rows;
#[cfg(any(feature = "native-sqlite", feature = "_has-encryption"))]
pub mod rusqlite_impl;
#[doc(hidden)]
pub mod sql_builders;
#[cfg(feature = "wasm-sqlite")]
pub mod wasm_backend;

use crate::storage::{
    CreateTableMetadata, DatabaseInfo, QueryParams, ScanParams, StreamInfo, StreamPosition, StreamRecord, TableMetadata, TableStats, Tag,
};

use std::ops::Range;
use std::rc::Rc;

pub use clock::{Clock, ManualClock, SystemClock};
pub use error::BackendError;
#[cfg(any(feature = "native-sqlite", feature = "_has-encryption"))]
pub use error::from_rusqlite;
pub use frame::{PageRow, RowPage};
pub use rows::{
    BaseItemRow, EntryKey, EntryPut, EntryWrite, ExpiredRow, GsiItemRow, IndexWriteOp, ItemPut, ItemWrite, LedgerRow, ReadSpec,
    RequestToken, RowQuery, RowScan, Source, StoredLedger, StoredRow, StreamAppend,
};
#[doc(hidden)]
pub use sql_builders::SqlParam;
#[cfg(feature = "wasm-sqlite")]
pub use wasm_backend::WasmBridgeBackend;

/// The storage contract.
///
/// Keys are the order-preserving texts of `model::key`; items are canonical JSON. Methods outside a transaction are atomic and durable when they
/// return; inside one, writes that return nothing are queued and their errors come with the next read or the commit. A table name that does not
/// exist is [`BackendError::TableNotFound`] unless a method says otherwise.
///
/// There is no `Send + Sync` super-trait: an engine lives on one thread (a worker has no other), and every use is monomorphic.
#[allow(async_fn_in_trait)]
#[waits]
pub trait StorageBackend {
    /// The time, for streams, TTL and creation dates. Reading it is not I/O.
    fn clock(&self) -> &dyn Clock;

    /// Lets the clock show that time now and go on from there (milliseconds since the epoch); `None` lets it show its own again.
    fn set_time(&self, millis: Option<i64>);

    // Table metadata

    /// Adds a table's metadata row. A name that is taken is [`BackendError::AlreadyExists`].
    async fn insert_table_metadata(&self, m: &CreateTableMetadata<'_>) -> Result<(), BackendError>;

    /// A table's metadata row, or `None`.
    async fn get_table_metadata(&self, table_name: &str) -> Result<Option<TableMetadata>, BackendError>;

    /// Removes a table's metadata row with its tags and index entries in the catalog; says whether there was one. Its physical tables
    /// must have been dropped before.
    async fn delete_table_metadata(&self, table_name: &str) -> Result<bool, BackendError>;

    /// Replaces the attribute and GSI definitions (`None`: the table has no GSI).
    async fn update_table_metadata(
        &self,
        table_name: &str,
        attribute_definitions: &str,
        gsi_definitions: Option<&str>,
    ) -> Result<(), BackendError>;

    /// Sets `ProvisionedThroughput` (JSON).
    async fn update_provisioned_throughput(&self, table_name: &str, provisioned_throughput: &str) -> Result<(), BackendError>;

    /// Removes `ProvisionedThroughput`.
    async fn clear_provisioned_throughput(&self, table_name: &str) -> Result<(), BackendError>;

    /// Sets `BillingMode`.
    async fn update_billing_mode(&self, table_name: &str, billing_mode: &str) -> Result<(), BackendError>;

    /// Sets `TableClass`.
    async fn update_table_class(&self, table_name: &str, table_class: &str) -> Result<(), BackendError>;

    /// Replaces the settings that have no column of their own (JSON; `None`: there are none).
    async fn update_other_settings(&self, table_name: &str, other_settings: Option<&str>) -> Result<(), BackendError>;

    /// Sets `OnDemandThroughput` (JSON).
    async fn update_on_demand_throughput(&self, table_name: &str, on_demand_throughput: &str) -> Result<(), BackendError>;

    /// The table's tags, ordered by key.
    async fn get_tags(&self, table_name: &str) -> Result<Vec<Tag>, BackendError>;

    /// Adds tags; a key that is there gets the new value.
    async fn set_tags(&self, table_name: &str, new_tags: &[Tag]) -> Result<(), BackendError>;

    /// Sets deletion protection.
    async fn update_deletion_protection(&self, table_name: &str, enabled: bool) -> Result<(), BackendError>;

    /// Removes the tags with these keys; a key that is not there is no error.
    async fn remove_tags(&self, table_name: &str, keys: &[String]) -> Result<(), BackendError>;

    /// All table names, in byte order.
    async fn list_table_names(&self) -> Result<Vec<String>, BackendError>;

    /// Whether a table of this name exists.
    async fn table_exists(&self, table_name: &str) -> Result<bool, BackendError>;

    // Physical tables

    /// Creates the physical table that holds a table's items.
    async fn create_data_table(&self, table_name: &str) -> Result<(), BackendError>;

    /// Drops it again, with the items.
    async fn drop_data_table(&self, table_name: &str) -> Result<(), BackendError>;

    /// Creates the physical table of a global secondary index.
    async fn create_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError>;

    /// Drops it again, with its entries.
    async fn drop_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError>;

    /// Creates the physical table of a local secondary index.
    async fn create_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError>;

    /// Drops it again, with its entries.
    async fn drop_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError>;

    /// Removes a table at once, with its metadata and whatever its name finds. What its items and index entries took up is given back by
    /// [`StorageBackend::free_discarded`].
    async fn discard_table(&self, table_name: &str) -> Result<(), BackendError>;

    /// Removes a global secondary index likewise.
    async fn discard_gsi(&self, table_name: &str, index_name: &str) -> Result<(), BackendError>;

    /// Whether something was discarded that takes up room, here or on an earlier connection. Not I/O.
    fn has_discarded(&self) -> bool;

    /// Frees some of what was discarded: at most so many rows, and none behind that many bytes of items. Says whether there is more.
    async fn free_discarded(&self, most_rows: usize, most_bytes: usize) -> Result<bool, BackendError>;

    // GSI entries

    /// Writes one GSI entry, replacing the entry of the same full key.
    async fn insert_gsi_item(
        &self,
        table_name: &str,
        index_name: &str,
        gsi_pk: &str,
        gsi_sk: &str,
        table_pk: &str,
        table_sk: &str,
        item_json: &str,
    ) -> Result<(), BackendError>;

    /// Writes many GSI entries: one crossing however many (backfill).
    async fn insert_gsi_items(&self, table_name: &str, index_name: &str, rows: &[GsiItemRow]) -> Result<(), BackendError>;

    /// Removes every entry of this base key. Without the entry's own key this reads the whole index: [`StorageBackend::apply_writes`]
    /// deletes by full key.
    async fn delete_gsi_item(&self, table_name: &str, index_name: &str, table_pk: &str, table_sk: &str) -> Result<(), BackendError>;

    /// Entries of one GSI partition as (GSI partition key, GSI sort key, JSON).
    async fn query_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        gsi_pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError>;

    /// Entries of a GSI in hash order, as (GSI partition key, GSI sort key, JSON).
    async fn scan_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError>;

    // LSI entries

    /// Writes one LSI entry, replacing the entry of the same full key.
    async fn insert_lsi_item(
        &self,
        table_name: &str,
        index_name: &str,
        pk: &str,
        sk: &str,
        base_pk: &str,
        base_sk: &str,
        item_json: &str,
    ) -> Result<(), BackendError>;

    /// Removes every entry of this base key from the item collection's part of an LSI.
    async fn delete_lsi_item(&self, table_name: &str, index_name: &str, base_pk: &str, base_sk: &str) -> Result<(), BackendError>;

    /// Entries of one LSI partition as (partition key, LSI sort key, JSON).
    async fn query_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError>;

    /// Entries of an LSI in hash order, as (partition key, LSI sort key, JSON).
    async fn scan_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError>;

    // Index write fan-out

    /// Applies index writes in order. Owns no transaction; an empty list does nothing. Never more than one crossing on the bridge.
    async fn apply_index_writes(&self, ops: &[IndexWriteOp]) -> Result<(), BackendError> {
        for op in ops {
            op.apply_to(self).await?;
        }
        Ok(())
    }

    // Transactions

    /// Opens a transaction; they do not nest. Writes that return nothing are queued from here on and travel with the next read or the commit.
    /// An error of the database inside a transaction dooms it: everything but a rollback is then [`BackendError::TransactionState`].
    async fn begin_transaction(&self) -> Result<(), BackendError>;

    /// Makes the transaction's writes permanent.
    async fn commit(&self) -> Result<(), BackendError>;

    /// Undoes the transaction, counters included. Costs no crossing when nothing has crossed yet.
    async fn rollback(&self) -> Result<(), BackendError>;

    /// Opens a group: from here on `commit` closes a request without making it durable, and the group's end makes all of them durable at
    /// once. A backend that ignores groups commits each request.
    async fn begin_group(&self) -> Result<(), BackendError> {
        Ok(())
    }

    /// Makes the group's requests durable. After an error none of them has happened; except [`BackendError::CommitInDoubt`], after which
    /// nobody knows.
    async fn end_group(&self) -> Result<(), BackendError> {
        Ok(())
    }

    /// Undoes the group's requests.
    async fn abort_group(&self) -> Result<(), BackendError> {
        Ok(())
    }

    /// Whether the group can no longer end well: an error inside SQLite is fatal to all of it.
    fn group_failed(&self) -> bool {
        false
    }

    // Bulk loading

    /// Trades the durability of single commits for speed: a larger page cache and `synchronous=NORMAL`. Never a mode that can corrupt.
    async fn enable_bulk_loading(&self) -> Result<(), BackendError>;

    /// Back to the connection's own durability, after a checkpoint that makes everything loaded durable.
    async fn disable_bulk_loading(&self) -> Result<(), BackendError>;

    // Items

    /// Writes an item, replacing the one of the same key, which is returned. Keeps `cached_at`.
    async fn put_item(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        item_json: &str,
        item_size: usize,
    ) -> Result<Option<String>, BackendError>;

    /// [`StorageBackend::put_item`] with the key's hash prefix (six hexadecimal digits), which must be the key's.
    async fn put_item_with_hash(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        item_json: &str,
        item_size: usize,
        hash_prefix: &str,
    ) -> Result<Option<String>, BackendError>;

    /// Writes many items, `cached_at` as given: one crossing however many (import).
    async fn put_base_items(&self, table_name: &str, rows: &[BaseItemRow]) -> Result<(), BackendError>;

    /// An item's JSON, or `None`.
    async fn get_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError>;

    /// The sum of the item sizes under one partition key, in bytes.
    async fn get_partition_size(&self, table_name: &str, pk: &str) -> Result<i64, BackendError>;

    /// The sum of an LSI's entry sizes under one partition key, in bytes.
    async fn get_lsi_partition_size(&self, table_name: &str, index_name: &str, pk: &str) -> Result<i64, BackendError>;

    /// Deletes an item and returns it; `None` if there was none.
    async fn delete_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError>;

    /// Items of one partition as (partition key, sort key, JSON).
    async fn query_items(
        &self,
        table_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError>;

    /// Items of a table in hash order, as (partition key, sort key, JSON).
    async fn scan_items(&self, table_name: &str, params: &ScanParams<'_>) -> Result<Vec<(String, String, String)>, BackendError>;

    /// The number of items: a counter, never a count over rows.
    async fn count_items(&self, table_name: &str) -> Result<i64, BackendError>;

    // Introspection

    /// The size of the database in bytes, free pages included.
    async fn db_size_bytes(&self) -> Result<u64, BackendError>;

    /// The number of tables.
    async fn table_count(&self) -> Result<usize, BackendError>;

    /// Items and bytes of every table and index, ordered by table name: counters, no scan.
    async fn table_stats(&self) -> Result<Vec<TableStats>, BackendError>;

    /// Facts about the database as a whole.
    async fn database_info(&self) -> Result<DatabaseInfo, BackendError>;

    /// Rebuilds the database without free pages. Not inside a transaction.
    async fn vacuum(&self) -> Result<(), BackendError>;

    /// Makes the file smaller by at most so many free pages, and says how many it has left. Not inside a transaction.
    async fn vacuum_step(&self, most_pages: usize) -> Result<u64, BackendError>;

    // Streams

    /// Opens a new stream on the table. Records of an earlier stream are kept under its own label.
    async fn enable_stream(&self, table_name: &str, view_type: &str, label: &str) -> Result<(), BackendError>;

    /// Closes the table's stream; its records and label stay.
    async fn disable_stream(&self, table_name: &str) -> Result<(), BackendError>;

    /// Appends a record to the table's current stream.
    async fn insert_stream_record(
        &self,
        table_name: &str,
        event_name: &str,
        keys_json: &str,
        new_image: Option<&str>,
        old_image: Option<&str>,
        sequence_number: &str,
        shard_id: &str,
        created_at: i64,
    ) -> Result<(), BackendError>;

    /// [`StorageBackend::insert_stream_record`] with a `userIdentity` (JSON), for changes the service makes.
    async fn insert_stream_record_with_identity(
        &self,
        table_name: &str,
        event_name: &str,
        keys_json: &str,
        new_image: Option<&str>,
        old_image: Option<&str>,
        sequence_number: &str,
        shard_id: &str,
        created_at: i64,
        user_identity: Option<&str>,
    ) -> Result<(), BackendError>;

    /// The next sequence number of the table: a counter, kept with the transaction that draws from it. A new table's begins behind those of
    /// every table that was deleted, with one left out.
    async fn next_stream_sequence_number(&self, table_name: &str) -> Result<i64, BackendError>;

    /// Records of a shard of the table's streams behind a sequence number, oldest first; those of a deleted table too. None for a name nobody
    /// ever used.
    async fn get_stream_records(
        &self,
        table_name: &str,
        shard_id: &str,
        after_sequence: i64,
        limit: usize,
    ) -> Result<Vec<StreamRecord>, BackendError>;

    /// Tables with an enabled stream, by name.
    async fn list_stream_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError>;

    /// Streams of one table, or of all, by table name and label, behind a place in that order. `at` names shard and horizon, and the place;
    /// a stream that was closed before the horizon is gone.
    async fn list_streams(&self, table_name: Option<&str>, at: &StreamPosition<'_>, limit: usize) -> Result<Vec<StreamInfo>, BackendError>;

    /// A stream, if it is there, with its records behind a sequence number, oldest first: at most so many, and none behind that many bytes of
    /// keys and images. One crossing.
    async fn read_stream(
        &self,
        at: &StreamPosition<'_>,
        after: i64,
        limit: usize,
        bytes: usize,
    ) -> Result<Option<(StreamInfo, Vec<StreamRecord>)>, BackendError>;

    /// The sequence number of a stream's first record that was made at that time or later (milliseconds since the epoch).
    async fn stream_position_at(&self, at: &StreamPosition<'_>, time: i64) -> Result<Option<i64>, BackendError>;

    /// Removes records made before a time, at most so many, and streams that were closed before it and have none left; says how many records.
    async fn trim_streams(&self, before: i64, limit: usize) -> Result<usize, BackendError>;

    /// The names of the tables to whose streams something may have happened since this was last asked: a record, an opening, a closing. What
    /// was undone is among them, and so is what is not committed yet.
    fn take_changed_streams(&self) -> Vec<Rc<str>>;

    // Time to live

    /// Enables TTL on an attribute, or disables it. Enabling builds the expiry column's values and its partial index.
    async fn update_ttl_config(&self, table_name: &str, attribute_name: Option<&str>, enabled: bool) -> Result<(), BackendError>;

    /// Tables with TTL enabled, by name.
    async fn list_ttl_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError>;

    /// The lowest and the highest sequence number of a shard, `None` when it has no record; of a deleted table too.
    async fn get_shard_sequence_range(&self, table_name: &str, shard_id: &str) -> Result<(Option<String>, Option<String>), BackendError>;

    // Cache tracking

    /// Makes a table a cache, or an ordinary table again. Of a cache it is noted when its items were last used: written by
    /// [`StorageBackend::apply_writes`], or read by their keys ([`StorageBackend::get_row`], [`StorageBackend::read_for_write`]). The
    /// notes are kept in memory and travel with the next commit that writes.
    async fn update_cache_config(&self, table_name: &str, enabled: bool) -> Result<(), BackendError>;

    /// Notes when an item was last used as a cache entry. An item that is not there is no error.
    async fn touch_cached_at(&self, table_name: &str, pk: &str, sk: &str, timestamp: f64) -> Result<(), BackendError>;

    /// The least recently used items as (partition key, sort key, size); items never touched come first.
    async fn get_lru_items(&self, table_name: &str, limit: usize) -> Result<Vec<(String, String, i64)>, BackendError>;

    // Request tokens

    /// The digest of the request a token was used for at `since` (milliseconds since the epoch) or later, or `None`.
    async fn get_request_token(&self, token: &str, since: i64) -> Result<Option<String>, BackendError>;

    /// Notes the use of a token, replacing an older one, and forgets all uses before `since`.
    async fn put_request_token(&self, token: &RequestToken<'_>, since: i64) -> Result<(), BackendError>;

    // The ledger: replies that clients have not confirmed (`docs/tabs.md`)

    /// The receipt, and every client's row: one crossing.
    async fn get_ledger(&self) -> Result<StoredLedger, BackendError>;

    /// Writes clients' rows, each in the place of its client's last one.
    async fn put_ledger_rows(&self, rows: &[LedgerRow<'_>], used_at: i64) -> Result<(), BackendError>;

    /// Removes the rows that were last written before a time (milliseconds since the epoch).
    async fn trim_ledger(&self, before: i64) -> Result<(), BackendError>;

    /// Has the open group's commit carry these bytes in the row that numbers it, so that they cost no statement of their own; they replace the
    /// last receipt. A database that lives and dies with its connection numbers nothing and keeps none.
    fn put_receipt(&self, receipt: &[u8]);

    /// A number that grows with every write that is queued: whether a request changed something is whether this did.
    fn writes(&self) -> u64;

    // The hot path: what a request needs in one crossing. The default bodies are made of the methods above.

    /// Every table's metadata row, by name: what an engine reads when it opens.
    async fn list_table_metadata(&self) -> Result<Vec<TableMetadata>, BackendError> {
        default_bodies::list_table_metadata(self).await
    }

    /// Everything a request must know before it decides, in one crossing; the answers stand in the order of the specs.
    async fn read_for_write(&self, specs: &[ReadSpec<'_>]) -> Result<Vec<Option<StoredRow>>, BackendError> {
        default_bodies::read_for_write(self, specs).await
    }

    /// Writes items with their index entries and stream records. Returns nothing, so inside a transaction it is queued and travels with the
    /// commit.
    async fn apply_writes(&self, writes: &[ItemWrite<'_>]) -> Result<(), BackendError> {
        default_bodies::apply_writes(self, writes).await
    }

    /// One item as a page of at most one row, borrowed from the answer buffer.
    async fn get_row(&self, table_name: &str, pk: &str, sk: &str) -> Result<RowPage, BackendError> {
        let item = self.get_item(table_name, pk, sk).await?;
        default_bodies::page_of(item.into_iter(), true)
    }

    /// One page of a Query, in one crossing.
    async fn query_rows(&self, query: &RowQuery<'_>) -> Result<RowPage, BackendError> {
        default_bodies::query_rows(self, query).await
    }

    /// One page of a Scan, in one crossing.
    async fn scan_rows(&self, scan: &RowScan<'_>) -> Result<RowPage, BackendError> {
        default_bodies::scan_rows(self, scan).await
    }

    /// Items of a table with TTL whose date of expiry lies in a range (seconds since the epoch), the longest expired first.
    async fn list_expired(&self, table_name: &str, dates: Range<i64>, limit: usize) -> Result<Vec<ExpiredRow>, BackendError> {
        default_bodies::list_expired(self, table_name, dates, limit).await
    }

    /// Takes a page's buffer back, so that the next answer needs no new one.
    fn recycle(&self, page: RowPage) {
        drop(page);
    }
}
