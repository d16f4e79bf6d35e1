//! GetItem, BatchGetItem, Query and Scan (behaviour rules of B5).

use std::cmp::Ordering;

use crate::answer::{Answer, Refusal, Walk, refuse};
use crate::capacity::{Capacity, of_bytes_read};
use crate::condition::Test;
use crate::database::{Database, check_distinct, shown};
use crate::json::Json;
use crate::path;
use crate::request::{Consumed, Get, Query, Read, Select, Shown, TableKeys};
use crate::table::{Projection, State, Table, Target};
use crate::value::{Item, Value, item_size};

/// Bytes after which a page takes no more items (rule 51).
const PAGE_BYTES: usize = 1 << 20;
const INVALID: &str = "One or more parameter values were invalid: ";

/// A read of all there is of a table or an index.
pub fn everything(table: usize, target: Target, consumed: Consumed) -> Read {
    Read {
        table,
        target,
        filter: None,
        shown: Shown::All,
        select: Select::Unsaid,
        limit: None,
        consistent: false,
        consumed,
    }
}

fn show(item: &Item, what: &Shown) -> Json {
    match what.paths() {
        None => shown(item),
        Some(paths) => shown(&path::project(&paths, item)),
    }
}

/// GetItem.
pub fn get(db: &Database, get: &Get) -> Answer {
    let table = &db.tables[get.table];
    let mut reply = Json::object([]);
    let found = db.item(get.table, &get.key);
    if let Some(item) = found {
        reply.set("Item", show(item, &get.shown));
    }
    let mut capacity = Capacity::none(table);
    capacity.add(None, of_bytes_read(found.map_or(0, item_size), get.consistent));
    if let Some(consumed) = capacity.json(table, get.consumed) {
        reply.set("ConsumedCapacity", consumed);
    }
    Ok(reply)
}

/// BatchGetItem.
pub fn batch_get(db: &Database, asked: &[TableKeys], consumed: Consumed) -> Answer {
    for TableKeys { keys, .. } in asked {
        check_distinct(keys)?;
    }
    let (mut responses, mut capacities) = (Json::object([]), Vec::new());
    for TableKeys {
        table: at,
        keys,
        shown,
        consistent,
    } in asked
    {
        let table = &db.tables[*at];
        let mut capacity = Capacity::none(table);
        let found: Vec<Option<&Item>> = keys.iter().map(|key| db.item(*at, key)).collect();
        for item in &found {
            capacity.add(None, of_bytes_read(item.map_or(0, item_size), *consistent));
        }
        let items = found.into_iter().flatten().map(|item| show(item, shown));
        responses.set(&table.name, Json::Array(items.collect()));
        capacities.extend(capacity.json(table, consumed));
    }
    let mut reply = Json::object([("Responses", responses), ("UnprocessedKeys", Json::object([]))]);
    if consumed != Consumed::None {
        reply.set("ConsumedCapacity", Json::Array(capacities));
    }
    Ok(reply)
}

/// The order of entries within a partition.
fn order(table: &Table, target: Target, one: &Item, two: &Item) -> Ordering {
    let pairs = table.order_of(target, one).into_iter().zip(table.order_of(target, two));
    let mut orders = pairs.map(|(one, two)| one.order(two).unwrap_or(Ordering::Equal));
    orders.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// How a page's items are read.
struct Reader<'d> {
    table: &'d Table,
    read: &'d Read,
    /// Whether the items come from the table though a local index is read (rule 61).
    fetches: bool,
}

impl<'d> Reader<'d> {
    /// Checks what may be asked of the index (rules 57, 60, 61).
    fn new(db: &'d Database, read: &'d Read) -> Result<Self, Refusal> {
        let table = &db.tables[read.table];
        let mut reader = Self {
            table,
            read,
            fetches: false,
        };
        let Some(at) = read.target else { return Ok(reader) };
        let index = &table.indexes[at];
        if index.state == State::Deleted {
            return refuse(format!("The table does not have the specified index: {}", index.name));
        }
        if read.consistent && !index.local {
            return refuse("Consistent reads are not supported on global secondary indexes");
        }
        if index.projection == Projection::All {
            return Ok(reader);
        }
        let paths = read.shown.paths().unwrap_or_default();
        let mut missing: Vec<&str> = paths.iter().map(|path| path.attribute.as_str()).collect();
        missing.retain(|name| !table.projects(read.target, name));
        missing.sort_unstable();
        missing.dedup();
        if read.select != Select::All && missing.is_empty() {
            return Ok(reader);
        }
        if index.local {
            reader.fetches = true;
            return Ok(reader);
        }
        let name = &index.name;
        refuse(if read.select == Select::All {
            format!(
                "{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index {name} because its projection type is not \
                 ALL"
            )
        } else {
            format!("{INVALID}Global secondary index {name} does not project [{}]", missing.join(", "))
        })
    }

    /// Bytes that a page counts for an item, before any filter (rule 51).
    fn bytes(&self, item: &Item) -> usize {
        item_size(&self.seen(item))
    }

    /// Cuts items to a page; whether it is ended by its limit or its size, be there more items or not (rule 52).
    fn cut(&self, items: &mut Vec<&Item>) -> bool {
        let (mut taken, mut bytes) = (0, 0);
        let full = |taken: usize, bytes: usize| self.read.limit == Some(taken) || bytes >= PAGE_BYTES;
        while taken < items.len() && !full(taken, bytes) {
            bytes += self.bytes(items[taken]);
            taken += 1;
        }
        items.truncate(taken);
        full(taken, bytes)
    }

    /// What the filter and the reply see of an item.
    fn seen(&self, item: &Item) -> Item {
        let target = self.read.target.filter(|_| !self.fetches);
        self.table.entry(target, item).unwrap_or_default()
    }

    /// The items that pass the filter, as the reply shows them.
    fn passing(&self, items: &[&Item]) -> Vec<Json> {
        let seen = items.iter().map(|item| self.seen(item));
        let passing = seen.filter(|item| self.read.filter.as_ref().is_none_or(|filter: &Test| filter.holds(item)));
        passing.map(|item| show(&item, &self.read.shown)).collect()
    }

    /// What a page of these items consumes (rules 61, 63).
    fn consumed(&self, items: &[&Item]) -> Option<Json> {
        let mut capacity = Capacity::none(self.table);
        let entries = items.iter().filter_map(|item| self.table.entry(self.read.target, item));
        let bytes = entries.map(|entry| item_size(&entry)).sum();
        capacity.add(self.read.target, of_bytes_read(bytes, self.read.consistent));
        if self.fetches {
            let fetched = items.iter().map(|item| of_bytes_read(item_size(item), self.read.consistent));
            capacity.add(None, fetched.sum());
        }
        capacity.json(self.table, self.read.consumed)
    }
}

/// The items of the partition that a Query finds, in the order it reads them, from behind its starting key.
fn found<'d>(db: &'d Database, query: &Query) -> Vec<&'d Item> {
    let table = &db.tables[query.read.table];
    let target = query.read.target;
    let (hash, range) = table.schema(target);
    let wanted: Vec<(&&str, &Value)> = hash.iter().zip(&query.hash).chain(range.iter().zip(&query.equal)).collect();
    let fits = |item: &&Item| {
        let equal = wanted.iter().all(|(name, value)| item.get(**name) == Some(value));
        let tested = range.get(query.equal.len()).and_then(|name| item.get(*name));
        let test = query.test.as_ref().zip(tested);
        equal && table.entry(target, item).is_some() && test.is_none_or(|(test, value)| test.holds(value))
    };
    let mut found: Vec<&Item> = db.items[query.read.table].iter().filter(fits).collect();
    found.sort_by(|one, two| order(table, target, one, two));
    if !query.forward {
        found.reverse();
    }
    if let Some(start) = &query.start {
        let behind = if query.forward { Ordering::Greater } else { Ordering::Less };
        found.retain(|item| order(table, target, item, start) == behind);
    }
    found
}

/// Holds a starting key against what the Query reads (rules 53, 54).
fn check_start(table: &Table, query: &Query) -> Result<(), Refusal> {
    let Some(start) = &query.start else { return Ok(()) };
    let (hash, range) = table.schema(query.read.target);
    let same = |names: &[&str], values: &[Value]| names.iter().zip(values).all(|(name, value)| start.get(*name) == Some(value));
    let tested = range.get(query.equal.len()).and_then(|name| start.get(*name));
    let test = query.test.as_ref().zip(tested);
    if !same(&range, &query.equal) || test.is_some_and(|(test, value)| !test.holds(value)) {
        return refuse("The provided starting key does not match the range key predicate");
    }
    let elsewhere = !same(&hash, &query.hash);
    let conditioned = query.test.is_some() || !query.equal.is_empty();
    if query.read.target.is_none() && query.equal.len() == range.len() || elsewhere && conditioned {
        return refuse("The query can return at most one row and cannot be restarted");
    }
    if elsewhere {
        return refuse("The provided starting key is outside query boundaries based on provided conditions");
    }
    Ok(())
}

/// The items of a page, and the key it ends at, if it is ended by its limit or size.
fn page<'d>(db: &'d Database, reader: &Reader<'d>, query: &Query) -> (Vec<&'d Item>, Option<Item>) {
    let mut items = found(db, query);
    let ended = reader.cut(&mut items);
    let names = reader.table.start_key(query.read.target);
    let last = items.last().filter(|_| ended).map(|last| Table::pick(&names, last));
    (items, last)
}

/// The key from which a Query goes on, if its page is not the last.
pub fn last_key(db: &Database, query: &Query) -> Option<Item> {
    let reader = Reader::new(db, &query.read).ok()?;
    check_start(reader.table, query).ok()?;
    page(db, &reader, query).1
}

/// Query.
pub fn query(db: &Database, query: &Query) -> Answer {
    let reader = Reader::new(db, &query.read)?;
    check_start(reader.table, query)?;
    let (items, last) = page(db, &reader, query);
    let passing = reader.passing(&items);
    let mut reply = Json::object([
        ("Count", Json::integer(passing.len())),
        ("ScannedCount", Json::integer(items.len())),
    ]);
    if query.read.select != Select::Count {
        reply.set("Items", Json::Array(passing));
    }
    if let Some(key) = last {
        reply.set("LastEvaluatedKey", shown(&key));
    }
    if let Some(consumed) = reader.consumed(&items) {
        reply.set("ConsumedCapacity", consumed);
    }
    Ok(reply)
}

/// All pages of a Scan.
pub fn scan(db: &Database, scan: &Read, segments: usize) -> Result<Walk, Refusal> {
    let reader = Reader::new(db, scan)?;
    let table = reader.table;
    let (hash, _) = table.schema(scan.target);
    let mut items: Vec<&Item> = db.items[scan.table]
        .iter()
        .filter(|item| table.entry(scan.target, item).is_some())
        .collect();
    items.sort_by(|one, two| order(table, scan.target, one, two));
    let mut partitions: Vec<(Item, Vec<&Item>)> = Vec::new();
    for item in &items {
        let partition = Table::pick(&hash, item);
        match partitions.iter_mut().find(|(other, _)| *other == partition) {
            Some((_, items)) => items.push(item),
            None => partitions.push((partition, vec![item])),
        }
    }
    let runs: Vec<Vec<Json>> = partitions
        .iter()
        .map(|(_, items)| reader.passing(items))
        .filter(|run| !run.is_empty())
        .collect();
    let sized = items.iter().map(|item| reader.bytes(item)).sum::<usize>() >= PAGE_BYTES;
    let one_page = segments == 1 && scan.limit.is_none() && !sized;
    Ok(Walk {
        count: runs.iter().map(Vec::len).sum(),
        scanned: items.len(),
        key: table.start_key(scan.target).into_iter().map(str::to_owned).collect(),
        consumed: reader.consumed(&items).filter(|_| one_page),
        sized,
        runs: Some(runs).filter(|_| scan.select != Select::Count),
    })
}
