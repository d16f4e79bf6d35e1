//! `UpdateTimeToLive`, `DescribeTimeToLive`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::schema::TableName;

/// A checked `UpdateTimeToLive` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UpdateTimeToLiveRequest {
    /// The table.
    pub table_name: TableName,
    /// Whether time to live is to be enabled, or disabled.
    pub enabled: bool,
    /// The attribute that holds the date of expiry.
    pub attribute: String,
}

impl UpdateTimeToLiveRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::UpdateTimeToLive, document)?);
        let specification = fields.get("TimeToLiveSpecification").map(Fields);
        Ok(Self {
            table_name: fields.table_name()?,
            enabled: specification
                .and_then(|specification| specification.boolean("Enabled"))
                .unwrap_or(false),
            attribute: specification
                .and_then(|specification| specification.string("AttributeName"))
                .unwrap_or_default(),
        })
    }
}

/// A checked `DescribeTimeToLive` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DescribeTimeToLiveRequest {
    /// The table.
    pub table_name: TableName,
}

impl DescribeTimeToLiveRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::DescribeTimeToLive, document)?);
        Ok(Self {
            table_name: fields.table_name()?,
        })
    }
}
