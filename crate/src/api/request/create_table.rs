//! `CreateTable`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::schema::create::NewTable;

/// A checked `CreateTable` request.
#[derive(Clone, Debug)]
pub struct CreateTableRequest {
    /// The table it asks for.
    pub table: NewTable,
}

impl CreateTableRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let root = check(Operation::CreateTable, document)?;
        let name = Fields(root).table_name()?;
        Ok(Self {
            table: NewTable::from_request(name, root)?,
        })
    }
}
