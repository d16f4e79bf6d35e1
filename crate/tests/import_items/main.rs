//! Imports through the engine's one door: what comes of a source, whatever it looks like and wherever its reading is interrupted.

#[allow(dead_code)] // made for all test programs, which use parts of it
#[path = "../engine/database.rs"]
mod database;

#[path = "../scratch/mod.rs"]
mod scratch;

mod importer;
mod interruptions;
mod sources;
