//! What lives around the items, through the engine's one door over the native storage: tags, quotas, streams, time to live, changes of tables.
//! Comments name the behaviour rule or the row of the message tables that a test takes its expectation from.

#[allow(dead_code)] // made for all test programs, which use parts of it
#[path = "../engine/database.rs"]
mod database;

#[allow(dead_code)] // the same
#[path = "../packed_batch/mod.rs"]
mod packed_batch;

#[path = "../scratch/mod.rs"]
mod scratch;

mod account;
mod cache;
mod changes;
mod new_index;
mod pace;
mod read_changes;
mod resource_policies;
mod settings;
mod stats;
mod streams;
mod tags;
mod time;
mod time_to_live;
mod update_table;
mod vacuum;
