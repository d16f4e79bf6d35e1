//! `DeleteItem`.

use super::attribute_values::{Envelope, ValuesOf, read_item};
use super::expressions::{ConditionParameters, check_not_mixed};
use super::fields::Fields;
use super::options::{ReturnConsumedCapacity, ReturnValues};
use super::put_item::check_return_values;
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// A checked `DeleteItem` request.
#[derive(Clone, PartialEq, Debug)]
pub struct DeleteItemRequest {
    /// The table.
    pub table_name: TableName,
    /// `Key`, not yet held against the table's key schema.
    pub key: Item,
    /// Under which condition.
    pub condition: ConditionParameters,
    /// What of the item as it was is to be returned.
    pub return_values: ReturnValues,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

impl DeleteItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::DeleteItem, document)?);
        let key = read_item(fields, "Key", Envelope::KeyOfWrite)?;
        check_not_mixed(
            fields,
            &["Expected", "ConditionalOperator"],
            &["ConditionExpression"],
            Envelope::Prefixed,
        )?;
        let return_values = ReturnValues::read(fields);
        check_return_values(return_values)?;
        Ok(Self {
            table_name: fields.table_name()?,
            key,
            condition: ConditionParameters::read(fields, ValuesOf::Other)?,
            return_values,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }
}
