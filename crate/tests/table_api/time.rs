//! The clock a database goes by, and how long each change of a table takes.

use std::rc::Rc;

use crate::changes::{create_index, described, step, update};
use crate::database::{Db, START, Table, all, n, s};
use dynatab::engine::{Database, Lifecycle, Options};
use dynatab::storage::Storage;
use dynatab::storage_backend::ManualClock;
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

fn set_time(db: &Db, now: &Value) -> (u16, Value) {
    let (status, reply) = db.send("Dynatab.SetTime", json!({ "now": now }).to_string().as_bytes());
    (status, serde_json::from_str(&reply).unwrap())
}

#[test]
fn a_set_clock_goes_on_from_there_and_everything_goes_by_it() {
    let db = Db::new();
    let day = 86_400_000;
    assert_eq!(set_time(&db, &json!(START + day)), (200, json!({"now": START + day})));
    db.create(&Table::new(&["pk:S"]));
    assert_eq!(described(&db)["CreationDateTime"], 1_790_899_200.0);
    db.ok(
        "UpdateTimeToLive",
        &json!({"TableName": "Tab", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "e"}}),
    );
    let expires = (START + day) / 1000 + 60;
    db.put(&json!({"pk": s("a"), "e": n(expires)}));
    step(&db);
    db.clock.advance(59_000);
    step(&db);
    assert!(db.get(&json!({"pk": s("a")})).is_some());
    db.clock.advance(2_000);
    step(&db);
    assert!(db.get(&json!({"pk": s("a")})).is_none(), "it went on from where it was set");
    assert_eq!(set_time(&db, &Value::Null), (200, json!({"now": START + 61_000})));
    for wrong in [json!("now"), json!(1.5), json!(true)] {
        assert_eq!(set_time(&db, &wrong).0, 400, "{wrong}");
    }
}

#[test]
fn the_stream_of_a_table_that_is_made_by_a_set_clock_is_its_own() {
    // rule 102
    let db = Db::new();
    assert_eq!(set_time(&db, &json!(START + 400 * 86_400_000)).0, 200);
    db.create(&Table::new(&["pk:S"]).stream("NEW_IMAGE"));
    db.put(&json!({"pk": s("a")}));
    let (status, reply) = db.send("Dynatab.ReadChanges", br#"{"tableName":"Tab","from":"oldest"}"#);
    assert_eq!(status, 200, "{reply}");
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["Records"].as_array().map(Vec::len), Some(1), "{reply}");
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_work_behind_the_requests() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.ok(
        "UpdateTimeToLive",
        &json!({"TableName": "Tab", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "e"}}),
    );
    step(&db);
    db.clock.advance(-3_600_000);
    db.put(&json!({"pk": s("a"), "e": n(START / 1000 - 3_700)}));
    step(&db);
    assert!(db.get(&json!({"pk": s("a")})).is_none());
}

#[test]
fn every_change_of_a_table_takes_its_own_time() {
    let clock = Rc::new(ManualClock::new(START));
    let lifecycle = Lifecycle {
        creation_ms: 1000,
        update_ms: 2000,
        deletion_ms: 3000,
        index_creation_ms: 4000,
    };
    let options = Options {
        lifecycle,
        ..Options::default()
    };
    let storage = Storage::open_in_memory_with(clock.clone()).unwrap();
    let engine = now_or_never(Database::open(storage, options, Box::new(|| 0.5))).unwrap().unwrap();
    let db = Db { engine, clock };
    let status = |db: &Db| described(db)["TableStatus"].clone();
    let passes = |millis: i64, during: &str| {
        db.clock.advance(millis - 1);
        assert_eq!(status(&db), during);
        db.clock.advance(1);
        assert_eq!(status(&db), "ACTIVE");
    };
    db.create(&Table::new(&["pk:S"]));
    passes(1000, "CREATING");
    update(&db, &json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}));
    passes(2000, "UPDATING");
    update(&db, &create_index("late", "g", &all()));
    passes(4000, "UPDATING");
    while step(&db) == 0 {}
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.clock.advance(2999);
    assert_eq!(status(&db), "DELETING");
    db.clock.advance(1);
    assert_eq!(db.ok("ListTables", &json!({})), json!({"TableNames": []}));
}
