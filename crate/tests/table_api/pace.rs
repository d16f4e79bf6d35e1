//! How much is done at a time behind the requests.

use std::cell::Cell;
use std::rc::Rc;

use crate::database::{START, Table, n, s};
use dynatab::engine::{Database, Options};
use dynatab::storage::Storage;
use dynatab::storage_backend::Clock;
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

/// A clock on which every look at it takes a while.
struct SlowClock {
    millis: Cell<i64>,
    a_look: Cell<i64>,
}

impl Clock for SlowClock {
    fn now_millis(&self) -> i64 {
        self.millis.set(self.millis.get() + self.a_look.get());
        self.millis.get()
    }
}

#[test]
fn a_step_that_took_long_is_followed_by_smaller_ones_and_those_by_larger_ones() {
    let clock = Rc::new(SlowClock {
        millis: Cell::new(START),
        a_look: Cell::new(0),
    });
    let storage = Storage::open_in_memory_with(clock.clone()).unwrap();
    let engine = now_or_never(Database::open(storage, Options::default(), Box::new(|| 0.5)))
        .unwrap()
        .unwrap();
    let ok = |operation: &str, request: &Value| -> Value {
        let mut out = Vec::new();
        let target = format!("DynamoDB_20120810.{operation}");
        let status = now_or_never(engine.dispatch(&target, request.to_string().as_bytes(), &mut out)).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&out));
        serde_json::from_slice(&out).unwrap()
    };
    ok("CreateTable", &Table::new(&["pk:S"]).request());
    ok(
        "UpdateTimeToLive",
        &json!({"TableName": "Tab", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}),
    );
    for at in 0..400 {
        ok(
            "PutItem",
            &json!({"TableName": "Tab", "Item": {"pk": s(at.to_string()), "t": n(START / 1000 - 100)}}),
        );
    }
    let left = || {
        ok("Scan", &json!({"TableName": "Tab", "Select": "COUNT"}))["Count"]
            .as_i64()
            .unwrap()
    };
    let mut deleted = Vec::new();
    for a_look in [0, 0, 10, 10, 10, 0, 0] {
        let before = left();
        clock.a_look.set(a_look);
        now_or_never(engine.work()).unwrap();
        clock.a_look.set(0);
        deleted.push(before - left());
    }
    assert_eq!(deleted, [25, 29, 33, 25, 19, 15, 17]);
}
