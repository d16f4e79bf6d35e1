//! Item sizes x page sizes x layouts: space, and the time of every operation.
//!
//! All layouts of one item and page size are loaded with the same items in the same shuffled order, then measured in turns, so that
//! a busy moment of the machine falls on all of them.

use std::path::Path;

use crate::Effort;
use crate::layout::{LAYOUTS, Layout};
use crate::report::{figure, median, micros_per, table_head, table_row};
use crate::table::{Outcome, Table, checkpoint, stored_bytes, wal_bytes};
use crate::workload::{Random, Workload, operations};

const COLUMNS: [&str; 16] = [
    "page",
    "layout",
    "stored / item",
    "get",
    "range",
    "scan MB",
    "update",
    "insert",
    "delete",
    "update + commit",
    "insert + commit",
    "WAL kB / update",
    "WAL kB / insert",
    "pages, cold get",
    "pages, cold range",
    "pages, cold scan MB",
];

/// One layout's table and what has been measured of it.
struct Contender {
    table: Table,
    stored_ratio: f64,
    /// One list of samples per timed column, in the order of the columns from "get" on.
    samples: [Vec<f64>; 10],
    /// Pages read by a get, a range and a scan of 1 MB when nothing is cached.
    cold_pages: [f64; 3],
}

/// Measures and prints the grid.
pub fn run(effort: &Effort, dir: &Path) -> Outcome<()> {
    for items in effort.items {
        let item_bytes = items.mean();
        let range = if item_bytes <= 6_000 { 100 } else { 20 };
        // Few large items would leave whole-file granularity in the figures.
        let table_bytes = if item_bytes > 6_000 {
            2 * effort.table_bytes
        } else {
            effort.table_bytes
        };
        let workload = Workload::new(*items, table_bytes, range);
        table_head(&format!("Items of {}, µs; ranges of {range}", items.name), &COLUMNS);
        for &page_bytes in effort.page_sizes {
            measure_page_size(effort, dir, &workload, item_bytes, page_bytes, range)?;
        }
    }
    Ok(())
}

fn measure_page_size(effort: &Effort, dir: &Path, workload: &Workload, item_bytes: usize, page_bytes: usize, range: usize) -> Outcome<()> {
    let mut contenders = Vec::new();
    for layout in LAYOUTS {
        contenders.push(load(dir, layout, workload, page_bytes)?);
    }
    for contender in &mut contenders {
        measure_cold(contender, workload, range, scan_limit(workload, item_bytes))?;
        contender.table.warm()?;
    }
    for round in 0..effort.rounds {
        for contender in &mut contenders {
            let mut random = Random::new(round as u64 + 1);
            let figures = measure_round(contender, workload, &mut random, item_bytes, range)?;
            for (samples, value) in contender.samples.iter_mut().zip(figures) {
                samples.push(value);
            }
        }
    }
    for mut contender in contenders {
        let mut cells = vec![
            format!("{} kB", page_bytes / 1024),
            contender.table.layout.name().to_owned(),
            format!("{:.2}x", contender.stored_ratio),
        ];
        cells.extend(contender.samples.iter_mut().map(|samples| figure(median(samples))));
        cells.extend(contender.cold_pages.map(figure));
        table_row(&cells);
        let path = contender.table.path.clone();
        drop(contender);
        std::fs::remove_file(path)?;
    }
    Ok(())
}

fn load(dir: &Path, layout: Layout, workload: &Workload, page_bytes: usize) -> Outcome<Contender> {
    let mut table = Table::create(dir, layout, page_bytes)?;
    let mut random = Random::new(0);
    let mut text = String::new();
    let mut item_bytes = 0;
    table.connection.execute_batch("PRAGMA cache_size = -400000; BEGIN")?;
    for key in &workload.keys {
        workload.write_item(&mut random, &mut text);
        item_bytes += text.len();
        table.put(key, &text)?;
    }
    table.connection.execute_batch("COMMIT; PRAGMA cache_size = -64000")?;
    checkpoint(&table.connection)?;
    let stored_ratio = stored_bytes(&table.connection)? / item_bytes as f64;
    Ok(Contender {
        table,
        stored_ratio,
        samples: Default::default(),
        cold_pages: [0.0; 3],
    })
}

/// Items in about 1 MB, the most one page of a Scan returns; the table may be smaller.
fn scan_limit(workload: &Workload, item_bytes: usize) -> usize {
    (1_000_000 / item_bytes).clamp(3, workload.keys.len())
}

/// Pages read from the file by single reads when nothing but the schema is cached.
fn measure_cold(contender: &mut Contender, workload: &Workload, range: usize, scan: usize) -> Outcome<()> {
    const READS: usize = 20;
    let mut random = Random::new(7);
    let table = &contender.table;
    let mut pages = [0; 3];
    for _ in 0..READS {
        let key = &workload.keys[random.below(workload.keys.len())];
        for (kind, sum) in pages.iter_mut().enumerate() {
            table.cool()?;
            table.take_pages_read();
            match kind {
                0 => table.get(key)?,
                1 => table.range(key, range)?,
                _ => table.scan(key, scan)?,
            };
            *sum += table.take_pages_read();
        }
    }
    contender.cold_pages = pages.map(|sum| f64::from(sum) / READS as f64);
    Ok(())
}

fn measure_round(
    contender: &mut Contender,
    workload: &Workload,
    random: &mut Random,
    item_bytes: usize,
    range: usize,
) -> Outcome<[f64; 10]> {
    let count = operations(item_bytes);
    let scan = scan_limit(workload, item_bytes);
    let table = &mut contender.table;
    let mut text = String::new();
    let mut some_keys = |n: usize| -> Vec<_> { (0..n).map(|_| &workload.keys[random.below(workload.keys.len())]).collect() };
    let (get_keys, range_keys) = (some_keys(2 * count), some_keys((count / 10).max(4)));
    let (update_keys, commit_keys) = (some_keys(count), some_keys((count / 3).max(8)));

    let get = micros_per(get_keys.len(), || -> Outcome<()> {
        for key in &get_keys {
            if table.get(key)? == 0 {
                return Err("an item is gone".into());
            }
        }
        Ok(())
    })?;
    let ranges = micros_per(range_keys.len(), || -> Outcome<()> {
        for key in &range_keys {
            table.range(key, range)?;
        }
        Ok(())
    })?;

    let scans = micros_per(4, || -> Outcome<()> {
        for key in &range_keys[..4] {
            table.scan(key, scan)?;
        }
        Ok(())
    })?;

    let transaction = |table: &mut Table, operations: &mut dyn FnMut(&mut Table) -> Outcome<()>, n: usize| {
        table.connection.execute_batch("BEGIN")?;
        let micros = micros_per(n, || operations(table))?;
        table.connection.execute_batch("COMMIT")?;
        Outcome::Ok(micros)
    };
    let update = transaction(
        table,
        &mut |table| {
            for key in &update_keys {
                workload.write_item(random, &mut text);
                table.put(key, &text)?;
            }
            Ok(())
        },
        update_keys.len(),
    )?;
    let absent = &workload.absent[..count];
    let insert = transaction(
        table,
        &mut |table| {
            for key in absent {
                workload.write_item(random, &mut text);
                table.put(key, &text)?;
            }
            Ok(())
        },
        count,
    )?;
    let delete = transaction(
        table,
        &mut |table| {
            for key in absent {
                table.delete(key)?;
            }
            Ok(())
        },
        count,
    )?;
    checkpoint(&table.connection)?;

    let mut commits = |table: &mut Table, n: usize, key: &dyn Fn(usize) -> crate::workload::Key| {
        let keys: Vec<_> = (0..n).map(key).collect();
        let micros = micros_per(n, || -> Outcome<()> {
            for key in &keys {
                workload.write_item(random, &mut text);
                table.connection.prepare_cached("BEGIN")?.execute([])?;
                table.put(key, &text)?;
                table.connection.prepare_cached("COMMIT")?.execute([])?;
            }
            Ok(())
        })?;
        let log = wal_bytes(&table.path)? as f64 / n as f64 / 1e3;
        checkpoint(&table.connection)?;
        Outcome::Ok((micros, log))
    };
    let (update_commit, update_log) = commits(table, commit_keys.len(), &|i| commit_keys[i].clone())?;
    let inserted = commit_keys.len();
    let (insert_commit, insert_log) = commits(table, inserted, &|i| absent[i].clone())?;
    for key in &absent[..inserted] {
        table.delete(key)?;
    }
    checkpoint(&table.connection)?;
    Ok([
        get,
        ranges,
        scans,
        update,
        insert,
        delete,
        update_commit,
        insert_commit,
        update_log,
        insert_log,
    ])
}
