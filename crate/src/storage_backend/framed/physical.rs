//! What is known of the physical tables without asking SQLite: their numbers and their counters, with the undo a rollback needs.

use std::cell::{Cell, Ref, RefCell};
use std::fmt::Write as _;
use std::rc::Rc;

use crate::storage_backend::error::BackendError;
use crate::storage_backend::sql_builders::{EntryKeyColumns, RowTable};

/// A table as the backend knows it.
#[derive(Debug)]
pub struct PhysicalTable {
    /// The number the physical tables are named by.
    pub number: u32,
    /// The table's name.
    pub name: Rc<str>,
    /// The open stream.
    pub stream: RefCell<Option<i64>>,
    /// The TTL attribute, while TTL is enabled.
    pub ttl_attribute: RefCell<Option<String>>,
    /// Whether it is used as a cache: uses of its items are noted.
    pub is_cache: Cell<bool>,
    /// How far a cache was searched for items that were never used.
    pub unused: RefCell<UnusedSearch>,
    /// The indexes, sorted by name; there are a few dozen at most, for which a map costs more than it gives.
    indexes: RefCell<Vec<(String, PhysicalIndex)>>,
    /// Items and bytes.
    pub counters: RefCell<Counters>,
}

/// How far a cache was searched, in the order of a scan, for items that were never used.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum UnusedSearch {
    /// Not at all.
    #[default]
    Begin,
    /// Up to the item of that key.
    Behind([String; 2]),
    /// To its end: there are none.
    Done,
}

/// An index as the backend knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhysicalIndex {
    /// Its number within the table.
    pub number: u32,
    /// Global or local.
    pub kind: EntryKeyColumns,
}

impl PhysicalIndex {
    /// Its physical table.
    pub fn of(self, table: u32) -> RowTable {
        RowTable {
            table,
            index: self.number,
            kind: self.kind,
        }
    }
}

impl PhysicalTable {
    /// A table without indexes, streams, or items.
    pub fn new(number: u32, name: &str) -> Self {
        Self {
            number,
            name: name.into(),
            stream: RefCell::default(),
            ttl_attribute: RefCell::default(),
            is_cache: Cell::default(),
            unused: RefCell::default(),
            indexes: RefCell::default(),
            counters: RefCell::default(),
        }
    }

    /// The open stream.
    pub fn stream_number(&self) -> Result<i64, BackendError> {
        self.stream
            .borrow()
            .ok_or_else(|| BackendError::InvalidArgument(format!("table {} has no open stream", self.name)))
    }

    /// The indexes, by name.
    pub fn indexes(&self) -> Ref<'_, [(String, PhysicalIndex)]> {
        Ref::map(self.indexes.borrow(), Vec::as_slice)
    }

    /// The index of a name.
    pub fn find_index(&self, name: &str) -> Option<PhysicalIndex> {
        let indexes = self.indexes.borrow();
        indexes.iter().find(|(known, _)| known == name).map(|(_, index)| *index)
    }

    /// Notes a new index.
    pub fn add_index(&self, name: String, index: PhysicalIndex) {
        let mut indexes = self.indexes.borrow_mut();
        let at = indexes.partition_point(|(known, _)| *known < name);
        indexes.insert(at, (name, index));
    }

    /// Forgets an index, and what it counted.
    pub fn remove_index(&self, name: &str) {
        let Some(index) = self.find_index(name) else { return };
        self.indexes.borrow_mut().retain(|(known, _)| known != name);
        self.counters.borrow_mut().indexes.retain(|(number, _)| *number != index.number);
    }

    /// The physical table of an index of the wanted kind (`None`: of either).
    pub fn index(&self, name: &str, kind: Option<EntryKeyColumns>) -> Result<RowTable, BackendError> {
        let found = self.find_index(name).filter(|index| kind.is_none_or(|kind| kind == index.kind));
        match found {
            Some(index) => Ok(index.of(self.number)),
            None => Err(BackendError::IndexNotFound {
                table: self.name.to_string(),
                index: name.to_owned(),
            }),
        }
    }
}

/// A number of items and the sum of their sizes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items.
    pub items: i64,
    /// Bytes, by DynamoDB's rule.
    pub bytes: i64,
}

/// A table's counters: exact, kept as deltas, saved with each transaction that changes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// The table itself.
    pub base: Tally,
    /// Those of its indexes, sorted by number.
    indexes: Vec<(u32, Tally)>,
    /// The last stream sequence number drawn.
    pub sequence: i64,
}

impl Counters {
    /// An index's tally.
    pub fn of_index(&self, number: u32) -> Tally {
        let found = self.indexes.iter().find(|(known, _)| *known == number);
        found.map(|(_, tally)| *tally).unwrap_or_default()
    }

    /// The tally to change: the table's (`index` 0) or an index's, which begins at nothing.
    fn tally(&mut self, index: u32) -> &mut Tally {
        if index == 0 {
            return &mut self.base;
        }
        let at = self.indexes.partition_point(|(number, _)| *number < index);
        if self.indexes.get(at).is_none_or(|(number, _)| *number != index) {
            self.indexes.insert(at, (index, Tally::default()));
        }
        &mut self.indexes[at].1
    }

    /// Adds to the table's (`index` 0) or an index's tally.
    pub fn add(&mut self, index: u32, items: i64, bytes: i64) {
        let tally = self.tally(index);
        tally.items += items;
        tally.bytes += bytes;
    }

    /// The indexes' tallies as they are stored: `number:items:bytes`, separated by blanks.
    pub fn indexes_text(&self) -> String {
        let mut text = String::new();
        for (number, tally) in &self.indexes {
            let glue = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{glue}{number}:{}:{}", tally.items, tally.bytes);
        }
        text
    }

    /// Reads [`Counters::indexes_text`] back.
    pub fn read_indexes(&mut self, text: &str) -> Result<(), BackendError> {
        for part in text.split_ascii_whitespace() {
            let mut fields = part.split(':').map(str::parse::<i64>);
            match (fields.next(), fields.next(), fields.next()) {
                (Some(Ok(number)), Some(Ok(items)), Some(Ok(bytes))) => {
                    let number = u32::try_from(number).map_err(|_| BackendError::Corrupt("a stored counter is unreadable".into()))?;
                    *self.tally(number) = Tally { items, bytes };
                }
                _ => return Err(BackendError::Corrupt("a stored counter is unreadable".into())),
            }
        }
        Ok(())
    }
}

/// What a rollback restores.
#[derive(Debug, Default)]
pub struct Undo {
    before: Vec<(Rc<PhysicalTable>, Counters)>,
    catalog_changed: bool,
}

impl Undo {
    /// Notes that a table's counters are about to change.
    pub fn touch(&mut self, table: &Rc<PhysicalTable>) {
        if !self.before.iter().any(|(known, _)| Rc::ptr_eq(known, table)) {
            self.before.push((table.clone(), table.counters.borrow().clone()));
        }
    }

    /// Notes that tables, indexes, streams or TTL settings have changed.
    pub fn catalog_changed(&mut self) {
        self.catalog_changed = true;
    }

    /// The tables whose counters have changed.
    pub fn touched(&self) -> impl Iterator<Item = &Rc<PhysicalTable>> {
        self.before.iter().map(|(table, _)| table)
    }

    /// A table is gone: there is nothing to save for it any more.
    pub fn forget(&mut self, number: u32) {
        self.before.retain(|(table, _)| table.number != number);
    }

    /// Restores the counters; says whether the catalog must be loaded again.
    pub fn restore(&mut self) -> bool {
        for (table, counters) in self.before.drain(..) {
            *table.counters.borrow_mut() = counters;
        }
        std::mem::take(&mut self.catalog_changed)
    }

    /// The transaction is committed.
    pub fn clear(&mut self) {
        self.before.clear();
        self.catalog_changed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_survive_their_text() {
        let mut counters = Counters::default();
        counters.add(2, 3, 400);
        counters.add(11, -1, 7);
        let mut read = Counters::default();
        read.read_indexes(&counters.indexes_text()).unwrap();
        assert_eq!(read, counters);
        assert!(matches!(read.read_indexes("2:x:1"), Err(BackendError::Corrupt(_))));
    }

    #[test]
    fn a_rollback_restores_what_the_transaction_counted() {
        let table = Rc::new(PhysicalTable::new(1, "t"));
        table.counters.borrow_mut().add(0, 5, 50);
        let mut undo = Undo::default();
        undo.touch(&table);
        table.counters.borrow_mut().add(0, 1, 10);
        undo.touch(&table);
        table.counters.borrow_mut().add(0, 1, 10);
        assert!(!undo.restore());
        assert_eq!(table.counters.borrow().base, Tally { items: 5, bytes: 50 });
    }
}
