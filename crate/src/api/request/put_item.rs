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
    /// The item; its size is within the limit.
    pub item: Item,
    /// Under which condition.
    pub condition: ConditionParameters,
    /// Whether the item as it was is to be returned.
    pub return_old: bool,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

impl PutItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::PutItem, document)?);
        check_not_mixed(
            fields,
            &["Expected", "ConditionalOperator"],
            &["ConditionExpression"],
            Envelope::Prefixed,
        )?;
        let item = read_item(fields, "Item", Envelope::Prefixed)?;
        let return_old = read_return_old(fields)?;
        check_item_size(&item)?;
        Ok(Self {
            table_name: fields.table_name()?,
            item,
            condition: ConditionParameters::read(fields, ValuesOf::Other)?,
            return_old,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }
}

/// An item may have 400 kB (rule 14).
pub fn check_item_size(item: &Item) -> Result<(), ApiError> {
    if item.size() > MOST_ITEM_BYTES {
        return Err(ApiError::validation("Item size has exceeded the maximum allowed size"));
    }
    Ok(())
}

/// `PutItem` and `DeleteItem` know two of the `ReturnValues` (rule 46).
pub(super) fn read_return_old(fields: Fields<'_>) -> Result<bool, ApiError> {
    match ReturnValues::read(fields) {
        ReturnValues::None => Ok(false),
        ReturnValues::AllOld => Ok(true),
        _ => Err(ApiError::one_validation_error("ReturnValues can only be ALL_OLD or NONE")),
    }
}
