//! `ListTables`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};

/// Names on a page that asks for no number (rule 93).
const DEFAULT_LIMIT: usize = 100;

/// A checked `ListTables` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListTablesRequest {
    /// The name to start behind; the table need not exist.
    pub exclusive_start_table_name: Option<String>,
    /// Most names, 1 to 100.
    pub limit: usize,
}

impl ListTablesRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::ListTables, document)?);
        Ok(Self {
            exclusive_start_table_name: fields.string("ExclusiveStartTableName"),
            limit: fields.count("Limit").unwrap_or(DEFAULT_LIMIT),
        })
    }
}
