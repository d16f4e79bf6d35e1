//! `PutItem`.

use super::attribute_values::{Envelope, ValuesOf, read_item};
use super::expressions::{ConditionParameters, check_not_mixed};
use super::fields::Fields;
use super::options::{ReturnConsumedCapacity, ReturnValues};
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// Most bytes an item can have (rule 13).
const MOST_ITEM_BYTES: usize = 409_600;

/// A checked `PutItem` request.
#[derive(Clone, PartialEq, Debug)]
pub struct PutItemRequest {
    /// The table.
    pub table_name: TableName,
    /// The item.
    pub item: Item,
    /// Under which condition.
    pub condition: ConditionParameters,
    /// What of the item as it was is to be returned.
    pub return_values: ReturnValues,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

impl PutItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::PutItem, document)?);
        let item = read_item(fields, "Item", Envelope::Prefixed)?;
        check_not_mixed(
            fields,
            &["Expected", "ConditionalOperator"],
            &["ConditionExpression"],
            Envelope::Prefixed,
        )?;
        Ok(Self {
            table_name: fields.table_name()?,
            item,
            condition: ConditionParameters::read(fields, ValuesOf::Other)?,
            return_values: ReturnValues::read(fields),
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }
}

/// What the service looks at when it has parsed a put's condition: what is to be returned, and the item's size.
pub fn check_put(return_values: ReturnValues, item: &Item) -> Result<(), ApiError> {
    check_return_values(return_values)?;
    check_item_size(item)
}

/// An item may have 400 kB (rule 14).
pub fn check_item_size(item: &Item) -> Result<(), ApiError> {
    if item.size() > MOST_ITEM_BYTES {
        return Err(ApiError::validation("Item size has exceeded the maximum allowed size"));
    }
    Ok(())
}

/// `PutItem` and `DeleteItem` know two of the `ReturnValues` (rule 46).
pub(super) fn check_return_values(return_values: ReturnValues) -> Result<(), ApiError> {
    match return_values {
        ReturnValues::None | ReturnValues::AllOld => Ok(()),
        _ => Err(ApiError::one_validation_error("ReturnValues can only be ALL_OLD or NONE")),
    }
}
