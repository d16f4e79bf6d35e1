//! Random changes of tables: indexes that come and go, streams, time to live; and the time that passes.

use super::tables::{new_index, view};
use super::values::KEY_POOL;
use crate::database::Database;
use crate::random::Random;
use crate::request::{Request, TableChange};
use crate::table::{Index, State, Table};

/// Milliseconds that may pass: a token lives for ten minutes.
const WHILES: [usize; 6] = [1000, 5000, 60_000, 300_000, 590_000, 601_000];

/// Attributes that may say when an item expires: some of the last two are keys of an index.
const EXPIRIES: [&str; 5] = ["expires", "expires", "expires", "num", "h"];

fn create(random: &mut Random, table: &Table) -> TableChange {
    // Now and then the name of an index that is gone, or of one that is there.
    let known: Vec<&Index> = table.indexes.iter().collect();
    let name = if known.is_empty() || random.percent(60) {
        format!("index{}", known.len())
    } else {
        random.pick(&known).name.clone()
    };
    let index = new_index(random, table, name);
    let mut kinds: Vec<(String, &'static str)> = Vec::new();
    for name in index.keys() {
        let known = table.types.get(name);
        let pooled = KEY_POOL.iter().find(|(other, _)| other == name).map(|(_, kind)| *kind);
        let kind = match known {
            // The table knows it: another type is ignored, and it need not be said.
            Some(kind) if random.percent(70) => kind,
            Some(_) if random.percent(50) => random.pick(&["S", "N", "B"]),
            Some(_) => continue,
            None => pooled.unwrap_or("S"),
        };
        kinds.push((name.clone(), kind));
    }
    if kinds.is_empty() || random.percent(20) {
        // One that nothing uses is dropped.
        kinds.push(("unused".into(), "S"));
    }
    TableChange::Create(index, kinds)
}

fn delete(random: &mut Random, table: &Table) -> TableChange {
    let known: Vec<&Index> = table.indexes.iter().collect();
    if known.is_empty() || random.percent(5) {
        return TableChange::Delete("nowhere".into());
    }
    // One that is being filled rather than another.
    let filling = known.iter().find(|index| index.state == State::Filling);
    let index = match filling {
        Some(filling) if random.percent(70) => filling,
        _ => random.pick(&known),
    };
    TableChange::Delete(index.name.clone())
}

/// A change of a table, or a look at what changes have done, or the passing of time.
pub fn change(random: &mut Random, db: &Database) -> Request {
    let at = random.below(db.tables.len());
    let table = &db.tables[at];
    // Mostly what can be.
    let disable = table.stream.is_some() == random.percent(90);
    match random.weighted(&[20, 10, 12, 24, 34, 8, 4]) {
        0 => Request::UpdateTable(at, create(random, table)),
        1 => Request::UpdateTable(at, delete(random, table)),
        2 if disable => Request::UpdateTable(at, TableChange::DisableStream),
        2 => Request::UpdateTable(at, TableChange::EnableStream(view(random))),
        3 => {
            let current = table.ttl.clone().filter(|_| random.percent(90));
            Request::TimeToLive {
                table: at,
                enabled: table.ttl.is_none() == random.percent(90),
                attribute: current.unwrap_or_else(|| random.pick(&EXPIRIES).to_owned()),
            }
        }
        4 => Request::Advance(random.pick(&WHILES)),
        5 => Request::Records(at),
        _ => Request::DescribeTimeToLive(at),
    }
}
