//! Time to live, bulk loading, and facts about the database.

use std::ops::Range;

use super::items::{cluster, stored_item};
use super::{FrameCarrier, FramedBackend, Transaction};
use crate::storage::{DatabaseInfo, IndexStats, ScanParams, StartAfter, TableStats};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::expiry::expiry_of;
use crate::storage_backend::frame::Want;
use crate::storage_backend::rows::{ExpiredRow, Source};
use crate::storage_backend::sql_builders::catalog::{CatalogSql, SCHEMA_VERSION};
use crate::storage_backend::sql_builders::{RowSql, Sql, SqlParam};

/// Items read at a time while expiry dates are built.
const TTL_STEP: usize = 500;

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    pub(super) async fn configure_ttl(&self, table_name: &str, attribute: Option<&str>, enabled: bool) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        let attribute = match (attribute, enabled) {
            (None, true) => return Err(BackendError::InvalidArgument("TTL needs an attribute".into())),
            (attribute, true) => attribute,
            (_, false) => None,
        };
        self.atomically(async || {
            let base = Self::base(&table);
            self.undo.borrow_mut().catalog_changed();
            let number = SqlParam::Integer(i64::from(table.number));
            let params = [number, SqlParam::optional_text(attribute), SqlParam::flag(enabled)];
            self.push_catalog(CatalogSql::UpdateTtl, Want::Nothing, &params);
            self.push_ddl(&base.clear_expiry());
            match attribute {
                Some(attribute) => {
                    self.push_ddl(&base.create_expiry_index());
                    self.build_expiry(table_name, attribute).await?;
                }
                None => self.push_ddl(&base.drop_expiry_index()),
            }
            *table.ttl_attribute.borrow_mut() = attribute.map(str::to_owned);
            Ok(())
        })
        .await
    }

    /// Sets the expiry date of every item that has one.
    async fn build_expiry(&self, table_name: &str, attribute: &str) -> Result<(), BackendError> {
        let base = Self::base(&*self.table(table_name)?);
        let mut last: Option<(String, String)> = None;
        loop {
            let start = last.as_ref().map(|(pk, sk)| {
                (
                    pk.as_str(),
                    StartAfter {
                        sk,
                        ..StartAfter::default()
                    },
                )
            });
            let page = self
                .scan_list(
                    table_name,
                    Source::Base,
                    &ScanParams {
                        limit: TTL_STEP,
                        hashes: None,
                        start,
                    },
                )
                .await?;
            for (pk, sk, json) in &page {
                if let Some(expires) = expiry_of(&stored_item(json)?, attribute) {
                    let [h, p] = cluster(pk);
                    let params = [h, p, SqlParam::Text(sk), SqlParam::Integer(expires)];
                    self.push(Sql::Rows(base, RowSql::SetExpiry), Want::Nothing, &params);
                }
            }
            if page.len() < TTL_STEP {
                return Ok(());
            }
            last = page.into_iter().last().map(|(pk, sk, _)| (pk, sk));
        }
    }

    pub(super) async fn expired(&self, table_name: &str, dates: Range<i64>, limit: usize) -> Result<Vec<ExpiredRow>, BackendError> {
        let base = Self::base(&*self.table(table_name)?);
        self.push(
            Sql::Rows(base, RowSql::Expired),
            Want::AllRows,
            &[SqlParam::Integer(dates.end), SqlParam::count(limit), SqlParam::Integer(dates.start)],
        );
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut found = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.next_row()? {
            found.push(ExpiredRow {
                pk: row.string()?,
                sk: row.string()?,
                expires_at: row.integer()?,
                size: row.size()?,
                json: row.string()?,
            });
        }
        self.done(answer);
        Ok(found)
    }

    pub(super) fn outside_transactions(&self, what: &'static str) -> Result<(), BackendError> {
        if self.transaction.get() == Transaction::None {
            Ok(())
        } else {
            Err(BackendError::TransactionState(what))
        }
    }

    /// Larger cache, and no flush at every commit; a crash can cost the last commits, never the database.
    pub(super) async fn start_bulk_loading(&self) -> Result<(), BackendError> {
        self.outside_transactions("bulk loading cannot start inside a transaction")?;
        self.push_once("PRAGMA cache_size = -65536", Want::Nothing);
        self.push_once("PRAGMA synchronous = NORMAL", Want::Nothing);
        let answer = self.cross().await?;
        self.done(answer);
        Ok(())
    }

    /// Back to the connection's durability; the checkpoint makes what was loaded durable. The larger cache stays: files in the browser have it
    /// anyway.
    pub(super) async fn end_bulk_loading(&self) -> Result<(), BackendError> {
        self.outside_transactions("bulk loading cannot end inside a transaction")?;
        self.push_once(
            &format!("PRAGMA synchronous = {}", self.carrier().durability().synchronous()),
            Want::Nothing,
        );
        // The log's space is kept for the commits to come (`docs/drivers.md`).
        self.push_once("PRAGMA wal_checkpoint(PASSIVE)", Want::Nothing);
        let answer = self.cross().await?;
        self.done(answer);
        Ok(())
    }

    async fn pragma(&self, sql: CatalogSql) -> Result<i64, BackendError> {
        self.push_catalog(sql, Want::FirstRow, &[]);
        let mut answer = self.cross().await?;
        let value = answer.first_integer()?.unwrap_or(0);
        self.done(answer);
        Ok(value)
    }

    pub(super) async fn size_bytes(&self) -> Result<u64, BackendError> {
        let pages = self.pragma(CatalogSql::PageCount).await?;
        Ok(unsigned(pages.saturating_mul(self.pragma(CatalogSql::PageSize).await?)))
    }

    pub(super) async fn info(&self) -> Result<DatabaseInfo, BackendError> {
        for sql in [
            CatalogSql::SqliteVersion,
            CatalogSql::JournalMode,
            CatalogSql::PageSize,
            CatalogSql::PageCount,
            CatalogSql::FreePages,
        ] {
            self.push_catalog(sql, Want::FirstRow, &[]);
        }
        let mut answer = self.cross().await?;
        let sqlite_version = answer.first_text()?.unwrap_or_default();
        let journal_mode = answer.first_text()?.unwrap_or_default();
        let mut count = || answer.first_integer().map(|value| unsigned(value.unwrap_or(0)));
        let info = DatabaseInfo {
            schema_version: SCHEMA_VERSION,
            page_size: count()?,
            page_count: count()?,
            free_pages: count()?,
            sqlite_version,
            journal_mode,
            table_count: self.tables.borrow().len(),
        };
        self.done(answer);
        Ok(info)
    }

    pub(super) fn stats(&self) -> Vec<TableStats> {
        let tables = self.tables.borrow();
        let names = self.table_names();
        names
            .iter()
            .filter_map(|name| tables.get(name.as_str()))
            .map(|table| {
                let counters = table.counters.borrow();
                let indexes = table.indexes();
                let index_stats = indexes.iter().map(|(name, index)| {
                    let tally = counters.of_index(index.number);
                    IndexStats {
                        index_name: name.clone(),
                        item_count: unsigned(tally.items),
                        size_bytes: unsigned(tally.bytes),
                    }
                });
                TableStats {
                    table_name: table.name.to_string(),
                    item_count: unsigned(counters.base.items),
                    size_bytes: unsigned(counters.base.bytes),
                    indexes: index_stats.collect(),
                }
            })
            .collect()
    }

    pub(super) async fn rebuild(&self) -> Result<(), BackendError> {
        self.outside_transactions("vacuum cannot run inside a transaction")?;
        self.push_once("VACUUM", Want::Nothing);
        let answer = self.cross().await?;
        self.done(answer);
        Ok(())
    }
}
