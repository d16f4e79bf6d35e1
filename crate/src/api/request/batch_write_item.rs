//! `BatchWriteItem`.

use super::attribute_values::{Envelope, read_value_as_item};
use super::batch_get_item::{request_items, too_many_items};
use super::fields::Fields;
use super::options::ReturnConsumedCapacity;
use super::put_item::check_item_size;
use super::{ApiError, Document, Operation, check};
use crate::model::json::Value;
use crate::model::{Item, Layer};
use crate::schema::TableName;

/// Most writes of one request (rule 70); of one table the constraints see to it.
const MOST_WRITES: usize = 25;

/// A checked `BatchWriteItem` request: not more than 25 writes. That no two are of one item cannot be said without the tables' keys.
#[derive(Clone, PartialEq, Debug)]
pub struct BatchWriteItemRequest {
    /// What is written to each table, in the order of the request.
    pub tables: Vec<TableWrites>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

/// What a `BatchWriteItem` writes to one table.
#[derive(Clone, PartialEq, Debug)]
pub struct TableWrites {
    /// The table.
    pub table_name: TableName,
    /// The table as the request names it, perhaps by its ARN.
    pub sent_name: String,
    /// The writes, in order.
    pub writes: Vec<WriteRequest>,
}

/// One write of a batch.
#[derive(Clone, PartialEq, Debug)]
pub enum WriteRequest {
    /// `PutRequest`: the item; its size is within the limit.
    Put(Item),
    /// `DeleteRequest`: the key, not yet held against the table's key schema.
    Delete(Item),
}

impl BatchWriteItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::BatchWriteItem, document)?);
        let mut tables = Vec::new();
        for (name, list) in request_items(fields) {
            // The constraints have refused other names.
            let Some(table_name) = TableName::resolve(&name) else { continue };
            tables.push(TableWrites {
                table_name,
                sent_name: name.into_owned(),
                writes: list.elements().map(WriteRequest::read).collect::<Result<_, _>>()?,
            });
        }
        if tables.iter().map(|table| table.writes.len()).sum::<usize>() > MOST_WRITES {
            return Err(too_many_items("BatchWriteItem"));
        }
        Ok(Self {
            tables,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }
}

impl WriteRequest {
    /// Values are the older layer's here (rule 4).
    fn read(request: Value<'_>) -> Result<Self, ApiError> {
        let fields = Fields(request);
        let read = |request: Value<'_>, member: &str| {
            let item = Fields(request).get(member).unwrap_or(request);
            read_value_as_item(item, member, Layer::Older, Envelope::Bare)
        };
        match (fields.get("PutRequest"), fields.get("DeleteRequest")) {
            (Some(put), None) => {
                let item = read(put, "Item")?;
                check_item_size(&item)?;
                Ok(Self::Put(item))
            }
            (None, Some(delete)) => read(delete, "Key").map(Self::Delete),
            // messages-tables 10, for none and for both
            _ => Err(ApiError::validation(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
            )),
        }
    }
}
