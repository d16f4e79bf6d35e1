//! Items: the contract's puts, gets and deletes, and the hot path's reads and writes.

use std::rc::Rc;

use super::physical::PhysicalTable;
use super::{FrameCarrier, FramedBackend};
use crate::model::{Item, hash::hash_prefix};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::expiry::expiry_of;
use crate::storage_backend::frame::Want;
use crate::storage_backend::rows::{BaseItemRow, EntryWrite, ItemWrite, ReadSpec, StoredRow};
use crate::storage_backend::sql_builders::{EntryKeyColumns, RowSql, RowTable, Sql, SqlParam};

/// The (h, pk) a partition key text is clustered by.
pub(super) fn cluster(pk: &str) -> [SqlParam<'_>; 2] {
    [SqlParam::Integer(i64::from(hash_prefix(pk))), SqlParam::Text(pk)]
}

/// A size as the counters add it.
fn bytes(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Checks a caller's hash prefix against the key's own.
fn check_hash(pk: &str, given: &str) -> Result<(), BackendError> {
    let expected = format!("{:06x}", hash_prefix(pk));
    if given == expected {
        Ok(())
    } else {
        Err(BackendError::HashMismatch {
            given: given.to_owned(),
            expected,
        })
    }
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    fn expiry_from_json(table: &PhysicalTable, item_json: &str) -> Result<Option<i64>, BackendError> {
        match &*table.ttl_attribute.borrow() {
            None => Ok(None),
            Some(attribute) => Ok(expiry_of(&stored_item(item_json)?, attribute)),
        }
    }

    /// Queues the read of one base row; its answer is a row set of at most one (size, item).
    fn push_get(&self, table: &PhysicalTable, pk: &str, sk: &str, with_item: bool) {
        let [h, p] = cluster(pk);
        let sql = if with_item { RowSql::Get } else { RowSql::Size };
        self.push(Sql::Rows(Self::base(table), sql), Want::FirstRow, &[h, p, SqlParam::Text(sk)]);
    }

    pub(super) async fn read_rows(&self, specs: &[ReadSpec<'_>]) -> Result<Vec<Option<StoredRow>>, BackendError> {
        if specs.is_empty() {
            return Ok(Vec::new());
        }
        for spec in specs {
            let table = self.table(spec.table_name).inspect_err(|_| self.drop_unopened())?;
            self.push_get(&table, spec.pk, spec.sk, spec.with_item);
        }
        let mut answer = self.cross().await?;
        let mut found = Vec::with_capacity(specs.len());
        for spec in specs {
            let mut rows = answer.rows()?;
            found.push(match rows.next_row()? {
                None => None,
                Some(mut row) => {
                    let size = row.size()?;
                    self.note_use(&*self.table(spec.table_name)?, spec.pk, spec.sk);
                    let json = if spec.with_item { row.string()? } else { String::new() };
                    Some(StoredRow { json, size })
                }
            });
        }
        self.done(answer);
        Ok(found)
    }

    /// Outside a transaction, a read that fails before it crosses leaves nothing in the queue.
    fn drop_unopened(&self) {
        if self.transaction.get() == super::Transaction::None {
            self.drop_queue();
        }
    }

    async fn read_one(&self, table_name: &str, pk: &str, sk: &str, with_item: bool) -> Result<Option<StoredRow>, BackendError> {
        let mut rows = self
            .read_rows(&[ReadSpec {
                table_name,
                pk,
                sk,
                with_item,
            }])
            .await?;
        Ok(rows.pop().flatten())
    }

    pub(super) async fn get(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        Ok(self.read_one(table_name, pk, sk, true).await?.map(|row| row.json))
    }

    pub(super) async fn put(&self, table_name: &str, pk: &str, sk: &str, json: &str, size: usize) -> Result<Option<String>, BackendError> {
        let table = self.table(table_name)?;
        let expires = Self::expiry_from_json(&table, json)?;
        self.atomically(async || {
            let old = self.read_one(table_name, pk, sk, true).await?;
            let [h, p] = cluster(pk);
            let params = [
                h,
                p,
                SqlParam::Text(sk),
                SqlParam::count(size),
                SqlParam::optional_integer(expires),
                SqlParam::Text(json),
            ];
            self.push(Sql::Rows(Self::base(&table), RowSql::Put), Want::Nothing, &params);
            self.count_change(&table, 0, old.as_ref().map(|row| row.size), Some(size));
            Ok(old.map(|row| row.json))
        })
        .await
    }

    pub(super) async fn put_hashed(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        json: &str,
        size: usize,
        hash: &str,
    ) -> Result<Option<String>, BackendError> {
        check_hash(pk, hash)?;
        self.put(table_name, pk, sk, json, size).await
    }

    pub(super) async fn put_many(&self, table_name: &str, rows: &[BaseItemRow]) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut expiries = Vec::with_capacity(rows.len());
        for row in rows {
            check_hash(&row.pk, &row.hash_prefix)?;
            expiries.push(Self::expiry_from_json(&table, &row.item_json)?);
        }
        self.atomically(async || {
            // Each row is preceded by the question for the size of the one it replaces, all in one frame.
            for (row, expires) in rows.iter().zip(expiries) {
                self.push_get(&table, &row.pk, &row.sk, false);
                let [h, p] = cluster(&row.pk);
                let params = [
                    h,
                    p,
                    SqlParam::Text(&row.sk),
                    SqlParam::count(row.item_size),
                    SqlParam::optional_integer(expires),
                    SqlParam::Text(&row.item_json),
                    row.cached_at.map_or(SqlParam::Null, SqlParam::Real),
                ];
                self.push(Sql::Rows(Self::base(&table), RowSql::PutCached), Want::Nothing, &params);
            }
            let mut answer = self.cross().await?;
            for row in rows {
                let old = answer.first_integer()?.and_then(|size| usize::try_from(size).ok());
                self.count_change(&table, 0, old, Some(row.item_size));
            }
            self.done(answer);
            Ok(())
        })
        .await
    }

    pub(super) async fn delete(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            let Some(old) = self.read_one(table_name, pk, sk, true).await? else {
                return Ok(None);
            };
            self.push_delete(&table, pk, sk);
            self.count_change(&table, 0, Some(old.size), None);
            Ok(Some(old.json))
        })
        .await
    }

    fn push_delete(&self, table: &PhysicalTable, pk: &str, sk: &str) {
        let [h, p] = cluster(pk);
        let key = [h, p, SqlParam::Text(sk)];
        let base = Self::base(table);
        if table.is_cache.get() {
            self.push(Sql::Rows(base, RowSql::ForgetUse), Want::Nothing, &key);
        }
        self.push(Sql::Rows(base, RowSql::Delete), Want::Nothing, &key);
    }

    pub(super) async fn write_items(&self, writes: &[ItemWrite<'_>]) -> Result<(), BackendError> {
        if writes.is_empty() {
            return Ok(());
        }
        // Everything that can be refused is looked up before the first statement is queued.
        let mut resolved = Vec::with_capacity(writes.len());
        for write in writes {
            let table = self.table(write.table_name)?;
            let entries: Result<Vec<_>, _> = write.index_writes.iter().map(|entry| table.index(entry.index_name, None)).collect();
            if write.stream.is_some() {
                table.stream_number()?;
            }
            resolved.push((table, entries?));
        }
        self.atomically(async || {
            for (write, (table, entries)) in writes.iter().zip(&resolved) {
                self.push_item_write(table, entries, write)?;
            }
            Ok(())
        })
        .await
    }

    fn push_item_write(&self, table: &Rc<PhysicalTable>, entries: &[RowTable], write: &ItemWrite<'_>) -> Result<(), BackendError> {
        match &write.put {
            Some(put) => {
                self.note_use(table, write.pk, write.sk);
                let [h, p] = cluster(write.pk);
                let expires = SqlParam::optional_integer(put.expires_at);
                let params = [
                    h,
                    p,
                    SqlParam::Text(write.sk),
                    SqlParam::count(put.size),
                    expires,
                    SqlParam::Text(put.json),
                ];
                self.push(Sql::Rows(Self::base(table), RowSql::Put), Want::Nothing, &params);
            }
            None if write.old_size.is_some() => {
                self.forget_use(table, write.pk, write.sk);
                self.push_delete(table, write.pk, write.sk);
            }
            None => {}
        }
        self.count_change(table, 0, write.old_size, write.put.map(|put| put.size));
        for (entry, rows) in write.index_writes.iter().zip(entries) {
            self.push_entry_write(table, *rows, write, entry);
        }
        if let Some(record) = &write.stream {
            let sequence = self.draw_sequence(table);
            self.push_record(table, record, sequence, &sequence_text(sequence))?;
        }
        Ok(())
    }

    fn push_entry_write(&self, table: &Rc<PhysicalTable>, rows: RowTable, write: &ItemWrite<'_>, entry: &EntryWrite<'_>) {
        if let Some(key) = entry.delete {
            self.push_entry(rows, RowSql::Delete, [key.pk, key.sk], [write.pk, write.sk], &[]);
        }
        if let Some(put) = entry.put {
            let row = [SqlParam::count(put.size), SqlParam::Text(put.json)];
            self.push_entry(rows, RowSql::Put, [put.key.pk, put.key.sk], [write.pk, write.sk], &row);
        }
        self.count_change(table, rows.index, entry.old_size, entry.put.map(|put| put.size));
    }

    /// Queues a statement on an index entry: its full key, then `more`.
    pub(super) fn push_entry(&self, rows: RowTable, sql: RowSql, key: [&str; 2], base: [&str; 2], more: &[SqlParam<'_>]) {
        let [h, p] = cluster(key[0]);
        let mut params = [SqlParam::Null; 7];
        params[..3].copy_from_slice(&[h, p, SqlParam::Text(key[1])]);
        let mut length = 3;
        if rows.kind == EntryKeyColumns::Gsi {
            params[length] = SqlParam::Text(base[0]);
            length += 1;
        }
        params[length] = SqlParam::Text(base[1]);
        length += 1;
        for param in more {
            params[length] = *param;
            length += 1;
        }
        self.push(Sql::Rows(rows, sql), Want::Nothing, &params[..length]);
    }

    /// Counts a row that was `old` bytes large (or absent) and is now `new`.
    pub(super) fn count_change(&self, table: &Rc<PhysicalTable>, index: u32, old: Option<usize>, new: Option<usize>) {
        let items = i64::from(new.is_some()) - i64::from(old.is_some());
        self.count(table, index, items, new.map_or(0, bytes) - old.map_or(0, bytes));
    }

    pub(super) async fn partition_size(&self, rows: RowTable, pk: &str) -> Result<i64, BackendError> {
        self.push(Sql::Rows(rows, RowSql::PartitionSize), Want::FirstRow, &cluster(pk));
        let mut answer = self.cross().await?;
        let sum = answer.first_integer()?.unwrap_or(0);
        self.done(answer);
        Ok(sum)
    }
}

/// A sequence number as the streams API shows it: 21 digits (behaviour rule 100).
pub(super) fn sequence_text(sequence: i64) -> String {
    format!("{sequence:021}")
}

/// Reads an item that a caller hands to the storage as JSON.
pub(super) fn stored_item(json: &str) -> Result<Item, BackendError> {
    Item::from_canonical(json).map_err(|_| BackendError::InvalidArgument("the item is not canonical JSON".into()))
}

/// The size of an item from its canonical JSON, for the methods that are given none.
pub(super) fn size_of(json: &str) -> Result<usize, BackendError> {
    Item::size_of_canonical(json).map_err(|_| BackendError::InvalidArgument("the item is not canonical JSON".into()))
}
