//! Which operation a request names.

use super::error::ApiError;
use super::generated::operations::OPERATIONS;
pub use super::generated::operations::{DYNAMODB, Operation, STREAMS};
use super::shape::Shape;

/// What the table knows of one operation.
pub(super) struct OperationRow {
    name: &'static str,
    operation: Operation,
    prefix: &'static str,
    input: u16,
}

pub(super) const fn row(name: &'static str, operation: Operation, prefix: &'static str, input: u16) -> OperationRow {
    OperationRow {
        name,
        operation,
        prefix,
        input,
    }
}

impl Operation {
    /// The operation an `X-Amz-Target` names, such as `DynamoDB_20120810.PutItem`; `UnknownOperationException` for anything else
    /// (messages-tables 108).
    pub fn from_target(target: &str) -> Result<Self, ApiError> {
        let (prefix, name) = target.split_once('.').ok_or_else(ApiError::unknown_operation)?;
        // Names differ in length more often than not, and comparing lengths is cheaper than halving the table.
        OPERATIONS
            .iter()
            .find(|row| row.name.len() == name.len() && row.name == name)
            .filter(|row| row.prefix == prefix)
            .map(|row| row.operation)
            .ok_or_else(ApiError::unknown_operation)
    }

    /// All operations of both services, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        OPERATIONS.iter().map(|row| row.operation)
    }

    fn row(self) -> &'static OperationRow {
        // The enum and the table are written together, in one order.
        OPERATIONS.get(self as usize).unwrap_or(&OPERATIONS[0])
    }

    /// Its name, without the target's prefix.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The prefix of its target, which says which of the two services it belongs to.
    pub fn prefix(self) -> &'static str {
        self.row().prefix
    }

    /// The shape of its request.
    pub fn input(self) -> Shape {
        Shape::at(self.row().input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_target_and_only_there() {
        for operation in Operation::all() {
            let target = format!("{}.{}", operation.prefix(), operation.name());
            assert_eq!(Operation::from_target(&target), Ok(operation));
            assert!(!operation.input().name().is_empty(), "{target}");
        }
        assert_eq!(Operation::all().count(), 29);
    }

    #[test]
    fn other_targets_are_unknown_operations() {
        // messages-tables 108
        for target in [
            "",
            "PutItem",
            "DynamoDB_20120810.",
            "DynamoDB_20120810.putItem",
            "DynamoDBStreams_20120810.PutItem",
            "x.y.z",
        ] {
            assert_eq!(Operation::from_target(target), Err(ApiError::unknown_operation()), "{target}");
        }
    }
}
