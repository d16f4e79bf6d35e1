//! Imports that are interrupted: by a crash between any two steps, by other requests, by a storage that fails.

use crate::database::{Db, START, Table, all, n, s};
use crate::importer::{Importer, everything, fill, own, try_own};
use crate::scratch::Scratch;
use dynatab::storage::Storage;
use dynatab::storage_backend::ManualClock;
use dynatab::storage_backend::framed::Durability;
use serde_json::{Value, json};

/// Items of 40 kB, so that a source of a few runs is a few hundred of them.
fn items(count: usize) -> Vec<Value> {
    let body = "x".repeat(40_000);
    (0..count)
        .map(|at| json!({"pk": s(format!("p{}", at % 211)), "sk": n(at / 211), "g": s(format!("g{}", at % 5)), "body": s(body.as_str())}))
        .collect()
}

fn source(items: &[Value]) -> String {
    items.iter().flat_map(|item| [item.to_string(), "\n".to_owned()]).collect()
}

struct File {
    scratch: Scratch,
}

impl File {
    fn open(&self) -> Db {
        let clock = std::rc::Rc::new(ManualClock::new(START));
        let storage = Storage::open(&self.scratch.file(), clock.clone(), Durability::Strict).unwrap();
        Db::over(storage, clock, 0)
    }
}

#[test]
fn an_import_that_is_interrupted_anywhere_goes_on_without_loss_and_keeps_what_others_wrote() {
    let items = items(500);
    let source = source(&items);
    for table in [
        Table::new(&["pk:S", "sk:N"]),
        Table::new(&["pk:S", "sk:N"]).gsi("byGroup", &["g:S"], &["sk:N"], &all()),
    ] {
        let file = File { scratch: Scratch::new() };
        file.open().create(&table);
        let import = Importer::new(&json!({"clientToken": "t"}));
        let mut steps = 0;
        let mut changed: Vec<Value> = Vec::new();
        // Every life of the database makes some steps more, then ends without a word.
        for life in 1.. {
            let db = file.open();
            let most = 2 + life * 7 % 31;
            let outcome = import.run_until(&db, &[&source], most, |step| {
                // Somebody changes one of the items that are there, and deletes another.
                let there = |at: usize| {
                    let item = &items[(step * 7919 + life + at) % items.len()];
                    let key = json!({"pk": item["pk"], "sk": item["sk"]});
                    db.get(&key).map(|item| (item, key))
                };
                if let Some((item, key)) = (0..items.len()).find_map(there) {
                    changed.retain(|known| known["Key"] != key);
                    if step % 2 == 0 {
                        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
                        changed.push(json!({ "Key": key }));
                    } else {
                        let mine = json!({"pk": item["pk"], "sk": item["sk"], "g": s("mine"), "body": s(life.to_string())});
                        db.put(&mine);
                        changed.push(json!({"Key": key, "Item": mine}));
                    }
                }
            });
            steps += outcome.as_ref().map_or(most, |outcome| outcome.steps);
            if let Some(outcome) = outcome {
                assert_eq!((outcome.records, outcome.items, outcome.rejected), (500, 500, 0));
                assert!(life > 3, "{life} lives");
                break;
            }
        }
        assert!(steps > 70, "{steps} steps of 256 kB");
        let db = file.open();
        fill(&db);
        let expected = Db::holding(&table);
        for item in &items {
            expected.put(item);
        }
        for change in &changed {
            match change.get("Item") {
                Some(item) => expected.put(item),
                None => drop(expected.ok("DeleteItem", &json!({"TableName": "Tab", "Key": change["Key"]}))),
            }
        }
        assert_eq!(everything(&db), everything(&expected));
    }
}

#[test]
fn what_is_answered_between_two_steps_is_durable_and_so_is_every_run() {
    let file = File { scratch: Scratch::new() };
    let db = file.open();
    db.create(&Table::new(&["pk:S", "sk:N"]));
    let synchronous = || {
        let connection = db.engine.backend().conn();
        connection
            .pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(synchronous(), 2, "FULL");
    let (items, mut seen) = (items(60), Vec::new());
    let source = source(&items);
    let outcome = Importer::new(&json!({})).run_until(&db, &[&source], usize::MAX, |step| {
        seen.push(synchronous());
        if step == 3 {
            db.ok("ListTables", &json!({}));
            seen.push(synchronous());
        }
    });
    // NORMAL while steps follow each other, FULL for everybody else and at the end.
    let steps = outcome.unwrap().steps;
    let mut expected = vec![1; steps + 1];
    expected[3] = 2;
    expected[steps] = 2;
    assert_eq!(seen, expected);
    let started = own(&db, "StartImport", &json!({"tableName": "Tab"}), b"");
    own(&db, "EndImport", &json!({"import": started["import"]}), b"");
    assert_eq!(synchronous(), 2);
}

/// What an import of a source answers at last that is not what an earlier one has read.
fn refusal(db: &Db, source: &str, restart: bool) -> Value {
    let started = own(
        db,
        "StartImport",
        &json!({"tableName": "Tab", "clientToken": "t", "restart": restart}),
        b"",
    );
    let import = started["import"].clone();
    let pieces = source.as_bytes().chunks(256 << 10).map(|piece| (json!({"import": import}), piece));
    let end = (json!({"import": import, "sourceEnds": true}), b"".as_slice());
    for (request, piece) in pieces.chain([end]) {
        let mut next = (request, piece);
        loop {
            let (status, reply) = try_own(db, "ImportItems", &next.0, next.1);
            if status != 200 {
                own(db, "EndImport", &json!({ "import": import }), b"");
                return reply;
            }
            if reply["more"] != true {
                break;
            }
            next = (json!({ "import": import }), b"");
        }
    }
    Value::Null
}

#[test]
fn another_source_under_the_token_of_an_unfinished_import_is_noticed_before_anything_of_it_is_written() {
    let items = items(900);
    // Runs are of some 400 such items: one is written whole, and a part of the next one.
    for steps in [30, 75] {
        let file = File { scratch: Scratch::new() };
        let db = file.open();
        db.create(&Table::new(&["pk:S", "sk:N"]));
        let import = Importer::new(&json!({"clientToken": "t"}));
        assert_eq!(import.run_until(&db, &[&source(&items)], steps, |_| {}), None);
        drop(db);
        let db = file.open();
        let before = everything(&db);
        let changed_at = |at: usize| {
            let mut changed = items.clone();
            changed[at]["body"] = s("another");
            source(&changed)
        };
        for other in [changed_at(0), changed_at(299), source(&items[1..]), source(&items[..300])] {
            let reply = refusal(&db, &other, false);
            assert_eq!(reply["__type"], "dynatab#ImportSourceChangedError", "{reply}");
            assert_eq!(everything(&db), before);
        }
        // A source that has grown at its end, and one that is begun anew, are no others.
        let mut more = items.clone();
        more.push(json!({"pk": s("more"), "sk": n(1)}));
        assert_eq!(refusal(&db, &source(&more), false), Value::Null);
        assert_eq!(everything(&db)["count"], 901);
        assert_eq!(refusal(&db, &changed_at(0), true), Value::Null);
        assert!(
            db.get(&json!({"pk": items[0]["pk"], "sk": items[0]["sk"]}))
                .is_some_and(|item| item["body"] == s("another"))
        );
    }
}
