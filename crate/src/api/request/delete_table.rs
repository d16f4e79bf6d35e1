//! `DeleteTable`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::schema::TableName;

/// A checked `DeleteTable` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeleteTableRequest {
    /// The table.
    pub table_name: TableName,
}

impl DeleteTableRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::DeleteTable, document)?);
        Ok(Self {
            table_name: fields.table_name()?,
        })
    }
}
