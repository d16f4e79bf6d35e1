//! The operations, one file each: validate, plan, read, decide, write.
//!
//! An action gets a request that `api` has parsed and checked; it takes the table from the catalog, asks storage once for what it must know,
//! decides, hands storage one write, and writes its reply straight into the answer buffer. May use every room below and the storage contract.

pub mod backfill;
mod batch_get_item;
mod batch_write_item;
pub mod cache;
mod capacity;
mod create_table;
pub mod database;
mod delete_item;
mod delete_table;
mod describe_endpoints;
mod describe_limits;
mod describe_table;
mod get_item;
pub mod import;
mod item_change;
mod legacy_parameters;
mod list_tables;
pub mod pace;
mod pages;
mod put_item;
mod query;
mod removal;
mod reply;
mod resource_policy;
mod resource_tags;
mod scan;
mod single_write;
mod stream_label;
pub mod streams;
pub mod time_to_live;
mod transact_get_items;
mod transact_write_items;
mod transaction;
mod update_item;
mod update_table;

use std::cell::RefCell;
use std::rc::Rc;

use crate::api::Operation;
use crate::api::error::{ApiError, ModelledError};
use crate::expression::ExpressionCache;
use crate::model::json::Document;
use crate::schema::{Catalog, TableDefinition, TableStatus};
use crate::storage_backend::{BackendError, StorageBackend};

/// How long changes of tables take, in milliseconds; 0 lets a table leave the state before the next request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// A new table is CREATING for so long.
    pub creation_ms: i64,
    /// A changed one is UPDATING.
    pub update_ms: i64,
    /// A deleted one is DELETING.
    pub deletion_ms: i64,
    /// An index of an existing table is CREATING before it is filled.
    pub index_creation_ms: i64,
}

impl Lifecycle {
    /// All of them alike.
    pub const fn all(ms: i64) -> Self {
        Self {
            creation_ms: ms,
            update_ms: ms,
            deletion_ms: ms,
            index_creation_ms: ms,
        }
    }
}

/// What an action works with.
pub struct Context<'a, B> {
    /// Where rows are kept.
    pub backend: &'a B,
    /// The tables.
    pub catalog: &'a RefCell<Catalog>,
    /// The expressions understood before.
    pub expressions: &'a ExpressionCache,
    /// The region in ARNs.
    pub region: &'a str,
    /// How long changes of tables take.
    pub lifecycle: Lifecycle,
    /// The imports that are under way.
    pub imports: &'a import::Imports,
    /// The index that is being filled.
    pub filling: &'a backfill::Filling,
    /// How much of the work behind the requests is done at a time.
    pub paces: &'a pace::Paces,
    /// Entropy: numbers in [0, 1).
    pub random: &'a dyn Fn() -> f64,
}

#[waits]
impl<B: StorageBackend> Context<'_, B> {
    /// The table an item operation names (rule 88).
    fn table(&self, name: &str) -> Result<Rc<TableDefinition>, ApiError> {
        self.catalog.borrow().usable(name).ok_or_else(ApiError::resource_not_found)
    }

    /// The table a table operation names (rule 88).
    fn any_table(&self, name: &str) -> Result<Rc<TableDefinition>, ApiError> {
        self.catalog.borrow().get(name).ok_or_else(|| ApiError::table_not_found(name))
    }

    /// The time, in milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        self.backend.clock().now_millis()
    }

    /// Runs writes in a transaction of their own: committed, or undone and the error given back.
    async fn transact<T>(&self, work: impl AsyncFnOnce() -> Result<T, ApiError>) -> Result<T, ApiError> {
        self.backend.begin_transaction().await.map_err(storage_error)?;
        let outcome = work().await;
        let ended = self.end_transaction(outcome.is_ok()).await;
        outcome.and_then(|value| ended.map(|()| value))
    }

    /// Not a part of [`Self::transact`], which is compiled anew for every kind of work.
    async fn end_transaction(&self, commit: bool) -> Result<(), ApiError> {
        let committed = if commit { self.backend.commit().await } else { Ok(()) };
        if !commit || committed.is_err() {
            // The first error is the one to report; a connection that cannot roll back reports itself at the next request.
            let _ = self.backend.rollback().await;
        }
        committed.map_err(storage_error)
    }
}

/// The refusal to touch a table that is being created or deleted (messages-tables 96). The service refuses to create a table of such a
/// table's name in the same words.
fn in_transition(table: &TableDefinition) -> Option<ApiError> {
    let state = match table.status {
        TableStatus::Creating => "created",
        TableStatus::Deleting => "deleted",
        TableStatus::Active | TableStatus::Updating => return None,
    };
    Some(in_use(&format!("Table is being {state}: {}", table.name.as_str())))
}

/// The refusal to touch what is changing.
fn in_use(what: &str) -> ApiError {
    ApiError::modelled(
        ModelledError::ResourceInUse,
        format!("Attempt to change a resource which is still in use: {what}"),
    )
}

/// `SQLITE_NOMEM`.
const NO_MEMORY: i32 = 7;

/// The wire's form of a storage error: never a 500, which clients would retry though it will not heal.
#[allow(clippy::needless_pass_by_value)] // what `map_err` wants
pub fn storage_error(error: BackendError) -> ApiError {
    let (name, advice) = match &error {
        BackendError::Full(_) => (
            "QuotaExceededError",
            ". Nothing of this request was written; delete items, for which there is always room, or free storage, then repeat it",
        ),
        BackendError::Sqlite { code, .. } if code & 0xff == NO_MEMORY => (
            "QuotaExceededError",
            ". The memory SQLite may have is used up, and nothing of this request was written; delete items, then repeat it",
        ),
        BackendError::Corrupt(_) => ("DatabaseCorruptError", ". Dynatab.salvage() gives what can still be read"),
        BackendError::ConnectionLost => (
            "DatabaseClosedError",
            ". The next request opens it again; read before you repeat a write",
        ),
        BackendError::CommitInDoubt(_) => ("CommitInDoubtError", ". Read before you repeat it"),
        _ => ("StorageError", ""),
    };
    ApiError::storage(name, format!("{error}{advice}"))
}

/// Runs one operation; its reply's body is appended to `out`.
#[waits]
pub async fn run<B: StorageBackend>(
    operation: Operation,
    cx: &Context<'_, B>,
    request: &Document<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    match operation {
        Operation::CreateTable => create_table::run(cx, request, out).await,
        Operation::DescribeTable => describe_table::run(cx, request, out).await,
        Operation::ListTables => list_tables::run(cx, request, out),
        Operation::DeleteTable => delete_table::run(cx, request, out).await,
        Operation::DescribeEndpoints => describe_endpoints::run(cx, request, out),
        Operation::DescribeLimits => describe_limits::run(request, out),
        Operation::PutResourcePolicy => resource_policy::put(cx, request, out).await,
        Operation::GetResourcePolicy => resource_policy::get(cx, request, out).await,
        Operation::DeleteResourcePolicy => resource_policy::delete(cx, request, out).await,
        Operation::TagResource => resource_tags::tag(cx, request).await,
        Operation::UntagResource => resource_tags::untag(cx, request).await,
        Operation::ListTagsOfResource => resource_tags::list(cx, request, out).await,
        Operation::ListStreams => streams::list_streams(cx, request, out).await,
        Operation::DescribeStream => streams::describe_stream(cx, request, out).await,
        Operation::GetShardIterator => streams::get_shard_iterator(cx, request, out).await,
        Operation::GetRecords => streams::get_records(cx, request, out).await,
        Operation::UpdateTimeToLive => time_to_live::update(cx, request, out).await,
        Operation::DescribeTimeToLive => time_to_live::describe(cx, request, out),
        Operation::UpdateTable => update_table::run(cx, request, out).await,
        Operation::PutItem => put_item::run(cx, request, out).await,
        Operation::GetItem => get_item::run(cx, request, out).await,
        Operation::DeleteItem => delete_item::run(cx, request, out).await,
        Operation::UpdateItem => update_item::run(cx, request, out).await,
        Operation::Query => query::run(cx, request, out).await,
        Operation::BatchGetItem => batch_get_item::run(cx, request, out).await,
        Operation::BatchWriteItem => batch_write_item::run(cx, request, out).await,
        Operation::Scan => scan::run(cx, request, out).await,
        Operation::TransactGetItems => transact_get_items::run(cx, request, out).await,
        Operation::TransactWriteItems => transact_write_items::run(cx, request, out).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_error_has_the_name_of_what_can_be_done_about_it() {
        for (error, name) in [
            (BackendError::Full(String::new()), "QuotaExceededError"),
            (BackendError::from_sqlite(7, "out of memory"), "QuotaExceededError"),
            (BackendError::Corrupt(String::new()), "DatabaseCorruptError"),
            (BackendError::ConnectionLost, "DatabaseClosedError"),
            (BackendError::TransactionState("no transaction is open"), "StorageError"),
        ] {
            let message = error.to_string();
            let mut body = Vec::new();
            storage_error(error).write_body(&mut body);
            let body = String::from_utf8(body).unwrap();
            assert!(
                body.starts_with(&format!(r#"{{"__type":"dynatab#{name}","message":"{message}"#)),
                "{body}"
            );
        }
    }
}
