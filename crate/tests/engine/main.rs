//! The engine through its one door: requests in, replies out, over the native storage. Grouped by the property that is held to; comments
//! name the behaviour rule or the row of the message tables that a test takes its expectation from.

mod atomicity;
mod capacity;
mod crossings;
mod database;
mod expression_cache;
mod key_faults;
mod legacy_parameters;
mod mutations;
mod paging;
mod protocol;
mod query_keys;
mod query_results;
mod round_trips;
#[path = "../scratch/mod.rs"]
mod scratch;
mod sequence_player;
mod sequence_streams;
mod sequences;
mod table_definitions;
mod tables;
mod writes;
