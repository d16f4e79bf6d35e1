//! Random tables.

use std::collections::BTreeMap;

use super::values::KEY_POOL;
use crate::random::Random;
use crate::streams::View;
use crate::table::{Index, Projection, State, Table};

fn projection(random: &mut Random) -> Projection {
    match random.below(3) {
        0 => Projection::All,
        1 => Projection::KeysOnly,
        _ => {
            let mut names: Vec<String> = ["a", "b", "lst", "doc", "num", "status"].map(str::to_owned).into();
            random.shuffle(&mut names);
            names.truncate(random.within(1..5));
            Projection::Include(names)
        }
    }
}

/// The HASH and RANGE attributes of a global index, out of these.
fn global_keys(random: &mut Random, mut names: Vec<String>) -> (Vec<String>, Vec<String>) {
    random.shuffle(&mut names);
    // Most indexes have few key attributes, or hardly an item would be in one.
    let most = if random.percent(70) { 2 } else { 8 };
    names.truncate(random.within(1..most + 1));
    let split = random.within(names.len().saturating_sub(4).max(1)..names.len().min(4) + 1);
    let range = names.split_off(split);
    (names, range)
}

/// A global index that a table could have beside its own.
pub fn new_index(random: &mut Random, table: &Table, name: String) -> Index {
    let keys = table.keys().into_iter();
    let names = keys.chain(KEY_POOL.iter().map(|(name, _)| *name)).map(str::to_owned);
    let (hash, range) = global_keys(random, names.collect());
    Index {
        name,
        local: false,
        hash,
        range,
        projection: projection(random),
        state: State::Filling,
    }
}

/// What a stream shows: mostly everything.
pub fn view(random: &mut Random) -> View {
    match random.below(8) {
        0 => View::KeysOnly,
        1 => View::NewImage,
        2 => View::OldImage,
        _ => View::NewAndOldImages,
    }
}

/// A table with up to three global and two local indexes; global ones over one to four and none to four attributes, the table's own among
/// them.
fn table(random: &mut Random, name: &str) -> Table {
    let mut types: BTreeMap<String, &'static str> = KEY_POOL.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    types.insert("pk".into(), random.pick(&["S", "N", "B"]));
    let range = random.percent(80).then(|| "sk".to_owned());
    if range.is_some() {
        types.insert("sk".into(), random.pick(&["S", "N", "B"]));
    }
    let mut indexes = Vec::new();
    for _ in 0..random.below(4) {
        let (hash, range) = global_keys(random, types.keys().cloned().collect());
        indexes.push((hash, range, false));
    }
    if range.is_some() {
        for _ in 0..random.below(3) {
            let name = random.pick(&KEY_POOL).0.to_owned();
            indexes.push((vec!["pk".to_owned()], vec![name], true));
        }
    }
    let indexes = indexes.into_iter().enumerate().map(|(at, (hash, range, local))| Index {
        name: format!("index{at}"),
        local,
        hash,
        range,
        projection: projection(random),
        state: State::Active,
    });
    let indexes = indexes.collect();
    let mut table = Table {
        name: name.to_owned(),
        types,
        hash: "pk".into(),
        range,
        indexes,
        stream: random.percent(50).then(|| view(random)),
        ttl: None,
    };
    table.drop_unused_types();
    table
}

/// One or two tables.
pub fn tables(random: &mut Random) -> Vec<Table> {
    let names = if random.percent(25) { &["Tab", "Other"][..] } else { &["Tab"] };
    names.iter().map(|name| table(random, name)).collect()
}
