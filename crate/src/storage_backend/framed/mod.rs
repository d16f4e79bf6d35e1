//! The one implementation of the storage contract: methods become frames, and a [`FrameCarrier`] brings them to SQLite.
//!
//! * this file: the queue of statements, crossings, transactions;
//! * `discarded`: what was deleted and is freed a little at a time, and the file that shrinks by it;
//! * `doubt`: commits that failed in a way that leaves open whether the file holds them;
//! * [`physical`]: what is known of the physical tables without asking: numbers, counters;
//! * `contract_impl`: the trait's methods, each handed to the room that knows it: `metadata`, `items`, `entries`, `pages`, `streams`, `request_tokens`, `ledger`, `upkeep`, `uses`.

mod contract_impl;
mod discarded;
mod doubt;
mod entries;
mod items;
mod ledger;
mod metadata;
mod pages;
pub mod physical;
mod request_tokens;
mod statement_hash;
mod streams;
mod upkeep;
mod uses;

#[cfg(any(feature = "native-sqlite", feature = "_has-encryption"))]
pub(super) use metadata::FileKind;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::clock::Clock;
use super::error::BackendError;
use super::frame::{Answer, FrameWriter, SqlText, Want};
use super::sql_builders::{RowTable, Sql, SqlParam, catalog::CatalogSql};
use physical::{PhysicalTable, Undo};
use statement_hash::StatementHash;
use uses::Uses;

/// Bytes a page of a database file (`docs/layout.md`).
pub const PAGE_SIZE: u32 = 8192;

/// A buffer larger than this is not kept for the next answer.
const KEPT_BUFFER: usize = 4 << 20;

/// What an acknowledged write survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A power loss.
    #[default]
    Strict,
    /// A crash of the process; a power loss may cost the last commits, never the database.
    Relaxed,
}

impl Durability {
    /// The value of `PRAGMA synchronous`.
    pub fn synchronous(self) -> &'static str {
        match self {
            Self::Strict => "FULL",
            Self::Relaxed => "NORMAL",
        }
    }
}

/// Brings frames to SQLite and their answers back.
#[allow(async_fn_in_trait)]
#[waits]
pub trait FrameCarrier {
    /// Carries one frame; `buffer` is a used one to write the answer into. An answer that reports an error is that error.
    async fn carry(&self, frame: &[u8], buffer: Vec<u8>) -> Result<Answer, BackendError>;

    /// The time.
    fn clock(&self) -> &dyn Clock;

    /// What the connection was opened with.
    fn durability(&self) -> Durability;

    /// Whether the data lives and dies with the connection: there is nothing to open again then.
    fn volatile(&self) -> bool;

    /// Closes the connection, whatever state it is in, and opens the database anew: what is in the file now is what was committed. The new
    /// connection has no statements.
    async fn reopen(&self) -> Result<(), BackendError>;
}

/// How far the current transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    None,
    /// Its `BEGIN` waits in the queue.
    Queued,
    /// SQLite has begun it.
    Open,
    /// A frame of it failed. How much of the frame ran is nobody's knowledge, and SQLite may have rolled back by itself, so that a further write
    /// would stand alone: nothing crosses any more but a rollback.
    Failed,
}

/// Whether requests share the transaction, and what the current one has done in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Every transaction stands for itself.
    None,
    /// A group is open, and no request in it.
    Idle,
    /// A request is open in the group.
    Request {
        /// Whether it has queued a write.
        wrote: bool,
    },
}

const FAILED: BackendError = BackendError::TransactionState("the transaction has failed and can only be rolled back");

/// The storage contract over a [`FrameCarrier`].
pub struct FramedBackend<C> {
    carrier: C,
    queue: RefCell<FrameWriter>,
    spare_queue: RefCell<FrameWriter>,
    spare_buffer: RefCell<Vec<u8>>,
    /// Statement ids by statement; the flag says whether the executor has the text.
    ids: RefCell<HashMap<Sql, (u32, bool), StatementHash>>,
    last_id: Cell<u32>,
    /// Statements whose text stands in the queue: should the frame fail, it must be sent again.
    unconfirmed: RefCell<Vec<Sql>>,
    transaction: Cell<Transaction>,
    group: Cell<Group>,
    tables: RefCell<HashMap<Rc<str>, Rc<PhysicalTable>, StatementHash>>,
    /// Physical tables that belong to nobody any more.
    discarded: RefCell<Vec<RowTable>>,
    uses: RefCell<Uses>,
    /// By how much the time shown is later than the carrier's, in milliseconds.
    time_shift: Cell<i64>,
    undo: RefCell<Undo>,
    /// Whether the transaction has queued a write.
    wrote: Cell<bool>,
    /// See [`StorageBackend::take_changed_streams`](super::StorageBackend::take_changed_streams).
    changed_streams: RefCell<Vec<Rc<str>>>,
    /// How often a write was queued.
    writes: Cell<u64>,
    /// The number of the last commit that wrote something.
    commit_number: Cell<i64>,
    /// The highest sequence number of a table that was deleted.
    deleted_sequence: Cell<i64>,
    /// What the next commit's row is to hold beside its number.
    receipt: RefCell<Vec<u8>>,
    /// See [`FramedBackend::lost`].
    lost: Cell<bool>,
}

impl<C: FrameCarrier> Clock for FramedBackend<C> {
    fn now_millis(&self) -> i64 {
        self.carrier.clock().now_millis().saturating_add(self.time_shift.get())
    }
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// Takes a connection over: creates the schema in an empty database, refuses a foreign or newer one, loads the catalog.
    pub async fn connect(carrier: C) -> Result<Self, BackendError> {
        let backend = Self {
            carrier,
            queue: RefCell::default(),
            spare_queue: RefCell::default(),
            spare_buffer: RefCell::default(),
            ids: RefCell::default(),
            last_id: Cell::default(),
            unconfirmed: RefCell::default(),
            transaction: Cell::new(Transaction::None),
            group: Cell::new(Group::None),
            tables: RefCell::default(),
            discarded: RefCell::default(),
            uses: RefCell::default(),
            time_shift: Cell::default(),
            undo: RefCell::default(),
            wrote: Cell::default(),
            changed_streams: RefCell::default(),
            writes: Cell::default(),
            commit_number: Cell::default(),
            deleted_sequence: Cell::default(),
            receipt: RefCell::default(),
            lost: Cell::default(),
        };
        backend.open_schema().await?;
        backend.load_catalog().await?;
        Ok(backend)
    }

    /// The carrier.
    pub fn carrier(&self) -> &C {
        &self.carrier
    }

    /// Appends a kept statement to the queue.
    fn push(&self, sql: Sql, want: Want, params: &[SqlParam<'_>]) {
        let mut ids = self.ids.borrow_mut();
        let (id, known) = ids.entry(sql).or_insert_with(|| {
            self.last_id.set(self.last_id.get() + 1);
            (self.last_id.get(), false)
        });
        let mut queue = self.queue.borrow_mut();
        if *known {
            queue.statement(*id, SqlText::Known, want, params);
        } else {
            *known = true;
            queue.statement(*id, SqlText::New(&sql.text()), want, params);
            self.unconfirmed.borrow_mut().push(sql);
        }
    }

    /// Appends a statement that is run once and not kept.
    fn push_once(&self, sql: &str, want: Want) {
        self.queue.borrow_mut().statement(0, SqlText::Once(sql), want, &[]);
    }

    fn push_catalog(&self, sql: CatalogSql, want: Want, params: &[SqlParam<'_>]) {
        self.push(Sql::Catalog(sql), want, params);
    }

    /// Carries everything queued to SQLite: one crossing.
    async fn cross(&self) -> Result<Answer, BackendError> {
        if self.lost.get() {
            self.drop_queue();
            return Err(self.failed(BackendError::ConnectionLost));
        }
        if self.transaction.get() == Transaction::Failed {
            self.drop_queue();
            return Err(FAILED);
        }
        let frame = self.queue.replace(self.spare_queue.take());
        let buffer = self.spare_buffer.take();
        let answer = self.carrier.carry(frame.bytes(), buffer).await;
        self.keep_queue(frame);
        match answer {
            Ok(answer) => {
                self.unconfirmed.borrow_mut().clear();
                if self.transaction.get() == Transaction::Queued {
                    self.transaction.set(Transaction::Open);
                }
                Ok(answer)
            }
            Err(error) => {
                self.forget_unconfirmed();
                Err(self.failed(error))
            }
        }
    }

    /// Notes that a frame has failed, and gives the error on.
    fn failed(&self, error: BackendError) -> BackendError {
        if self.transaction.get() != Transaction::None {
            self.transaction.set(Transaction::Failed);
        }
        error
    }

    fn keep_queue(&self, mut frame: FrameWriter) {
        frame.clear();
        *self.spare_queue.borrow_mut() = frame;
    }

    /// Takes an answer's buffer back.
    fn done(&self, answer: Answer) {
        self.keep_buffer(answer.into_buffer());
    }

    fn keep_buffer(&self, buffer: Vec<u8>) {
        if buffer.capacity() <= KEPT_BUFFER {
            *self.spare_buffer.borrow_mut() = buffer;
        }
    }

    fn forget_unconfirmed(&self) {
        let mut ids = self.ids.borrow_mut();
        for sql in self.unconfirmed.borrow_mut().drain(..) {
            if let Some((_, known)) = ids.get_mut(&sql) {
                *known = false;
            }
        }
    }

    /// Drops what is queued.
    fn drop_queue(&self) {
        self.queue.borrow_mut().clear();
        self.forget_unconfirmed();
    }

    // Transactions

    fn begin(&self) -> Result<(), BackendError> {
        const OPEN: BackendError = BackendError::TransactionState("a transaction is open already");
        match (self.group.get(), self.transaction.get()) {
            (_, Transaction::Failed) => return Err(FAILED),
            (Group::None, Transaction::Queued | Transaction::Open) | (Group::Request { .. }, _) => return Err(OPEN),
            (Group::None | Group::Idle, Transaction::None) => {
                self.push(Sql::Begin, Want::Nothing, &[]);
                self.transaction.set(Transaction::Queued);
                self.wrote.set(false);
            }
            (Group::Idle, Transaction::Queued | Transaction::Open) => {}
        }
        if self.group.get() == Group::Idle {
            self.group.set(Group::Request { wrote: false });
        }
        Ok(())
    }

    /// Lets the requests from here on share one transaction; it begins with the first one that writes.
    fn open_group(&self) -> Result<(), BackendError> {
        if self.transaction.get() != Transaction::None || self.group.get() != Group::None {
            return Err(BackendError::TransactionState("a transaction is open already"));
        }
        self.group.set(Group::Idle);
        Ok(())
    }

    /// Makes what the group's requests wrote durable, or undoes all of it and says why.
    async fn close_group(&self) -> Result<(), BackendError> {
        self.group.set(Group::None);
        if self.transaction.get() == Transaction::None {
            return Ok(());
        }
        let committed = self.commit_transaction().await;
        self.receipt.borrow_mut().clear();
        if committed.is_err() && self.transaction.get() != Transaction::None {
            // The first error is the one to report; a connection that cannot roll back reports itself at the next call.
            let _ = self.roll_back().await;
        }
        committed
    }

    /// Undoes what the group's requests wrote.
    async fn drop_group(&self) -> Result<(), BackendError> {
        self.group.set(Group::None);
        if self.transaction.get() == Transaction::None {
            Ok(())
        } else {
            self.roll_back().await
        }
    }

    async fn commit_transaction(&self) -> Result<(), BackendError> {
        match (self.group.get(), self.transaction.get()) {
            (Group::None, _) => {}
            (_, Transaction::Failed) => return Err(FAILED),
            (Group::Idle, _) => return Err(BackendError::TransactionState("no transaction is open")),
            (Group::Request { .. }, _) => {
                // The request is closed; its writes become durable with the group's.
                self.group.set(Group::Idle);
                return Ok(());
            }
        }
        match self.transaction.get() {
            Transaction::None => return Err(BackendError::TransactionState("no transaction is open")),
            Transaction::Failed => return Err(FAILED),
            Transaction::Queued if self.queue.borrow().count() == 1 => {
                self.drop_queue();
                self.transaction.set(Transaction::None);
                return Ok(());
            }
            Transaction::Queued | Transaction::Open => {}
        }
        if self.wrote.get() {
            self.push_uses();
        }
        self.push_counters();
        let number = self.push_commit_number();
        self.push(Sql::Commit, Want::Nothing, &[]);
        match self.cross().await {
            Ok(answer) => self.done(answer),
            Err(error) => self.settle_commit(error, number).await?,
        }
        self.commit_number.set(number);
        self.transaction.set(Transaction::None);
        self.undo.borrow_mut().clear();
        Ok(())
    }

    async fn roll_back(&self) -> Result<(), BackendError> {
        let state = self.transaction.get();
        match self.group.get() {
            Group::None => {}
            Group::Idle => return Err(BackendError::TransactionState("no transaction is open")),
            Group::Request { wrote } => {
                // A request that fails has queued nothing, as a rule. Where it has, the whole group must be undone and run again.
                if wrote {
                    self.transaction.set(Transaction::Failed);
                }
                self.group.set(Group::Idle);
                return Ok(());
            }
        }
        if state == Transaction::None {
            return Err(BackendError::TransactionState("no transaction is open"));
        }
        self.drop_queue();
        self.transaction.set(Transaction::None);
        let catalog_changed = self.undo.borrow_mut().restore();
        if state != Transaction::Queued {
            self.push(Sql::Rollback, Want::Nothing, &[]);
            match self.cross().await {
                Ok(answer) => self.done(answer),
                // SQLite has rolled back by itself, as it does after some errors.
                Err(BackendError::Sqlite { code: 1, .. }) => {}
                // A connection that has failed is not worth a rollback: what was not committed is not in the file.
                Err(error) if error.leaves_doubt() && !self.carrier.volatile() => return self.reopen().await,
                Err(error) => return Err(error),
            }
        }
        if catalog_changed { self.load_catalog().await } else { Ok(()) }
    }

    /// Runs writes in the open transaction, or in one of their own.
    async fn atomically<T>(&self, work: impl AsyncFnOnce() -> Result<T, BackendError>) -> Result<T, BackendError> {
        let own = self.join_transaction()?;
        let outcome = work().await;
        let ended = if own { self.end_own(outcome.is_ok()).await } else { Ok(()) };
        outcome.and_then(|value| ended.map(|()| value))
    }

    /// Begins a transaction for writes where none is open, and tells whether it did.
    fn join_transaction(&self) -> Result<bool, BackendError> {
        let own = match (self.transaction.get(), self.group.get()) {
            (Transaction::Failed, _) => return Err(FAILED),
            (_, Group::Request { .. }) => {
                self.group.set(Group::Request { wrote: true });
                false
            }
            (Transaction::None, _) | (_, Group::Idle) => {
                self.begin()?;
                true
            }
            (Transaction::Queued | Transaction::Open, Group::None) => false,
        };
        self.wrote.set(true);
        self.writes.set(self.writes.get() + 1);
        Ok(own)
    }

    /// Ends what [`Self::join_transaction`] began. Not a part of [`Self::atomically`], which is compiled anew for every kind of work.
    async fn end_own(&self, commit: bool) -> Result<(), BackendError> {
        let committed = if commit { self.commit_transaction().await } else { Ok(()) };
        let left_open = self.transaction.get() != Transaction::None && self.group.get() != Group::Idle;
        if (!commit || committed.is_err()) && left_open {
            // The first error is the one to report; a connection that cannot roll back reports itself at the next call.
            let _ = self.roll_back().await;
        }
        committed
    }

    /// Queues the end of every kept statement on a physical table that goes: their ids are never used again.
    fn push_forget(&self, rows: RowTable) {
        if rows.index == 0 {
            self.uses.borrow_mut().forget(rows.table);
        }
        let mut queue = self.queue.borrow_mut();
        self.ids.borrow_mut().retain(|sql, (id, known)| {
            let gone = matches!(sql, Sql::Rows(table, _) if *table == rows);
            if gone && *known {
                queue.statement(*id, SqlText::Known, Want::Forget, &[]);
            }
            !gone
        });
    }

    /// Queues a run-once statement such as DDL, atomically with what surrounds it.
    fn push_ddl(&self, sql: &str) {
        self.undo.borrow_mut().catalog_changed();
        self.push_once(sql, Want::Nothing);
    }

    // Physical tables

    /// The physical table behind a DynamoDB table's name.
    fn table(&self, name: &str) -> Result<Rc<PhysicalTable>, BackendError> {
        let tables = self.tables.borrow();
        tables
            .get(name)
            .cloned()
            .ok_or_else(|| BackendError::TableNotFound(name.to_owned()))
    }

    /// Adds to a table's counters; undone by a rollback.
    fn count(&self, table: &Rc<PhysicalTable>, index: u32, items: i64, bytes: i64) {
        if items != 0 || bytes != 0 {
            self.undo.borrow_mut().touch(table);
            table.counters.borrow_mut().add(index, items, bytes);
        }
    }

    /// Queues the counters of every table this transaction has touched.
    fn push_counters(&self) {
        let undo = self.undo.borrow();
        for table in undo.touched() {
            let counters = table.counters.borrow();
            let indexes = counters.indexes_text();
            self.push_catalog(
                CatalogSql::SaveCounters,
                Want::Nothing,
                &[
                    SqlParam::Integer(i64::from(table.number)),
                    SqlParam::Integer(counters.base.items),
                    SqlParam::Integer(counters.base.bytes),
                    SqlParam::Integer(counters.sequence),
                    SqlParam::Text(&indexes),
                ],
            );
        }
    }

    fn base(table: &PhysicalTable) -> RowTable {
        RowTable::base(table.number)
    }
}
