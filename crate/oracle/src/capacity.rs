//! What requests consume (behaviour rules 62 to 68).

use crate::json::Json;
use crate::request::Consumed;
use crate::table::{Table, Target};
use crate::value::{Item, item_size};

/// Units by arm, in halves.
#[derive(Clone, Debug)]
pub struct Capacity {
    table: usize,
    /// By index; `None` where an index took no part.
    indexes: Vec<Option<usize>>,
}

/// Write units of so many bytes, in halves (rule 64).
fn of_bytes_written(bytes: usize) -> usize {
    2 * bytes.div_ceil(1024).max(1)
}

/// Read units of so many bytes, in halves (rule 63).
pub fn of_bytes_read(bytes: usize, consistent: bool) -> usize {
    bytes.div_ceil(4096).max(1) * if consistent { 2 } else { 1 }
}

impl Capacity {
    /// Nothing yet.
    pub fn none(table: &Table) -> Self {
        Self {
            table: 0,
            indexes: vec![None; table.indexes.len()],
        }
    }

    /// Adds halves to the table's arm or an index's.
    pub fn add(&mut self, target: Target, halves: usize) {
        match target {
            None => self.table += halves,
            Some(index) => self.indexes[index] = Some(self.indexes[index].unwrap_or(0) + halves),
        }
    }

    /// Adds what a write of one item consumes: the larger image on the table, and on every index what happens to its entry (rule 67).
    pub fn add_write(&mut self, table: &Table, old: Option<&Item>, new: Option<&Item>) {
        let larger = |old: Option<&Item>, new: Option<&Item>| of_bytes_written(old.map_or(0, item_size).max(new.map_or(0, item_size)));
        self.table += larger(old, new);
        for index in 0..table.indexes.len() {
            let entry = |item: Option<&Item>| item.and_then(|item| table.entry(Some(index), item));
            let (old, new) = (entry(old), entry(new));
            let (hash, range) = table.schema(Some(index));
            let names = [hash, range].concat();
            match (&old, &new) {
                _ if old == new => {}
                (Some(old), Some(new)) if Table::pick(&names, old) != Table::pick(&names, new) => {
                    self.add(Some(index), of_bytes_written(item_size(old)) + of_bytes_written(item_size(new)));
                }
                (old, new) => self.add(Some(index), larger(old.as_ref(), new.as_ref())),
            }
        }
    }

    /// Doubles what the table consumes: so it is in transactions (rule 65).
    pub fn double_table(&mut self) {
        self.table *= 2;
    }

    /// As `ConsumedCapacity`, if it was asked for.
    pub fn json(&self, table: &Table, consumed: Consumed) -> Option<Json> {
        self.json_split(table, consumed, None)
    }

    /// The same where every arm also says whether it read or wrote: in transactions (rule 65 as part D has it).
    pub fn json_split(&self, table: &Table, consumed: Consumed, split: Option<&str>) -> Option<Json> {
        let units = |halves: usize| Json::Number(format!("{}.{}", halves / 2, halves % 2 * 5));
        let all = self.table + self.indexes.iter().flatten().sum::<usize>();
        let arm = |halves: usize| {
            let members = ["CapacityUnits"].into_iter().chain(split);
            Json::Object(members.map(|member| (member.to_owned(), units(halves))).collect())
        };
        let mut json = arm(all);
        json.set("TableName", Json::text(&table.name));
        if consumed == Consumed::Indexes {
            json.set("Table", arm(self.table));
            for (member, local) in [("GlobalSecondaryIndexes", false), ("LocalSecondaryIndexes", true)] {
                let arms = table.indexes.iter().zip(&self.indexes).filter(|(index, _)| index.local == local);
                let arms: Vec<_> = arms
                    .filter_map(|(index, halves)| Some((index.name.clone(), arm((*halves)?))))
                    .collect();
                if !arms.is_empty() {
                    json.set(member, Json::Object(arms));
                }
            }
        }
        (consumed != Consumed::None).then_some(json)
    }
}
