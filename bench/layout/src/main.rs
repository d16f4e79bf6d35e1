//! Measures physical table layouts of SQLite for items keyed by (hash, partition key, sort key), and prints Markdown tables.
//!
//! `cargo run --release -p layout-bench [-- --quick] [--dir PATH]`
//!
//! What lives here: `workload` makes keys and items, `layout` holds the candidates as SQL, `table` is one open database in one
//! layout, `grid` measures sizes x pages x layouts, `index_maintenance` and `old_size` answer two smaller questions about the
//! chosen schema, `report` prints. `docs/layout.md` explains the figures and the decision taken from them.

// Counts and microseconds become f64 for averages; none is near 2^52.
#![allow(clippy::cast_precision_loss)]

mod grid;
mod index_maintenance;
mod layout;
mod old_size;
mod report;
mod table;
mod workload;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use workload::ItemSizes;

/// How much is measured: the full grid, or a smoke run of a few seconds.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// The kinds of items.
    pub items: &'static [ItemSizes],
    /// Page sizes in bytes.
    pub page_sizes: &'static [usize],
    /// Bytes of items in a table before anything is timed.
    pub table_bytes: usize,
    /// Repeats, of which the median is printed.
    pub rounds: usize,
}

const ITEMS: [ItemSizes; 7] = [
    ItemSizes {
        name: "0.3 kB",
        mix: &[(100, 300)],
    },
    ItemSizes {
        name: "1.2 kB",
        mix: &[(100, 1_200)],
    },
    ItemSizes {
        name: "2.5 kB",
        mix: &[(100, 2_500)],
    },
    ItemSizes {
        name: "6 kB",
        mix: &[(100, 6_000)],
    },
    ItemSizes {
        name: "40 kB",
        mix: &[(100, 40_000)],
    },
    ItemSizes {
        name: "400 kB",
        mix: &[(100, 400_000)],
    },
    // What one table of a single-table design may look like; an update draws its size anew.
    ItemSizes {
        name: "mixed sizes (60 % 0.3, 25 % 1.2, 10 % 2.5, 4 % 6, 1 % 40 kB)",
        mix: &[(60, 300), (25, 1_200), (10, 2_500), (4, 6_000), (1, 40_000)],
    },
];

const FULL: Effort = Effort {
    items: &ITEMS,
    page_sizes: &[4_096, 8_192, 16_384],
    table_bytes: 20_000_000,
    rounds: 15,
};

const QUICK: Effort = Effort {
    items: &[ITEMS[0], ITEMS[6]],
    page_sizes: &[4_096, 16_384],
    table_bytes: 2_000_000,
    rounds: 1,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut effort = FULL;
    let mut parent = std::env::temp_dir();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => effort = QUICK,
            "--dir" => {
                parent = PathBuf::from(arguments.next().ok_or("--dir needs a path")?);
            }
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    let dir = parent.join(format!("layout-bench-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let started = Instant::now();
    let outcome = grid::run(&effort, &dir)
        .and_then(|()| index_maintenance::run(&effort, &dir))
        .and_then(|()| old_size::run(&effort, &dir));
    std::fs::remove_dir_all(&dir)?;
    outcome?;
    println!(
        "SQLite {}, {} rounds, {:.0} s.",
        rusqlite::version(),
        effort.rounds,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
