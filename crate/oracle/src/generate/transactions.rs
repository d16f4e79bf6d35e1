//! Random transactions: about half of them go through.

use super::expressions::About;
use super::requests::{consumed, get, like};
use super::{updates, values};
use crate::database::Database;
use crate::path::Path;
use crate::random::Random;
use crate::request::{Action, Consumed, Effect, Get, Request, Shown, Transaction};
use crate::table::Table;
use crate::update::{Operand, Source, Update};
use crate::value::{Item, Value};
use crate::writes::key_of;

/// An item that can be put; or that cannot, for one reason: what is wrong for several is refused in one of several ways.
fn item(random: &mut Random, table: &Table, key: Item) -> Item {
    let mut item = values::item(random, table);
    item.retain(|name, value| {
        table
            .types
            .get(name)
            .is_none_or(|kind| value.type_name() == *kind && !value.is_empty_text())
    });
    if random.percent(50) {
        item.extend(key);
    }
    match random.below(60) {
        0 => {
            let names: Vec<String> = table.types.keys().cloned().collect();
            let wrong = if random.percent(50) { Value::Null } else { Value::S(String::new()) };
            // An empty key of the table is refused before everything else (rule 77); unit tests have it.
            let name = random.pick(&names);
            if !table.keys().contains(&name.as_str()) || wrong == Value::Null {
                item.insert(name, wrong);
            }
        }
        1 => drop(item.remove(&table.hash)),
        _ => {}
    }
    item
}

/// An update that is sound, or any.
fn update(random: &mut Random, about: &About<'_>) -> Update {
    let mut update = if random.percent(40) {
        updates::update(random, about)
    } else {
        Update::default()
    };
    if update.targets().next().is_none() {
        let value = values::of_attribute(random, "status");
        update.set.push((Path::of("status"), Source::Operand(Operand::Value(value))));
        update.add.push((Path::of("added"), Value::N(values::number(random))));
    }
    update
}

fn action(random: &mut Random, db: &Database) -> Action {
    let at = random.below(db.tables.len());
    let table = &db.tables[at];
    let like = like(random, db, at);
    let mut key = table.key_of(&like);
    if random.percent(2) {
        key.insert("extra".into(), Value::Null);
    }
    let barred = if random.percent(98) { table.keys() } else { Vec::new() };
    let about = About { like: &like, barred };
    let effect = match random.weighted(&[30, 40, 12, 18]) {
        0 => Effect::Put(item(random, table, table.key_of(&like))),
        1 => Effect::Update(key, update(random, &about)),
        2 => Effect::Delete(key),
        _ => Effect::Check(key),
    };
    let anything = About {
        like: &like,
        barred: Vec::new(),
    };
    let conditional = matches!(effect, Effect::Check(_)) || random.percent(25);
    Action {
        table: at,
        effect,
        condition: conditional.then(|| anything.condition(random, 0)),
        old_on_failure: random.percent(50),
    }
}

/// Drops what is about an item that has come up before, mostly.
fn distinct<T>(random: &mut Random, all: Vec<T>, key: impl Fn(&T) -> (usize, Item)) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        if kept.iter().all(|other| key(other) != key(&one)) || random.percent(2) {
            kept.push(one);
        }
    }
    kept
}

fn new_transaction(random: &mut Random, db: &Database) -> Transaction {
    let most = if random.percent(90) { 5 } else { 30 };
    let actions = (0..random.within(1..most + 1)).map(|_| action(random, db)).collect();
    let key = |action: &Action| {
        let table = &db.tables[action.table];
        (action.table, table.key_of(&key_of(table, &action.effect)))
    };
    Transaction {
        actions: distinct(random, actions, key),
        token: random.percent(35).then(|| format!("token-{}", random.below(1_000_000))),
        consumed: consumed(random),
        metrics: random.percent(30),
    }
}

/// TransactWriteItems; now and then once more under the same token, or another transaction under it.
pub fn transact_write(random: &mut Random, db: &Database) -> Request {
    let mut transaction = new_transaction(random, db);
    if let (Some(used), true) = (db.tokens.last(), random.percent(30)) {
        transaction.token = Some(used.token.clone());
        if random.percent(80) {
            transaction.actions.clone_from(&used.actions);
        }
    }
    Request::TransactWrite(transaction)
}

/// TransactGetItems.
pub fn transact_get(random: &mut Random, db: &Database) -> Request {
    let gets = (0..random.within(1..8)).map(|_| {
        let at = random.below(db.tables.len());
        let mut get = get(random, db, at);
        get.consistent = false;
        if matches!(get.shown, Shown::Attributes(_)) {
            get.shown = Shown::All;
        }
        if random.percent(2) {
            get.key.insert("extra".into(), Value::Null);
        }
        get.consumed = Consumed::None;
        get
    });
    let gets: Vec<Get> = gets.collect();
    let key = |get: &Get| (get.table, db.tables[get.table].key_of(&get.key));
    Request::TransactGet(distinct(random, gets, key), consumed(random))
}
