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
