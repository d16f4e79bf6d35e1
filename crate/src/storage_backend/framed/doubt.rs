//! Commits in doubt: COMMIT failed in a way that leaves open whether the file holds what it was to make durable.
//!
//! Every commit that writes carries a number, kept in the database itself. After such a failure the connection is closed and the database
//! opened again: SQLite's recovery decides, and the number it finds tells how. So whoever waits hears the truth, success or failure. Only
//! when the database cannot be opened either is the outcome unknown, and that is said too.
//!
//! A database that lives and dies with its connection has no such doubt: what SQLite says of the transaction is all there is. It numbers
//! nothing.

use super::{FrameCarrier, FramedBackend, Transaction};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::Want;
use crate::storage_backend::sql_builders::SqlParam;
use crate::storage_backend::sql_builders::catalog::CatalogSql;

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// Queues the number of the commit that is about to be made, and gives it. A commit that writes nothing has the last one's.
    pub(super) fn push_commit_number(&self) -> i64 {
        let last = self.commit_number.get();
        if self.carrier.volatile() || !self.wrote.get() {
            return last;
        }
        let receipt = self.receipt.take();
        let receipt_param = if receipt.is_empty() {
            SqlParam::Null
        } else {
            SqlParam::Blob(&receipt)
        };
        let params = [SqlParam::Integer(last + 1), receipt_param];
        self.push_catalog(CatalogSql::SaveCommitNumber, Want::Nothing, &params);
        last + 1
    }

    /// Decides about a COMMIT that failed with `error`: `Ok` if commit `number` stands in the file all the same. After an error that leaves no
    /// doubt the transaction is left for the caller to roll back.
    pub(super) async fn settle_commit(&self, error: BackendError, number: i64) -> Result<(), BackendError> {
        if self.carrier.volatile() || !error.leaves_doubt() {
            return Err(error);
        }
        let before = self.commit_number.get();
        let settled = async || {
            self.reopen().await?;
            let found = self.commit_number.get();
            if found != before && found != number {
                return Err(BackendError::Corrupt("the file has another commit's number".into()));
            }
            if found == number && number != before {
                self.make_durable().await?;
            }
            Ok(found == number)
        };
        match settled().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(error),
            Err(why) => Err(BackendError::CommitInDoubt(why.to_string())),
        }
    }

    /// Whether the database could not be opened again: what is known of it may be wrong, and nothing crosses. A transaction that fails on this
    /// tries once more.
    pub fn lost(&self) -> bool {
        self.lost.get()
    }

    /// Opens the database again and loads what the file holds. No transaction is open then.
    pub(super) async fn reopen(&self) -> Result<(), BackendError> {
        self.drop_queue();
        for (_, known) in self.ids.borrow_mut().values_mut() {
            *known = false;
        }
        self.undo.borrow_mut().clear();
        self.transaction.set(Transaction::None);
        self.lost.set(false);
        let loaded = async || {
            self.carrier.reopen().await?;
            self.load_catalog().await
        };
        let loaded = loaded().await;
        self.lost.set(loaded.is_err());
        loaded
    }

    /// What was found in the file may only be written and not flushed: a checkpoint flushes the log, and then the database file with all that
    /// was in it.
    async fn make_durable(&self) -> Result<(), BackendError> {
        self.push_once("PRAGMA wal_checkpoint(PASSIVE)", Want::FirstRow);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let complete = match rows.next_row()? {
            Some(mut row) => {
                let (busy, frames, copied) = (row.integer()?, row.integer()?, row.integer()?);
                busy == 0 && frames == copied
            }
            None => false,
        };
        self.done(answer);
        if complete {
            Ok(())
        } else {
            Err(BackendError::Busy("the log could not be copied".into()))
        }
    }
}
