//! Streams: opening and closing, records, sequence numbers.

use std::rc::Rc;

use super::physical::PhysicalTable;
use super::{FrameCarrier, FramedBackend};
use crate::storage::{StreamInfo, StreamPosition, StreamRecord};
use crate::storage_backend::clock::Clock;
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::{Answer, Want};
use crate::storage_backend::rows::StreamAppend;
use crate::storage_backend::sql_builders::{SqlParam, catalog::CatalogSql};

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    pub(super) async fn open_stream(&self, table_name: &str, view_type: &str, label: &str) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            self.undo.borrow_mut().catalog_changed();
            // An open stream is closed by the next one.
            if let Some(open) = *table.stream.borrow() {
                self.push_close(&table, open);
            }
            self.note_changed_stream(&table);
            let now = SqlParam::Integer(self.now_millis());
            let sequence = SqlParam::Integer(table.counters.borrow().sequence);
            let number = SqlParam::Integer(i64::from(table.number));
            let params = [number, SqlParam::Text(label), SqlParam::Text(view_type), now, sequence];
            self.push_catalog(CatalogSql::InsertStream, Want::FirstRow, &params);
            let mut answer = self.cross().await.map_err(|error| match error {
                BackendError::Constraint(_) => BackendError::AlreadyExists(format!("stream {label} of table {table_name}")),
                other => other,
            })?;
            let stream = answer.first_integer()?.ok_or(BackendError::Frame("an insert returned no row"))?;
            self.done(answer);
            let params = [number, SqlParam::Integer(stream), SqlParam::Text(view_type), SqlParam::Text(label)];
            self.push_catalog(CatalogSql::PointToStream, Want::Nothing, &params);
            *table.stream.borrow_mut() = Some(stream);
            Ok(())
        })
        .await
    }

    pub(super) async fn close_stream(&self, table_name: &str) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        let stream = table.stream_number()?;
        self.atomically(async || {
            self.undo.borrow_mut().catalog_changed();
            self.push_close(&table, stream);
            let number = SqlParam::Integer(i64::from(table.number));
            self.push_catalog(CatalogSql::MarkStreamDisabled, Want::Nothing, &[number]);
            *table.stream.borrow_mut() = None;
            Ok(())
        })
        .await
    }

    /// Queues the end of a stream that may be open.
    pub(super) fn push_close(&self, table: &PhysicalTable, stream: i64) {
        self.note_changed_stream(table);
        let params = [SqlParam::Integer(stream), SqlParam::Integer(self.now_millis())];
        self.push_catalog(CatalogSql::CloseStream, Want::Nothing, &params);
    }

    fn note_changed_stream(&self, table: &PhysicalTable) {
        let mut changed = self.changed_streams.borrow_mut();
        if !changed.contains(&table.name) {
            changed.push(table.name.clone());
        }
    }

    /// Draws the next sequence number; saved with the transaction's counters.
    pub(super) fn draw_sequence(&self, table: &Rc<PhysicalTable>) -> i64 {
        self.undo.borrow_mut().touch(table);
        let mut counters = table.counters.borrow_mut();
        counters.sequence += 1;
        counters.sequence
    }

    pub(super) async fn next_sequence(&self, table_name: &str) -> Result<i64, BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            let drawn = self.draw_sequence(&table);
            if self.transaction.get() == super::Transaction::Queued {
                // Outside a transaction the counter itself is the write.
                self.push_counters();
            }
            Ok(drawn)
        })
        .await
    }

    pub(super) fn push_record(
        &self,
        table: &PhysicalTable,
        record: &StreamAppend<'_>,
        sequence: i64,
        sequence_text: &str,
    ) -> Result<(), BackendError> {
        let stream = table.stream_number()?;
        self.note_changed_stream(table);
        let params = [
            SqlParam::Integer(stream),
            SqlParam::Text(record.shard_id),
            SqlParam::Integer(sequence),
            SqlParam::Text(sequence_text),
            SqlParam::Text(record.event_name),
            SqlParam::Integer(record.created_at),
            SqlParam::optional_text(record.user_identity),
            SqlParam::Text(record.keys_json),
            SqlParam::optional_text(record.new_image),
            SqlParam::optional_text(record.old_image),
        ];
        self.push_catalog(CatalogSql::InsertStreamRecord, Want::Nothing, &params);
        Ok(())
    }

    pub(super) async fn append_record(
        &self,
        table_name: &str,
        record: &StreamAppend<'_>,
        sequence_number: &str,
    ) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        table.stream_number()?;
        let sequence = sequence_number
            .parse::<i64>()
            .map_err(|_| BackendError::InvalidArgument(format!("{sequence_number} is not a sequence number")))?;
        self.atomically(async || self.push_record(&table, record, sequence, sequence_number))
            .await
    }

    pub(super) async fn records(
        &self,
        table_name: &str,
        shard_id: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StreamRecord>, BackendError> {
        let params = [
            SqlParam::Text(table_name),
            SqlParam::Text(shard_id),
            SqlParam::Integer(after),
            SqlParam::count(limit),
        ];
        self.push_catalog(CatalogSql::GetStreamRecords, Want::AllRows, &params);
        let mut answer = self.cross().await?;
        let found = read_records(&mut answer)?;
        self.done(answer);
        Ok(found)
    }

    pub(super) async fn shard_range(&self, table_name: &str, shard_id: &str) -> Result<(Option<String>, Option<String>), BackendError> {
        self.push_catalog(
            CatalogSql::ShardRange,
            Want::FirstRow,
            &[SqlParam::Text(table_name), SqlParam::Text(shard_id)],
        );
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let range = match rows.next_row()? {
            Some(mut row) => (row.optional_string()?, row.optional_string()?),
            None => (None, None),
        };
        self.done(answer);
        Ok(range)
    }

    pub(super) async fn stream_infos(&self, sql: CatalogSql, params: &[SqlParam<'_>]) -> Result<Vec<StreamInfo>, BackendError> {
        self.push_catalog(sql, Want::AllRows, params);
        let mut answer = self.cross().await?;
        let found = read_infos(&mut answer)?;
        self.done(answer);
        Ok(found)
    }

    pub(super) async fn stream_page(
        &self,
        at: &StreamPosition<'_>,
        after: i64,
        limit: usize,
        bytes: usize,
    ) -> Result<Option<(StreamInfo, Vec<StreamRecord>)>, BackendError> {
        self.push_catalog(CatalogSql::GetStream, Want::AllRows, &info_params(at));
        let place = [SqlParam::Text(at.table_name), SqlParam::Text(at.label), SqlParam::Text(at.shard_id)];
        let [table, label, shard] = place;
        let params = [
            table,
            label,
            shard,
            SqlParam::Integer(at.horizon),
            SqlParam::Integer(after),
            SqlParam::count(limit),
            SqlParam::count(bytes),
        ];
        self.push_catalog(CatalogSql::ReadStream, Want::AllRows, &params);
        let mut answer = self.cross().await?;
        let info = read_infos(&mut answer)?.pop();
        let records = read_records(&mut answer)?;
        self.done(answer);
        Ok(info.map(|info| (info, records)))
    }

    pub(super) async fn stream_at_time(&self, at: &StreamPosition<'_>, time: i64) -> Result<Option<i64>, BackendError> {
        let time = SqlParam::Integer(time.max(at.horizon));
        let params = [
            SqlParam::Text(at.table_name),
            SqlParam::Text(at.label),
            SqlParam::Text(at.shard_id),
            time,
        ];
        self.push_catalog(CatalogSql::StreamAtTime, Want::FirstRow, &params);
        let mut answer = self.cross().await?;
        let found = answer.first_integer()?;
        self.done(answer);
        Ok(found)
    }

    pub(super) async fn trim(&self, before: i64, limit: usize) -> Result<usize, BackendError> {
        let before = SqlParam::Integer(before);
        self.push_catalog(CatalogSql::OldRecords, Want::AllRows, &[before, SqlParam::count(limit)]);
        self.push_catalog(CatalogSql::AnyOldStream, Want::FirstRow, &[before]);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut old = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.next_row()? {
            old.push([row.integer()?, row.integer()?, row.integer()?]);
        }
        let old_stream = answer.first_integer()?.is_some();
        self.done(answer);
        if old.is_empty() && !old_stream {
            return Ok(0);
        }
        self.atomically(async || {
            let mut last: Vec<[i64; 2]> = Vec::new();
            for [row, stream, sequence] in &old {
                self.push_catalog(CatalogSql::DropRecord, Want::Nothing, &[SqlParam::Integer(*row)]);
                match last.iter_mut().find(|[of, _]| of == stream) {
                    Some([_, trimmed]) => *trimmed = *sequence.max(trimmed),
                    None => last.push([*stream, *sequence]),
                }
            }
            for marked in last {
                self.push_catalog(CatalogSql::MarkTrimmed, Want::Nothing, &marked.map(SqlParam::Integer));
            }
            self.push_catalog(CatalogSql::DropOldStreams, Want::Nothing, &[before]);
            Ok(old.len())
        })
        .await
    }
}

/// The parameters of a stream's row.
pub(super) fn info_params<'a>(at: &StreamPosition<'a>) -> [SqlParam<'a>; 4] {
    [
        SqlParam::Text(at.shard_id),
        SqlParam::Integer(at.horizon),
        SqlParam::Text(at.table_name),
        SqlParam::Text(at.label),
    ]
}

fn read_infos(answer: &mut Answer) -> Result<Vec<StreamInfo>, BackendError> {
    let mut rows = answer.rows()?;
    let mut found = Vec::with_capacity(rows.len());
    while let Some(mut row) = rows.next_row()? {
        found.push(StreamInfo {
            table_name: row.string()?,
            label: row.string()?,
            view_type: row.string()?,
            enabled: row.integer()? != 0,
            key_schema: row.string()?,
            opened_at: row.integer()?,
            opened_after: row.integer()?,
            first: row.optional_integer()?,
            last: row.integer()?,
        });
    }
    Ok(found)
}

fn read_records(answer: &mut Answer) -> Result<Vec<StreamRecord>, BackendError> {
    let mut rows = answer.rows()?;
    let mut found = Vec::with_capacity(rows.len());
    while let Some(mut row) = rows.next_row()? {
        found.push(StreamRecord {
            event_name: row.string()?,
            keys_json: row.string()?,
            new_image: row.optional_string()?,
            old_image: row.optional_string()?,
            sequence_number: row.string()?,
            shard_id: row.string()?,
            created_at: row.integer()?,
            user_identity: row.optional_string()?,
        });
    }
    Ok(found)
}
