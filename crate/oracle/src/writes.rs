//! PutItem, DeleteItem, UpdateItem and BatchWriteItem, and what an item may be (behaviour rules of B4, B6, B7, A5).

use crate::answer::{Answer, CONDITION, Refusal, refuse};
use crate::capacity::Capacity;
use crate::database::{Database, INVALID, MOST_BYTES, NOT_VALID, check_distinct, shown};
use crate::json::Json;
use crate::path;
use crate::request::{BatchedWrite, Consumed, Effect, Returns, Write};
use crate::table::Table;
use crate::update::{Operand, Source, Update};
use crate::value::{Item, Value, item_size};

/// rule 14
pub(crate) const PUT_TOO_LARGE: &str = "Item size has exceeded the maximum allowed size";
/// rule 14
pub(crate) const UPDATE_TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";

impl Database {
    /// PutItem, DeleteItem and UpdateItem.
    pub(crate) fn write(&mut self, write: &Write) -> Answer {
        let table = &self.tables[write.table];
        let key = key_of(table, &write.effect);
        match &write.effect {
            Effect::Put(item) => check_item(table, item)?,
            Effect::Update(_, update) | Effect::LegacyUpdate(_, update) => {
                let faults = target_faults(table, update);
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
            }
            Effect::Delete(_) | Effect::Check(_) => {}
        }
        let old = self.item(write.table, &key).cloned();
        if let Effect::Update(_, update) | Effect::LegacyUpdate(_, update) = &write.effect
            && let Ok((new, _)) = update.apply(old.as_ref().unwrap_or(&key))
            && item_size(&new) > MOST_BYTES
        {
            // Before the condition (rule 16).
            return refuse(UPDATE_TOO_LARGE);
        }
        let empty = Item::new();
        if write
            .condition
            .as_ref()
            .is_some_and(|condition| !condition.holds(old.as_ref().unwrap_or(&empty)))
        {
            return Err(Refusal {
                name: CONDITION,
                messages: vec!["The conditional request failed".into()],
                item: old.as_ref().filter(|_| write.old_on_failure).map(shown), // rule A5
            });
        }
        let (new, updated) = changed(table, &write.effect, &key, old.as_ref()).map_err(Refusal::invalid)?;
        let attributes = match (write.returns, &write.effect) {
            (Returns::None, _) => None,
            (Returns::AllOld, _) => old.clone(),
            (Returns::AllNew, _) => new.clone(),
            (Returns::UpdatedOld, Effect::Update(_, update) | Effect::LegacyUpdate(_, update)) => {
                let targets: Vec<_> = update.targets().cloned().collect();
                old.as_ref()
                    .map(|old| path::project(&targets, old))
                    .filter(|shown| !shown.is_empty())
            }
            _ => Some(updated).filter(|updated| !updated.is_empty()), // rule 44
        };
        let mut reply = Json::object([]);
        if let Some(attributes) = attributes {
            reply.set("Attributes", shown(&attributes));
        }
        let mut capacity = Capacity::none(table);
        capacity.add_write(table, old.as_ref(), new.as_ref());
        if let Some(consumed) = capacity.json(table, write.consumed) {
            reply.set("ConsumedCapacity", consumed);
        }
        if write.metrics && has_collections(table) {
            reply.set("ItemCollectionMetrics", collection(table, &key));
        }
        self.replace(write.table, &key, new, false);
        Ok(reply)
    }

    /// BatchWriteItem.
    pub(crate) fn batch_write(&mut self, asked: &[(usize, Vec<BatchedWrite>)], consumed: Consumed, metrics: bool) -> Answer {
        let key_of = |table: &Table, write: &BatchedWrite| match write {
            BatchedWrite::Put(item) => table.key_of(item),
            BatchedWrite::Delete(key) => key.clone(),
        };
        for (table, writes) in asked {
            let keys: Vec<Item> = writes.iter().map(|write| key_of(&self.tables[*table], write)).collect();
            check_distinct(&keys)?;
        }
        // The tables stand in an object, whose members have no order: the first fault of each may be the one that is told.
        let faults = asked.iter().filter_map(|(table, writes)| {
            let items = writes.iter().filter_map(|write| match write {
                BatchedWrite::Put(item) => Some(item),
                BatchedWrite::Delete(_) => None,
            });
            items.map(|item| check_item(&self.tables[*table], item)).find_map(Result::err)
        });
        if let Some(refusal) = faults.reduce(Refusal::or) {
            return Err(refusal);
        }
        let mut reply = Json::object([("UnprocessedItems", Json::object([]))]);
        let (mut capacities, mut collections) = (Vec::new(), Json::object([]));
        for (at, writes) in asked {
            let table = self.tables[*at].clone();
            let (mut capacity, mut keys) = (Capacity::none(&table), Vec::new());
            for write in writes {
                let key = key_of(&table, write);
                let new = match write {
                    BatchedWrite::Put(item) => Some(item.clone()),
                    BatchedWrite::Delete(_) => None,
                };
                capacity.add_write(&table, self.item(*at, &key), new.as_ref());
                let collection = collection(&table, &key);
                if !keys.contains(&collection) {
                    keys.push(collection);
                }
                self.replace(*at, &key, new, false);
            }
            capacities.extend(capacity.json(&table, consumed));
            if has_collections(&table) {
                collections.set(&table.name, Json::Array(keys));
            }
        }
        if consumed != Consumed::None {
            reply.set("ConsumedCapacity", Json::Array(capacities));
        }
        if metrics && collections != Json::object([]) {
            reply.set("ItemCollectionMetrics", collections);
        }
        Ok(reply)
    }
}

/// The key of the item that a write is about.
pub(crate) fn key_of(table: &Table, effect: &Effect) -> Item {
    match effect {
        Effect::Put(item) => table.key_of(item),
        Effect::Delete(key) | Effect::Check(key) | Effect::Update(key, _) | Effect::LegacyUpdate(key, _) => key.clone(),
    }
}

/// Whether the table has item collections to speak of (rule 69).
pub(crate) fn has_collections(table: &Table) -> bool {
    table.indexes.iter().any(|index| index.local)
}

/// An element of `ItemCollectionMetrics`.
pub(crate) fn collection(table: &Table, key: &Item) -> Json {
    let range = ["0.0", "1.0"].map(|bound| Json::Number(bound.into()));
    Json::object([
        ("ItemCollectionKey", shown(&Table::pick(&[&table.hash], key))),
        ("SizeEstimateRangeGB", Json::Array(range.into())),
    ])
}

fn empty_kind(value: &Value) -> &'static str {
    if value.type_name() == "S" { "string" } else { "binary" }
}

fn empty_update(value: &Value) -> String {
    format!(
        "{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue \
         for a key attribute cannot contain an empty {} value.",
        empty_kind(value)
    )
}

/// What keeps an item out of an index whose key it should have (rules 19, 20).
pub(crate) struct KeyFault {
    /// In the service's words.
    pub message: String,
    /// Whether the key would be empty.
    pub empty: bool,
}

/// What must be of a type, and not empty, for an index: of every index, or of those of which an update touches some key attribute.
fn index_key_faults(table: &Table, item: &Item, updated: Option<&Update>) -> Vec<KeyFault> {
    let mut faults = Vec::new();
    let touched = |name: &String| updated.is_none_or(|update| update.targets().any(|path| path.attribute == *name));
    for index in table.live().map(|(_, index)| index).filter(|index| index.keys().any(touched)) {
        for (name, value) in index.keys().filter_map(|name| Some((name, item.get(name)?))) {
            let (expected, actual, index) = (table.kind_of(name), value.type_name(), &index.name);
            let message = if actual != expected {
                format!("{INVALID}Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}")
            } else if !value.is_empty_text() {
                continue;
            } else if updated.is_some() {
                empty_update(value)
            } else {
                format!(
                    "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute \
                     cannot contain an empty {} value. IndexName: {index}, IndexKey: {name}",
                    empty_kind(value)
                )
            };
            let empty = actual == expected;
            faults.push(KeyFault { message, empty });
        }
    }
    faults
}

/// Why an item cannot be put because of the indexes.
pub(crate) fn put_faults(table: &Table, item: &Item) -> Vec<KeyFault> {
    index_key_faults(table, item, None)
}

/// What an item may be (rules 13, 14, 19, 20).
fn check_item(table: &Table, item: &Item) -> Result<(), Refusal> {
    if item_size(item) > MOST_BYTES {
        return refuse(PUT_TOO_LARGE);
    }
    let faults = put_faults(table, item);
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(faults.into_iter().map(|fault| fault.message).collect()))
}

/// What is wrong with an update whatever the item (rules 19, 45).
pub(crate) fn target_faults(table: &Table, update: &Update) -> Vec<String> {
    let keys = table.keys();
    let touched = update.targets().filter(|path| keys.contains(&path.attribute.as_str()));
    let faults: Vec<String> = touched
        .map(|path| {
            format!(
                "{INVALID}Cannot update attribute {}. This attribute is part of the key",
                path.attribute
            )
        })
        .collect();
    if !faults.is_empty() {
        return faults;
    }
    let sets = update.set.iter().filter_map(|(path, source)| match source {
        Source::Operand(Operand::Value(value)) if path.steps.is_empty() => Some((&path.attribute, value)),
        _ => None,
    });
    let empty = sets.filter(|(name, value)| {
        value.is_empty_text() && table.indexes_over(name).next().is_some() && table.kind_of(name) == value.type_name()
    });
    empty.map(|(_, value)| empty_update(value)).take(1).collect()
}

/// The item after a write, and what of it is new; or what may be said to be wrong.
pub(crate) fn changed(table: &Table, effect: &Effect, key: &Item, old: Option<&Item>) -> Result<(Option<Item>, Item), Vec<String>> {
    let (update, legacy) = match effect {
        Effect::Put(item) => return Ok((Some(item.clone()), Item::new())),
        Effect::Delete(_) => return Ok((None, Item::new())),
        Effect::Check(_) => return Ok((old.cloned(), Item::new())),
        Effect::Update(_, update) => (update, false),
        Effect::LegacyUpdate(_, update) => (update, true),
    };
    // Deletions by AttributeUpdates do not create an item.
    if legacy && old.is_none() && update.set.is_empty() && update.add.is_empty() && update.targets().count() > 0 {
        return Ok((None, Item::new()));
    }
    let worded = |fault: &'static str| match fault {
        "An operand in the update expression has an incorrect data type" if legacy => "Type mismatch for attribute to update".to_owned(),
        fault => fault.to_owned(),
    };
    let applied = update.apply(old.unwrap_or(key));
    let (new, updated) = applied.map_err(|faults| faults.into_iter().map(worded).collect::<Vec<_>>())?;
    let faults = index_key_faults(table, &new, Some(update));
    if faults.is_empty() {
        return Ok((Some(new), updated));
    }
    Err(faults.into_iter().map(|fault| fault.message).collect())
}
