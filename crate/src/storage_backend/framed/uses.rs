//! When the items of a cache were last used: noted in memory, written with the next commit, so that a read never becomes a commit of its own.
//!
//! What is noted and not yet written when the process ends is lost: its items look a little older than they are.

use std::collections::HashMap;

use super::items::cluster;
use super::physical::{PhysicalTable, UnusedSearch};
use super::statement_hash::StatementHash;
use super::{FrameCarrier, FramedBackend, Transaction};
use crate::storage_backend::clock::Clock;
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::Want;
use crate::storage_backend::sql_builders::{RowSql, RowTable, Sql, SqlParam};

/// Uses that wait for a commit, at most: as many updates are made by it.
const MOST_WAITING: usize = 1000;

/// Rows of a cache that are looked at for items that were never used, at a time.
const LOOKED_AT_ONCE: usize = 400;

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

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// Notes that an item of a cache is used now.
    pub(super) fn note_use(&self, table: &PhysicalTable, pk: &str, sk: &str) {
        if !table.is_cache.get() {
            return;
        }
        let mut uses = self.uses.borrow_mut();
        let key = (table.number, pk.to_owned(), sk.to_owned());
        if uses.waiting.len() >= MOST_WAITING && !uses.waiting.contains_key(&key) {
            // It may be an item that was never used.
            table.unused.replace(UnusedSearch::Begin);
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
            self.push_use(RowTable::base(*table), true, [pk, sk], *at);
        }
    }

    fn push_use(&self, base: RowTable, is_cache: bool, [pk, sk]: [&str; 2], at: f64) {
        let [h, p] = cluster(pk);
        let params = [h, p, SqlParam::Text(sk), SqlParam::Real(at)];
        self.push(Sql::Rows(base, RowSql::Touch), Want::Nothing, &params);
        if is_cache {
            self.push(Sql::Rows(base, RowSql::NoteUse), Want::Nothing, &params);
        }
    }

    /// Begins or ends the notes of a table's uses. Neither looks at its items.
    pub(super) async fn configure_cache(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            let base = Self::base(&table);
            if enabled {
                base.create_uses().iter().for_each(|sql| self.push_ddl(sql));
            } else {
                self.push_ddl(&base.drop_uses());
                self.uses.borrow_mut().forget(table.number);
            }
            table.unused.replace(UnusedSearch::Begin);
            table.is_cache.set(enabled);
            Ok(())
        })
        .await
    }

    pub(super) async fn touch(&self, table_name: &str, pk: &str, sk: &str, timestamp: f64) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            self.push_use(Self::base(&table), table.is_cache.get(), [pk, sk], timestamp);
            Ok(())
        })
        .await
    }

    /// Inside a transaction, what was noted and not yet written counts.
    ///
    /// Items of a cache that were never used come first. They are looked for some hundred rows at a time, each of which is looked at once; as
    /// long as none is found on the way, those used longest ago go before the ones that are still to be found.
    pub(super) async fn least_recently_used(&self, table_name: &str, limit: usize) -> Result<Vec<(String, String, i64)>, BackendError> {
        let table = self.table(table_name)?;
        let base = Self::base(&table);
        if matches!(self.transaction.get(), Transaction::Queued | Transaction::Open) {
            self.push_uses();
        }
        let is_cache = table.is_cache.get();
        let looked_at = limit.max(LOOKED_AT_ONCE);
        let searches = is_cache && self.push_search(&table, looked_at);
        let used = if is_cache { RowSql::OldestUsed } else { RowSql::LeastRecentlyUsed };
        self.push(Sql::Rows(base, used), Want::AllRows, &[SqlParam::count(limit)]);
        let mut answer = self.cross().await?;
        let mut found = Vec::new();
        if searches {
            let mut rows = answer.rows()?;
            let ends = rows.len() < looked_at;
            let mut reached = None;
            while let Some(mut row) = rows.next_row()? {
                let (pk, sk, size, unused) = (row.string()?, row.string()?, row.integer()?, row.integer()? != 0);
                if unused && found.len() < limit {
                    found.push((pk, sk, size));
                } else if found.is_empty() {
                    // Not behind one that is found: should it not go, it is found again.
                    reached = Some([pk, sk]);
                }
            }
            match reached {
                _ if ends && found.is_empty() => drop(table.unused.replace(UnusedSearch::Done)),
                Some(reached) => drop(table.unused.replace(UnusedSearch::Behind(reached))),
                None => {}
            }
        }
        let mut rows = answer.rows()?;
        while let Some(mut row) = rows.next_row()? {
            if found.len() == limit {
                break;
            }
            found.push((row.string()?, row.string()?, row.integer()?));
        }
        self.done(answer);
        Ok(found)
    }

    /// Asks for the next rows of a cache among which some may never have been used; says whether there are any to look at.
    fn push_search(&self, table: &PhysicalTable, most: usize) -> bool {
        let search = table.unused.borrow();
        let (h, [pk, sk]) = match &*search {
            UnusedSearch::Begin => (SqlParam::Integer(-1), ["", ""]),
            UnusedSearch::Behind([pk, sk]) => (cluster(pk)[0], [pk.as_str(), sk.as_str()]),
            UnusedSearch::Done => return false,
        };
        let params = [h, SqlParam::Text(pk), SqlParam::Text(sk), SqlParam::count(most)];
        self.push(Sql::Rows(Self::base(table), RowSql::Unused), Want::AllRows, &params);
        true
    }
}
