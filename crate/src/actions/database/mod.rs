//! The package's own operations, one file each: what a database can be asked beside DynamoDB's API.
//!
//! Their targets have a prefix of their own, `Dynatab.`, and travel in the same packed batches as every other request, so they reach the
//! engine over every transport and stand in the same order. Only the package asks them: its doors for requests of others (the SDK's handler,
//! `dispatch`, HTTP) know DynamoDB's targets only. Bodies are the JSON of the package's own types, member names as in JavaScript.

mod describe_database;
mod read_changes;
pub mod vacuum;

use super::Context;
use crate::api::error::ApiError;
use crate::model::json::Document;
use crate::storage_backend::StorageBackend;

/// Target prefix of the package's own operations.
pub const PREFIX: &str = "Dynatab";

/// One of the package's own operations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DatabaseOperation {
    /// `DescribeDatabase`: sizes, tables, and what is under them.
    DescribeDatabase,
    /// `Vacuum`: a step towards a smaller file.
    Vacuum,
    /// `ReadChanges`: the records of a table's streams as one sequence.
    ReadChanges,
}

impl DatabaseOperation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::DescribeDatabase, Self::Vacuum, Self::ReadChanges];

    /// Its name, without the target's prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DescribeDatabase => "DescribeDatabase",
            Self::Vacuum => "Vacuum",
            Self::ReadChanges => "ReadChanges",
        }
    }

    /// The operation a target names, such as `Dynatab.DescribeDatabase`.
    pub fn from_target(target: &str) -> Option<Self> {
        let name = target.strip_prefix(PREFIX)?.strip_prefix('.')?;
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }
}

/// Runs one of the package's own operations; its reply's body is appended to `out`.
pub async fn run<B: StorageBackend>(
    operation: DatabaseOperation,
    cx: &Context<'_, B>,
    request: &Document<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    match operation {
        DatabaseOperation::DescribeDatabase => describe_database::run(cx, out).await,
        DatabaseOperation::Vacuum => vacuum::run(cx, out).await,
        DatabaseOperation::ReadChanges => read_changes::run(cx, request, out).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_target_and_only_there() {
        for operation in DatabaseOperation::ALL {
            let name = operation.name();
            assert_eq!(DatabaseOperation::from_target(&format!("Dynatab.{name}")), Some(operation));
            for target in [
                name.to_owned(),
                format!("DynamoDB_20120810.{name}"),
                format!("Dynatab{name}"),
                format!("DynatabTest.{name}"),
            ] {
                assert_eq!(DatabaseOperation::from_target(&target), None, "{target}");
            }
        }
    }
}
