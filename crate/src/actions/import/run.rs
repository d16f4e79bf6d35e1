//! A run: the items of some megabytes of a source, written in the order of a scan.
//!
//! A table's rows lie in the order of their hashes (`docs/layout.md`), so that items in any other order each dirty pages of their own, which
//! are logged and copied again with every commit. Put in order first, what one step writes lies together, and a run touches a page once.

use crate::model::sorting::sort;
use crate::storage_backend::BaseItemRow;

/// Bytes of items after which a run is written.
const RUN_BYTES: usize = 16 << 20;

/// What a row costs beside its texts.
const ROW_BYTES: usize = 128;

/// Items and bytes written in one step.
const ITEMS_A_STEP: usize = 500;
const BYTES_A_STEP: usize = 256 << 10;

/// Items that wait to be written.
#[derive(Debug, Default)]
pub struct Run {
    rows: Vec<BaseItemRow>,
    bytes: usize,
    written: usize,
}

impl Run {
    /// Takes an item.
    pub fn push(&mut self, row: BaseItemRow) {
        self.bytes += row.item_json.len() + row.pk.len() + row.sk.len() + ROW_BYTES;
        self.rows.push(row);
    }

    /// Whether it is time to write.
    pub fn is_full(&self) -> bool {
        self.bytes >= RUN_BYTES
    }

    /// Puts the items in the order of a scan; of several items of one key the last one counts.
    pub fn arrange(&mut self) {
        sort(&mut self.rows, |a, b| place(a).cmp(&place(b)));
        // The sort keeps the order of equal keys, and `dedup_by` keeps the first of them: so that one takes the later one's place.
        self.rows.dedup_by(|later, earlier| {
            let same = place(later) == place(earlier);
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        self.written = 0;
    }

    /// The items of the next step; none when all are written.
    pub fn step(&self) -> &[BaseItemRow] {
        let rest = self.rows.get(self.written..).unwrap_or_default();
        let mut bytes = 0;
        let fits = |row: &&BaseItemRow| {
            let room = bytes < BYTES_A_STEP;
            bytes += row.item_json.len();
            room
        };
        let count = rest.iter().take(ITEMS_A_STEP).take_while(fits).count();
        rest.get(..count).unwrap_or_default()
    }

    /// Notes that so many items more are written; says whether they were the last.
    pub fn wrote(&mut self, count: usize) -> bool {
        self.written += count;
        self.written >= self.rows.len()
    }

    /// Whether so many items more are all there are.
    pub fn ends_with(&self, count: usize) -> bool {
        self.written + count >= self.rows.len()
    }
}

/// Where a row lies in the order of a scan: the hexadecimal digits of its hash sort as the hash.
fn place(row: &BaseItemRow) -> (&str, &str, &str) {
    (&row.hash_prefix, &row.pk, &row.sk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::hash_prefix;

    fn row(pk: &str, json: &str) -> BaseItemRow {
        BaseItemRow {
            pk: pk.to_owned(),
            item_json: json.to_owned(),
            hash_prefix: format!("{:06x}", hash_prefix(pk)),
            ..BaseItemRow::default()
        }
    }

    #[test]
    fn a_run_is_written_in_the_order_of_a_scan_and_the_last_of_a_key_counts() {
        let mut run = Run::default();
        for at in 0..1200 {
            run.push(row(&format!("{}", at % 900), &format!("{at}")));
        }
        run.arrange();
        let mut seen = Vec::new();
        loop {
            let step = run.step().to_vec();
            assert!(step.len() <= ITEMS_A_STEP);
            let last = run.ends_with(step.len());
            assert_eq!(run.wrote(step.len()), last);
            seen.extend(step);
            if last {
                break;
            }
        }
        assert_eq!(seen.len(), 900);
        assert!(seen.is_sorted_by_key(|row| (hash_prefix(&row.pk), row.pk.clone())));
        for row in &seen {
            let pk: usize = row.pk.parse().unwrap();
            let latest = if pk < 300 { pk + 900 } else { pk };
            assert_eq!(row.item_json, latest.to_string());
        }
    }

    #[test]
    fn a_step_of_large_items_is_a_few() {
        let mut run = Run::default();
        let large = "x".repeat(200 << 10);
        for at in 0..5 {
            run.push(row(&at.to_string(), &large));
        }
        run.arrange();
        assert_eq!(run.step().len(), 2);
        assert!(!run.is_full());
        for at in 0..100 {
            run.push(row(&at.to_string(), &large));
        }
        assert!(run.is_full());
    }
}
