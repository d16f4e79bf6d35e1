//! The item operations through the engine's one door, over the native storage: UpdateItem, Scan and the batches. Comments name the behaviour
//! rule or the row of the message tables that a test takes its expectation from.

#[allow(dead_code)] // made for all test programs, which use parts of it
#[path = "../engine/database.rs"]
mod database;
#[path = "../scratch/mod.rs"]
mod scratch;

mod batch_faults;
mod batch_get;
mod batch_write;
mod condition_faults;
mod expression_faults;
mod failed_conditions;
mod group;
mod index_reads;
mod key_condition_faults;
mod key_faults;
mod legacy_faults;
mod legacy_updates;
mod many_attribute_keys;
mod order_of_faults;
mod read_faults;
mod scan;
mod scan_faults;
mod transact_faults;
mod transact_get;
mod transact_write;
mod update;
mod update_expression_faults;
mod update_faults;
mod value_faults;
mod values;
