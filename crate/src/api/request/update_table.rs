//! `UpdateTable`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::api::error::{ErrorKind, ModelledError};
use crate::schema::{TableName, TableUpdate, UpdateError};

/// A checked `UpdateTable` request.
#[derive(Clone)]
pub struct UpdateTableRequest<'d> {
    /// The table.
    pub table_name: TableName,
    /// What is to be changed.
    pub update: TableUpdate<'d>,
    /// Whether only warm throughput grows, which leaves the table ACTIVE (rule A4).
    pub only_warm_throughput: bool,
}

impl<'d> UpdateTableRequest<'d> {
    /// Reads the request.
    pub fn parse(document: &'d Document<'_>) -> Result<Self, ApiError> {
        let root = check(Operation::UpdateTable, document)?;
        let fields = Fields(root);
        Ok(Self {
            table_name: fields.table_name()?,
            update: TableUpdate::from_request(root)?,
            only_warm_throughput: fields.has("WarmThroughput"),
        })
    }
}

impl From<UpdateError> for ApiError {
    fn from(error: UpdateError) -> Self {
        let kind = match error {
            UpdateError::SeveralStructuralChanges | UpdateError::TooManyIndexes => ModelledError::LimitExceeded.into(),
            UpdateError::IndexNotFound(..) => ModelledError::ResourceNotFound.into(),
            UpdateError::IndexAllocating => ModelledError::ResourceInUse.into(),
            _ => ErrorKind::Validation,
        };
        Self::new(kind, error.to_string())
    }
}
