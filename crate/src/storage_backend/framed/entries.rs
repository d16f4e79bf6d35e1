//! Index entries: the contract's single and bulk writes, deletes by base key, and the fan-out in one crossing.

use std::rc::Rc;

use super::items::{cluster, size_of};
use super::physical::PhysicalTable;
use super::{FrameCarrier, FramedBackend};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::{Answer, Want};
use crate::storage_backend::rows::{GsiItemRow, IndexWriteOp};
use crate::storage_backend::sql_builders::{EntryKeyColumns, RowSql, RowTable, Sql, SqlParam};

/// One entry write, looked up and measured.
struct Planned<'a> {
    table: Rc<PhysicalTable>,
    rows: RowTable,
    base: [&'a str; 2],
    /// The entry's key, JSON and size; `None` deletes by the base key.
    put: Option<([&'a str; 2], &'a str, usize)>,
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    fn plan<'a>(&self, op: &'a IndexWriteOp) -> Result<Planned<'a>, BackendError> {
        match op {
            IndexWriteOp::DeleteGsi {
                table_name,
                index_name,
                table_pk,
                table_sk,
            } => self.plan_entry(table_name, index_name, EntryKeyColumns::Gsi, [table_pk, table_sk], None),
            IndexWriteOp::InsertGsi {
                table_name,
                index_name,
                gsi_pk,
                gsi_sk,
                table_pk,
                table_sk,
                item_json,
            } => {
                let put = Some(([gsi_pk.as_str(), gsi_sk.as_str()], item_json.as_str()));
                self.plan_entry(table_name, index_name, EntryKeyColumns::Gsi, [table_pk, table_sk], put)
            }
            IndexWriteOp::DeleteLsi {
                table_name,
                index_name,
                base_pk,
                base_sk,
            } => self.plan_entry(table_name, index_name, EntryKeyColumns::Lsi, [base_pk, base_sk], None),
            IndexWriteOp::InsertLsi {
                table_name,
                index_name,
                pk,
                sk,
                base_pk,
                base_sk,
                item_json,
            } => {
                let put = Some(([pk.as_str(), sk.as_str()], item_json.as_str()));
                self.plan_entry(table_name, index_name, EntryKeyColumns::Lsi, [base_pk, base_sk], put)
            }
        }
    }

    fn plan_entry<'a>(
        &self,
        table_name: &str,
        index_name: &str,
        kind: EntryKeyColumns,
        base: [&'a str; 2],
        put: Option<([&'a str; 2], &'a str)>,
    ) -> Result<Planned<'a>, BackendError> {
        let table = self.table(table_name)?;
        let rows = table.index(index_name, Some(kind))?;
        if kind == EntryKeyColumns::Lsi && put.is_some_and(|(key, _)| key[0] != base[0]) {
            return Err(BackendError::InvalidArgument(
                "an LSI entry has the partition key of its item".into(),
            ));
        }
        let put = match put {
            None => None,
            Some((key, json)) => Some((key, json, size_of(json)?)),
        };
        Ok(Planned { table, rows, base, put })
    }

    /// Writes planned entries; what they replace or delete is asked for in the same frame, for the counters.
    async fn write_entries(&self, planned: &[Planned<'_>]) -> Result<(), BackendError> {
        if planned.is_empty() {
            return Ok(());
        }
        self.atomically(async || {
            for entry in planned {
                self.push_planned(entry);
            }
            let mut answer = self.cross().await?;
            for entry in planned {
                self.count_planned(entry, &mut answer)?;
            }
            self.done(answer);
            Ok(())
        })
        .await
    }

    fn push_planned(&self, entry: &Planned<'_>) {
        let rows = entry.rows;
        if let Some((key, json, size)) = entry.put {
            let [h, p] = cluster(key[0]);
            let mut full_key = vec![h, p, SqlParam::Text(key[1])];
            if rows.kind == EntryKeyColumns::Gsi {
                full_key.push(SqlParam::Text(entry.base[0]));
            }
            full_key.push(SqlParam::Text(entry.base[1]));
            self.push(Sql::Rows(rows, RowSql::Size), Want::AllRows, &full_key);
            self.push_entry(rows, RowSql::Put, key, entry.base, &[SqlParam::count(size), SqlParam::Text(json)]);
            return;
        }
        let [h, p] = cluster(entry.base[0]);
        let base_sk = SqlParam::Text(entry.base[1]);
        let by_base = Sql::Rows(rows, RowSql::DeleteByBase);
        if rows.kind == EntryKeyColumns::Gsi {
            self.push(by_base, Want::AllRows, &[p, base_sk]);
        } else {
            self.push(by_base, Want::AllRows, &[h, p, base_sk]);
        }
    }

    fn count_planned(&self, entry: &Planned<'_>, answer: &mut Answer) -> Result<(), BackendError> {
        let mut replaced = answer.rows()?;
        let mut old = Vec::with_capacity(replaced.len());
        while let Some(mut row) = replaced.next_row()? {
            old.push(row.size()?);
        }
        let index = entry.rows.index;
        for size in old {
            self.count_change(&entry.table, index, Some(size), None);
        }
        if let Some((_, _, size)) = entry.put {
            self.count_change(&entry.table, index, None, Some(size));
        }
        Ok(())
    }

    pub(super) async fn apply_ops(&self, ops: &[IndexWriteOp]) -> Result<(), BackendError> {
        let planned: Result<Vec<_>, _> = ops.iter().map(|op| self.plan(op)).collect();
        self.write_entries(&planned?).await
    }

    pub(super) async fn insert_entry(
        &self,
        names: [&str; 2],
        kind: EntryKeyColumns,
        key: [&str; 2],
        base: [&str; 2],
        json: &str,
    ) -> Result<(), BackendError> {
        let planned = self.plan_entry(names[0], names[1], kind, base, Some((key, json)))?;
        self.write_entries(&[planned]).await
    }

    pub(super) async fn insert_many(&self, table_name: &str, index_name: &str, rows: &[GsiItemRow]) -> Result<(), BackendError> {
        let planned: Result<Vec<_>, _> = rows
            .iter()
            .map(|row| {
                let key = [row.gsi_pk.as_str(), row.gsi_sk.as_str()];
                let base = [row.table_pk.as_str(), row.table_sk.as_str()];
                self.plan_entry(
                    table_name,
                    index_name,
                    EntryKeyColumns::Gsi,
                    base,
                    Some((key, row.item_json.as_str())),
                )
            })
            .collect();
        self.write_entries(&planned?).await
    }

    pub(super) async fn delete_entry(&self, names: [&str; 2], kind: EntryKeyColumns, base: [&str; 2]) -> Result<(), BackendError> {
        let planned = self.plan_entry(names[0], names[1], kind, base, None)?;
        self.write_entries(&[planned]).await
    }
}
