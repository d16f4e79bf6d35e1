//! Scan.

use super::attribute_values::{Envelope, ValuesOf, read_start_key};
use super::expressions::{ExpressionAttributes, attributes_to_get, check_not_mixed};
use super::fields::Fields;
use super::options::{ReturnConsumedCapacity, Select};
use super::query::check_select;
use super::{ApiError, Document, Operation, check};
use crate::model::Item;
use crate::schema::TableName;

/// A part of a table that one of several workers scans (rule 58).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Which part, counted from 0.
    pub number: u32,
    /// How many parts there are.
    pub total: u32,
}

/// A checked Scan request.
#[derive(Clone, PartialEq, Debug)]
pub struct ScanRequest {
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
    /// `Segment` and `TotalSegments`
    pub segment: Option<Segment>,
    /// The item to start behind; not yet held against the key schema.
    pub exclusive_start_key: Option<Item>,
    /// `FilterExpression`, as it was sent.
    pub filter: Option<String>,
    /// `ProjectionExpression`, as it was sent.
    pub projection: Option<String>,
    /// The placeholders of the two.
    pub attributes: ExpressionAttributes,
    /// `ScanFilter`, as JSON.
    pub scan_filter: Option<String>,
    /// `ConditionalOperator`: `AND` or `OR`.
    pub conditional_operator: Option<String>,
    /// `AttributesToGet`
    pub attributes_to_get: Option<Vec<String>>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

impl ScanRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::Scan, document)?);
        check_not_mixed(
            fields,
            &["AttributesToGet", "ScanFilter", "ConditionalOperator"],
            &["ProjectionExpression", "FilterExpression"],
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
            segment: read_segment(fields)?,
            exclusive_start_key: fields.get("ExclusiveStartKey").map(read_start_key).transpose()?,
            filter: fields.string("FilterExpression"),
            projection: fields.string("ProjectionExpression"),
            attributes: ExpressionAttributes::read(fields, ValuesOf::Other, Envelope::Bare)?,
            scan_filter: fields.raw("ScanFilter"),
            conditional_operator: fields.string("ConditionalOperator"),
            attributes_to_get: attributes_to_get(fields)?,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
        })
    }
}

/// `Segment` and `TotalSegments`, which go together (rule 58, messages-items section 6). The constraints keep both in their bounds.
fn read_segment(fields: Fields<'_>) -> Result<Option<Segment>, ApiError> {
    let number = |name: &str| fields.count(name).and_then(|number| u32::try_from(number).ok());
    match (number("Segment"), number("TotalSegments")) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(ApiError::validation(
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        )),
        (None, Some(_)) => Err(ApiError::validation(
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        )),
        (Some(number), Some(total)) if number >= total => Err(ApiError::validation(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: \
             Segment: {number} is not less than TotalSegments: {total}"
        ))),
        (Some(number), Some(total)) => Ok(Some(Segment { number, total })),
    }
}
