//! Typed requests: each operation's file turns a parsed body into the operation's type, once.
//!
//! What comes out has passed everything that needs no table: JSON kinds, required members, constraints, values, and the rules between
//! members (rule 87). Expressions and legacy conditions stay raw text for the expression room.

mod attribute_values;
mod batch_get_item;
mod batch_write_item;
mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod expressions;
mod fields;
mod get_item;
mod import_items;
mod list_tables;
mod options;
mod put_item;
mod query;
mod resource_policy;
mod resource_tags;
mod scan;
mod streams;
mod time_to_live;
mod transact_get_items;
mod transact_write_items;
mod update_item;
mod update_table;

pub use batch_get_item::{BatchGetItemRequest, TableKeys, check_distinct};
pub use batch_write_item::{BatchWriteItemRequest, TableWrites, WriteRequest};
pub use create_table::CreateTableRequest;
pub use delete_item::DeleteItemRequest;
pub use delete_table::DeleteTableRequest;
pub use describe_table::DescribeTableRequest;
pub use expressions::{ConditionParameters, ExpressionAttributes};
pub use get_item::GetItemRequest;
pub use import_items::{ImportItemsRequest, RecordFormat, StartImportRequest, read_import_item, table_of_import};
pub use list_tables::ListTablesRequest;
pub use options::{ReturnConsumedCapacity, ReturnValues, Select};
pub use put_item::{PutItemRequest, check_item_size, check_put};
pub use query::QueryRequest;
pub use resource_policy::{PolicyResource, ResourcePolicyRequest};
pub use resource_tags::{ListTagsRequest, TagRequest, TaggedResource, UntagRequest};
pub use scan::{ScanRequest, Segment};
pub use streams::{DescribeStreamRequest, GetRecordsRequest, GetShardIteratorRequest, IteratorStart, ListStreamsRequest};
pub use time_to_live::{DescribeTimeToLiveRequest, UpdateTimeToLiveRequest};
pub use transact_get_items::{GetAction, TransactGetItemsRequest};
pub use transact_write_items::{TransactWriteItemsRequest, WriteAction, WriteActionKind};
pub use update_item::UpdateItemRequest;
pub use update_table::UpdateTableRequest;

use super::error::ApiError;
use super::operation::Operation;
use super::{constraints, shape_check, strict};
use crate::model::json::{Document, Value};

/// Parses the body of a request.
pub fn parse_body(body: &[u8]) -> Result<Document<'_>, ApiError> {
    Document::parse(body).map_err(|_| ApiError::unparseable())
}

/// Holds a body against the model: JSON kinds first (rule 117), then what strict reading misses, then the constraints.
pub fn check<'d>(operation: Operation, document: &'d Document<'_>) -> Result<Value<'d>, ApiError> {
    let root = document.root();
    shape_check::check(root, operation.input())?;
    strict::check(operation, document)?;
    constraints::check(operation, root)?;
    Ok(root)
}

#[cfg(test)]
mod tests;
