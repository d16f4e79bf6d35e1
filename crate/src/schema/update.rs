//! From an `UpdateTable` request to the definition a table is to have: what the service checks that the model's constraints do not say
//! (rules 90, 91, A4, messages-tables 53-55, 60, 79-94).
//!
//! [`TableUpdate::from_request`] reads what can be read without the table; [`TableUpdate::apply`] holds it against the table.

mod capacity;
mod error;
mod indexes;

pub use error::UpdateError;

use super::attribute_definitions::AttributeDefinitions;
use super::encryption::SseSpec;
use super::error::SchemaError;
use super::stream::{StreamViewType, is_true};
use super::table::{TableClass, TableDefinition};
use crate::model::json::Value;
use capacity::CapacityUpdate;
use indexes::IndexUpdate;

/// What is to become of the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum StreamUpdate {
    Enable(StreamViewType),
    Disable,
}

/// What is to become of encryption with a KMS key.
#[derive(Clone, PartialEq, Eq, Debug)]
enum SseUpdate {
    Enable(SseSpec),
    Disable,
}

/// A checked `UpdateTable` request.
#[derive(Clone)]
pub struct TableUpdate<'d> {
    definitions: Option<AttributeDefinitions>,
    capacity: CapacityUpdate<'d>,
    indexes: Vec<IndexUpdate<'d>>,
    stream: Option<StreamUpdate>,
    sse: Option<SseUpdate>,
    table_class: Option<TableClass>,
    deletion_protection: Option<bool>,
}

/// What an update makes of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UpdatedTable {
    /// The new definition; the table's status is the caller's.
    pub definition: TableDefinition,
    /// The index that is to be made.
    pub created_index: Option<String>,
    /// The index that is to go; it is still in the definition.
    pub deleted_index: Option<String>,
}

/// Members one of which an update must have (messages-tables 79).
const CHANGES: [&str; 15] = [
    "ProvisionedThroughput",
    "BillingMode",
    "StreamSpecification",
    "GlobalSecondaryIndexUpdates",
    "SSESpecification",
    "ReplicaUpdates",
    "MultiRegionConsistency",
    "GlobalTableWitnessUpdates",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "WarmThroughput",
    "TableClass",
    "VectorIndexUpdates",
];

/// Changes that stand alone, as the refusal names them.
const ALONE: [(&str, &str); 5] = [
    ("SSESpecification", "Server-Side Encryption modification"),
    ("TableClass", "TableClass modification"),
    ("DeletionProtectionEnabled", "DeletionProtection modification"),
    ("ReplicaUpdates", "Replica modification"),
    ("WarmThroughput", "WarmThroughput"),
];

impl<'d> TableUpdate<'d> {
    /// Reads a request whose shapes and constraints have been checked.
    pub fn from_request(request: Value<'d>) -> Result<Self, UpdateError> {
        let member = |name: &str| request.get(name).filter(|value| !value.is_null());
        let given = |name: &str| member(name).is_some_and(|value| !(name.ends_with("Updates") && value.is_empty()));
        let changes: Vec<&str> = CHANGES.into_iter().filter(|name| given(name)).collect();
        if changes.is_empty() {
            return Err(UpdateError::NothingToDo);
        }
        if member("GlobalSecondaryIndexUpdates").is_some_and(Value::is_empty) {
            return Err(UpdateError::NoIndexUpdates);
        }
        let class = member("TableClass").and_then(Value::as_str);
        let class = class.map(|class| TableClass::from_name(&class).ok_or(SchemaError::InvalidTableClass));
        let indexes = IndexUpdate::list(member("GlobalSecondaryIndexUpdates"))?;
        let stream = member("StreamSpecification").map(read_stream).transpose()?;
        check_together(&changes, indexes.iter().any(IndexUpdate::is_structural))?;
        Ok(Self {
            definitions: match member("AttributeDefinitions") {
                Some(list) => Some(AttributeDefinitions::from_request(Some(list))?),
                None => None,
            },
            capacity: CapacityUpdate::from_request(request)?,
            indexes,
            stream,
            sse: member("SSESpecification").map(read_encryption).transpose()?,
            table_class: class.transpose()?,
            deletion_protection: member("DeletionProtectionEnabled").map(is_true),
        })
    }

    /// What the update makes of a table, at that time (milliseconds since 1970).
    pub fn apply(&self, table: &TableDefinition, now: i64) -> Result<UpdatedTable, UpdateError> {
        let mut updated = UpdatedTable {
            definition: table.clone(),
            created_index: None,
            deleted_index: None,
        };
        let definition = &mut updated.definition;
        self.capacity.apply(definition, &self.indexes, now)?;
        match (self.stream, &definition.stream) {
            (Some(StreamUpdate::Enable(_)), Some(_)) => return Err(UpdateError::StreamEnabled(table.name.to_string())),
            (Some(StreamUpdate::Disable), None) => return Err(UpdateError::NoStream(table.name.to_string())),
            (Some(StreamUpdate::Enable(view)), None) => definition.enable_stream(view, now),
            (Some(StreamUpdate::Disable), Some(_)) => definition.stream = None,
            (None, _) => {}
        }
        match &self.sse {
            Some(SseUpdate::Enable(sse)) => definition.sse = Some(sse.clone()),
            Some(SseUpdate::Disable) => definition.sse = None,
            None => {}
        }
        if let Some(class) = self.table_class {
            definition.table_class = Some(class);
            definition.table_class_changed_at = Some(now);
        }
        if let Some(protected) = self.deletion_protection.filter(|protected| *protected != table.deletion_protection) {
            definition.deletion_protection = protected;
            definition.deletion_protection_changed_at = Some(now);
        }
        indexes::apply(&self.indexes, self.definitions.as_ref(), &mut updated)?;
        Ok(updated)
    }
}

fn read_encryption(specification: Value<'_>) -> Result<SseUpdate, SchemaError> {
    Ok(SseSpec::from_request(specification)?.map_or(SseUpdate::Disable, SseUpdate::Enable))
}

/// messages-tables 53
fn read_stream(specification: Value<'_>) -> Result<StreamUpdate, UpdateError> {
    let view = specification.get("StreamViewType").and_then(Value::as_str);
    let view = view.and_then(|view| StreamViewType::from_name(&view));
    match (specification.get("StreamEnabled").is_some_and(is_true), view) {
        (true, Some(view)) => Ok(StreamUpdate::Enable(view)),
        (true, None) => Err(UpdateError::EnableWithoutViewType),
        (false, None) => Ok(StreamUpdate::Disable),
        (false, Some(_)) => Err(UpdateError::DisableWithViewType),
    }
}

/// An update is one logical change (rule 90 as part D has it).
fn check_together(changes: &[&str], structural: bool) -> Result<(), UpdateError> {
    let given = |name: &str| changes.contains(&name);
    for (member, named) in ALONE {
        if given(member) && changes.len() > 1 {
            return Err(if member == "WarmThroughput" {
                UpdateError::WarmThroughputNotAlone
            } else {
                UpdateError::NotAlone(named)
            });
        }
    }
    if given("OnDemandThroughput") && changes.iter().any(|name| !matches!(*name, "OnDemandThroughput" | "BillingMode")) {
        return Err(UpdateError::OnDemandThroughputNotAlone);
    }
    let capacity = given("BillingMode") || given("ProvisionedThroughput");
    match (capacity, given("StreamSpecification"), structural) {
        (true, true, _) => Err(UpdateError::StreamWithCapacity),
        (true, _, true) => Err(UpdateError::IndexWithCapacity),
        (_, true, true) => Err(UpdateError::IndexWithStream),
        _ => Ok(()),
    }
}
