//! Global indexes that are made, changed and deleted.

use super::super::attribute_definitions::AttributeDefinitions;
use super::super::capacity::BillingMode;
use super::super::create::{MOST_GLOBAL_INDEXES, check_non_key_attributes, read_index, read_index_capacity};
use super::super::index::IndexStatus;
use super::super::key_schema::KeySchema;
use super::super::table::TableDefinition;
use super::UpdatedTable;
use super::error::UpdateError;
use crate::model::json::Value;

/// What an element of `GlobalSecondaryIndexUpdates` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    Create,
    Update,
    Delete,
}

/// An element of `GlobalSecondaryIndexUpdates`.
#[derive(Clone)]
pub(super) struct IndexUpdate<'d> {
    action: Action,
    name: String,
    value: Value<'d>,
}

impl<'d> IndexUpdate<'d> {
    /// Reads the elements (messages-tables 85-87).
    pub(super) fn list(list: Option<Value<'d>>) -> Result<Vec<Self>, UpdateError> {
        let mut updates: Vec<Self> = Vec::new();
        for element in list.into_iter().flat_map(Value::elements) {
            let actions = [("Update", Action::Update), ("Create", Action::Create), ("Delete", Action::Delete)];
            let mut given = actions.into_iter().filter_map(|(member, action)| {
                let value = element.get(member).filter(|value| !value.is_null())?;
                Some((action, value))
            });
            let (action, value) = match (given.next(), given.next()) {
                (None, _) => return Err(UpdateError::NoIndexAction),
                (Some(_), Some(_)) => return Err(UpdateError::SeveralIndexActions),
                (Some(action), None) => action,
            };
            let name = value.get("IndexName").and_then(Value::as_str).unwrap_or_default().into_owned();
            if updates.iter().any(|update| update.name == name) {
                return Err(UpdateError::IndexTwice(name));
            }
            updates.push(Self { action, name, value });
        }
        Ok(updates)
    }

    /// Whether an index is made or deleted.
    pub(super) fn is_structural(&self) -> bool {
        self.action != Action::Update
    }

    /// The settings for that index, if this changes it.
    pub(super) fn capacity_of(&self, index: &str) -> Option<Value<'d>> {
        (self.action == Action::Update && self.name == index).then_some(self.value)
    }
}

/// Makes and deletes indexes, at most one; brings the attribute definitions along (rule 90).
pub(super) fn apply(
    updates: &[IndexUpdate<'_>],
    definitions: Option<&AttributeDefinitions>,
    updated: &mut UpdatedTable,
) -> Result<(), UpdateError> {
    let table = &mut updated.definition;
    for update in updates {
        check_known(update, table)?;
    }
    let structural: Vec<&IndexUpdate<'_>> = updates.iter().filter(|update| update.is_structural()).collect();
    let Some(change) = structural.first() else { return Ok(()) };
    if change.action == Action::Delete && allocating(table, &change.name) {
        return Err(UpdateError::IndexAllocating);
    }
    // An index that is still being filled may be deleted.
    let in_transition = |status: IndexStatus| matches!(status, IndexStatus::Creating | IndexStatus::Deleting);
    let others = table.global_indexes.iter().filter(|index| index.name != change.name);
    if structural.len() > 1 || others.into_iter().any(|index| in_transition(index.status)) {
        return Err(UpdateError::SeveralStructuralChanges);
    }
    let name = change.name.clone();
    if change.action == Action::Delete {
        for index in table.global_indexes.iter_mut().filter(|index| index.name == name) {
            index.status = IndexStatus::Deleting;
            index.backfilling = None;
        }
        updated.deleted_index = Some(name);
        return Ok(());
    }
    let definitions = definitions.ok_or_else(|| UpdateError::NoDefinitions(name.clone()))?;
    let merged = table.attribute_definitions.merged(definitions);
    let mut index = read_index(change.value, &merged)?;
    check_capacity(change.value, &name, table.billing_mode)?;
    read_index_capacity(&mut index, change.value, table.billing_mode)?;
    if table.global_indexes.len() >= MOST_GLOBAL_INDEXES {
        return Err(UpdateError::TooManyIndexes);
    }
    index.status = IndexStatus::Creating;
    index.backfilling = Some(false);
    table.global_indexes.push(index);
    check_non_key_attributes(table.indexes())?;
    table.attribute_definitions = merged;
    table.drop_unused_definitions();
    updated.created_index = Some(name);
    Ok(())
}

/// messages-tables 89, 91, 92
fn check_known(update: &IndexUpdate<'_>, table: &TableDefinition) -> Result<(), UpdateError> {
    let name = &update.name;
    let global = table.global_indexes.iter().any(|index| index.name == *name);
    let local = table.local_indexes.iter().any(|index| index.name == *name);
    match (update.action, global, local) {
        (Action::Create, false, false) | (Action::Update | Action::Delete, true, _) => Ok(()),
        (Action::Create, _, _) => Err(UpdateError::IndexExists),
        (Action::Update, false, true) => Err(UpdateError::LocalIndex("update", name.clone())),
        (Action::Delete, false, true) => Err(UpdateError::LocalIndex("delete", name.clone())),
        (_, false, false) => Err(UpdateError::IndexNotFound(name.clone(), table.name.to_string())),
    }
}

/// Whether the index is being made and not yet being filled.
fn allocating(table: &TableDefinition, name: &str) -> bool {
    let mut indexes = table.global_indexes.iter();
    indexes.any(|index| index.name == name && index.status == IndexStatus::Creating && index.backfilling != Some(true))
}

/// messages-tables 84
fn check_capacity(value: Value<'_>, name: &str, mode: BillingMode) -> Result<(), UpdateError> {
    let given = value.get("ProvisionedThroughput").is_some_and(|value| !value.is_null());
    match (mode, given) {
        (BillingMode::Provisioned, false) => Err(UpdateError::NewIndexThroughputMissing(name.to_owned())),
        (BillingMode::PayPerRequest, true) => Err(UpdateError::NewIndexThroughputOnDemand(name.to_owned())),
        _ => Ok(()),
    }
}

impl TableDefinition {
    /// Definitions no key uses any more go (rule 90).
    pub fn drop_unused_definitions(&mut self) {
        let used: Vec<String> = [&self.key_schema]
            .into_iter()
            .chain(self.indexes().map(|index| &index.key_schema))
            .flat_map(KeySchema::attributes)
            .map(|attribute| attribute.name.clone())
            .chain(
                self.vector_indexes
                    .iter()
                    .flat_map(|index| index.search_schema.iter().map(|element| element.name.clone())),
            )
            .collect();
        self.attribute_definitions.retain(|name| used.iter().any(|other| other == name));
    }
}
