//! dynatab: Amazon DynamoDB's API on SQLite, natively and in a browser tab.
//!
//! The rooms, from the ground up: [`model`] knows values and their encodings, [`expression`] the expression languages, [`schema`] tables
//! and indexes, [`storage_backend`] how rows are kept, [`api`] the wire, `actions` the operations, `engine` the database as a whole. Each
//! room uses only those named before it (see `docs/design.md`).

// What ships is compiled without the text of `Debug` (see `scripts/toolchain.mjs`): nothing a user reads may be written with it.
#![cfg_attr(not(test), warn(clippy::use_debug))]

/// `#[waits]` stands on whatever may have to wait for SQLite.
#[macro_use]
extern crate dynatab_waits;

pub mod actions;
pub mod api;
pub mod engine;
pub mod expression;
pub mod model;
pub mod schema;
pub mod storage;
pub mod storage_backend;
#[cfg(feature = "wasm-sqlite")]
pub mod wasm_api;
