//! When the items of a cache were last used: noted in memory, written with the next commit, so that a read never becomes a commit of its own.
//!
//! What is noted and not yet written when the process ends is lost: its items look a little older than they are.

use std::collections::HashMap;

use super::items::cluster;
use super::physical::PhysicalTable;
use super::statement_hash::StatementHash;
use super::{FrameCarrier, FramedBackend, Transaction};
use crate::storage_backend::clock::Clock;
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::Want;
use crate::storage_backend::sql_builders::{RowSql, RowTable, Sql, SqlParam};

/// Uses that wait for a commit, at most: as many updates are made by it.
const MOST_WAITING: usize = 1000;

/// By how much a use is later than the one before it in the same millisecond.
const TICK_MILLIS: f64 = 0.001;

/// Uses that are not written yet: of items by table number, partition key and sort key.
#[derive(Debug, Default)]
pub(super) struct Uses {
    waiting: HashMap<(u32, String, String), f64, StatementHash>,
    latest: f64,
}

impl Uses {
    /// What is waiting of a table that goes is not to be written.
    pub(super) fn forget(&mut self, table: u32) {
        self.waiting.retain(|(number, _, _), _| *number != table);
    }
}

impl<C: FrameCarrier> FramedBackend<C> {
    /// Notes that an item of a cache is used now.
    pub(super) fn note_use(&self, table: &PhysicalTable, pk: &str, sk: &str) {
        if !table.is_cache.get() {
            return;
        }
        let mut uses = self.uses.borrow_mut();
        let key = (table.number, pk.to_owned(), sk.to_owned());
        if uses.waiting.len() >= MOST_WAITING && !uses.waiting.contains_key(&key) {
            return;
        }
        // Never the same time twice, so that the order is the order of the uses.
        #[allow(clippy::cast_precision_loss)] // for 280,000 years to come
        let now = self.now_millis() as f64;
        uses.latest = (uses.latest + TICK_MILLIS).max(now);
        let at = uses.latest;
        uses.waiting.insert(key, at);
    }

    /// An item that goes has no last use.
    pub(super) fn forget_use(&self, table: &PhysicalTable, pk: &str, sk: &str) {
        if table.is_cache.get() {
            let key = (table.number, pk.to_owned(), sk.to_owned());
            self.uses.borrow_mut().waiting.remove(&key);
        }
    }

    /// Queues what was noted.
    pub(super) fn push_uses(&self) {
        let waiting = std::mem::take(&mut self.uses.borrow_mut().waiting);
        for ((table, pk, sk), at) in &waiting {
            let [h, p] = cluster(pk);
            let params = [h, p, SqlParam::Text(sk), SqlParam::Real(*at)];
            self.push(Sql::Rows(RowTable::base(*table), RowSql::Touch), Want::Nothing, &params);
        }
    }

    /// Begins or ends the notes of a table's uses, with the index that finds the oldest.
    pub(super) async fn configure_cache(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async {
            let base = Self::base(&table);
            self.push_ddl(&if enabled { base.create_use_index() } else { base.drop_use_index() });
            if !enabled {
                self.uses.borrow_mut().forget(table.number);
            }
            table.is_cache.set(enabled);
            Ok(())
        })
        .await
    }

    pub(super) async fn touch(&self, table_name: &str, pk: &str, sk: &str, timestamp: f64) -> Result<(), BackendError> {
        let base = Self::base(&*self.table(table_name)?);
        self.atomically(async {
            let [h, p] = cluster(pk);
            let params = [h, p, SqlParam::Text(sk), SqlParam::Real(timestamp)];
            self.push(Sql::Rows(base, RowSql::Touch), Want::Nothing, &params);
            Ok(())
        })
        .await
    }

    /// Inside a transaction, what was noted and not yet written counts.
    pub(super) async fn least_recently_used(&self, table_name: &str, limit: usize) -> Result<Vec<(String, String, i64)>, BackendError> {
        let base = Self::base(&*self.table(table_name)?);
        if matches!(self.transaction.get(), Transaction::Queued | Transaction::Open) {
            self.push_uses();
        }
        self.push(Sql::Rows(base, RowSql::LeastRecentlyUsed), Want::AllRows, &[SqlParam::count(limit)]);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut found = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.next_row()? {
            found.push((row.string()?, row.string()?, row.integer()?));
        }
        self.done(answer);
        Ok(found)
    }
}
