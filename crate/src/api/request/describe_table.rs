//! `DescribeTable`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::schema::TableName;

/// A checked `DescribeTable` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DescribeTableRequest {
    /// The table.
    pub table_name: TableName,
}

impl DescribeTableRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::DescribeTable, document)?);
        Ok(Self {
            table_name: fields.table_name()?,
        })
    }
}
