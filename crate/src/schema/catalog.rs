//! The tables of the database, parsed: a request never reads or parses a definition again.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::table::{TableDefinition, TableStatus};

/// The definitions of all tables, by name, and the changes of state that are due.
#[derive(Debug, Default)]
pub struct Catalog {
    tables: BTreeMap<String, Rc<TableDefinition>>,
    /// When a table leaves the state it passes through, in milliseconds since 1970.
    due: Vec<(i64, String)>,
}

impl Catalog {
    /// The table of that name, whatever its state.
    pub fn get(&self, name: &str) -> Option<Rc<TableDefinition>> {
        self.tables.get(name).cloned()
    }

    /// The table of that name if items can be read and written.
    pub fn usable(&self, name: &str) -> Option<Rc<TableDefinition>> {
        self.tables
            .get(name)
            .filter(|table| matches!(table.status, TableStatus::Active | TableStatus::Updating))
            .cloned()
    }

    /// Adds or replaces a table.
    pub fn insert(&mut self, table: TableDefinition) -> Rc<TableDefinition> {
        let table = Rc::new(table);
        self.tables.insert(table.name.to_string(), table.clone());
        table
    }

    /// Lets a table leave its CREATING or DELETING state at that time.
    pub fn settle_at(&mut self, name: &str, due: i64) {
        self.due.push((due, name.to_owned()));
    }

    /// When the next table leaves its state.
    pub fn next_due(&self) -> Option<i64> {
        self.due.iter().map(|(due, _)| *due).min()
    }

    /// Lets every table whose time has come leave its state.
    pub fn settle(&mut self, now: i64) {
        if self.due.is_empty() {
            return;
        }
        let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.due).into_iter().partition(|(due, _)| *due <= now);
        self.due = waiting;
        for (_, name) in ready {
            match self.tables.get(&name).map(|table| table.status) {
                Some(TableStatus::Deleting) => {
                    self.tables.remove(&name);
                }
                Some(TableStatus::Creating) => {
                    if let Some(table) = self.tables.get_mut(&name) {
                        Rc::make_mut(table).activate();
                    }
                }
                Some(TableStatus::Updating) => {
                    if let Some(table) = self.tables.get_mut(&name) {
                        Rc::make_mut(table).settle_update();
                    }
                }
                _ => {}
            }
        }
    }

    /// Names behind `start`, in order, at most `limit`; and whether there are more (rule 93).
    pub fn names(&self, start: Option<&str>, limit: usize) -> (Vec<String>, bool) {
        use std::ops::Bound;
        let from = start.map_or(Bound::Unbounded, Bound::Excluded);
        let mut behind = self.tables.range::<str, _>((from, Bound::Unbounded)).map(|(name, _)| name.clone());
        let names: Vec<String> = behind.by_ref().take(limit).collect();
        let more = behind.next().is_some();
        (names, more)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Rc<TableDefinition>> {
        self.tables.values()
    }

    /// The number of tables.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    /// Whether there is no table.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}
