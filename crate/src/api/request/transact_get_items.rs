//! `TransactGetItems`.

use super::attribute_values::{Envelope, ValuesOf, read_value_as_item};
use super::expressions::ExpressionAttributes;
use super::fields::Fields;
use super::options::ReturnConsumedCapacity;
use super::{ApiError, Document, Operation, check};
use crate::model::json::Value;
use crate::model::{Item, Layer};
use crate::schema::TableName;

/// A checked `TransactGetItems` request: 1 to 100 gets. They are read one by one, since all faults of one are reported before any of the
/// next (rule 79).
#[derive(Clone)]
pub struct TransactGetItemsRequest<'d> {
    gets: Vec<Fields<'d>>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

/// One `Get` of a transaction.
#[derive(Clone, PartialEq, Debug)]
pub struct GetAction {
    /// The table.
    pub table_name: TableName,
    /// `Key`, not yet held against the table's key schema.
    pub key: Item,
    /// `ProjectionExpression`, as it was sent.
    pub projection: Option<String>,
    /// Its placeholders; there are names only.
    pub names: Option<Vec<(String, String)>>,
}

impl<'d> TransactGetItemsRequest<'d> {
    /// Reads the request, but for its gets.
    pub fn parse(document: &'d Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::TransactGetItems, document)?);
        let elements = fields.get("TransactItems").into_iter().flat_map(Value::elements);
        Ok(Self {
            gets: elements.filter_map(|element| Fields(element).get("Get")).map(Fields).collect(),
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
        })
    }

    /// Reads the gets, in order.
    pub fn gets(&self) -> impl Iterator<Item = Result<GetAction, ApiError>> {
        self.gets.iter().map(|fields| GetAction::read(*fields))
    }
}

impl GetAction {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        let key = fields.get("Key");
        let key = key.map(|key| read_value_as_item(key, "Key", Layer::Older, Envelope::Bare));
        Ok(Self {
            table_name: fields.table_name()?,
            key: key.transpose()?.unwrap_or_default(),
            projection: fields.string("ProjectionExpression"),
            names: ExpressionAttributes::read(fields, ValuesOf::Transaction, Envelope::Bare)?.names,
        })
    }
}
