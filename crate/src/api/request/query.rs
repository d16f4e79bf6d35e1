//! Query.

use super::attribute_values::{Envelope, ValuesOf, read_start_key};
use super::expressions::{ExpressionAttributes, attributes_to_get, check_not_mixed};
use super::fields::Fields;
use super::options::{ReturnConsumedCapacity, Select};
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// A checked Query request.
#[derive(Clone, PartialEq, Debug)]
pub struct QueryRequest {
    /// The table.
    pub table_name: TableName,
    /// The index, if one is to be read.
    pub index_name: Option<String>,
    /// `Select`, where it was given.
    pub select: Option<Select>,
    /// Most items to look at.
    pub limit: Option<usize>,
    /// `ConsistentRead`
    pub consistent_read: bool,
    /// `ScanIndexForward`
    pub forward: bool,
    /// The item to start behind; not yet held against the key schema.
    pub exclusive_start_key: Option<Item>,
    /// `KeyConditionExpression`, as it was sent.
    pub key_condition: Option<String>,
    /// `FilterExpression`, as it was sent.
    pub filter: Option<String>,
    /// `ProjectionExpression`, as it was sent.
    pub projection: Option<String>,
    /// The placeholders of the three.
    pub attributes: ExpressionAttributes,
    /// `KeyConditions`, as JSON.
    pub key_conditions: Option<String>,
    /// `QueryFilter`, as JSON.
    pub query_filter: Option<String>,
    /// `ConditionalOperator`: `AND` or `OR`.
    pub conditional_operator: Option<String>,
    /// `AttributesToGet`
    pub attributes_to_get: Option<Vec<String>>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

impl QueryRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::Query, document)?);
        check_not_mixed(
            fields,
            &["AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"],
            &["ProjectionExpression", "FilterExpression", "KeyConditionExpression"],
            Envelope::Bare,
        )?;
        let select = Select::read(fields);
        check_select(select, fields)?;
        Ok(Self {
            table_name: fields.table_name()?,
            index_name: fields.string("IndexName"),
            select,
            limit: fields.count("Limit"),
            consistent_read: fields.boolean("ConsistentRead").unwrap_or(false),
            forward: fields.boolean("ScanIndexForward").unwrap_or(true),
            exclusive_start_key: fields.get("ExclusiveStartKey").map(read_start_key).transpose()?,
            key_condition: fields.string("KeyConditionExpression"),
            filter: fields.string("FilterExpression"),
            projection: fields.string("ProjectionExpression"),
            attributes: ExpressionAttributes::read(fields, ValuesOf::Query, Envelope::Bare)?,
            // An empty map is none (the reference server).
            key_conditions: fields
                .raw("KeyConditions")
                .filter(|_| fields.get("KeyConditions").is_some_and(|map| !map.is_empty())),
            query_filter: fields.raw("QueryFilter"),
            conditional_operator: fields.string("ConditionalOperator"),
            attributes_to_get: attributes_to_get(fields)?,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
        })
    }

    /// A Query has a key condition of one kind or the other. To be checked after placeholders without expressions have been refused
    /// (rule 28).
    pub fn require_key_condition(&self) -> Result<(), ApiError> {
        if self.key_condition.is_some() || self.key_conditions.is_some() {
            return Ok(());
        }
        Err(ApiError::validation(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        ))
    }
}

/// `Select` and what it goes with (rule 60, messages-items section 6). The same for Query and Scan.
pub(super) fn check_select(select: Option<Select>, fields: Fields<'_>) -> Result<(), ApiError> {
    let projection = ["ProjectionExpression", "AttributesToGet"]
        .into_iter()
        .find(|name| fields.has(name));
    let message = match (select, projection) {
        (Some(Select::Count), Some(projection)) => format!("Cannot specify the {projection} when choosing to get only the Count"),
        (Some(Select::AllAttributes), Some(projection)) => {
            format!("Cannot specify the {projection} when choosing to get ALL_ATTRIBUTES")
        }
        (Some(Select::AllProjectedAttributes), Some(projection)) => {
            format!("Cannot specify the {projection} when choosing to get ALL_PROJECTED_ATTRIBUTES")
        }
        (Some(Select::SpecificAttributes), None) => {
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES".to_owned()
        }
        (Some(Select::AllProjectedAttributes), None) if !fields.has("IndexName") => {
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName".to_owned()
        }
        _ => return Ok(()),
    };
    Err(ApiError::one_validation_error(message))
}
