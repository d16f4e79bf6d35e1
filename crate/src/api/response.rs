//! Writing answers: the shapes several operations share.

use super::request::ReturnConsumedCapacity;
use crate::model::Item;
use crate::schema::KeySchema;
use crate::schema::json_text::ObjectWriter;

/// Capacity units. The service counts in halves, so this does too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct CapacityUnits(u64);

impl CapacityUnits {
    /// That many half units.
    pub const fn from_halves(halves: u64) -> Self {
        Self(halves)
    }

    /// That many whole units.
    pub const fn from_units(units: u64) -> Self {
        Self(units * 2)
    }

    /// How many half units.
    pub const fn halves(self) -> u64 {
        self.0
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice((self.0 / 2).to_string().as_bytes());
        out.extend_from_slice(if self.0.is_multiple_of(2) { b".0" } else { b".5" });
    }
}

impl std::ops::Add for CapacityUnits {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for CapacityUnits {
    fn sum<I: Iterator<Item = Self>>(units: I) -> Self {
        units.fold(Self::default(), |sum, units| sum + units)
    }
}

/// What a request consumed (rules 62-68).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConsumedCapacity {
    /// The table's part.
    pub table: CapacityUnits,
    /// The parts of global indexes, by name.
    pub global_indexes: Vec<(String, CapacityUnits)>,
    /// The parts of local indexes, by name.
    pub local_indexes: Vec<(String, CapacityUnits)>,
}

impl ConsumedCapacity {
    /// The sum of all parts.
    pub fn total(&self) -> CapacityUnits {
        let indexes = self.global_indexes.iter().chain(&self.local_indexes).map(|(_, units)| *units);
        self.table + indexes.sum()
    }

    /// Adds what another request, or another part of this one, consumed of the same table.
    pub fn add(&mut self, other: Self) {
        self.table = self.table + other.table;
        for (parts, others) in [
            (&mut self.global_indexes, other.global_indexes),
            (&mut self.local_indexes, other.local_indexes),
        ] {
            for (name, units) in others {
                match parts.iter_mut().find(|(index, _)| *index == name) {
                    Some((_, sum)) => *sum = *sum + units,
                    None => parts.push((name, units)),
                }
            }
        }
    }

    /// Writes the `ConsumedCapacity` member, if the request wants one. In mode INDEXES every part is named, the table's even if it is 0.
    pub fn write_member(&self, object: &mut ObjectWriter<'_>, table_name: &str, mode: ReturnConsumedCapacity) {
        if mode != ReturnConsumedCapacity::None {
            object.object("ConsumedCapacity", |capacity| self.write(capacity, table_name, mode));
        }
    }

    /// Writes the members of a `ConsumedCapacity`.
    pub fn write(&self, capacity: &mut ObjectWriter<'_>, table_name: &str, mode: ReturnConsumedCapacity) {
        self.write_arms(capacity, table_name, mode, None);
    }

    /// [`ConsumedCapacity::write`] for a transaction, where every arm also says whether it read or wrote (rule 65).
    pub fn write_in_transaction(
        &self,
        capacity: &mut ObjectWriter<'_>,
        table_name: &str,
        mode: ReturnConsumedCapacity,
        unit: TransactionUnit,
    ) {
        self.write_arms(capacity, table_name, mode, Some(unit));
    }

    fn write_arms(&self, capacity: &mut ObjectWriter<'_>, table_name: &str, mode: ReturnConsumedCapacity, unit: Option<TransactionUnit>) {
        let write_arm = |arm: &mut ObjectWriter<'_>, units: CapacityUnits| {
            units.write(arm.name("CapacityUnits"));
            if let Some(unit) = unit {
                units.write(arm.name(unit.member()));
            }
        };
        capacity.string("TableName", table_name);
        write_arm(capacity, self.total());
        if mode == ReturnConsumedCapacity::Indexes {
            capacity.object("Table", |part| write_arm(part, self.table));
            for (name, parts) in [
                ("GlobalSecondaryIndexes", &self.global_indexes),
                ("LocalSecondaryIndexes", &self.local_indexes),
            ] {
                if !parts.is_empty() {
                    capacity.object(name, |indexes| {
                        for (index, units) in parts {
                            indexes.object(index, |part| write_arm(part, *units));
                        }
                    });
                }
            }
        }
    }
}

/// What the capacity units of a transaction were used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TransactionUnit {
    /// Reading: `TransactGetItems`, and a `TransactWriteItems` that was answered before (rule 66).
    Read,
    /// Writing, and checking conditions.
    Write,
}

impl TransactionUnit {
    fn member(self) -> &'static str {
        match self {
            Self::Read => "ReadCapacityUnits",
            Self::Write => "WriteCapacityUnits",
        }
    }
}

/// Writes the `ItemCollectionMetrics` member of a write to a table with local indexes (rule 69); `gigabytes` is the size of the item
/// collection, rounded down.
pub fn write_item_collection_metrics(object: &mut ObjectWriter<'_>, key_schema: &KeySchema, item: &Item, gigabytes: u64) {
    object.object("ItemCollectionMetrics", |metrics| {
        write_item_collection(metrics, key_schema, item, gigabytes);
    });
}

/// Writes the members of an `ItemCollectionMetrics`.
pub fn write_item_collection(metrics: &mut ObjectWriter<'_>, key_schema: &KeySchema, item: &Item, gigabytes: u64) {
    let hash = key_schema.hash.iter();
    let key: Item = hash
        .filter_map(|attribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone())))
        .collect();
    key.write_json(metrics.name("ItemCollectionKey"));
    let range = format!("[{gigabytes}.0,{}.0]", gigabytes + 1);
    metrics.name("SizeEstimateRangeGB").extend_from_slice(range.as_bytes());
}

/// The answer of an operation that answers with an empty object.
pub const EMPTY: &[u8] = b"{}";

#[cfg(test)]
mod tests;
