//! `GetItem`.

use super::attribute_values::{Envelope, ValuesOf, read_item};
use super::expressions::{ExpressionAttributes, attributes_to_get, check_not_mixed};
use super::fields::Fields;
use super::options::ReturnConsumedCapacity;
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// A checked `GetItem` request.
#[derive(Clone, PartialEq, Debug)]
pub struct GetItemRequest {
    /// The table.
    pub table_name: TableName,
    /// `Key`, not yet held against the table's key schema.
    pub key: Item,
    /// `ConsistentRead`
    pub consistent_read: bool,
    /// `ProjectionExpression`, as it was sent.
    pub projection: Option<String>,
    /// Its placeholders; a `GetItem` has names only.
    pub attributes: ExpressionAttributes,
    /// `AttributesToGet`
    pub attributes_to_get: Option<Vec<String>>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

impl GetItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::GetItem, document)?);
        let key = read_item(fields, "Key", Envelope::Bare)?;
        check_not_mixed(fields, &["AttributesToGet"], &["ProjectionExpression"], Envelope::Bare)?;
        let names = ExpressionAttributes::read(fields, ValuesOf::Other, Envelope::Bare)?.names;
        Ok(Self {
            table_name: fields.table_name()?,
            key,
            consistent_read: fields.boolean("ConsistentRead").unwrap_or(false),
            projection: fields.string("ProjectionExpression"),
            // The operation has no values; what the model does not know is ignored (rule 118).
            attributes: ExpressionAttributes { names, values: None },
            attributes_to_get: attributes_to_get(fields)?,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
        })
    }
}
