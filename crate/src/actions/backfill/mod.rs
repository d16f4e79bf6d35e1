//! Filling an index that `UpdateTable` has made, a little at a time (rule 91).
//!
//! The table is gone through in the order of a scan, a [run](run) of items after the other. Steps gather the entries of the run's items, then
//! others write them in the order of the index. How far the runs have got is stored with every step, and of the run that is being written its
//! end and the entry that was got to, so that filling goes on where it stopped when the database was closed.
//!
//! What lies behind that place the index does not know yet: writes leave it alone there ([`IndexDefinition::known`]), and the step that comes
//! by takes the item as it is then. So its entries and its counters are exact at every moment.

mod run;

use std::cell::RefCell;
use std::rc::Rc;

use super::get_item::stored_text;
use super::item_change::{Entry, Image, entry_put, key_text};
use super::single_write::read_stored;
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::model::hash_prefix;
use crate::schema::{FillingRun, IndexDefinition, IndexStatus, TableDefinition};
use crate::storage::StartAfter;
use crate::storage_backend::{BackendError, ItemWrite, ReadSpec, RowScan, Source, StorageBackend};
use run::Run;

/// Bytes of items read in one step.
const BYTES_A_STEP: u32 = 256 << 10;

/// Hash prefixes have 24 bits.
const HASHES: i64 = 1 << 24;

/// Which of the table's global indexes is to be filled.
pub fn unfilled(table: &TableDefinition) -> Option<usize> {
    let mut indexes = table.global_indexes.iter();
    indexes.position(is_to_be_filled)
}

fn is_to_be_filled(index: &IndexDefinition) -> bool {
    index.backfilling == Some(true) && index.status == IndexStatus::Creating
}

/// The table with an index to fill, and which of its global indexes. One whose items are still being imported waits.
fn unfinished<B: StorageBackend>(cx: &Context<'_, B>) -> Option<(Rc<TableDefinition>, usize)> {
    let catalog = cx.catalog.borrow();
    let now = cx.now();
    let waits = |table: &TableDefinition| cx.imports.holds_until(table).is_some_and(|until| until > now);
    let mut found = catalog.tables().filter_map(|table| Some((table, unfilled(table)?)));
    found.find(|(table, _)| !waits(table)).map(|(table, at)| (table.clone(), at))
}

/// When an index that waits for an import may be filled all the same, in milliseconds since the epoch.
pub fn held_until<B>(cx: &Context<'_, B>) -> Option<i64> {
    let catalog = cx.catalog.borrow();
    let waiting = catalog.tables().filter(|table| unfilled(table).is_some());
    waiting.filter_map(|table| cx.imports.holds_until(table)).min()
}

/// How many indexes of the table are still to be filled, and how far they are altogether, in thousandths of one: table and index lie in the
/// order of hashes, which are evenly spread.
pub fn left_to_fill(table: &TableDefinition) -> (i64, i64) {
    let (mut left, mut filled) = (0, 0);
    for index in table.global_indexes.iter().filter(|index| is_to_be_filled(index)) {
        left += 1;
        let behind = |pk: &str| i64::from(hash_prefix(pk)) * 1000 / HASHES;
        let from = index.filled_to.as_ref().map_or(0, |[pk, _]| behind(pk));
        let of_run = |run: &FillingRun| (behind(&run.to[0]) - from) * behind(&run.written_to[0]) / 1000;
        filled += from + index.filling.as_ref().map_or(0, of_run);
    }
    (left, filled)
}

/// The run that is being gathered or written: of one index at a time, the first that is to be filled.
#[derive(Default)]
pub struct Filling {
    run: RefCell<Option<Run>>,
}

impl Filling {
    /// Takes note of an item that changes.
    pub fn note(&self, table: &TableDefinition, key: [&str; 2]) {
        if let Some(run) = &mut *self.run.borrow_mut() {
            run.note(table, key);
        }
    }

    /// The run is gathered anew: items of the table change without being told of.
    pub fn forget(&self, table: &TableDefinition) {
        self.run.borrow_mut().take_if(|run| run.is_of_table(table));
    }

    /// The run to go on with.
    fn take(&self, table: &TableDefinition, index: &IndexDefinition) -> Run {
        let run = self.run.take().filter(|run| run.is_of(table, index));
        run.unwrap_or_else(|| Run::new(table, index))
    }
}

/// Does a step of filling an index; says whether there was one to fill.
#[waits]
pub async fn step<B: StorageBackend>(cx: &Context<'_, B>) -> Result<bool, ApiError> {
    let Some((table, at)) = unfinished(cx) else {
        cx.filling.run.take();
        return Ok(false);
    };
    let Some(index) = table.global_indexes.get(at) else {
        return Ok(false);
    };
    let mut run = cx.filling.take(&table, index);
    // A step that fails leaves no run: what was gathered is gathered again.
    let goes_on = if run.is_ready() {
        write(cx, &table, at, &mut run).await?
    } else {
        gather(cx, &table, index, &mut run).await?;
        if run.is_ready() && run.is_empty() {
            finish(cx, &table, at).await?;
            false
        } else {
            true
        }
    };
    if goes_on {
        cx.filling.run.replace(Some(run));
    }
    Ok(true)
}

/// Reads some items into the run.
#[waits]
async fn gather<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    index: &IndexDefinition,
    run: &mut Run,
) -> Result<(), ApiError> {
    let (began, most) = (cx.now(), cx.paces.gathering.amount());
    let start = run.reached().map(|[pk, sk]| {
        let behind = StartAfter {
            sk,
            ..StartAfter::default()
        };
        (pk.as_str(), behind)
    });
    let scan = RowScan {
        table_name: &table.name,
        source: Source::Base,
        hashes: None,
        start,
        most_rows: most as u32,
        most_bytes: BYTES_A_STEP,
    };
    let page = cx.backend.scan_rows(&scan).await.map_err(storage_error)?;
    let mut read = 0;
    let mut ended = false;
    run.begin_piece();
    for row in page.rows() {
        let row = row.map_err(storage_error)?;
        let (key, entry) = entry_of(table, index, stored_text(row.json)?, row.size)?;
        if !run.gather(key, entry) {
            ended = true;
            break;
        }
        read += 1;
    }
    cx.backend.recycle(page);
    run.end_piece(ended || read == 0);
    cx.learn(&cx.paces.gathering, began, read);
    Ok(())
}

/// A stored item's key, and its entry: an item whose attribute cannot be a key has none.
fn entry_of(table: &TableDefinition, index: &IndexDefinition, json: &str, size: usize) -> Result<([String; 2], Option<Entry>), ApiError> {
    let item = read_stored(json)?;
    let key = table.key_schema.values_in(&item).ok_or_else(unreadable)?;
    let key = [key_text(&key.hash), key_text(&key.range)];
    let image = Image { item: &item, json, size };
    Ok((key, Entry::of(table, index, &image)))
}

/// Writes some entries of the run, and how far it is with them; says whether there are more.
#[waits]
async fn write<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, at: usize, run: &mut Run) -> Result<bool, ApiError> {
    let (began, most) = (cx.now(), cx.paces.filling.amount());
    look_again(cx, table, at, run, most).await?;
    if run.has_changed() {
        return Ok(true);
    }
    let step = run.advance(most);
    let index = run.index_after(&step);
    let puts = run
        .entries(&step)
        .into_iter()
        .map(|waiting| entry_put(table, &table.global_indexes[at], waiting.base(), &waiting.entry));
    let writes: Vec<ItemWrite<'_>> = puts.collect();
    store(cx, table, at, index.clone(), &writes).await?;
    cx.learn(&cx.paces.filling, began, writes.len());
    run.wrote(index);
    Ok(!run.is_written())
}

/// Looks again at items of the run that have changed meanwhile.
#[waits]
async fn look_again<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    at: usize,
    run: &mut Run,
    most: usize,
) -> Result<(), ApiError> {
    let changed = run.take_changed(most);
    let specs: Vec<ReadSpec<'_>> = changed
        .iter()
        .map(|[pk, sk]| ReadSpec {
            table_name: &table.name,
            pk,
            sk,
            with_item: true,
        })
        .collect();
    let found = cx.backend.read_for_write(&specs).await.map_err(storage_error)?;
    for (key, row) in changed.iter().zip(found) {
        let entry = match row {
            Some(row) => entry_of(table, &table.global_indexes[at], &row.json, row.size)?.1,
            None => None,
        };
        run.renew(key.clone(), entry);
    }
    Ok(())
}

/// The index holds everything.
#[waits]
async fn finish<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, at: usize) -> Result<(), ApiError> {
    let mut index = table.global_indexes[at].clone();
    index.status = IndexStatus::Active;
    index.backfilling = None;
    index.filled_to = None;
    store(cx, table, at, index, &[]).await
}

/// Writes entries, and what is to be known of the index from here on.
#[waits]
async fn store<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    at: usize,
    index: IndexDefinition,
    writes: &[ItemWrite<'_>],
) -> Result<(), ApiError> {
    let mut definition = table.clone();
    definition.global_indexes[at] = index;
    let stored = definition.to_stored();
    cx.transact(async || {
        cx.backend.apply_writes(writes).await.map_err(storage_error)?;
        let noted = cx
            .backend
            .update_table_metadata(&table.name, &stored.attribute_definitions, stored.gsi_definitions.as_deref());
        noted.await.map_err(storage_error)
    })
    .await?;
    cx.catalog.borrow_mut().insert(definition);
    Ok(())
}

fn unreadable() -> ApiError {
    storage_error(BackendError::Corrupt("a stored item is unreadable".into()))
}
