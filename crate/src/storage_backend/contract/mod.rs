//! The storage contract suite: one list of cases, written once, for every backend and driver.
//!
//! Natively it runs against `Storage` (`crate/tests/storage_contract.rs`); compiled into the test build of the wasm module it runs over
//! sql.js and wa-sqlite, in Node and in Chromium. A case gets a fresh, empty backend and returns what is wrong.

/// The outcome of a case: what is wrong, in words.
pub type Outcome = Result<(), String>;
