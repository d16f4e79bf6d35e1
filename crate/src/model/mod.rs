//! DynamoDB's data model: attribute values, items, numbers of 38 digits, sizes, key encodings, the partition hash, and JSON in and out.
//! Uses nothing of the project.
//!
//! | file | what it knows |
//! | --- | --- |
//! | [`json`] | any JSON text as a flat tape; the canonical JSON string |
//! | [`number`] | [`Number`]: reading, writing, comparing, adding |
//! | [`attribute_value`], [`item`] | [`AttributeValue`] and [`Item`], their sizes and nesting |
//! | [`reading`], [`writing`] | from the wire's JSON to values, and to canonical JSON |
//! | `plain_json` | from plain JSON to values |
//! | [`value_error`] | what can be wrong with a value, in the service's words |
//! | [`binary`] | base64 |
//! | [`key`] | keys as text in the order of their values, and ranges of them |
//! | [`hash`] | the hash that spreads partition keys and orders scans |

pub mod attribute_value;
pub mod binary;
pub mod hash;
pub mod item;
pub mod json;
pub mod key;
pub mod number;
mod plain_json;
pub mod reading;
pub mod selection;
pub(crate) mod sorting;
pub mod value_error;
pub mod writing;

pub use attribute_value::{AttributeType, AttributeValue, MAX_NESTING};
pub use hash::{digest_text, hash_prefix, segment_range};
pub use item::Item;
pub use key::{KeyCondition, KeyRange, KeyType, encode_key, encode_key_part, prefix_range};
pub use number::{Number, NumberError};
pub use reading::CorruptItem;
pub use selection::AttributeSelection;
pub use value_error::{ValueError, ValueWrapper};

/// Which generation of the service's validation layer reads a value (rule 4): they word some errors differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// `PutItem`, `UpdateItem`, `DeleteItem`, `GetItem`, `Query`, `Scan`, `BatchGetItem`.
    Current,
    /// `BatchWriteItem`, `TransactWriteItems`, `TransactGetItems` and `PartiQL` parameters.
    Older,
}

#[cfg(test)]
mod tests;
