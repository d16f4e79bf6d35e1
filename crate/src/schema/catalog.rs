//! The tables of the database, parsed: a request never reads or parses a definition again.

use std::rc::Rc;

use super::table::{TableDefinition, TableStatus};

/// The definitions of all tables, and the changes of state that are due.
#[derive(Debug, Default)]
pub struct Catalog {
    /// In the order of their names: far more often looked up than changed, and seldom many.
    tables: Vec<Rc<TableDefinition>>,
    /// When a table leaves the state it passes through, in milliseconds since 1970.
    due: Vec<(i64, String)>,
}

impl Catalog {
    /// Where the table of that name is, or would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.tables.binary_search_by(|table| table.name.as_str().cmp(name))
    }

    fn find(&self, name: &str) -> Option<&Rc<TableDefinition>> {
        self.place(name).ok().and_then(|at| self.tables.get(at))
    }

    /// The table of that name, whatever its state.
    pub fn get(&self, name: &str) -> Option<Rc<TableDefinition>> {
        self.find(name).cloned()
    }

    /// The table of that name if items can be read and written.
    pub fn usable(&self, name: &str) -> Option<Rc<TableDefinition>> {
        self.find(name)
            .filter(|table| matches!(table.status, TableStatus::Active | TableStatus::Updating))
            .cloned()
    }

    /// Adds or replaces a table.
    pub fn insert(&mut self, table: TableDefinition) -> Rc<TableDefinition> {
        let table = Rc::new(table);
        match self.place(&table.name) {
            Ok(at) => self.tables[at] = table.clone(),
            Err(at) => self.tables.insert(at, table.clone()),
        }
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
            let Ok(at) = self.place(&name) else { continue };
            let table = &mut self.tables[at];
            match table.status {
                TableStatus::Deleting => {
                    self.tables.remove(at);
                }
                TableStatus::Creating => Rc::make_mut(table).activate(),
                TableStatus::Updating => Rc::make_mut(table).settle_update(),
                TableStatus::Active => {}
            }
        }
    }

    /// Names behind `start`, in order, at most `limit`; and whether there are more (rule 93).
    pub fn names(&self, start: Option<&str>, limit: usize) -> (Vec<String>, bool) {
        let from = start.map_or(0, |start| self.place(start).map_or_else(|at| at, |at| at + 1));
        let behind = &self.tables[from..];
        let names = behind.iter().take(limit).map(|table| table.name.to_string()).collect();
        (names, behind.len() > limit)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Rc<TableDefinition>> {
        self.tables.iter()
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
