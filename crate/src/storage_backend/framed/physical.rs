//! What is known of the physical tables without asking SQLite: their numbers and their counters, with the undo a rollback needs.

use std::cell::RefCell;
use std::collections::BTreeMap;
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
    /// The indexes, by name.
    pub indexes: RefCell<BTreeMap<String, PhysicalIndex>>,
    /// Items and bytes.
    pub counters: RefCell<Counters>,
}

/// An index as the backend knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhysicalIndex {
    /// Its number within the table.
    pub number: u32,
    /// Global or local.
    pub kind: EntryKeyColumns,
}

impl PhysicalTable {
    /// A table without indexes, streams, or items.
    pub fn new(number: u32, name: &str) -> Self {
        Self {
            number,
            name: name.into(),
            stream: RefCell::default(),
            ttl_attribute: RefCell::default(),
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

    /// The physical table of an index of the wanted kind (`None`: of either).
    pub fn index(&self, name: &str, kind: Option<EntryKeyColumns>) -> Result<RowTable, BackendError> {
        let indexes = self.indexes.borrow();
        let found = indexes.get(name).filter(|index| kind.is_none_or(|kind| kind == index.kind));
        match found {
            Some(index) => Ok(RowTable {
                table: self.number,
                index: index.number,
                kind: index.kind,
            }),
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
    /// Its indexes, by number.
    pub indexes: BTreeMap<u32, Tally>,
    /// The last stream sequence number drawn.
    pub sequence: i64,
}

impl Counters {
    /// Adds to the table's (`index` 0) or an index's tally.
    pub fn add(&mut self, index: u32, items: i64, bytes: i64) {
        let tally = if index == 0 {
            &mut self.base
        } else {
            self.indexes.entry(index).or_default()
        };
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
                    self.indexes.insert(number, Tally { items, bytes });
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
