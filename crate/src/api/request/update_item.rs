//! `UpdateItem`.

use super::attribute_values::{Envelope, ValuesOf, check_names_of_updates, read_item};
use super::expressions::{ConditionParameters, check_not_mixed};
use super::fields::Fields;
use super::options::{ReturnConsumedCapacity, ReturnValues};
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// A checked `UpdateItem` request.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateItemRequest {
    /// The table.
    pub table_name: TableName,
    /// `Key`, not yet held against the table's key schema.
    pub key: Item,
    /// `UpdateExpression`, as it was sent; its placeholders are the condition's, too.
    pub update: Option<String>,
    /// `AttributeUpdates`, as JSON.
    pub attribute_updates: Option<String>,
    /// Under which condition.
    pub condition: ConditionParameters,
    /// What of the item is to be returned.
    pub return_values: ReturnValues,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

impl UpdateItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::UpdateItem, document)?);
        let key = read_item(fields, "Key", Envelope::KeyOfWrite)?;
        check_not_mixed(
            fields,
            &["AttributeUpdates", "Expected", "ConditionalOperator"],
            &["UpdateExpression", "ConditionExpression"],
            Envelope::Prefixed,
        )?;
        if let Some(updates) = fields.get("AttributeUpdates") {
            check_names_of_updates(updates)?;
        }
        Ok(Self {
            table_name: fields.table_name()?,
            key,
            update: fields.string("UpdateExpression"),
            attribute_updates: fields.raw("AttributeUpdates"),
            condition: ConditionParameters::read(fields, ValuesOf::UpdateItem)?,
            return_values: ReturnValues::read(fields),
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }
}
