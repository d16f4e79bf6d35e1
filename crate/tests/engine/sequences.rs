//! Random tables and random sequences of requests against the oracle's model, tables that change and items that expire among them: every
//! reply is the model's, and after each sequence the indexes, the counters, the physical tables and the streams equal recomputation from the
//! items; a database that is opened again finds the same.
//!
//! `DYNATAB_COUNT_OPERATION_SEQUENCES` says how many (scripts/counts.json), `DYNATAB_SEED` which; a failure names its sequence, which
//! `DYNATAB_SEQUENCE` repeats alone, and shows what is left of it when every request is gone that it does not need.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use dynatab::model::Item;
use dynatab::storage::Storage;
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::{Clock as _, ManualClock};
use dynatab_oracle::answer::{Expect, Step};
use dynatab_oracle::database::{Database, shown};
use dynatab_oracle::generate::{Sequence, seed_of};
use dynatab_oracle::json::Json;
use serde_json::Value;

use crate::database::{Db, START};
use crate::scratch::Scratch;
use crate::sequence_player::play;

/// How many sequences there are to one whose database is a file, and is opened again in the middle and at the end.
const REOPENED: u64 = 10;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn read_json(json: &impl ToString) -> Value {
    serde_json::from_str(&json.to_string()).unwrap()
}

fn open(scratch: &Scratch, now: i64) -> Db {
    let clock = Rc::new(ManualClock::new(now));
    let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Relaxed).unwrap();
    Db::over(storage, clock, 0)
}

/// Every physical row, and what it states of its size, against the model.
fn check_storage(db: &Db, model: &Database) -> Result<(), String> {
    for (at, table) in model.tables.iter().enumerate() {
        let indexes = table
            .live()
            .map(|(place, index)| (Some(place), physical_index(db, at + 1, &index.name)));
        for (target, physical) in indexes.chain([(None, format!("t{}", at + 1))]) {
            let entries = model.items[at].iter().filter_map(|item| table.entry(target, item));
            let mut expected: Vec<String> = entries.map(|entry| stored(&read_json(&shown(&entry)).to_string())).collect();
            expected.sort();
            let rows = rows(db, &physical);
            if rows != expected {
                return Err(format!("rows of {physical}\nfound    {rows:?}\nexpected {expected:?}"));
            }
        }
    }
    Ok(())
}

/// The physical table of an index.
fn physical_index(db: &Db, table: usize, index: &str) -> String {
    let connection = db.engine.backend().conn();
    let sql = "SELECT 't' || table_number || '_' || CASE kind WHEN 'LSI' THEN 'l' ELSE 'g' END || number FROM indexes \
               WHERE table_number = ? AND name = ?";
    connection
        .query_row(sql, (i64::try_from(table).unwrap(), index), |row| row.get(0))
        .unwrap()
}

/// An item as the engine stores it: read through its own reader, as sets have no order in the model.
fn stored(json: &str) -> String {
    fn sorted(value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(sorted),
            Value::Object(members) => {
                members.values_mut().for_each(sorted);
                for set in ["SS", "NS", "BS"] {
                    if let Some(members) = members.get_mut(set).and_then(Value::as_array_mut) {
                        members.sort_by_cached_key(ToString::to_string);
                    }
                }
            }
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(json).unwrap();
    sorted(&mut value);
    value.to_string()
}

/// The items in a physical table, sorted; the rows must state their sizes.
fn rows(db: &Db, physical: &str) -> Vec<String> {
    let connection = db.engine.backend().conn();
    let mut statement = connection.prepare(&format!("SELECT item, size FROM {physical}")).unwrap();
    let rows = statement.query_map((), |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
    let mut items = Vec::new();
    for (json, stated) in rows.unwrap().map(Result::unwrap) {
        let size = Item::from_canonical(&json).unwrap().size();
        assert_eq!(usize::try_from(stated).unwrap(), size, "{json}");
        items.push(stored(&json));
    }
    items.sort();
    items
}

/// Plays a sequence from an empty database on; what is not as the model has it.
fn trial(sequence: &Sequence) -> Result<(), String> {
    let scratch = sequence.seed.is_multiple_of(REOPENED).then(Scratch::new);
    let reopen = |scratch: &Scratch, db: &mut Db| {
        let now = db.clock.now_millis();
        drop(std::mem::replace(db, Db::new()));
        *db = open(scratch, now);
    };
    let mut db = scratch.as_ref().map_or_else(Db::new, |scratch| open(scratch, START));
    for table in &sequence.tables {
        db.ok("CreateTable", &read_json(&table.creation()));
    }
    let (mut steps, mut model) = sequence.answered();
    let middle = steps.len() / 2;
    steps.extend(model.inventory());
    for (at, step) in steps.iter().enumerate() {
        if let (Some(scratch), true) = (&scratch, at == middle) {
            reopen(scratch, &mut db);
        }
        play(&db, step)?;
        // Now and then a little of what is behind the requests is done between them, as a host does. A database that was opened again would
        // look for expired items first, and not when time passes.
        if at % 4 == 3 && (scratch.is_none() || at < middle) {
            now_or_never(db.engine.work()).unwrap();
        }
    }
    check_storage(&db, &model)?;
    if let Some(scratch) = &scratch {
        reopen(scratch, &mut db);
        model.inventory().iter().try_for_each(|step| play(&db, step))?;
        check_storage(&db, &model)?;
    }
    Ok(())
}

/// The same; a panic is a failure like another.
fn failure(sequence: &Sequence) -> Option<String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| trial(sequence)));
    outcome.unwrap_or_else(|_| Err("it panicked, see above".into())).err()
}

/// The sequence without the requests that its failure does not need.
fn shortened(sequence: &Sequence) -> Sequence {
    let mut kept = sequence.clone();
    let mut size = kept.requests.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < kept.requests.len() {
            let mut shorter = kept.clone();
            shorter.requests.drain(at..(at + size).min(kept.requests.len()));
            if failure(&shorter).is_some() {
                kept = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    kept
}

fn report(sequence: &Sequence) -> String {
    let short = shortened(sequence);
    let definitions: Vec<String> = short.tables.iter().map(|table| table.creation().to_string()).collect();
    let sent = |step: &Step| format!("{} {}", step.operation, step.request);
    let steps: Vec<String> = short.answered().0.iter().map(sent).collect();
    format!(
        "DYNATAB_SEQUENCE={} repeats it. What is left of it:\n{}\n{}\n{}",
        sequence.seed,
        definitions.join("\n"),
        steps.join("\n"),
        failure(&short).unwrap_or_else(|| "it fails no more".into())
    )
}

#[test]
fn any_sequence_of_requests_agrees_with_the_model_and_survives_reopening() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let run = variable("DYNATAB_SEED").unwrap_or_else(|| now.map_or(0, |now| now.as_secs()));
    let count = variable("DYNATAB_COUNT_OPERATION_SEQUENCES").unwrap_or(100);
    let seeds: Vec<u64> = match variable("DYNATAB_SEQUENCE") {
        Some(seed) => vec![seed],
        None => (0..usize::try_from(count).unwrap()).map(|at| seed_of(run, at)).collect(),
    };
    for seed in seeds {
        let sequence = Sequence::new(seed);
        assert!(failure(&sequence).is_none(), "{}", report(&sequence));
    }
}

#[test]
fn a_reply_that_is_not_the_models_is_found() {
    let (mut played, mut found) = (0, 0);
    for seed in 0..40 {
        let sequence = Sequence::new(seed_of(1, seed));
        let db = Db::new();
        for table in &sequence.tables {
            db.ok("CreateTable", &read_json(&table.creation()));
        }
        for mut step in sequence.answered().0 {
            play(&db, &step).unwrap();
            if let ("GetItem", Expect::Reply(reply)) = (step.operation, &mut step.expect) {
                reply.set("Item", Json::object([("other", Json::text("attribute"))]));
                played += 1;
                found += usize::from(play(&db, &step).is_err());
            }
        }
    }
    assert!(played > 0 && found == played, "{found} of {played}");
}
