//! What a request's target names: an operation of DynamoDB's two services, or one of the package's own.

use crate::actions::database::DatabaseOperation;
use crate::api::Operation;
use crate::api::error::ApiError;

/// An operation that this engine is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Of DynamoDB or DynamoDB Streams.
    Service(Operation),
    /// Of the package.
    Database(DatabaseOperation),
}

impl Target {
    /// What an `X-Amz-Target` names.
    pub(super) fn parse(target: &str) -> Result<Self, ApiError> {
        Operation::from_target(target).map(Self::Service).or_else(|unknown| {
            let own = DatabaseOperation::from_target(target);
            own.map(Self::Database).ok_or(unknown)
        })
    }

    /// Whether it belongs to an import.
    pub(super) fn is_of_import(self) -> bool {
        matches!(self, Self::Database(operation) if operation.is_of_import())
    }

    /// The JSON of a request's body, and what stands in the lines behind it: a piece of a source that is imported.
    pub(super) fn split(self, body: &[u8]) -> (&[u8], &[u8]) {
        let line = (self == Self::Database(DatabaseOperation::ImportItems)).then(|| body.iter().position(|byte| *byte == b'\n'));
        match line.flatten() {
            Some(end) => (&body[..end], &body[end + 1..]),
            None => (body, &[]),
        }
    }

    /// Whether it reads and writes items only, and so is committed together with its neighbours; every other one commits alone.
    pub(super) fn joins_group(self) -> bool {
        use Operation::{
            BatchGetItem, BatchWriteItem, DeleteItem, GetItem, PutItem, Query, Scan, TransactGetItems, TransactWriteItems, UpdateItem,
        };
        match self {
            Self::Service(operation) => matches!(
                operation,
                PutItem
                    | GetItem
                    | UpdateItem
                    | DeleteItem
                    | Query
                    | Scan
                    | BatchGetItem
                    | BatchWriteItem
                    | TransactGetItems
                    | TransactWriteItems
            ),
            Self::Database(operation) => matches!(operation, DatabaseOperation::ReadChanges),
        }
    }
}
