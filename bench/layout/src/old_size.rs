//! What learning an item's old size costs a write that does not read the old item.
//!
//! Item count and table size are kept as deltas, so every put needs to know whether it replaced an item, and of what size. Compared: not
//! learning it; one upsert that keeps the old size in a column and returns it; a select in front of the upsert.

use std::path::Path;

use rusqlite::{OptionalExtension, params};

use crate::Effort;
use crate::layout::Layout;
use crate::report::{figure, median, micros_per, table_head, table_row};
use crate::table::{Outcome, Table, checkpoint};
use crate::workload::{ItemSizes, Random, Workload, operations};

const PLAIN: &str = "INSERT INTO t (h, pk, sk, size, item) VALUES (?1, ?2, ?3, ?4, ?5)
   ON CONFLICT (h, pk, sk) DO UPDATE SET size = excluded.size, item = excluded.item";
const RETURNING: &str = "INSERT INTO t (h, pk, sk, size, item) VALUES (?1, ?2, ?3, ?4, ?5)
   ON CONFLICT (h, pk, sk) DO UPDATE SET prev = size, size = excluded.size, item = excluded.item RETURNING prev";
const SELECT: &str = "SELECT size FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3";

/// Measures and prints the comparison.
pub fn run(effort: &Effort, dir: &Path) -> Outcome<()> {
    table_head(
        "Learning the old size, µs per put that replaces an item, inside a transaction",
        &[
            "item",
            "page",
            "layout",
            "plain upsert",
            "upsert RETURNING prev",
            "SELECT size + plain upsert",
        ],
    );
    for items in [
        ItemSizes {
            name: "0.3 kB",
            mix: &[(100, 300)],
        },
        ItemSizes {
            name: "1.2 kB",
            mix: &[(100, 1_200)],
        },
    ] {
        let workload = Workload::new(items, effort.table_bytes / 2, 100);
        for &page_bytes in effort.page_sizes {
            for layout in [Layout::WithoutRowid, Layout::Rowid] {
                let figures = measure(effort, dir, &workload, layout, items.mean(), page_bytes)?;
                let mut row = vec![items.name.to_owned(), format!("{} kB", page_bytes / 1024), layout.name().to_owned()];
                row.extend(figures.into_iter().map(|mut samples| figure(median(&mut samples))));
                table_row(&row);
            }
        }
    }
    println!();
    Ok(())
}

fn measure(
    effort: &Effort,
    dir: &Path,
    workload: &Workload,
    layout: Layout,
    item_bytes: usize,
    page_bytes: usize,
) -> Outcome<[Vec<f64>; 3]> {
    let mut table = Table::create(dir, layout, page_bytes)?;
    let mut random = Random::new(5);
    let mut text = String::new();
    table.connection.execute_batch("BEGIN")?;
    for key in &workload.keys {
        workload.write_item(&mut random, &mut text);
        table.put(key, &text)?;
    }
    table.connection.execute_batch("COMMIT")?;
    checkpoint(&table.connection)?;
    let mut samples: [Vec<f64>; 3] = Default::default();
    let count = operations(item_bytes);
    // These differ by a microsecond or so: more rounds than in the grid.
    for _ in 0..3 * effort.rounds {
        for (variant, values) in samples.iter_mut().enumerate() {
            table.connection.execute_batch("BEGIN")?;
            values.push(micros_per(count, || -> Outcome<()> {
                for _ in 0..count {
                    let key = &workload.keys[random.below(workload.keys.len())];
                    workload.write_item(&mut random, &mut text);
                    if variant == 2 {
                        let mut select = table.connection.prepare_cached(SELECT)?;
                        let size: Option<i64> = select.query_row(params![key.h, key.pk, key.sk], |row| row.get(0)).optional()?;
                        if size.is_none() {
                            return Err("an item is gone".into());
                        }
                    }
                    let parameters = params![key.h, key.pk, key.sk, text.len(), text];
                    if variant == 1 {
                        let mut upsert = table.connection.prepare_cached(RETURNING)?;
                        let _: Option<i64> = upsert.query_row(parameters, |row| row.get(0))?;
                    } else {
                        table.connection.prepare_cached(PLAIN)?.execute(parameters)?;
                    }
                }
                Ok(())
            })?);
            table.connection.execute_batch("COMMIT")?;
            checkpoint(&table.connection)?;
        }
    }
    let path = table.path.clone();
    drop(table);
    std::fs::remove_file(path)?;
    Ok(samples)
}
