//! Physical tables that belong to nobody any more: what was deleted is hidden at once, and its pages are freed a little at a time.
//!
//! Nothing is noted of them but that no row of the catalog names them: a number is never used twice, so a physical table that the catalog
//! does not know was discarded, by this connection or by an earlier one that got no further.

use super::{FrameCarrier, FramedBackend};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::Want;
use crate::storage_backend::sql_builders::catalog::CatalogSql;
use crate::storage_backend::sql_builders::{EntryKeyColumns, RowTable};

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// Removes a table and everything the catalog has of it. Its physical tables wait to be freed.
    pub(super) async fn hide_table(&self, table_name: &str) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        let indexes = table.indexes().iter().map(|(_, index)| index.of(table.number)).collect::<Vec<_>>();
        self.atomically(async || {
            self.push_delete_metadata(&table);
            for rows in [RowTable::base(table.number)].into_iter().chain(indexes) {
                self.push_forget(rows);
                self.discarded.borrow_mut().push(rows);
            }
            Ok(())
        })
        .await
    }

    /// Removes an index. Its physical table waits to be freed.
    pub(super) async fn hide_index(&self, table_name: &str, index: &str, kind: EntryKeyColumns) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        let rows = table.index(index, Some(kind))?;
        self.atomically(async || {
            self.push_forget(rows);
            self.push_delete_index(&table, rows, index);
            self.discarded.borrow_mut().push(rows);
            Ok(())
        })
        .await
    }

    /// Removes some rows of what was discarded, or a physical table without any.
    pub(super) async fn free_some(&self, most_rows: usize, most_bytes: usize) -> Result<bool, BackendError> {
        let Some(rows) = self.discarded.borrow().first().copied() else {
            return Ok(false);
        };
        let emptied = self.atomically(async || {
            // Should this fail, what there is to free is read from the file again.
            self.undo.borrow_mut().catalog_changed();
            self.push_once(&rows.delete_first(most_rows, most_bytes), Want::Changes);
            let mut answer = self.cross().await?;
            let deleted = answer.changes()?;
            self.done(answer);
            if deleted == 0 {
                self.push_ddl(&rows.drop());
            }
            Ok(deleted == 0)
        });
        if emptied.await? {
            self.discarded.borrow_mut().retain(|waiting| *waiting != rows);
        }
        Ok(!self.discarded.borrow().is_empty())
    }

    /// Gives free pages at the end of the file back, and says how many are left.
    ///
    /// A file that was made without the means for it (`auto_vacuum`) is rebuilt whole, once, and has them from then on.
    pub(super) async fn shrink(&self, most_pages: usize) -> Result<u64, BackendError> {
        self.outside_transactions("vacuum cannot run inside a transaction")?;
        self.push_catalog(CatalogSql::AutoVacuum, Want::FirstRow, &[]);
        self.push_catalog(CatalogSql::FreePages, Want::FirstRow, &[]);
        let mut answer = self.cross().await?;
        let (mode, free) = (answer.first_integer()?.unwrap_or(0), answer.first_integer()?.unwrap_or(0));
        self.done(answer);
        if free == 0 {
            return Ok(0);
        }
        if mode == 0 {
            self.push_once("PRAGMA auto_vacuum = INCREMENTAL", Want::Nothing);
            self.rebuild().await?;
            return Ok(0);
        }
        let left = self.atomically(async || {
            self.push_once(&format!("PRAGMA incremental_vacuum({most_pages})"), Want::Nothing);
            self.push_catalog(CatalogSql::FreePages, Want::FirstRow, &[]);
            let mut answer = self.cross().await?;
            let left = answer.first_integer()?.unwrap_or(0);
            self.done(answer);
            Ok(left)
        });
        Ok(u64::try_from(left.await?).unwrap_or(0))
    }
}
