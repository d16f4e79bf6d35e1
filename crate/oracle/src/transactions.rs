//! TransactWriteItems and TransactGetItems (behaviour rules of B8, and 15, 45, 65, 66, A5).

use crate::answer::{Answer, Expect, OTHER_TOKEN, Reason, Refusal, refuse};
use crate::capacity::{Capacity, of_bytes_read};
use crate::database::{Database, INVALID, MOST_BYTES, shown};
use crate::json::Json;
use crate::path;
use crate::request::{Action, Consumed, Effect, Get, Transaction};
use crate::table::Table;
use crate::value::{Item, item_size};
use crate::writes::{PUT_TOO_LARGE, UPDATE_TOO_LARGE, changed, collection, has_collections, key_of, put_faults, target_faults};

/// How long a token is remembered (rule 78).
const TOKEN_MILLISECONDS: usize = 600_000;
/// The most bytes of all items of a transaction (rule 74).
const MOST_TOGETHER: usize = 4 << 20;

/// A transaction that was done under a token.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct UsedToken {
    pub token: String,
    pub actions: Vec<Action>,
    pub at: usize,
}

/// What the actions of a transaction consume, by table in the order in which they come up.
#[derive(Default)]
struct Sums(Vec<(usize, Capacity)>);

impl Sums {
    fn of(&mut self, db: &Database, at: usize) -> &mut Capacity {
        let place = self.0.iter().position(|(table, _)| *table == at).unwrap_or_else(|| {
            self.0.push((at, Capacity::none(&db.tables[at])));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// Gives the reply what was consumed, if that was asked for.
    fn write_to(mut self, reply: &mut Json, db: &Database, consumed: Consumed, split: &str) {
        let capacities = self.0.iter_mut().filter_map(|(table, capacity)| {
            capacity.double_table();
            capacity.json_split(&db.tables[*table], consumed, Some(split))
        });
        let capacities: Vec<Json> = capacities.collect();
        if consumed != Consumed::None {
            reply.set("ConsumedCapacity", Json::Array(capacities));
        }
    }
}

fn invalid(messages: Vec<String>) -> Reason {
    Reason {
        code: Some("ValidationError"),
        messages,
        item: None,
    }
}

/// No two actions on one item; what has no whole key is refused for that.
fn check_distinct(tables: &[Table], keys: &[(usize, Item)]) -> Result<(), Refusal> {
    let whole = |(table, key): &(usize, Item)| Table::pick(&tables[*table].keys(), key);
    let same = |one: &(usize, Item), two: &(usize, Item)| one.0 == two.0 && whole(one) == whole(two);
    let complete = |key: &&(usize, Item)| whole(key).len() == tables[key.0].keys().len();
    let keys: Vec<&(usize, Item)> = keys.iter().filter(complete).collect();
    let twice = keys
        .iter()
        .enumerate()
        .any(|(at, key)| keys[..at].iter().any(|other| same(key, other)));
    if twice {
        return refuse("Transaction request cannot include multiple operations on one item");
    }
    Ok(())
}

/// Why the key of an action is none (rule 77).
fn key_fault(table: &Table, effect: &Effect) -> Option<String> {
    let wrong = |item: &Item| {
        let wrong = |name: &&str| item.get(*name).is_none_or(|value| value.type_name() != table.kind_of(name));
        table.keys().into_iter().find(wrong)
    };
    match effect {
        Effect::Put(item) => wrong(item).map(|name| match item.get(name) {
            None => format!("{INVALID}Missing the key {name} in the item"),
            Some(value) => {
                let (expected, actual) = (table.kind_of(name), value.type_name());
                format!("{INVALID}Type mismatch for key {name} expected: {expected} actual: {actual}")
            }
        }),
        Effect::Delete(key) | Effect::Check(key) | Effect::Update(key, _) | Effect::LegacyUpdate(key, _) => key_mismatch(table, key),
    }
}

fn key_mismatch(table: &Table, key: &Item) -> Option<String> {
    let fits = |name: &&str| key.get(*name).is_some_and(|value| value.type_name() == table.kind_of(name));
    let fits = key.len() == table.keys().len() && table.keys().iter().all(fits);
    (!fits).then(|| "The provided key element does not match the schema".to_owned())
}

impl Database {
    /// What is refused before the transaction begins (rules 15, 19, 45, 74, 77, 79).
    fn check_actions(&self, actions: &[Action]) -> Result<(), Refusal> {
        for action in actions {
            if let Effect::Put(item) = &action.effect
                && item_size(item) > MOST_BYTES
            {
                return refuse(PUT_TOO_LARGE);
            }
        }
        let keys = actions
            .iter()
            .map(|action| (action.table, key_of(&self.tables[action.table], &action.effect)));
        check_distinct(&self.tables, &keys.collect::<Vec<_>>())?;
        let mut faults = Vec::new();
        for action in actions {
            let table = &self.tables[action.table];
            match &action.effect {
                Effect::Put(item) if key_fault(table, &action.effect).is_none() => {
                    let empty = put_faults(table, item).into_iter().filter(|fault| fault.empty);
                    faults.extend(empty.map(|fault| fault.message));
                }
                Effect::Update(_, update) => faults.extend(target_faults(table, update)),
                _ => {}
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
    }

    /// The item after an action, or why the transaction does not happen.
    fn decide(&self, action: &Action, key: &Item) -> Result<Option<Item>, Reason> {
        let table = &self.tables[action.table];
        if let Some(message) = key_fault(table, &action.effect) {
            return Err(invalid(vec![message]));
        }
        if let Effect::Put(item) = &action.effect {
            let faults = put_faults(table, item);
            if !faults.is_empty() {
                return Err(invalid(faults.into_iter().map(|fault| fault.message).collect()));
            }
        }
        let old = self.item(action.table, key);
        let empty = Item::new();
        let holds = action
            .condition
            .as_ref()
            .is_none_or(|condition| condition.holds(old.unwrap_or(&empty)));
        if !holds {
            return Err(Reason {
                code: Some("ConditionalCheckFailed"),
                messages: vec!["The conditional request failed".into()],
                item: old.filter(|_| action.old_on_failure).map(shown), // rule A5
            });
        }
        let (new, _) = changed(table, &action.effect, key, old).map_err(invalid)?;
        if new.as_ref().is_some_and(|new| item_size(new) > MOST_BYTES) {
            return Err(invalid(vec![UPDATE_TOO_LARGE.into()]));
        }
        Ok(new)
    }

    /// TransactWriteItems.
    pub(crate) fn transact_write(&mut self, transaction: &Transaction) -> Expect {
        let Transaction { actions, token, .. } = transaction;
        if let Err(refusal) = self.check_actions(actions) {
            return Answer::Err(refusal).into();
        }
        let since = self.now - TOKEN_MILLISECONDS;
        let used = self
            .tokens
            .iter()
            .rev()
            .find(|used| Some(&used.token) == token.as_ref() && used.at >= since);
        match used.map(|used| used.actions == *actions) {
            Some(true) => return Expect::Reply(self.replayed(transaction)),
            Some(false) => {
                return Expect::Failure {
                    name: OTHER_TOKEN,
                    messages: vec![
                        "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token \
                         that was already used."
                            .into(),
                    ],
                    item: None,
                };
            }
            None => {}
        }
        let expect = self.transacted(transaction);
        if let (Expect::Reply(_), Some(token)) = (&expect, token) {
            let (token, actions, at) = (token.clone(), actions.clone(), self.now);
            self.tokens.push(UsedToken { token, actions, at });
        }
        expect
    }

    /// The reply to a transaction that was done before: it reads (rule 66).
    fn replayed(&self, transaction: &Transaction) -> Json {
        let mut sums = Sums::default();
        for action in &transaction.actions {
            let table = &self.tables[action.table];
            let size = self.item(action.table, &key_of(table, &action.effect)).map_or(0, item_size);
            sums.of(self, action.table).add(None, of_bytes_read(size, true));
        }
        let mut reply = Json::object([]);
        sums.write_to(&mut reply, self, transaction.consumed, "ReadCapacityUnits");
        reply
    }

    fn transacted(&mut self, transaction: &Transaction) -> Expect {
        let Transaction { actions, .. } = transaction;
        let keys = actions.iter().map(|action| key_of(&self.tables[action.table], &action.effect));
        let keys: Vec<Item> = keys.collect();
        // Every action sees the items as they are before the transaction.
        let decided: Vec<Result<Option<Item>, Reason>> = actions.iter().zip(&keys).map(|(action, key)| self.decide(action, key)).collect();
        if decided.iter().any(Result::is_err) {
            return Expect::Canceled(decided.into_iter().map(|decided| decided.err().unwrap_or_default()).collect());
        }
        let new: Vec<Option<Item>> = decided.into_iter().map(Result::unwrap_or_default).collect();
        let sizes = actions.iter().zip(&keys).zip(&new).map(|((action, key), new)| {
            let left = new.as_ref().or_else(|| self.item(action.table, key));
            left.map_or(0, item_size)
        });
        if sizes.sum::<usize>() > MOST_TOGETHER {
            return Answer::Err(Refusal::invalid(vec![TOO_LARGE_TOGETHER.into()])).into();
        }
        let mut sums = Sums::default();
        let mut collections = Json::object([]);
        for ((action, key), new) in actions.iter().zip(&keys).zip(new) {
            let table = self.tables[action.table].clone();
            let old = self.item(action.table, key).cloned();
            sums.of(self, action.table).add_write(&table, old.as_ref(), new.as_ref());
            if matches!(action.effect, Effect::Check(_)) {
                continue;
            }
            if has_collections(&table) {
                let changed = collection(&table, key);
                match collections.get_mut(&table.name) {
                    Some(Json::Array(others)) if others.contains(&changed) => {}
                    Some(Json::Array(others)) => others.push(changed),
                    _ => collections.set(&table.name, Json::Array(vec![changed])),
                }
            }
            self.replace(action.table, key, new, false);
        }
        let mut reply = Json::object([]);
        sums.write_to(&mut reply, self, transaction.consumed, "WriteCapacityUnits");
        if transaction.metrics && collections != Json::object([]) {
            reply.set("ItemCollectionMetrics", collections);
        }
        Expect::Reply(reply)
    }

    /// TransactGetItems.
    pub(crate) fn transact_get(&self, gets: &[Get], consumed: Consumed) -> Expect {
        let keys: Vec<(usize, Item)> = gets.iter().map(|get| (get.table, get.key.clone())).collect();
        if let Err(refusal) = check_distinct(&self.tables, &keys) {
            return Answer::Err(refusal).into();
        }
        let fault = |get: &Get| key_mismatch(&self.tables[get.table], &get.key);
        if gets.iter().any(|get| fault(get).is_some()) {
            let reason = |get| fault(get).map_or_else(Reason::default, |message| invalid(vec![message]));
            return Expect::Canceled(gets.iter().map(reason).collect());
        }
        let found: Vec<Option<&Item>> = gets.iter().map(|get| self.item(get.table, &get.key)).collect();
        if found.iter().flatten().map(|item| item_size(item)).sum::<usize>() > MOST_TOGETHER {
            return Answer::Err(Refusal::invalid(vec![TOO_LARGE_TOGETHER.into()])).into();
        }
        let mut sums = Sums::default();
        let mut responses = Vec::new();
        for (get, item) in gets.iter().zip(found) {
            // An item that is not there costs as much as a small one.
            sums.of(self, get.table).add(None, of_bytes_read(item.map_or(0, item_size), true));
            let mut response = Json::object([]);
            let seen = item.map(|item| match get.shown.paths() {
                None => item.clone(),
                Some(paths) => path::project(&paths, item),
            });
            if let Some(item) = seen.filter(|item| !item.is_empty()) {
                response.set("Item", shown(&item)); // rule 48
            }
            responses.push(response);
        }
        let mut reply = Json::object([("Responses", Json::Array(responses))]);
        sums.write_to(&mut reply, self, consumed, "ReadCapacityUnits");
        Expect::Reply(reply)
    }
}

/// messages-tables 25
const TOO_LARGE_TOGETHER: &str = "Collection size of items exceeded, which can also be caused by the aggregate size of the items in the \
                                  transaction exceeding the 4MB limit";
