//! What requests consume (rules 62-68).

use super::item_change::EntryChange;
use crate::api::response::{CapacityUnits, ConsumedCapacity};
use crate::schema::IndexDefinition;

/// Write units of so many bytes: one for each begun kilobyte, at least one (rule 64).
fn write_units(bytes: usize) -> CapacityUnits {
    CapacityUnits::from_units(bytes.div_ceil(1024).max(1) as u64)
}

/// Read units of so many bytes: a half for each begun 4 kB, twice that when consistent, at least one such step (rule 63).
pub fn read_units(bytes: usize, consistent: bool) -> CapacityUnits {
    let steps = bytes.div_ceil(4096).max(1) as u64;
    CapacityUnits::from_halves(if consistent { steps * 2 } else { steps })
}

/// A write of one item: the larger image on the table, and every index whose entry changes (rules 64, 67).
pub fn of_write(old: Option<usize>, new: Option<usize>, changes: &[EntryChange<'_>]) -> ConsumedCapacity {
    let larger = |old: Option<usize>, new: Option<usize>| write_units(old.max(new).unwrap_or(0));
    let mut consumed = ConsumedCapacity {
        table: larger(old, new),
        ..ConsumedCapacity::default()
    };
    for change in changes {
        let (old, new) = (
            change.old.as_ref().map(|entry| entry.size),
            change.new.as_ref().map(|entry| entry.size),
        );
        let units = if change.moves() {
            write_units(old.unwrap_or(0)) + write_units(new.unwrap_or(0))
        } else {
            larger(old, new)
        };
        add_index(&mut consumed, change.index, units);
    }
    consumed
}

/// Adds an index's part.
pub fn add_index(consumed: &mut ConsumedCapacity, index: &IndexDefinition, units: CapacityUnits) {
    let part = (index.name.clone(), units);
    if index.is_global() {
        consumed.global_indexes.push(part);
    } else {
        consumed.local_indexes.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_count_begun_steps_of_4_kb_and_at_least_one() {
        // rule 63
        for (bytes, halves) in [(0, 1), (1, 1), (4096, 1), (4097, 2), (409_600, 100)] {
            assert_eq!(read_units(bytes, false), CapacityUnits::from_halves(halves), "{bytes}");
            assert_eq!(read_units(bytes, true), CapacityUnits::from_halves(halves * 2), "{bytes}");
        }
    }

    #[test]
    fn writes_count_begun_kilobytes_of_the_larger_image() {
        // rule 64
        for (old, new, units) in [
            (None, Some(1), 1),
            (Some(3000), Some(10), 3),
            (Some(10), Some(1025), 2),
            (Some(2048), None, 2),
            (None, None, 1),
        ] {
            assert_eq!(of_write(old, new, &[]).table, CapacityUnits::from_units(units), "{old:?} {new:?}");
        }
    }
}
