//! The ledger's storage: replies that clients have not confirmed (`docs/tabs.md`). What they mean is the engine's business.
//!
//! A database that several clients use has a row for each of them. One that nobody follows has no rows: its only client's replies travel in
//! the row that numbers the commit, which is written with every commit anyway.

use super::{FrameCarrier, FramedBackend};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::{Row, SqlValue, Want};
use crate::storage_backend::rows::{LedgerRow, StoredLedger};
use crate::storage_backend::sql_builders::SqlParam;
use crate::storage_backend::sql_builders::catalog::CatalogSql;

fn bytes(row: &mut Row<'_>) -> Result<Vec<u8>, BackendError> {
    match row.value()? {
        SqlValue::Null => Ok(Vec::new()),
        SqlValue::Blob(bytes) | SqlValue::Text(bytes) => Ok(bytes.to_vec()),
        SqlValue::Integer(_) | SqlValue::Real(_) => Err(BackendError::Corrupt("stored bytes are a number".into())),
    }
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    pub(super) async fn read_ledger(&self) -> Result<StoredLedger, BackendError> {
        self.push_catalog(CatalogSql::GetReceipt, Want::FirstRow, &[]);
        self.push_catalog(CatalogSql::AllLedgerRows, Want::AllRows, &[]);
        let mut answer = self.cross().await?;
        let receipt = match answer.rows()?.next_row()? {
            Some(mut row) => bytes(&mut row)?,
            None => Vec::new(),
        };
        let mut stored = StoredLedger { receipt, rows: Vec::new() };
        let mut rows = answer.rows()?;
        while let Some(mut row) = rows.next_row()? {
            stored.rows.push((row.string()?, bytes(&mut row)?));
        }
        self.done(answer);
        Ok(stored)
    }

    pub(super) async fn write_ledger(&self, rows: &[LedgerRow<'_>], used_at: i64) -> Result<(), BackendError> {
        self.atomically(async || {
            for row in rows {
                let params = [SqlParam::Text(row.client), SqlParam::Integer(used_at), SqlParam::Blob(row.replies)];
                self.push_catalog(CatalogSql::PutLedgerRow, Want::Nothing, &params);
            }
            Ok(())
        })
        .await
    }

    /// Looks before it writes: nearly always there is nothing to remove, and a commit costs a flush.
    pub(super) async fn sweep_ledger(&self, before: i64) -> Result<(), BackendError> {
        self.push_catalog(CatalogSql::AnyOldLedgerRow, Want::FirstRow, &[SqlParam::Integer(before)]);
        let mut answer = self.cross().await?;
        let any = answer.first_integer()?.is_some();
        self.done(answer);
        if !any {
            return Ok(());
        }
        self.atomically(async || {
            self.push_catalog(CatalogSql::ForgetLedgerRows, Want::Nothing, &[SqlParam::Integer(before)]);
            Ok(())
        })
        .await
    }
}
