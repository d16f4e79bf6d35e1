//! Reading rows in order: the hot path's pages of a Query or a Scan, and the contract's lists of (partition key, sort key, JSON).

use std::ops::Bound;

use super::items::cluster;
use super::{FrameCarrier, FramedBackend};
use crate::model::hash::hash_prefix;
use crate::storage::{QueryParams, ScanParams, StartAfter};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::{RowPage, Want};
use crate::storage_backend::rows::{RowQuery, RowScan, Source};
use crate::storage_backend::sql_builders::{EntryKeyColumns, QueryShape, RowSql, RowTable, ScanShape, Sql, SqlParam};

/// A sort key bound as the statement's shape and parameter.
fn bound<'a>(bound: Bound<&'a str>, params: &mut Vec<SqlParam<'a>>) -> Option<bool> {
    match bound {
        Bound::Unbounded => None,
        Bound::Included(text) => {
            params.push(SqlParam::Text(text));
            Some(true)
        }
        Bound::Excluded(text) => {
            params.push(SqlParam::Text(text));
            Some(false)
        }
    }
}

/// The key columns behind (h, pk) of the row to start behind.
fn push_start<'a>(rows: RowTable, start: StartAfter<'a>, params: &mut Vec<SqlParam<'a>>) {
    params.push(SqlParam::Text(start.sk));
    if rows.kind == EntryKeyColumns::Gsi {
        params.push(SqlParam::Text(start.base_pk));
    }
    if rows.kind != EntryKeyColumns::Base {
        params.push(SqlParam::Text(start.base_sk));
    }
}

/// A limit of 0 is none.
fn limit(limit: usize) -> SqlParam<'static> {
    if limit == 0 {
        SqlParam::Integer(-1)
    } else {
        SqlParam::count(limit)
    }
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// The physical table of a source, and whether its items come from the base table.
    fn source(&self, table_name: &str, source: Source<'_>) -> Result<(RowTable, bool), BackendError> {
        let table = self.table(table_name)?;
        match source {
            Source::Base => Ok((Self::base(&table), false)),
            Source::Index(index) => Ok((table.index(index, None)?, false)),
            Source::IndexJoined(index) => Ok((table.index(index, Some(EntryKeyColumns::Lsi))?, true)),
        }
    }

    async fn page(&self, sql: Sql, most_rows: u32, most_weight: u32, params: &[SqlParam<'_>]) -> Result<RowPage, BackendError> {
        self.push(sql, Want::Page { most_rows, most_weight }, params);
        self.cross().await?.into_page()
    }

    pub(super) async fn row(&self, table_name: &str, pk: &str, sk: &str) -> Result<RowPage, BackendError> {
        let table = self.table(table_name)?;
        let [h, p] = cluster(pk);
        let found = self
            .page(Sql::Rows(Self::base(&table), RowSql::Get), 1, 0, &[h, p, SqlParam::Text(sk)])
            .await?;
        if !found.is_empty() {
            self.note_use(&table, pk, sk);
        }
        Ok(found)
    }

    pub(super) async fn query_page(&self, query: &RowQuery<'_>) -> Result<RowPage, BackendError> {
        let (rows, joined) = self.source(query.table_name, query.source)?;
        let mut params = Vec::with_capacity(8);
        params.extend_from_slice(&cluster(query.pk));
        let shape = QueryShape {
            lower: bound(query.lower, &mut params),
            upper: bound(query.upper, &mut params),
            start: query.start.is_some(),
            descending: !query.forward,
            with_keys: false,
            joined,
        };
        if let Some(start) = query.start {
            push_start(rows, start, &mut params);
        }
        self.page(Sql::Rows(rows, RowSql::Query(shape)), query.most_rows, query.most_bytes, &params)
            .await
    }

    pub(super) async fn scan_page(&self, scan: &RowScan<'_>) -> Result<RowPage, BackendError> {
        let (rows, joined) = self.source(scan.table_name, scan.source)?;
        let mut params = Vec::with_capacity(8);
        let shape = ScanShape {
            segment: scan.hashes.is_some(),
            start: scan.start.is_some(),
            with_keys: false,
            joined,
        };
        Self::push_scan(rows, scan.hashes.as_ref(), scan.start, &mut params);
        self.page(Sql::Rows(rows, RowSql::Scan(shape)), scan.most_rows, scan.most_bytes, &params)
            .await
    }

    fn push_scan<'a>(
        rows: RowTable,
        hashes: Option<&std::ops::Range<u32>>,
        start: Option<(&'a str, StartAfter<'a>)>,
        params: &mut Vec<SqlParam<'a>>,
    ) {
        if let Some(hashes) = hashes {
            params.push(SqlParam::Integer(i64::from(hashes.start)));
            params.push(SqlParam::Integer(i64::from(hashes.end)));
        }
        if let Some((pk, start)) = start {
            params.push(SqlParam::Integer(i64::from(hash_prefix(pk))));
            params.push(SqlParam::Text(pk));
            push_start(rows, start, params);
        }
    }

    /// Runs a statement that selects pk, sk, size, item.
    async fn list(&self, sql: Sql, params: &[SqlParam<'_>]) -> Result<Vec<(String, String, String)>, BackendError> {
        self.push(sql, Want::AllRows, params);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut found = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.next_row()? {
            let (pk, sk) = (row.string()?, row.string()?);
            row.size()?;
            found.push((pk, sk, row.string()?));
        }
        self.done(answer);
        Ok(found)
    }

    pub(super) async fn query_list(
        &self,
        table_name: &str,
        source: Source<'_>,
        pk: &str,
        query: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        let (rows, joined) = self.source(table_name, source)?;
        let mut params = Vec::with_capacity(8);
        params.extend_from_slice(&cluster(pk));
        let shape = QueryShape {
            lower: bound(query.lower, &mut params),
            upper: bound(query.upper, &mut params),
            start: query.start.is_some(),
            descending: !query.forward,
            with_keys: true,
            joined,
        };
        if let Some(start) = query.start {
            push_start(rows, start, &mut params);
        }
        params.push(limit(query.limit));
        self.list(Sql::Rows(rows, RowSql::Query(shape)), &params).await
    }

    pub(super) async fn scan_list(
        &self,
        table_name: &str,
        source: Source<'_>,
        scan: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        let (rows, joined) = self.source(table_name, source)?;
        let mut params = Vec::with_capacity(8);
        let shape = ScanShape {
            segment: scan.hashes.is_some(),
            start: scan.start.is_some(),
            with_keys: true,
            joined,
        };
        Self::push_scan(rows, scan.hashes.as_ref(), scan.start, &mut params);
        params.push(limit(scan.limit));
        self.list(Sql::Rows(rows, RowSql::Scan(shape)), &params).await
    }
}
