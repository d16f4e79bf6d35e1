//! `TransactWriteItems`.

use super::attribute_values::{Envelope, ValuesOf, read_action_item};
use super::expressions::ExpressionAttributes;
use super::fields::Fields;
use super::options::ReturnConsumedCapacity;
use super::{ApiError, Document, Operation, constraints, shape_check, strict};
use crate::model::json::Value;
use crate::model::{Item, sorting::sorted_indices};
use crate::schema::TableName;
use crate::schema::json_text::ObjectWriter;

/// A checked `TransactWriteItems` request: 1 to 100 elements with one action each.
///
/// The actions are read one by one, since all faults of one are reported before any of the next (rule 79).
#[derive(Clone)]
pub struct TransactWriteItemsRequest<'d> {
    elements: Vec<Value<'d>>,
    /// `ClientRequestToken`; an empty one is none (messages-tables section 2, 78).
    pub client_request_token: Option<String>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
    /// `ReturnItemCollectionMetrics`
    pub return_item_collection_metrics: bool,
}

/// One action of a transaction. Its expressions stand as they were sent.
#[derive(Debug)]
pub struct WriteAction {
    /// The table.
    pub table_name: TableName,
    /// What is to be done.
    pub kind: WriteActionKind,
    /// The item to put, or `Key`, not yet held against the table's key schema. Of the faults of values two are found after those of
    /// expressions: an empty name, and too many levels (rule 79).
    pub item: Result<Item, ApiError>,
    /// `ConditionExpression`
    pub condition: Option<String>,
    /// The placeholders of both expressions.
    pub attributes: ExpressionAttributes,
    /// Whether the reason of a failed condition shows the item (rule A5).
    pub return_item_on_failure: bool,
}

/// What an action does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteActionKind {
    /// `Put`
    Put,
    /// `Update`, by this `UpdateExpression`.
    Update(String),
    /// `Delete`
    Delete,
    /// `ConditionCheck`
    ConditionCheck,
}

impl<'d> TransactWriteItemsRequest<'d> {
    /// Reads the request, but for its actions.
    pub fn parse(document: &'d Document<'_>) -> Result<Self, ApiError> {
        const OPERATION: Operation = Operation::TransactWriteItems;
        let root = document.root();
        shape_check::check(root, OPERATION.input())?;
        strict::check(OPERATION, document)?;
        let fields = Fields(root);
        let elements: Vec<Value<'d>> = fields.get("TransactItems").into_iter().flat_map(Value::elements).collect();
        for element in &elements {
            // Rule 80; this comes before the constraints of all actions.
            action_of(Fields(*element))?;
        }
        constraints::check(OPERATION, root)?;
        Ok(Self {
            elements,
            client_request_token: fields.string("ClientRequestToken").filter(|token| !token.is_empty()),
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
            return_item_collection_metrics: fields.text("ReturnItemCollectionMetrics").as_deref() == Some("SIZE"),
        })
    }

    /// Reads the actions, in order.
    pub fn actions(&self) -> impl Iterator<Item = Result<WriteAction, ApiError>> {
        self.elements.iter().map(|element| WriteAction::read(Fields(*element)))
    }
}

/// The one action of an element, by the member's name (rule 80).
fn action_of(element: Fields<'_>) -> Result<(&'static str, Fields<'_>), ApiError> {
    let mut given = ["ConditionCheck", "Put", "Delete", "Update"]
        .into_iter()
        .filter_map(|member| Some((member, Fields(element.get(member)?))));
    match (given.next(), given.next()) {
        (None, _) => Err(ApiError::validation(
            "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
        )),
        (Some(action), None) => Ok(action),
        (Some(_), Some(_)) => Err(ApiError::validation(
            "TransactItems can only contain one of Check, Put, Update or Delete",
        )),
    }
}

impl WriteAction {
    fn read(element: Fields<'_>) -> Result<Self, ApiError> {
        let (member, fields) = action_of(element)?;
        let (kind, item) = match member {
            "Put" => (WriteActionKind::Put, "Item"),
            "Delete" => (WriteActionKind::Delete, "Key"),
            "Update" => (
                WriteActionKind::Update(fields.string("UpdateExpression").unwrap_or_default()),
                "Key",
            ),
            _ => (WriteActionKind::ConditionCheck, "Key"),
        };
        Ok(Self {
            table_name: fields.table_name()?,
            kind,
            item: read_action_item(fields, item)?,
            condition: fields.string("ConditionExpression"),
            attributes: ExpressionAttributes::read(fields, ValuesOf::Transaction, Envelope::Bare)?,
            return_item_on_failure: fields.text("ReturnValuesOnConditionCheckFailure").as_deref() == Some("ALL_OLD"),
        })
    }
}

impl WriteAction {
    /// Writes the action so that two of the same meaning are the same bytes: placeholders and attributes in order, values canonical.
    pub fn write_canonical(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.string("Table", &self.table_name);
        let (kind, update) = match &self.kind {
            WriteActionKind::Put => ("Put", None),
            WriteActionKind::Update(expression) => ("Update", Some(expression.as_str())),
            WriteActionKind::Delete => ("Delete", None),
            WriteActionKind::ConditionCheck => ("ConditionCheck", None),
        };
        object.string("Kind", kind);
        if let Ok(item) = &self.item {
            item.write_json(object.name("Item"));
        }
        object.optional_string("Update", update);
        object.optional_string("Condition", self.condition.as_deref());
        object.boolean("Show", self.return_item_on_failure);
        let names = self.attributes.names.as_deref().unwrap_or_default();
        object.object("Names", |object| {
            for index in sorted_indices(names.len(), &|a, b| names[a].0.cmp(&names[b].0)) {
                let (key, name) = &names[index as usize];
                object.string(key, name);
            }
        });
        let values = self.attributes.values.as_deref().unwrap_or_default();
        object.object("Values", |object| {
            for index in sorted_indices(values.len(), &|a, b| values[a].0.cmp(&values[b].0)) {
                let (key, value) = &values[index as usize];
                value.write_json(object.name(key));
            }
        });
        object.end();
    }
}
