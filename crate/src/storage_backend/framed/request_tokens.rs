//! The request tokens that make transactions idempotent (rule 78).

use super::{FrameCarrier, FramedBackend};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::Want;
use crate::storage_backend::rows::RequestToken;
use crate::storage_backend::sql_builders::SqlParam;
use crate::storage_backend::sql_builders::catalog::CatalogSql;

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    pub(super) async fn read_request_token(&self, token: &str, since: i64) -> Result<Option<String>, BackendError> {
        let params = [SqlParam::Text(token), SqlParam::Integer(since)];
        self.push_catalog(CatalogSql::GetRequestToken, Want::FirstRow, &params);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let digest = match rows.next_row()? {
            Some(mut row) => Some(row.string()?),
            None => None,
        };
        self.done(answer);
        Ok(digest)
    }

    pub(super) async fn write_request_token(&self, token: &RequestToken<'_>, since: i64) -> Result<(), BackendError> {
        self.atomically(async || {
            self.push_catalog(CatalogSql::ForgetRequestTokens, Want::Nothing, &[SqlParam::Integer(since)]);
            let params = [
                SqlParam::Text(token.token),
                SqlParam::Text(token.digest),
                SqlParam::Integer(token.used_at),
            ];
            self.push_catalog(CatalogSql::PutRequestToken, Want::Nothing, &params);
            Ok(())
        })
        .await
    }
}
