//! Does a GSI table deserve a second index by base key?
//!
//! With it an entry can be found and deleted when only the base item's key is known. Without it the engine deletes by full key, which it
//! knows from the old item. Measured: the space of the second index and what it costs every write.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::Effort;
use crate::report::{figure, median, micros_per, table_head, table_row};
use crate::table::{Outcome, checkpoint, open_database, stored_bytes, wal_bytes};
use crate::workload::{ItemSizes, Key, Random, Workload, operations};

const ENTRIES: ItemSizes = ItemSizes {
    name: "0.3 kB",
    mix: &[(100, 300)],
};

const WITHOUT_ROWID: &str = "CREATE TABLE g (h INTEGER NOT NULL, gpk TEXT NOT NULL, gsk TEXT NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL,
   size INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (h, gpk, gsk, pk, sk)) WITHOUT ROWID";
const ROWID: &str = "CREATE TABLE g (id INTEGER PRIMARY KEY, h INTEGER NOT NULL, gpk TEXT NOT NULL, gsk TEXT NOT NULL, pk TEXT NOT NULL,
   sk TEXT NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL);
 CREATE UNIQUE INDEX g_key ON g (h, gpk, gsk, pk, sk)";
const SECOND_INDEX: &str = "CREATE INDEX g_base ON g (pk, sk)";
const INSERT: &str = "INSERT INTO g (h, gpk, gsk, pk, sk, size, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const DELETE_FULL: &str = "DELETE FROM g WHERE h = ?1 AND gpk = ?2 AND gsk = ?3 AND pk = ?4 AND sk = ?5";
const DELETE_BASE: &str = "DELETE FROM g WHERE pk = ?1 AND sk = ?2";

/// Measures and prints the comparison.
pub fn run(effort: &Effort, dir: &Path) -> Outcome<()> {
    table_head(
        "Second index of a GSI table by base key (entries of 0.3 kB), µs",
        &[
            "page",
            "GSI table",
            "stored / item",
            "insert",
            "move (delete by full key + insert)",
            "delete by full key",
            "delete by base key",
            "WAL kB / move, own commit",
        ],
    );
    let workload = Workload::new(ENTRIES, effort.table_bytes / 2, 100);
    for &page_bytes in effort.page_sizes {
        for (name, create) in [("without rowid", WITHOUT_ROWID), ("rowid", ROWID)] {
            for second in [false, true] {
                let path = dir.join("gsi.db");
                let connection = open_database(&path, page_bytes)?;
                connection.execute_batch(create)?;
                if second {
                    connection.execute_batch(SECOND_INDEX)?;
                }
                let cells = measure(&connection, &path, effort, &workload, second)?;
                drop(connection);
                std::fs::remove_file(&path)?;
                let mut row = vec![
                    format!("{} kB", page_bytes / 1024),
                    format!("{name}{}", if second { " + second index" } else { "" }),
                ];
                row.extend(cells);
                table_row(&row);
            }
        }
    }
    Ok(())
}

/// The index key of an entry: another partition than the base item's, and a sort key with a generation that a move changes.
fn insert(connection: &Connection, key: &Key, generation: usize, item: &str) -> rusqlite::Result<()> {
    let (h, gpk, gsk) = index_key(key, generation);
    connection
        .prepare_cached(INSERT)?
        .execute(params![h, gpk, gsk, key.pk, key.sk, item.len(), item])?;
    Ok(())
}

fn delete_full(connection: &Connection, key: &Key, generation: usize) -> rusqlite::Result<()> {
    let (h, gpk, gsk) = index_key(key, generation);
    connection
        .prepare_cached(DELETE_FULL)?
        .execute(params![h, gpk, gsk, key.pk, key.sk])?;
    Ok(())
}

fn index_key(key: &Key, generation: usize) -> (i64, String, String) {
    let status = key.sk.bytes().fold(0_i64, |sum, byte| sum * 31 + i64::from(byte)) % 997;
    (
        status * 16_829,
        format!("STATUS#{status:04}"),
        format!("{generation:04}#{}", key.pk),
    )
}

fn measure(connection: &Connection, path: &Path, effort: &Effort, workload: &Workload, second: bool) -> Outcome<Vec<String>> {
    let mut random = Random::new(3);
    let mut text = String::new();
    let mut item_bytes = 0;
    connection.execute_batch("BEGIN")?;
    for key in &workload.keys {
        workload.write_item(&mut random, &mut text);
        item_bytes += text.len();
        insert(connection, key, 0, &text)?;
    }
    connection.execute_batch("COMMIT")?;
    checkpoint(connection)?;
    let ratio = stored_bytes(connection)? / item_bytes as f64;

    let count = operations(ENTRIES.mean());
    let mut samples: [Vec<f64>; 5] = Default::default();
    for round in 0..effort.rounds {
        let entries = &workload.absent[..count];
        workload.write_item(&mut random, &mut text);
        connection.execute_batch("BEGIN")?;
        samples[0].push(micros_per(count, || -> Outcome<()> {
            for key in entries {
                insert(connection, key, round, &text)?;
            }
            Ok(())
        })?);
        samples[1].push(micros_per(count, || -> Outcome<()> {
            for key in entries {
                delete_full(connection, key, round)?;
                insert(connection, key, round + 1, &text)?;
            }
            Ok(())
        })?);
        samples[2].push(micros_per(count, || -> Outcome<()> {
            for key in entries {
                delete_full(connection, key, round + 1)?;
            }
            Ok(())
        })?);
        for key in entries {
            insert(connection, key, round, &text)?;
        }
        if second {
            samples[3].push(micros_per(count, || -> Outcome<()> {
                for key in entries {
                    connection.prepare_cached(DELETE_BASE)?.execute(params![key.pk, key.sk])?;
                }
                Ok(())
            })?);
            for key in entries {
                insert(connection, key, round, &text)?;
            }
        }
        connection.execute_batch("COMMIT")?;
        checkpoint(connection)?;
        for key in entries {
            connection.execute_batch("BEGIN")?;
            delete_full(connection, key, round)?;
            insert(connection, key, round + 1, &text)?;
            connection.execute_batch("COMMIT")?;
        }
        samples[4].push(wal_bytes(path)? as f64 / count as f64 / 1e3);
        connection.execute_batch("BEGIN")?;
        for key in entries {
            delete_full(connection, key, round + 1)?;
        }
        connection.execute_batch("COMMIT")?;
        checkpoint(connection)?;
    }
    let mut cells = vec![format!("{ratio:.2}x")];
    for (column, values) in samples.iter_mut().enumerate() {
        let absent = column == 3 && !second;
        cells.push(if absent { "-".to_owned() } else { figure(median(values)) });
    }
    Ok(cells)
}
