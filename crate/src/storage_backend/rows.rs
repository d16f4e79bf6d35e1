//! Rows and writes as the storage contract names them: bulk rows, index writes, and the hot path's reads, writes and pages.

use std::ops::{Bound, Range};

use super::StorageBackend;
use super::error::BackendError;
use crate::storage::StartAfter;

/// One base-table row for [`StorageBackend::put_base_items`].
#[derive(Debug, Clone, Default)]
pub struct BaseItemRow {
    /// Partition key text.
    pub pk: String,
    /// Sort key text (empty for tables without a sort key).
    pub sk: String,
    /// The item as canonical JSON.
    pub item_json: String,
    /// The item's size by DynamoDB's rule, in bytes.
    pub item_size: usize,
    /// When the item was last used as a cache entry; written as it is, `None` clears it.
    pub cached_at: Option<f64>,
    /// The partition key's hash prefix as six hexadecimal digits.
    pub hash_prefix: String,
}

/// One entry for [`StorageBackend::insert_gsi_items`].
#[derive(Debug, Clone)]
pub struct GsiItemRow {
    /// The index's partition key text.
    pub gsi_pk: String,
    /// The index's sort key text (empty when it has none).
    pub gsi_sk: String,
    /// The base table's partition key text.
    pub table_pk: String,
    /// The base table's sort key text.
    pub table_sk: String,
    /// The projected item as canonical JSON.
    pub item_json: String,
}

/// One index write, for [`StorageBackend::apply_index_writes`].
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the arguments of the method each variant stands for
pub enum IndexWriteOp {
    /// [`StorageBackend::delete_gsi_item`].
    DeleteGsi {
        table_name: String,
        index_name: String,
        table_pk: String,
        table_sk: String,
    },
    /// [`StorageBackend::insert_gsi_item`].
    InsertGsi {
        table_name: String,
        index_name: String,
        gsi_pk: String,
        gsi_sk: String,
        table_pk: String,
        table_sk: String,
        item_json: String,
    },
    /// [`StorageBackend::delete_lsi_item`].
    DeleteLsi {
        table_name: String,
        index_name: String,
        base_pk: String,
        base_sk: String,
    },
    /// [`StorageBackend::insert_lsi_item`].
    InsertLsi {
        table_name: String,
        index_name: String,
        pk: String,
        sk: String,
        base_pk: String,
        base_sk: String,
        item_json: String,
    },
}

#[waits]
impl IndexWriteOp {
    /// Runs the write through the method it stands for.
    pub async fn apply_to<B: StorageBackend + ?Sized>(&self, backend: &B) -> Result<(), BackendError> {
        match self {
            Self::DeleteGsi {
                table_name,
                index_name,
                table_pk,
                table_sk,
            } => backend.delete_gsi_item(table_name, index_name, table_pk, table_sk).await,
            Self::InsertGsi {
                table_name,
                index_name,
                gsi_pk,
                gsi_sk,
                table_pk,
                table_sk,
                item_json,
            } => {
                backend
                    .insert_gsi_item(table_name, index_name, gsi_pk, gsi_sk, table_pk, table_sk, item_json)
                    .await
            }
            Self::DeleteLsi {
                table_name,
                index_name,
                base_pk,
                base_sk,
            } => backend.delete_lsi_item(table_name, index_name, base_pk, base_sk).await,
            Self::InsertLsi {
                table_name,
                index_name,
                pk,
                sk,
                base_pk,
                base_sk,
                item_json,
            } => {
                backend
                    .insert_lsi_item(table_name, index_name, pk, sk, base_pk, base_sk, item_json)
                    .await
            }
        }
    }
}

/// One row that a request must know before it decides.
#[derive(Debug, Clone, Copy)]
pub struct ReadSpec<'a> {
    /// The table.
    pub table_name: &'a str,
    /// Partition key text.
    pub pk: &'a str,
    /// Sort key text.
    pub sk: &'a str,
    /// Whether the item itself is needed; its size comes in any case.
    pub with_item: bool,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// The item's canonical JSON; empty when only the size was asked for.
    pub json: String,
    /// Its size by DynamoDB's rule, in bytes.
    pub size: usize,
}

/// Everything one item's change writes: the base row, index entries, a stream record.
#[derive(Debug, Clone)]
pub struct ItemWrite<'a> {
    /// The table.
    pub table_name: &'a str,
    /// Partition key text.
    pub pk: &'a str,
    /// Sort key text.
    pub sk: &'a str,
    /// The new item; `None` deletes.
    pub put: Option<ItemPut<'a>>,
    /// The size of the item that is there now, as read before; `None` if there is none. The counters follow from it.
    pub old_size: Option<usize>,
    /// Index entries that change. An entry that stays as it is has no place here.
    pub index_writes: Vec<EntryWrite<'a>>,
    /// The stream record, for tables with a stream.
    pub stream: Option<StreamAppend<'a>>,
}

/// The new base row of an [`ItemWrite`].
#[derive(Debug, Clone, Copy)]
pub struct ItemPut<'a> {
    /// The item as canonical JSON.
    pub json: &'a str,
    /// Its size by DynamoDB's rule, in bytes.
    pub size: usize,
    /// When it expires, in seconds since the epoch, on tables with TTL.
    pub expires_at: Option<i64>,
}

/// How one index's entry for an item changes.
#[derive(Debug, Clone)]
pub struct EntryWrite<'a> {
    /// The index.
    pub index_name: &'a str,
    /// The entry to delete: the old one, where it goes or moves to another key.
    pub delete: Option<EntryKey<'a>>,
    /// The entry to write.
    pub put: Option<EntryPut<'a>>,
    /// The size of the old entry, if there was one.
    pub old_size: Option<usize>,
}

/// An index entry's own key.
#[derive(Debug, Clone, Copy)]
pub struct EntryKey<'a> {
    /// The index's partition key text.
    pub pk: &'a str,
    /// The index's sort key text.
    pub sk: &'a str,
}

/// An index entry to write.
#[derive(Debug, Clone, Copy)]
pub struct EntryPut<'a> {
    /// Where it goes.
    pub key: EntryKey<'a>,
    /// The projected item as canonical JSON.
    pub json: &'a str,
    /// Its size by DynamoDB's rule, in bytes.
    pub size: usize,
}

/// A stream record that goes with an [`ItemWrite`]; its sequence number is drawn when it is written.
#[derive(Debug, Clone, Copy)]
pub struct StreamAppend<'a> {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: &'a str,
    /// The key as DynamoDB-JSON.
    pub keys_json: &'a str,
    /// The item after the change, where the view type shows it.
    pub new_image: Option<&'a str>,
    /// The item before the change, where the view type shows it.
    pub old_image: Option<&'a str>,
    /// The shard.
    pub shard_id: &'a str,
    /// When, in milliseconds since the epoch.
    pub created_at: i64,
    /// `userIdentity` as JSON, for changes the service makes.
    pub user_identity: Option<&'a str>,
}

/// Where a page's rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// The table.
    Base,
    /// An index's own entries.
    Index(&'a str),
    /// The entries of a local secondary index, each with the whole item from the table (a join in the same statement). The sizes, and the
    /// page's bound in bytes, are the items': small entries can stand for any amount of data.
    IndexJoined(&'a str),
}

/// One page of a Query.
#[derive(Debug, Clone, Copy)]
pub struct RowQuery<'a> {
    /// The table.
    pub table_name: &'a str,
    /// What is read.
    pub source: Source<'a>,
    /// Partition key text (the index's, if an index is read).
    pub pk: &'a str,
    /// Lower bound of the sort key text.
    pub lower: Bound<&'a str>,
    /// Upper bound of the sort key text.
    pub upper: Bound<&'a str>,
    /// Ascending, or descending.
    pub forward: bool,
    /// The row to start behind.
    pub start: Option<StartAfter<'a>>,
    /// Most rows; 0 for no bound.
    pub most_rows: u32,
    /// The page ends with the row that brings the sum of item sizes to this; 0 for no bound.
    pub most_bytes: u32,
}

/// One page of a Scan.
#[derive(Debug, Clone)]
pub struct RowScan<'a> {
    /// The table.
    pub table_name: &'a str,
    /// What is read.
    pub source: Source<'a>,
    /// The hash prefixes of a parallel scan's segment.
    pub hashes: Option<Range<u32>>,
    /// The partition key of the row to start behind, and the row.
    pub start: Option<(&'a str, StartAfter<'a>)>,
    /// Most rows; 0 for no bound.
    pub most_rows: u32,
    /// The page ends with the row that brings the sum of item sizes to this; 0 for no bound.
    pub most_bytes: u32,
}

/// An item whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredRow {
    /// Partition key text.
    pub pk: String,
    /// Sort key text.
    pub sk: String,
    /// When it expired, in seconds since the epoch.
    pub expires_at: i64,
    /// The item's canonical JSON.
    pub json: String,
    /// Its size, in bytes.
    pub size: usize,
}

/// A client's row of the ledger.
#[derive(Debug, Clone, Copy)]
pub struct LedgerRow<'a> {
    /// The client's id.
    pub client: &'a str,
    /// Its replies, as the engine packs them.
    pub replies: &'a [u8],
}

/// What a database file holds of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredLedger {
    /// What the last commit of a database with one client carried; empty if none did.
    pub receipt: Vec<u8>,
    /// Clients, and their replies as the engine packs them.
    pub rows: Vec<(String, Vec<u8>)>,
}

/// The use of a client's request token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestToken<'a> {
    /// The token, as the client chose it.
    pub token: &'a str,
    /// A digest of the request it was used for.
    pub digest: &'a str,
    /// When, in milliseconds since the epoch.
    pub used_at: i64,
}
