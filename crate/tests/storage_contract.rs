//! The storage contract over rusqlite: every case in memory and on a file, and what the cases cannot see from outside: crossings.
#![cfg(feature = "contract-suite")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use dynatab::storage::Storage;
use dynatab::storage_backend::contract::{case_names, run_case};
use dynatab::storage_backend::poll::now_or_never;

/// A directory of its own that goes with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("dynatab-contract-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs every case on a database of its own and names all that fail.
fn run_all(open: impl Fn() -> (Storage, Option<Scratch>)) {
    let mut failures = Vec::new();
    for name in case_names() {
        let (storage, _scratch) = open();
        match now_or_never(run_case(name, &storage)) {
            Some(Ok(())) => {}
            Some(Err(why)) => failures.push(format!("{name}: {why}")),
            None => failures.push(format!("{name}: waits for ever")),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases failed:\n{}",
        failures.len(),
        case_names().len(),
        failures.join("\n")
    );
}

#[test]
fn the_contract_holds_in_memory() {
    run_all(|| (Storage::open_in_memory().unwrap(), None));
}
