//! What DynamoDB does, as a plain model in memory, and random requests to hold an engine against it.
//!
//! Nothing here is shared with the engine: the package depends on nothing, so that the two can only agree by meaning the same. It is slow
//! and short where the engine is fast and long: an item is a map, a table a list of items, an index is computed when it is read, a number
//! is a list of digits, an expression is a tree that is generated and only ever printed.
//!
//! | file | what it knows |
//! | --- | --- |
//! | [`decimal`], [`value`], [`path`] | values, their order, sizes and JSON |
//! | [`table`] | keys, indexes, and what an index holds of an item |
//! | [`condition`], [`update`], [`text`] | expressions and legacy parameters: what they mean, and how they are written |
//! | [`request`], [`wire`] | requests, and as what they are sent |
//! | [`database`], [`answer`] | the model: the answer to every request |
//! | [`reads`], [`writes`], [`transactions`], [`update_table`], [`mistakes`] | what each kind of request does and is answered |
//! | [`streams`] | what is recorded of changes |
//! | [`capacity`] | what requests consume |
//! | [`random`], [`generate`] | sequences of requests that fit a table |
//! | [`transcript`] | requests and the answers to them, a line each, for a player in any language |

pub mod answer;
pub mod capacity;
pub mod condition;
pub mod database;
pub mod decimal;
pub mod generate;
pub mod json;
pub mod mistakes;
pub mod path;
pub mod random;
pub mod reads;
pub mod request;
pub mod streams;
pub mod table;
pub mod text;
pub mod transactions;
pub mod transcript;
pub mod update;
pub mod update_table;
pub mod value;
pub mod wire;
pub mod writes;
