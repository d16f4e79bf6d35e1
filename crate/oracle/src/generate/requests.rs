//! Random requests to a database.

use super::expressions::{About, range_comparator};
use super::{transactions, updates, values};
use crate::condition::Test;
use crate::database::Database;
use crate::path::Path;
use crate::random::Random;
use crate::reads;
use crate::request::{
    BatchedWrite, Consumed, Effect, Get, Mistake, Query, RangeTest, Read, Request, Returns, Select, Shown, TableKeys, Write,
};
use crate::table::{State, Table, Target};
use crate::update::{Operand, Source, Update};
use crate::value::{Item, Value, item_size};

/// The most pages that are asked for one after another.
const MOST_PAGES: usize = 20;

pub(super) fn consumed(random: &mut Random) -> Consumed {
    random.pick(&[Consumed::None, Consumed::None, Consumed::Total, Consumed::Indexes])
}

/// An item of the table, or one that could be.
pub(super) fn like(random: &mut Random, db: &Database, table: usize) -> Item {
    let items = &db.items[table];
    if items.is_empty() || random.percent(15) {
        values::item(random, &db.tables[table])
    } else {
        random.pick(items)
    }
}

fn shown(random: &mut Random, about: &About<'_>, legacy: bool) -> Shown {
    match random.below(3) {
        0 if legacy => {
            let mut names: Vec<String> = (0..random.within(1..4)).map(|_| about.attribute(random)).collect();
            names.sort();
            names.dedup();
            Shown::Attributes(names)
        }
        0 => Shown::Paths(about.paths(random, 4)),
        _ => Shown::All,
    }
}

fn write(random: &mut Random, db: &Database, table: usize) -> Write {
    let definition = &db.tables[table];
    let like = like(random, db, table);
    // Now and then the key is touched, which is refused.
    let barred = if random.percent(97) { definition.keys() } else { Vec::new() };
    let about = About { like: &like, barred };
    let key = if random.percent(75) {
        definition.key_of(&like)
    } else {
        values::key(random, definition)
    };
    let (effect, legacy) = match random.weighted(&[20, 8, 24, 8]) {
        0 => {
            let mut item = values::item(random, definition);
            if random.percent(50) {
                item.extend(key);
            } else if random.percent(20) {
                item = like.clone();
            }
            (Effect::Put(item), random.percent(30))
        }
        1 => (Effect::Delete(key), random.percent(30)),
        2 => (Effect::Update(key, updates::update(random, &about)), false),
        _ => (Effect::LegacyUpdate(key, updates::legacy_update(random, &about)), true),
    };
    let anything = About {
        like: &like,
        barred: Vec::new(),
    };
    let condition = random.percent(45).then(|| {
        if legacy {
            Test::Legacy(anything.legacy(random, true))
        } else {
            Test::Expression(anything.condition(random, 0))
        }
    });
    let of_update = [
        Returns::None,
        Returns::AllOld,
        Returns::AllNew,
        Returns::UpdatedOld,
        Returns::UpdatedNew,
    ];
    let updates = matches!(effect, Effect::Update(..) | Effect::LegacyUpdate(..));
    Write {
        table,
        returns: if updates {
            random.pick(&of_update)
        } else {
            random.pick(&of_update[..2])
        },
        effect,
        condition,
        old_on_failure: random.percent(50),
        consumed: consumed(random),
        metrics: random.percent(30),
    }
}

pub(super) fn get(random: &mut Random, db: &Database, table: usize) -> Get {
    let like = like(random, db, table);
    let about = About {
        like: &like,
        barred: Vec::new(),
    };
    let legacy = random.percent(30);
    Get {
        table,
        key: db.tables[table].key_of(&like),
        shown: shown(random, &about, legacy),
        consistent: random.percent(40),
        consumed: consumed(random),
    }
}

/// What Query and Scan have in common; a filter may not name these attributes.
fn read(random: &mut Random, db: &Database, table: usize, target: Target, like: &Item, barred: Vec<&str>, legacy: bool) -> Read {
    let definition = &db.tables[table];
    let global = target.is_some() && !definition.is_local(target);
    let select = match random.below(12) {
        0 | 1 => Select::Count,
        2 | 3 => Select::All,
        4 if target.is_some() => Select::AllProjected,
        5 | 6 => Select::Specific,
        _ => Select::Unsaid,
    };
    // Of a global index mostly what it holds is asked for.
    let held = definition.entry(target, like).filter(|_| global && random.percent(90));
    let asked = About {
        barred: if held.is_some() {
            values::OTHERS
                .into_iter()
                .filter(|name| !definition.projects(target, name))
                .collect()
        } else {
            Vec::new()
        },
        like: held.as_ref().unwrap_or(like),
    };
    let shown = match select {
        Select::Unsaid => shown(random, &asked, legacy),
        Select::Specific if legacy => Shown::Attributes(vec![asked.attribute(random)]),
        Select::Specific => Shown::Paths(asked.paths(random, 4)),
        _ => Shown::All,
    };
    let about = About { like, barred };
    let filter = random.percent(45).then(|| {
        if legacy {
            Test::Legacy(about.legacy(random, false))
        } else {
            Test::Expression(about.condition(random, 0))
        }
    });
    Read {
        table,
        target,
        filter,
        shown,
        select,
        limit: random.percent(50).then(|| random.within(1..5)),
        consistent: random.percent(if global { 2 } else { 30 }),
        consumed: consumed(random),
    }
}

/// The table, or one of its indexes; seldom one that is deleted.
fn target(random: &mut Random, table: &Table) -> Target {
    let target = random.below(table.indexes.len() + 1).checked_sub(1);
    target.filter(|at| table.indexes[*at].state != State::Deleted || random.percent(20))
}

fn range_test(random: &mut Random, kind: &str) -> RangeTest {
    let [one, two] = [(); 2].map(|()| values::key_value(random, kind));
    match random.below(4) {
        0 => {
            let ordered = one.order(&two) != Some(std::cmp::Ordering::Greater);
            if ordered {
                RangeTest::Between(one, two)
            } else {
                RangeTest::Between(two, one)
            }
        }
        1 if kind != "N" => RangeTest::BeginsWith(one),
        _ => RangeTest::Compare(range_comparator(random), one),
    }
}

/// A key to start from that need not be there, nor fit.
fn start_key(random: &mut Random, table: &Table, query: &Query, like: &Item) -> Item {
    let (hash, range) = table.schema(query.read.target);
    let mut start = Item::new();
    for name in table.start_key(query.read.target) {
        let there = like
            .get(name)
            .filter(|value| value.type_name() == table.kind_of(name) && !value.is_empty_text());
        let there = there.filter(|_| random.percent(50)).cloned();
        start.insert(
            name.to_owned(),
            there.unwrap_or_else(|| values::key_value(random, table.kind_of(name))),
        );
    }
    if random.percent(80) {
        let fitting = hash.iter().zip(&query.hash).chain(range.iter().zip(&query.equal));
        start.extend(fitting.map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    start
}

/// A Query, and those for its further pages.
fn queries(random: &mut Random, db: &Database, table: usize) -> Vec<Query> {
    let definition = &db.tables[table];
    let target = target(random, definition);
    let (hash, range) = definition.schema(target);
    let entries: Vec<&Item> = db.items[table]
        .iter()
        .filter(|item| definition.entry(target, item).is_some())
        .collect();
    let like = if entries.is_empty() || random.percent(10) {
        values::item(random, definition)
    } else {
        random.pick(&entries).clone()
    };
    let value = |random: &mut Random, name: &&str| match like.get(*name) {
        Some(value) if value.type_name() == definition.kind_of(name) && !value.is_empty_text() => value.clone(),
        _ => values::key_value(random, definition.kind_of(name)),
    };
    let equal = random.below(range.len() + 1);
    let test = range
        .get(equal)
        .filter(|_| random.percent(60))
        .map(|name| range_test(random, definition.kind_of(name)));
    let legacy = random.percent(25);
    let barred = [hash.clone(), range.clone()].concat();
    let mut query = Query {
        hash: hash.iter().map(|name| value(random, name)).collect(),
        equal: range[..equal].iter().map(|name| value(random, name)).collect(),
        test,
        legacy_keys: legacy,
        forward: random.percent(60),
        start: None,
        read: read(random, db, table, target, &like, barred, legacy),
    };
    if random.percent(12) {
        query.start = Some(start_key(random, definition, &query, &like));
    }
    pages(db, query)
}

/// A Query and those for its further pages.
fn pages(db: &Database, mut query: Query) -> Vec<Query> {
    let mut queries = vec![query.clone()];
    while let (Some(last), true) = (reads::last_key(db, &query), queries.len() < MOST_PAGES) {
        query.start = Some(last);
        queries.push(query.clone());
    }
    queries
}

/// A Query of a whole partition of the table or a local index.
fn partition_query(random: &mut Random, db: &Database, table: usize) -> Vec<Query> {
    let definition = &db.tables[table];
    let targets = (0..definition.indexes.len())
        .map(Some)
        .filter(|target| definition.is_local(*target));
    let targets: Vec<Target> = targets.chain([None]).collect();
    let partition = definition.key_of(&like(random, db, table));
    let select = random.pick(&[Select::Unsaid, Select::Count, Select::All]);
    let query = Query {
        hash: vec![partition[&definition.hash].clone()],
        equal: Vec::new(),
        test: None,
        legacy_keys: false,
        forward: random.percent(50),
        start: None,
        read: Read {
            table,
            target: random.pick(&targets),
            filter: None,
            shown: Shown::All,
            select,
            limit: None,
            consistent: false,
            consumed: Consumed::Indexes,
        },
    };
    pages(db, query)
}

fn scan(random: &mut Random, db: &Database, table: usize) -> Request {
    let target = target(random, &db.tables[table]);
    let like = like(random, db, table);
    let legacy = random.percent(25);
    let read = read(random, db, table, target, &like, Vec::new(), legacy);
    Request::Scan(read, random.pick(&[1, 1, 1, 2, 3, 7]))
}

/// The tables a batch speaks of.
fn batched(random: &mut Random, db: &Database) -> Vec<usize> {
    let mut tables: Vec<usize> = (0..db.tables.len()).collect();
    random.shuffle(&mut tables);
    tables.truncate(random.within(1..tables.len() + 1));
    tables
}

/// Drops what has come before, mostly: in a batch keys must differ.
fn distinct<T>(random: &mut Random, items: Vec<T>, key: impl Fn(&T) -> Item) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if kept.iter().all(|other| key(other) != key(&item)) || random.percent(2) {
            kept.push(item);
        }
    }
    kept
}

fn batch_get(random: &mut Random, db: &Database) -> Request {
    let mut asked = Vec::new();
    for table in batched(random, db) {
        let keys = (0..random.within(1..8)).map(|_| db.tables[table].key_of(&like(random, db, table)));
        let keys: Vec<Item> = keys.collect();
        let like = like(random, db, table);
        let about = About {
            like: &like,
            barred: Vec::new(),
        };
        let legacy = random.percent(30);
        asked.push(TableKeys {
            table,
            keys: distinct(random, keys, Item::clone),
            shown: shown(random, &about, legacy),
            consistent: random.percent(40),
        });
    }
    Request::BatchGet(asked, consumed(random))
}

fn batch_write(random: &mut Random, db: &Database) -> Request {
    let mut asked = Vec::new();
    for table in batched(random, db) {
        let definition = &db.tables[table];
        let writes = (0..random.within(1..10)).map(|_| {
            if random.percent(30) {
                BatchedWrite::Delete(definition.key_of(&like(random, db, table)))
            } else {
                BatchedWrite::Put(sound_item(random, definition))
            }
        });
        let writes: Vec<BatchedWrite> = writes.collect();
        let writes = distinct(random, writes, |write| match write {
            BatchedWrite::Put(item) | BatchedWrite::Delete(item) => definition.key_of(item),
        });
        asked.push((table, writes));
    }
    Request::BatchWrite(asked, consumed(random), random.percent(30))
}

/// An item whose index keys are mostly as they should be: one that is not spoils the whole batch.
fn sound_item(random: &mut Random, table: &Table) -> Item {
    let mut item = values::item(random, table);
    if random.percent(95) {
        item.retain(|name, value| {
            table
                .types
                .get(name)
                .is_none_or(|kind| value.type_name() == *kind && !value.is_empty_text())
        });
    }
    item
}

fn plain_write(table: usize, effect: Effect, condition: Option<Test>) -> Request {
    Request::Write(Write {
        table,
        effect,
        condition,
        returns: Returns::None,
        old_on_failure: false,
        consumed: Consumed::Indexes,
        metrics: false,
    })
}

/// A PutItem of what fills pages, or is as large as an item may be, or larger; or an UpdateItem that has something large twice.
fn large_write(random: &mut Random, db: &Database, table: usize) -> Request {
    let definition = &db.tables[table];
    if random.percent(15) {
        let like = like(random, db, table);
        let about = About {
            like: &like,
            barred: Vec::new(),
        };
        let mut update = Update::default();
        let source = Source::Operand(Operand::Path(Path::of("status")));
        update.set.push((Path::of("spare"), source));
        let condition = Test::Expression(about.condition(random, 0));
        return plain_write(table, Effect::Update(definition.key_of(&like), update), Some(condition));
    }
    let mut item = sound_item(random, definition);
    // All in one partition.
    let partition = values::key(&mut Random::new(0), definition);
    item.extend(Table::pick(&[&definition.hash], &partition));
    let rest = item_size(&item);
    let size = match random.below(4) {
        0 => random.within(409_590..409_610),
        _ => random.within(100_000..400_000),
    };
    item.insert("status".into(), Value::S("x".repeat(size.saturating_sub(rest + "status".len()))));
    plain_write(table, Effect::Put(item), None)
}

/// A request with a mistake that the model knows the answer to.
fn mistaken(random: &mut Random, db: &Database, table: usize) -> Option<Request> {
    let expression = |test: Option<&Test>| matches!(test, Some(Test::Expression(_)));
    let base = match random.below(4) {
        0 => {
            let mut write = write(random, db, table);
            if let Effect::Put(item) = &mut write.effect {
                *item = db.tables[table].key_of(item);
            }
            Request::Write(write)
        }
        1 => Request::Get(get(random, db, table)),
        2 => Request::Query(queries(random, db, table).swap_remove(0)),
        _ => scan(random, db, table),
    };
    let (mut fitting, uses) = match &base {
        Request::Write(write) => (vec![Mistake::WrongKey], expression(write.condition.as_ref())),
        Request::Get(get) => {
            let names = matches!(get.shown, Shown::Paths(_)).then_some(Mistake::UnusedName);
            ([Mistake::WrongKey].into_iter().chain(names).collect(), false)
        }
        Request::Query(query) => (vec![Mistake::NoIndex, Mistake::NoLimit], !query.legacy_keys),
        Request::Scan(scan, _) => (vec![Mistake::NoIndex, Mistake::NoLimit], expression(scan.filter.as_ref())),
        _ => return None,
    };
    fitting.push(Mistake::NoTable);
    if uses {
        fitting.extend([Mistake::UnusedName, Mistake::UnusedValue]);
    }
    let mistake = random.pick(&fitting);
    Some(Request::Mistaken(Box::new(base), mistake))
}

/// The next request, or the next few.
pub fn requests(random: &mut Random, db: &Database, large: bool) -> Vec<Request> {
    let table = random.below(db.tables.len());
    if large && random.percent(50) {
        return vec![large_write(random, db, table)];
    }
    if large && random.percent(20) {
        return partition_query(random, db, table).into_iter().map(Request::Query).collect();
    }
    match random.weighted(&[50, 6, 22, 9, 5, 8, 5, 14, 4]) {
        0 => vec![Request::Write(write(random, db, table))],
        1 => vec![Request::Get(get(random, db, table))],
        2 => queries(random, db, table).into_iter().map(Request::Query).collect(),
        3 => vec![scan(random, db, table)],
        4 => vec![batch_get(random, db)],
        5 => vec![batch_write(random, db)],
        7 => vec![transactions::transact_write(random, db)],
        8 => vec![transactions::transact_get(random, db)],
        _ => mistaken(random, db, table).into_iter().collect(),
    }
}
