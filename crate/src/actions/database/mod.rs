//! The package's own operations, one file each: what a database can be asked beside DynamoDB's API.
//!
//! Their targets have a prefix of their own, `Dynatab.`, and travel in the same packed batches as every other request, so they reach the
//! engine over every transport and stand in the same order. Only the package asks them: its doors for requests of others (the SDK's handler,
//! `dispatch`, HTTP) know DynamoDB's targets only. Bodies are the JSON of the package's own types, member names as in JavaScript.

mod describe_database;
mod read_changes;
mod set_time;
mod update_cache;
pub mod vacuum;

use super::{Context, import};
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
    /// `SetTime`: another time for the clock to show.
    SetTime,
    /// `UpdateCache`: a bound for a table that is used as a cache.
    UpdateCache,
    /// `Vacuum`: a step towards a smaller file.
    Vacuum,
    /// `ReadChanges`: the records of a table's streams as one sequence.
    ReadChanges,
    /// `StartImport`: begins an import of items, or takes one up again.
    StartImport,
    /// `ImportItems`: brings a piece of its source, behind the request's line.
    ImportItems,
    /// `EndImport`: lets it go.
    EndImport,
    /// `FillIndexes`: a step of filling a table's indexes.
    FillIndexes,
}

impl DatabaseOperation {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::DescribeDatabase,
        Self::SetTime,
        Self::UpdateCache,
        Self::Vacuum,
        Self::ReadChanges,
        Self::StartImport,
        Self::ImportItems,
        Self::EndImport,
        Self::FillIndexes,
    ];

    /// Its name, without the target's prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DescribeDatabase => "DescribeDatabase",
            Self::SetTime => "SetTime",
            Self::UpdateCache => "UpdateCache",
            Self::Vacuum => "Vacuum",
            Self::ReadChanges => "ReadChanges",
            Self::StartImport => "StartImport",
            Self::ImportItems => "ImportItems",
            Self::EndImport => "EndImport",
            Self::FillIndexes => "FillIndexes",
        }
    }

    /// Whether it belongs to an import, whose commits need not be flushed one by one.
    pub const fn is_of_import(self) -> bool {
        matches!(self, Self::StartImport | Self::ImportItems | Self::FillIndexes)
    }

    /// The operation a target names, such as `Dynatab.DescribeDatabase`.
    pub fn from_target(target: &str) -> Option<Self> {
        let name = target.strip_prefix(PREFIX)?.strip_prefix('.')?;
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }
}

/// Runs one of the package's own operations; its reply's body is appended to `out`. `piece` is what came behind the request's JSON.
#[waits]
pub async fn run<B: StorageBackend>(
    operation: DatabaseOperation,
    cx: &Context<'_, B>,
    request: &Document<'_>,
    piece: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    match operation {
        DatabaseOperation::DescribeDatabase => describe_database::run(cx, out).await,
        DatabaseOperation::SetTime => set_time::run(cx, request, out),
        DatabaseOperation::UpdateCache => update_cache::run(cx, request, out).await,
        DatabaseOperation::Vacuum => vacuum::run(cx, out).await,
        DatabaseOperation::ReadChanges => read_changes::run(cx, request, out).await,
        DatabaseOperation::StartImport => import::start(cx, request, out).await,
        DatabaseOperation::ImportItems => import::import_items(cx, request, piece, out).await,
        DatabaseOperation::EndImport => import::end(cx, request, out).await,
        DatabaseOperation::FillIndexes => import::fill_indexes(cx, request, out).await,
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
