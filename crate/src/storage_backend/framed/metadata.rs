//! The catalog: schema, metadata rows, tags, physical tables of tables and indexes.

use std::rc::Rc;

use super::physical::{PhysicalIndex, PhysicalTable, Tally};
use super::{FrameCarrier, FramedBackend};
use crate::model::sorting::sort;
use crate::storage::{CreateTableMetadata, TableMetadata, Tag};
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::{Row, Want};
use crate::storage_backend::sql_builders::catalog::{APPLICATION_ID, CREATE_SCHEMA, CatalogSql, MIGRATIONS, SCHEMA_VERSION};
use crate::storage_backend::sql_builders::{EntryKeyColumns, RowTable, SqlParam};

fn number(table: &PhysicalTable) -> SqlParam<'static> {
    SqlParam::Integer(i64::from(table.number))
}

fn read_number(value: i64) -> Result<u32, BackendError> {
    u32::try_from(value).map_err(|_| BackendError::Corrupt("a table number is out of range".into()))
}

/// Reads a metadata row, in the order of `TABLE_COLUMNS`.
fn read_metadata(mut row: Row<'_>) -> Result<TableMetadata, BackendError> {
    Ok(TableMetadata {
        number: read_number(row.integer()?)?,
        table_name: row.string()?,
        table_id: row.string()?,
        key_schema: row.string()?,
        attribute_definitions: row.string()?,
        gsi_definitions: row.optional_string()?,
        lsi_definitions: row.optional_string()?,
        provisioned_throughput: row.optional_string()?,
        billing_mode: row.string()?,
        table_class: row.optional_string()?,
        on_demand_throughput: row.optional_string()?,
        other_settings: row.optional_string()?,
        deletion_protection: row.integer()? != 0,
        created_at: row.integer()?,
        stream_enabled: row.integer()? != 0,
        stream_view_type: row.optional_string()?,
        stream_label: row.optional_string()?,
        ttl_attribute: row.optional_string()?,
        ttl_enabled: row.integer()? != 0,
    })
}

/// What an SQLite file may be to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage_backend) enum FileKind {
    /// Empty: the schema is to be created.
    New,
    /// A database of ours that this build can use.
    Ours,
    /// A database of ours of an older schema version: it is to be migrated.
    Older(i64),
}

impl FileKind {
    /// Judges a file by its header and whether it is empty; a foreign or a newer one is refused.
    pub(in crate::storage_backend) fn of(application_id: i64, version: i64, empty: bool) -> Result<Self, BackendError> {
        match (application_id, version) {
            (0, 0) if empty => Ok(Self::New),
            (APPLICATION_ID, SCHEMA_VERSION) => Ok(Self::Ours),
            (APPLICATION_ID, found @ 1..SCHEMA_VERSION) => Ok(Self::Older(found)),
            (APPLICATION_ID, found) => Err(BackendError::SchemaTooNew {
                found,
                supported: SCHEMA_VERSION,
            }),
            (application_id, _) => Err(BackendError::ForeignDatabase { application_id }),
        }
    }
}

/// What makes a database of a schema version (0: an empty one) one of the current version.
fn statements_from(version: i64) -> impl Iterator<Item = &'static str> {
    let create = if version == 0 { CREATE_SCHEMA } else { &[] };
    let done = usize::try_from(version).unwrap_or(0).saturating_sub(1);
    let migrations = MIGRATIONS.iter().skip(done).copied();
    std::iter::once(create).chain(migrations).flatten().copied()
}

#[waits]
impl<C: FrameCarrier> FramedBackend<C> {
    /// Creates the schema in an empty database, brings an older one up to date; refuses a foreign or a newer one.
    pub(super) async fn open_schema(&self) -> Result<(), BackendError> {
        self.push_catalog(CatalogSql::ApplicationId, Want::FirstRow, &[]);
        self.push_catalog(CatalogSql::SchemaVersion, Want::FirstRow, &[]);
        self.push_catalog(CatalogSql::AnyTable, Want::FirstRow, &[]);
        let mut answer = self.cross().await?;
        let application_id = answer.first_integer()?.unwrap_or(0);
        let version = answer.first_integer()?.unwrap_or(0);
        let empty = answer.first_integer()?.is_none();
        self.done(answer);
        let version = match FileKind::of(application_id, version, empty)? {
            FileKind::Ours => return Ok(()),
            FileKind::New => 0,
            FileKind::Older(version) => version,
        };
        self.begin()?;
        for sql in statements_from(version) {
            self.push_once(sql, Want::Nothing);
        }
        self.commit_transaction().await
    }

    /// Loads what [`PhysicalTable`] knows, for all tables: one crossing.
    pub(super) async fn load_catalog(&self) -> Result<(), BackendError> {
        for sql in [
            CatalogSql::AllTables,
            CatalogSql::AllIndexes,
            CatalogSql::AllCounters,
            CatalogSql::PhysicalNames,
        ] {
            self.push_catalog(sql, Want::AllRows, &[]);
        }
        let mut answer = self.cross().await?;
        let mut tables: Vec<Rc<PhysicalTable>> = Vec::new();
        let mut rows = answer.rows()?;
        while let Some(mut row) = rows.next_row()? {
            let number = read_number(row.integer()?)?;
            let table = PhysicalTable::new(number, row.text()?);
            *table.stream.borrow_mut() = row.optional_integer()?;
            *table.ttl_attribute.borrow_mut() = row.optional_string()?;
            tables.push(Rc::new(table));
        }
        let by_number = |number: u32| tables.binary_search_by_key(&number, |table| table.number).map(|at| &tables[at]);
        let mut rows = answer.rows()?;
        while let Some(mut row) = rows.next_row()? {
            let (table, number) = (read_number(row.integer()?)?, read_number(row.integer()?)?);
            let kind = if row.text()? == "GSI" {
                EntryKeyColumns::Gsi
            } else {
                EntryKeyColumns::Lsi
            };
            if let Ok(table) = by_number(table) {
                table.add_index(row.string()?, PhysicalIndex { number, kind });
            }
        }
        let mut rows = answer.rows()?;
        self.commit_number.set(0);
        self.deleted_sequence.set(0);
        while let Some(mut row) = rows.next_row()? {
            let number = read_number(row.integer()?)?;
            if number == 0 {
                let (highest, _bytes) = (row.integer()?, row.integer()?);
                self.deleted_sequence.set(highest);
                self.commit_number.set(row.integer()?);
            } else if let Ok(table) = by_number(number) {
                let mut counters = table.counters.borrow_mut();
                counters.base = Tally {
                    items: row.integer()?,
                    bytes: row.integer()?,
                };
                counters.sequence = row.integer()?;
                counters.read_indexes(row.text()?)?;
            }
        }
        let mut rows = answer.rows()?;
        let mut discarded = Vec::new();
        while let Some(mut row) = rows.next_row()? {
            let name = row.text()?;
            if let Some(cache) = RowTable::parse_uses(name) {
                if let Ok(table) = by_number(cache.table) {
                    table.is_cache.set(true);
                }
                continue;
            }
            let Some(found) = RowTable::parse(name) else { continue };
            let owned = by_number(found.table).is_ok_and(|table| {
                let index = || table.indexes().iter().any(|(_, index)| index.of(table.number) == found);
                found.kind == EntryKeyColumns::Base || index()
            });
            if !owned {
                discarded.push(found);
            }
        }
        self.done(answer);
        *self.discarded.borrow_mut() = discarded;
        *self.tables.borrow_mut() = tables.into_iter().map(|table| (table.name.clone(), table)).collect();
        Ok(())
    }

    pub(super) async fn insert_metadata(&self, m: &CreateTableMetadata<'_>) -> Result<(), BackendError> {
        if self.tables.borrow().contains_key(m.table_name) {
            return Err(BackendError::AlreadyExists(format!("table {}", m.table_name)));
        }
        self.atomically(async || {
            self.undo.borrow_mut().catalog_changed();
            self.push_catalog(
                CatalogSql::InsertTable,
                Want::FirstRow,
                &[
                    SqlParam::Text(m.table_name),
                    SqlParam::Text(m.table_id),
                    SqlParam::Text(m.key_schema),
                    SqlParam::Text(m.attribute_definitions),
                    SqlParam::optional_text(m.gsi_definitions),
                    SqlParam::optional_text(m.lsi_definitions),
                    SqlParam::optional_text(m.provisioned_throughput),
                    SqlParam::Text(m.billing_mode),
                    SqlParam::optional_text(m.table_class),
                    SqlParam::optional_text(m.on_demand_throughput),
                    SqlParam::optional_text(m.other_settings),
                    SqlParam::flag(m.deletion_protection),
                    SqlParam::Integer(m.created_at),
                ],
            );
            let mut answer = self.cross().await?;
            let inserted = answer.first_integer()?.ok_or(BackendError::Frame("an insert returned no row"))?;
            self.done(answer);
            let table = Rc::new(PhysicalTable::new(read_number(inserted)?, m.table_name));
            // A table's numbers say nothing of another one's: they go on behind those of every table that was deleted, with one left out.
            let sequence = match self.deleted_sequence.get() {
                0 => 0,
                highest => highest + 1,
            };
            table.counters.borrow_mut().sequence = sequence;
            let params = [number(&table), SqlParam::Integer(sequence)];
            self.push_catalog(CatalogSql::InsertCounters, Want::Nothing, &params);
            self.tables.borrow_mut().insert(table.name.clone(), table);
            Ok(())
        })
        .await
    }

    pub(super) async fn metadata(&self, table_name: &str) -> Result<Option<TableMetadata>, BackendError> {
        let found = self.metadata_rows(CatalogSql::GetTable, &[SqlParam::Text(table_name)]).await?;
        Ok(found.into_iter().next())
    }

    pub(super) async fn metadata_rows(&self, sql: CatalogSql, params: &[SqlParam<'_>]) -> Result<Vec<TableMetadata>, BackendError> {
        self.push_catalog(sql, Want::AllRows, params);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut found = Vec::with_capacity(rows.len());
        while let Some(row) = rows.next_row()? {
            found.push(read_metadata(row)?);
        }
        self.done(answer);
        Ok(found)
    }

    pub(super) async fn delete_metadata(&self, table_name: &str) -> Result<bool, BackendError> {
        let Ok(table) = self.table(table_name) else { return Ok(false) };
        self.atomically(async || {
            self.push_delete_metadata(&table);
            Ok(())
        })
        .await?;
        Ok(true)
    }

    /// Queues the deletion of everything the catalog has of a table.
    pub(super) fn push_delete_metadata(&self, table: &PhysicalTable) {
        self.undo.borrow_mut().catalog_changed();
        for sql in [
            CatalogSql::DeleteTable,
            CatalogSql::DeleteIndexes,
            CatalogSql::DeleteCounters,
            CatalogSql::DeleteTags,
        ] {
            self.push_catalog(sql, Want::Nothing, &[number(table)]);
        }
        if let Some(stream) = *table.stream.borrow() {
            self.push_close(table, stream);
        }
        if table.is_cache.get() {
            self.push_ddl(&RowTable::base(table.number).drop_uses());
        }
        let sequence = table.counters.borrow().sequence;
        if sequence > self.deleted_sequence.get() {
            self.deleted_sequence.set(sequence);
            self.push_catalog(CatalogSql::SaveDeletedSequence, Want::Nothing, &[SqlParam::Integer(sequence)]);
        }
        self.tables.borrow_mut().remove(&table.name);
        self.undo.borrow_mut().forget(table.number);
    }

    /// Runs an update of a table's metadata row.
    pub(super) async fn update_table(&self, table_name: &str, sql: CatalogSql, params: &[SqlParam<'_>]) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            let mut all = Vec::with_capacity(params.len() + 1);
            all.push(number(&table));
            all.extend_from_slice(params);
            self.push_catalog(sql, Want::Nothing, &all);
            Ok(())
        })
        .await
    }

    pub(super) fn table_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tables.borrow().keys().map(ToString::to_string).collect();
        sort(&mut names, Ord::cmp);
        names
    }

    pub(super) async fn read_tags(&self, table_name: &str) -> Result<Vec<Tag>, BackendError> {
        let table = self.table(table_name)?;
        self.push_catalog(CatalogSql::GetTags, Want::AllRows, &[number(&table)]);
        let mut answer = self.cross().await?;
        let mut rows = answer.rows()?;
        let mut tags = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.next_row()? {
            tags.push(Tag {
                key: row.string()?,
                value: row.string()?,
            });
        }
        self.done(answer);
        Ok(tags)
    }

    pub(super) async fn write_tags(&self, table_name: &str, tags: &[Tag]) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            for tag in tags {
                let params = [number(&table), SqlParam::Text(&tag.key), SqlParam::Text(&tag.value)];
                self.push_catalog(CatalogSql::SetTag, Want::Nothing, &params);
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn delete_tags(&self, table_name: &str, keys: &[String]) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            for key in keys {
                self.push_catalog(CatalogSql::RemoveTag, Want::Nothing, &[number(&table), SqlParam::Text(key)]);
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn create_base(&self, table_name: &str) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            for sql in Self::base(&table).create() {
                self.push_ddl(&sql);
            }
            // Creating a table twice must fail here and not at a later crossing.
            let answer = self.cross().await.map_err(|error| already_exists(error, table_name))?;
            self.done(answer);
            Ok(())
        })
        .await
    }

    pub(super) async fn drop_base(&self, table_name: &str) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        self.atomically(async || {
            self.push_forget(Self::base(&table));
            self.push_ddl(&Self::base(&table).drop());
            let answer = self.cross().await.map_err(|error| not_found(error, table_name))?;
            self.done(answer);
            let tally = table.counters.borrow().base;
            self.count(&table, 0, -tally.items, -tally.bytes);
            Ok(())
        })
        .await
    }

    pub(super) async fn create_index(&self, table_name: &str, index: &str, kind: EntryKeyColumns) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        if table.find_index(index).is_some() {
            return Err(BackendError::AlreadyExists(format!("index {index} of table {table_name}")));
        }
        self.atomically(async || {
            self.push_catalog(CatalogSql::NextIndex, Want::FirstRow, &[number(&table)]);
            let mut answer = self.cross().await?;
            let drawn = read_number(answer.first_integer()?.ok_or(BackendError::Frame("an update returned no row"))?)?;
            self.done(answer);
            let kind_text = if kind == EntryKeyColumns::Gsi { "GSI" } else { "LSI" };
            let params = [
                number(&table),
                SqlParam::Integer(i64::from(drawn)),
                SqlParam::Text(kind_text),
                SqlParam::Text(index),
            ];
            self.push_catalog(CatalogSql::InsertIndex, Want::Nothing, &params);
            for sql in (RowTable {
                table: table.number,
                index: drawn,
                kind,
            })
            .create()
            {
                self.push_ddl(&sql);
            }
            table.add_index(index.to_owned(), PhysicalIndex { number: drawn, kind });
            Ok(())
        })
        .await
    }

    pub(super) async fn drop_index(&self, table_name: &str, index: &str, kind: EntryKeyColumns) -> Result<(), BackendError> {
        let table = self.table(table_name)?;
        let rows = table.index(index, Some(kind))?;
        self.atomically(async || {
            self.push_forget(rows);
            self.push_ddl(&rows.drop());
            self.push_delete_index(&table, rows, index);
            Ok(())
        })
        .await
    }

    /// Queues the deletion of what the catalog has of an index.
    pub(super) fn push_delete_index(&self, table: &Rc<PhysicalTable>, rows: RowTable, index: &str) {
        self.undo.borrow_mut().catalog_changed();
        let params = [number(table), SqlParam::Integer(i64::from(rows.index))];
        self.push_catalog(CatalogSql::DeleteIndex, Want::Nothing, &params);
        self.undo.borrow_mut().touch(table);
        table.remove_index(index);
    }
}

fn already_exists(error: BackendError, table: &str) -> BackendError {
    match error {
        BackendError::Sqlite { ref message, .. } if message.contains("already exists") => {
            BackendError::AlreadyExists(format!("the data of table {table}"))
        }
        other => other,
    }
}

fn not_found(error: BackendError, table: &str) -> BackendError {
    match error {
        BackendError::Sqlite { ref message, .. } if message.contains("no such table") => BackendError::TableNotFound(table.to_owned()),
        other => other,
    }
}
