//! Tables and indexes: the control plane's types, their rules, their JSON, and what they make of an item's keys.
//!
//! A [`TableDefinition`] is made once, from a `CreateTable` request or from what storage kept, and is never parsed again; the catalog holds
//! it. Faults of a definition are [`SchemaError`]s, faults of an item's keys [`KeyFault`]s. Uses `model` only.

mod attribute_definitions;
mod capacity;
mod catalog;
pub mod create;
pub mod describe;
mod encryption;
mod error;
mod import_progress;
mod index;
pub mod item_keys;
pub(crate) mod json_text;
mod key_schema;
mod projection;
mod resource_policy;
mod stored;
mod stream;
mod table;
mod table_name;
mod tags;
mod update;
mod vector_index;

pub use attribute_definitions::{AttributeDefinition, AttributeDefinitions};
pub use capacity::{BillingMode, OnDemandThroughput, Throughput, WarmThroughput};
pub use catalog::Catalog;
pub use encryption::SseSpec;
pub use error::{CorruptDefinition, SchemaError};
pub use import_progress::{ImportProgress, ImportRun};
pub use index::{FillingRun, IndexDefinition, IndexKind, IndexStatus, Known, place_of};
pub use item_keys::KeyFault;
pub use key_schema::{KeyAttribute, KeySchema};
pub use projection::Projection;
pub use resource_policy::{ResourcePolicy, canonical_policy};
pub use stored::StoredDefinition;
pub use stream::{StreamSpec, StreamViewType, utc_time};
pub use table::{TableClass, TableDefinition, TableStatus, TagLock, TtlSpec};
pub use table_name::{ACCOUNT, StreamName, TableName, index_arn, stream_arn, table_arn};
pub use tags::{Tag, check_tag_count, check_tags};
pub use update::{TableUpdate, UpdateError, UpdatedTable};
pub use vector_index::{DistanceFunction, SearchElement, SearchRole, VectorIndexDefinition};
