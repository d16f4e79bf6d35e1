//! What was deleted goes behind the requests, and the file becomes smaller a step at a time.

use std::path::Path;
use std::rc::Rc;

use crate::changes::{delete_index, step, update, work};
use crate::database::{Db, START, Table, all, s};
use crate::scratch::Scratch;
use dynatab::storage::Storage;
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::{ManualClock, StorageBackend};
use serde_json::{Value, json};

fn table() -> Table {
    Table::new(&["pk:S"])
        .gsi("gix", &["g:S"], &[], &all())
        .with("Tags", json!([{"Key": "a", "Value": "b"}]))
}

fn fill(db: &Db, items: usize) {
    for at in 0..items {
        db.put(&json!({"pk": s(at.to_string()), "g": s((at % 7).to_string()), "v": s("x".repeat(1000))}));
    }
}

fn free_pages(db: &Db) -> i64 {
    db.engine
        .backend()
        .conn()
        .query_row("PRAGMA freelist_count", (), |row| row.get(0))
        .unwrap()
}

fn physical_tables(db: &Db) -> i64 {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]*'";
    db.engine.backend().conn().query_row(sql, (), |row| row.get(0)).unwrap()
}

/// Asks for the steps of a vacuum until it is done: what each of them answered.
fn vacuum(db: &Db) -> Vec<Value> {
    let mut steps = Vec::new();
    while steps.last().is_none_or(|step: &Value| step["done"] != true) {
        let (status, reply) = db.send("Dynatab.Vacuum", b"{}");
        assert_eq!(status, 200, "{reply}");
        steps.push(serde_json::from_str(&reply).unwrap());
        assert!(steps.len() < 1000, "it goes on for ever");
    }
    steps
}

#[test]
fn deleting_a_table_costs_the_same_however_large_it_is_and_its_pages_are_freed_behind_it() {
    let cost = |items: usize| {
        let db = Db::holding(&table());
        fill(&db, items);
        let before = (db.engine.backend().crossings(), free_pages(&db));
        db.ok("DeleteTable", &json!({"TableName": "Tab"}));
        let after = db.engine.backend().crossings();
        assert_eq!(free_pages(&db), before.1, "no page is freed by the request");
        let mut steps = 0;
        while physical_tables(&db) > 0 {
            let delay = step(&db);
            assert!(delay == 0 || physical_tables(&db) == 0, "there is more to do at once");
            steps += 1;
        }
        assert!(free_pages(&db) > before.1);
        (after.frames - before.0.frames, after.statements - before.0.statements, steps)
    };
    let (small, large) = (cost(10), cost(2000));
    assert_eq!((small.0, small.1), (large.0, large.1), "crossings and statements");
    assert_eq!(small.0, 1, "one crossing");
    assert!(small.2 <= 4 && large.2 >= 20, "steps: {} and {}", small.2, large.2);
}

#[test]
fn a_deleted_index_is_freed_in_steps_too() {
    let db = Db::holding(&table());
    fill(&db, 600);
    let before = free_pages(&db);
    update(&db, &delete_index("gix"));
    assert_eq!((free_pages(&db), physical_tables(&db)), (before, 2));
    work(&db);
    assert!(free_pages(&db) > before);
    assert_eq!(physical_tables(&db), 1);
    assert_eq!(db.ok("Scan", &json!({"TableName": "Tab", "Select": "COUNT"}))["Count"], 600);
}

fn open(path: &Path) -> Db {
    let clock = Rc::new(ManualClock::new(START));
    let storage = Storage::open(path, clock.clone(), Durability::Relaxed).unwrap();
    Db::over(storage, clock, 0)
}

#[test]
fn freeing_goes_on_after_a_reload_where_it_stopped() {
    let scratch = Scratch::new();
    let db = open(&scratch.file());
    db.create(&table());
    fill(&db, 1000);
    db.create(&Table::named("Kept", &["pk:S"]));
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    // The first step behind opening looks for expired items and old stream records.
    for _ in 0..3 {
        step(&db);
    }
    let freed = free_pages(&db);
    assert!(freed > 0 && physical_tables(&db) > 1, "it has begun, and is not done");
    drop(db);
    let db = open(&scratch.file());
    assert_eq!(db.ok("ListTables", &json!({})), json!({"TableNames": ["Kept"]}));
    // The name is free, and what takes it has nothing to do with what goes.
    db.create(&table());
    fill(&db, 3);
    work(&db);
    assert!(free_pages(&db) > freed);
    assert_eq!(physical_tables(&db), 3, "Kept, Tab and its index");
    assert_eq!(db.ok("Scan", &json!({"TableName": "Tab", "Select": "COUNT"}))["Count"], 3);
}

#[test]
fn a_vacuum_frees_what_was_deleted_and_shrinks_the_file_in_small_steps() {
    let scratch = Scratch::new();
    let db = open(&scratch.file());
    db.create(&table());
    db.create(&Table::named("Kept", &["pk:S"]));
    for at in 0..200 {
        db.put(&json!({"pk": s(at.to_string()), "g": s("g"), "v": s("x".repeat(3000))}));
        db.ok(
            "PutItem",
            &json!({"TableName": "Kept", "Item": {"pk": s(at.to_string()), "v": s("y".repeat(3000))}}),
        );
    }
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    let before = db.engine.backend().crossings();
    let steps = vacuum(&db);
    let crossings = db.engine.backend().crossings().frames - before.frames;
    assert!(
        crossings <= 4 * steps.len() as u64,
        "{crossings} crossings for {} steps",
        steps.len()
    );
    let sizes: Vec<i64> = steps.iter().map(|step| step["sizeBytes"].as_i64().unwrap()).collect();
    assert!(sizes.is_sorted_by(|one, next| one >= next), "it only becomes smaller: {sizes:?}");
    assert!(
        sizes.windows(2).all(|pair| pair[0] - pair[1] <= 48 * 8192),
        "a step is small: {sizes:?}"
    );
    assert_eq!(steps.last().unwrap()["freeBytes"], 0);
    assert!(
        sizes[0] - sizes[sizes.len() - 1] > 1_200_000,
        "what the deleted table took up is gone: {sizes:?}"
    );
    assert_eq!(vacuum(&db).len(), 1, "nothing is left to do");
    for at in 0..200 {
        let item = db.ok("GetItem", &json!({"TableName": "Kept", "Key": {"pk": s(at.to_string())}}));
        assert_eq!(item["Item"]["v"], s("y".repeat(3000)));
    }
}

#[test]
fn a_vacuum_that_is_given_up_has_done_no_harm() {
    let scratch = Scratch::new();
    let db = open(&scratch.file());
    db.create(&table());
    fill(&db, 500);
    let size = |db: &Db| poll(db.engine.backend().db_size_bytes());
    for at in 0..400 {
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s(at.to_string())}}));
    }
    let full = size(&db);
    db.send("Dynatab.Vacuum", b"{}");
    let begun = size(&db);
    assert!(begun < full);
    drop(db);
    let db = open(&scratch.file());
    assert_eq!(size(&db), begun, "what was given back stays given back");
    assert_eq!(db.ok("Scan", &json!({"TableName": "Tab", "Select": "COUNT"}))["Count"], 100);
    vacuum(&db);
    assert!(size(&db) < begun);
    let check: String = db
        .engine
        .backend()
        .conn()
        .query_row("PRAGMA integrity_check", (), |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

fn poll<T>(work: impl Future<Output = Result<T, dynatab::storage_backend::BackendError>>) -> T {
    dynatab::storage_backend::poll::now_or_never(work).unwrap().unwrap()
}
