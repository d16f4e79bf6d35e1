//! The model: tables as lists of items, and the answer to every request (behaviour rules of B4, B6, B7, A5).

use crate::answer::{Answer, CONDITION, Expect, NOT_FOUND, Refusal, Step, VALIDATION, refuse};
use crate::capacity::Capacity;
use crate::json::Json;
use crate::request::{BatchedWrite, Consumed, Effect, Mistake, Request, Returns, Write};
use crate::table::Table;
use crate::update::{Operand, Source, Update};
use crate::value::{Item, Side, Value, item_json, item_size};
use crate::{path, reads, wire};

const INVALID: &str = "One or more parameter values were invalid: ";
/// The most bytes of an item (rule 13).
const MOST_BYTES: usize = 409_600;
const NOT_VALID: &str = "One or more parameter values are not valid. ";

/// A change as the stream tells it: the key, the item before and after it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Change {
    pub key: Item,
    pub old: Option<Item>,
    pub new: Option<Item>,
}

/// Tables, and what is in them.
#[derive(Clone, Debug)]
pub struct Database {
    /// The definitions.
    pub tables: Vec<Table>,
    /// The items of each table, in no order.
    pub items: Vec<Vec<Item>>,
    /// What happened to each table.
    pub changes: Vec<Vec<Change>>,
}

/// As the reply shows an item.
pub fn shown(item: &Item) -> Json {
    item_json(item, Side::Reply)
}

impl Database {
    /// Empty tables.
    pub fn new(tables: Vec<Table>) -> Self {
        Self {
            items: vec![Vec::new(); tables.len()],
            changes: vec![Vec::new(); tables.len()],
            tables,
        }
    }

    /// The item with that key.
    pub fn item(&self, table: usize, key: &Item) -> Option<&Item> {
        self.items[table].iter().find(|item| self.tables[table].key_of(item) == *key)
    }

    /// Replaces, removes or adds the item with that key.
    fn replace(&mut self, table: usize, key: &Item, new: Option<Item>) {
        let definition = &self.tables[table];
        let items = &mut self.items[table];
        let at = items.iter().position(|item| definition.key_of(item) == *key);
        let old = at.map(|at| items.swap_remove(at));
        items.extend(new.clone());
        if old != new {
            let key = key.clone();
            self.changes[table].push(Change { key, old, new });
        }
    }

    /// Does what a request asks for; how it is sent, and what the answer must be.
    pub fn step(&mut self, request: &Request) -> Step {
        let (operation, body) = self.sent(request);
        let expect = match request {
            Request::Write(write) => self.write(write).into(),
            Request::Get(get) => reads::get(self, get).into(),
            Request::Query(query) => reads::query(self, query).into(),
            Request::Scan(scan, segments) => match reads::scan(self, scan, *segments) {
                Ok(walk) => Expect::Walk(walk),
                Err(refusal) => Answer::Err(refusal).into(),
            },
            Request::BatchGet(tables, consumed) => reads::batch_get(self, tables, *consumed).into(),
            Request::BatchWrite(tables, consumed, metrics) => self.batch_write(tables, *consumed, *metrics).into(),
            Request::Mistaken(request, mistake) => Answer::Err(self.refusal(request, *mistake)).into(),
        };
        Step {
            operation,
            request: body,
            expect,
        }
    }

    fn sent(&self, request: &Request) -> (&'static str, Json) {
        match request {
            Request::Write(write) => wire::write(&self.tables[write.table], write),
            Request::Get(get) => ("GetItem", wire::get(&self.tables[get.table], get)),
            Request::Query(query) => ("Query", wire::query(&self.tables[query.read.table], query)),
            Request::Scan(scan, segments) => ("Scan", wire::scan(&self.tables[scan.table], scan, *segments)),
            Request::BatchGet(tables, consumed) => ("BatchGetItem", wire::batch_get(&self.tables, tables, *consumed)),
            Request::BatchWrite(tables, consumed, metrics) => {
                ("BatchWriteItem", wire::batch_write(&self.tables, tables, *consumed, *metrics))
            }
            Request::Mistaken(request, mistake) => {
                let (operation, mut body) = self.sent(request);
                spoil(&mut body, *mistake, &self.tables[table_of(request)].hash);
                (operation, body)
            }
        }
    }

    /// The answer to a request that is wrong by itself (messages-items 1, 4, 6, 8).
    fn refusal(&self, request: &Request, mistake: Mistake) -> Refusal {
        let prefix = if matches!(request, Request::Write(_)) {
            "1 validation error detected: "
        } else {
            ""
        };
        let unused = |map: &str, key: &str| format!("{prefix}Value provided in {map} unused in expressions: keys: {{{key}}}");
        let (name, message) = match mistake {
            Mistake::NoTable => (NOT_FOUND, "Requested resource not found".into()),
            Mistake::NoIndex => (VALIDATION, "The table does not have the specified index: nowhere".into()),
            Mistake::UnusedName => (VALIDATION, unused("ExpressionAttributeNames", "#unused")),
            Mistake::UnusedValue => (VALIDATION, unused("ExpressionAttributeValues", ":unused")),
            Mistake::WrongKey => match request {
                Request::Write(Write {
                    effect: Effect::Put(_),
                    table,
                    ..
                }) => {
                    let key = &self.tables[*table].hash;
                    (VALIDATION, format!("{INVALID}Missing the key {key} in the item"))
                }
                _ => (VALIDATION, "The provided key element does not match the schema".into()),
            },
            Mistake::NoLimit => (
                VALIDATION,
                "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal \
                 to 1"
                    .into(),
            ),
        };
        let messages = vec![message];
        Refusal {
            name,
            messages,
            item: None,
        }
    }

    fn write(&mut self, write: &Write) -> Answer {
        let table = &self.tables[write.table];
        let key = match &write.effect {
            Effect::Put(item) => table.key_of(item),
            Effect::Delete(key) | Effect::Update(key, _) | Effect::LegacyUpdate(key, _) => key.clone(),
        };
        match &write.effect {
            Effect::Put(item) => check_item(table, item)?,
            Effect::Update(_, update) | Effect::LegacyUpdate(_, update) => check_targets(table, update)?,
            Effect::Delete(_) => {}
        }
        let old = self.item(write.table, &key).cloned();
        if let Effect::Update(_, update) | Effect::LegacyUpdate(_, update) = &write.effect
            && let Ok((new, _)) = update.apply(old.as_ref().unwrap_or(&key))
            && item_size(&new) > MOST_BYTES
        {
            // Before the condition (rule 16).
            return refuse("Item size to update has exceeded the maximum allowed size");
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
        let (new, updated) = match &write.effect {
            Effect::Put(item) => (Some(item.clone()), Item::new()),
            Effect::Delete(_) => (None, Item::new()),
            Effect::Update(_, update) => update_item(table, update, old.as_ref().unwrap_or(&key), false)?,
            // Deletions by AttributeUpdates do not create an item.
            Effect::LegacyUpdate(_, update)
                if old.is_none() && update.set.is_empty() && update.add.is_empty() && update.targets().count() > 0 =>
            {
                (None, Item::new())
            }
            Effect::LegacyUpdate(_, update) => update_item(table, update, old.as_ref().unwrap_or(&key), true)?,
        };
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
        self.replace(write.table, &key, new);
        Ok(reply)
    }

    fn batch_write(&mut self, asked: &[(usize, Vec<BatchedWrite>)], consumed: Consumed, metrics: bool) -> Answer {
        let key_of = |table: &Table, write: &BatchedWrite| match write {
            BatchedWrite::Put(item) => table.key_of(item),
            BatchedWrite::Delete(key) => key.clone(),
        };
        for (table, writes) in asked {
            let keys: Vec<Item> = writes.iter().map(|write| key_of(&self.tables[*table], write)).collect();
            check_distinct(&keys)?;
        }
        for (table, writes) in asked {
            for write in writes {
                if let BatchedWrite::Put(item) = write {
                    check_item(&self.tables[*table], item)?;
                }
            }
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
                self.replace(*at, &key, new);
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

    /// What DescribeTable must count: an index holds what the items give it, recomputed.
    pub fn counts(&self, at: usize) -> Expect {
        let table = &self.tables[at];
        let figures = |target| {
            let entries: Vec<Item> = self.items[at].iter().filter_map(|item| table.entry(target, item)).collect();
            [entries.len(), entries.iter().map(item_size).sum()]
        };
        Expect::Counts {
            table: figures(None),
            indexes: table
                .indexes
                .iter()
                .enumerate()
                .map(|(at, index)| (index.name.clone(), figures(Some(at))))
                .collect(),
        }
    }
}

/// The first table of a request.
pub fn table_of(request: &Request) -> usize {
    match request {
        Request::Write(write) => write.table,
        Request::Get(get) => get.table,
        Request::Query(query) => query.read.table,
        Request::Scan(scan, _) => scan.table,
        Request::BatchGet(..) | Request::BatchWrite(..) => 0,
        Request::Mistaken(request, _) => table_of(request),
    }
}

/// Gives an object within the body one more member.
fn add(body: &mut Json, member: &str, name: &str, value: Json) {
    match body.get_mut(member) {
        Some(members) => members.set(name, value),
        None => body.set(member, Json::object([(name, value)])),
    }
}

fn spoil(body: &mut Json, mistake: Mistake, hash: &str) {
    match mistake {
        Mistake::NoTable => body.set("TableName", Json::text("Nowhere")),
        Mistake::NoIndex => body.set("IndexName", Json::text("nowhere")),
        Mistake::UnusedName => add(body, "ExpressionAttributeNames", "#unused", Json::text("a")),
        Mistake::UnusedValue => add(body, "ExpressionAttributeValues", ":unused", Value::Null.json(Side::Request)),
        Mistake::NoLimit => body.set("Limit", Json::integer(0)),
        Mistake::WrongKey => match body.get_mut("Item") {
            Some(Json::Object(members)) => members.retain(|(name, _)| name != hash),
            _ => add(body, "Key", "extra", Value::Null.json(Side::Request)),
        },
    }
}

/// Whether the table has item collections to speak of (rule 69).
fn has_collections(table: &Table) -> bool {
    table.indexes.iter().any(|index| index.local)
}

fn collection(table: &Table, key: &Item) -> Json {
    let range = ["0.0", "1.0"].map(|bound| Json::Number(bound.into()));
    Json::object([
        ("ItemCollectionKey", shown(&Table::pick(&[&table.hash], key))),
        ("SizeEstimateRangeGB", Json::Array(range.into())),
    ])
}

/// Keys of one batch (rule 70).
pub fn check_distinct(keys: &[Item]) -> Result<(), Refusal> {
    let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    if twice {
        refuse("Provided list of item keys contains duplicates")
    } else {
        Ok(())
    }
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

/// What must be of a type, and not empty, for an index (rules 19, 20).
fn index_key_faults(table: &Table, item: &Item, touched: impl Fn(&str) -> bool, updated: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in item.iter().filter(|(name, _)| touched(name)) {
        for index in table.indexes_over(name).map(|index| &index.name) {
            let expected = table.types[name];
            if value.type_name() != expected {
                let actual = value.type_name();
                faults.push(format!(
                    "{INVALID}Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
                ));
            } else if value.is_empty_text() && updated {
                faults.push(empty_update(value));
            } else if value.is_empty_text() {
                faults.push(format!(
                    "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute \
                     cannot contain an empty {} value. IndexName: {index}, IndexKey: {name}",
                    empty_kind(value)
                ));
            }
        }
    }
    faults
}

/// What an item may be (rules 13, 14, 19, 20).
fn check_item(table: &Table, item: &Item) -> Result<(), Refusal> {
    if item_size(item) > MOST_BYTES {
        return refuse("Item size has exceeded the maximum allowed size");
    }
    let faults = index_key_faults(table, item, |_| true, false);
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// What is wrong with an update whatever the item (rules 19, 45).
fn check_targets(table: &Table, update: &Update) -> Result<(), Refusal> {
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
        return Err(Refusal::invalid(faults));
    }
    for (path, source) in &update.set {
        let whole = path.steps.is_empty() && table.indexes_over(&path.attribute).next().is_some();
        match source {
            Source::Operand(Operand::Value(value))
                if whole && value.is_empty_text() && table.types[&path.attribute] == value.type_name() =>
            {
                return refuse(empty_update(value));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The item after an update, and what of it is new.
fn update_item(table: &Table, update: &Update, old: &Item, legacy: bool) -> Result<(Option<Item>, Item), Refusal> {
    let worded = |fault: &'static str| match fault {
        "An operand in the update expression has an incorrect data type" if legacy => "Type mismatch for attribute to update".to_owned(),
        fault => fault.to_owned(),
    };
    let applied = update.apply(old);
    let (new, updated) = applied.map_err(|faults| Refusal::invalid(faults.into_iter().map(worded).collect()))?;
    let touched = |name: &str| update.targets().any(|path| path.attribute == name);
    let faults = index_key_faults(table, &new, touched, true);
    if faults.is_empty() {
        Ok((Some(new), updated))
    } else {
        Err(Refusal::invalid(faults))
    }
}
