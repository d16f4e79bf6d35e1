//! Tables used as a cache: which items go, what it costs, and what stays of it.

use std::rc::Rc;

use crate::changes::work;
use crate::database::{Db, START, Table, all, s};
use crate::scratch::Scratch;
use dynatab::storage::Storage;
use dynatab::storage_backend::ManualClock;
use dynatab::storage_backend::framed::Durability;
use serde_json::{Value, json};

fn table() -> Table {
    Table::new(&["pk:S"]).gsi("gix", &["g:S"], &[], &all()).stream("NEW_AND_OLD_IMAGES")
}

fn bound(db: &Db, most: &Value) -> (u16, String) {
    db.send(
        "Dynatab.UpdateCache",
        json!({"tableName": "Tab", "maxItems": most}).to_string().as_bytes(),
    )
}

fn set_bound(db: &Db, most: i64) {
    assert_eq!(bound(db, &json!(most)), (200, "{}".into()));
}

fn put(db: &Db, key: &str) {
    db.put(&json!({"pk": s(key), "g": s("g")}));
}

fn read(db: &Db, key: &str) {
    assert!(db.get(&json!({"pk": s(key)})).is_some(), "{key}");
}

/// The keys in a table or index, in order.
fn keys(db: &Db, request: &Value) -> Vec<String> {
    let found = db.ok("Scan", request);
    let mut keys: Vec<_> = found["Items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["pk"]["S"].as_str().unwrap().to_owned())
        .collect();
    keys.sort();
    keys
}

fn kept(db: &Db) -> Vec<String> {
    let kept = keys(db, &json!({"TableName": "Tab"}));
    assert_eq!(
        kept,
        keys(db, &json!({"TableName": "Tab", "IndexName": "gix"})),
        "the index holds the same"
    );
    let described = db.ok("DescribeTable", &json!({"TableName": "Tab"}));
    assert_eq!(described["Table"]["ItemCount"], kept.len());
    kept
}

#[test]
fn the_items_not_used_for_longest_go_and_the_bound_holds() {
    let db = Db::holding(&table());
    set_bound(&db, 3);
    for key in ["a", "b", "c"] {
        put(&db, key);
    }
    work(&db);
    assert_eq!(kept(&db), ["a", "b", "c"]);
    // All in one millisecond: the order of the uses decides.
    read(&db, "a");
    db.ok("BatchGetItem", &json!({"RequestItems": {"Tab": {"Keys": [{"pk": s("b")}]}}}));
    put(&db, "d");
    work(&db);
    assert_eq!(kept(&db), ["a", "b", "d"], "a and b were read since c was written");
    db.ok("UpdateItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
    db.ok(
        "TransactGetItems",
        &json!({"TransactItems": [{"Get": {"TableName": "Tab", "Key": {"pk": s("b")}}}]}),
    );
    db.ok(
        "BatchWriteItem",
        &json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": {"pk": s("e")}}}]}}),
    );
    work(&db);
    assert_eq!(keys(&db, &json!({"TableName": "Tab"})), ["a", "b", "e"]);
    set_bound(&db, 1);
    work(&db);
    assert_eq!(keys(&db, &json!({"TableName": "Tab"})), ["e"]);
}

#[test]
fn many_items_are_evicted_in_steps() {
    let db = Db::holding(&table());
    for at in 0..100 {
        put(&db, &format!("{at:03}"));
    }
    set_bound(&db, 10);
    let mut steps = 0;
    while crate::changes::step(&db) == 0 {
        steps += 1;
    }
    assert!((4..=8).contains(&steps), "{steps} steps of at most 25 items");
    assert_eq!(kept(&db).len(), 10);
}

#[test]
fn a_cache_stays_near_its_bound_though_requests_never_pause() {
    use crate::packed_batch::batch;
    let db = Db::holding(&table());
    set_bound(&db, 40);
    let items = || {
        db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"]["ItemCount"]
            .as_i64()
            .unwrap()
    };
    for round in 0..30 {
        let puts = (0..50).map(|at| {
            let item = json!({"pk": s(format!("{round:02} {at:02}")), "g": s("g")});
            ("PutItem", json!({"TableName": "Tab", "Item": item}).to_string())
        });
        for (status, reply) in batch(&db.engine, &puts.collect::<Vec<_>>()) {
            assert_eq!(status, 200, "{reply}");
        }
        // The bound, an eighth of it, and what a commit may leave beside.
        assert!(items() <= 40 + 5 + 100, "{} items in round {round}", items());
    }
    let left = kept(&db);
    assert!(left.len() > 40, "what is a little above the bound goes behind the requests");
    assert_eq!(left.last().map(String::as_str), Some("29 49"), "the newest stay");
    // What adds nothing evicts nothing: a read is never a commit.
    set_bound(&db, 1);
    let before = items();
    let get = ("GetItem", json!({"TableName": "Tab", "Key": {"pk": s("29 49")}}).to_string());
    assert_eq!(batch(&db.engine, &[get])[0].0, 200);
    assert_eq!(items(), before);
    work(&db);
    assert_eq!(kept(&db), ["29 49"]);
}

#[test]
fn evictions_are_streamed_as_removals_by_the_package() {
    let db = Db::holding(&table());
    set_bound(&db, 1);
    put(&db, "a");
    db.put(&json!({"pk": s("b")}));
    work(&db);
    let streams = |operation: &str, request: Value| {
        let (status, reply) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
        assert_eq!(status, 200, "{reply}");
        serde_json::from_str::<Value>(&reply).unwrap()
    };
    let arn = streams("ListStreams", json!({}))["Streams"][0]["StreamArn"].clone();
    let shard = streams("DescribeStream", json!({"StreamArn": arn}))["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let iterator = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = streams("GetShardIterator", iterator)["ShardIterator"].clone();
    let records = streams("GetRecords", json!({"ShardIterator": iterator}))["Records"].clone();
    assert_eq!(records.as_array().unwrap().len(), 3);
    let last = &records[2];
    assert_eq!(last["eventName"], "REMOVE");
    assert_eq!(last["userIdentity"], json!({"PrincipalId": "dynatab", "Type": "Service"}));
    assert_eq!(last["dynamodb"]["OldImage"]["pk"], s("a"));
}

#[test]
fn a_read_of_a_cache_stays_one_crossing_and_never_commits_and_a_write_stays_two() {
    let scratch = Scratch::new();
    let storage = || Storage::open(&scratch.file(), Rc::new(ManualClock::new(START)), Durability::Relaxed).unwrap();
    let db = Db::over(storage(), Rc::new(ManualClock::new(START)), 0);
    db.create(&table());
    set_bound(&db, 2);
    put(&db, "a");
    put(&db, "b");
    // On a file every commit that writes has a number.
    let commits = || -> i64 {
        let number = "SELECT sequence FROM counters WHERE table_number = 0";
        db.engine.backend().conn().query_row(number, (), |row| row.get(0)).unwrap()
    };
    let before = commits();
    assert_eq!(db.crossings(|| read(&db, "a")), 1);
    assert_eq!(commits(), before, "a read is no commit");
    assert_eq!(db.crossings(|| put(&db, "c")), 2);
    assert_eq!(commits(), before + 1);
    let statements = db.engine.backend().crossings().statements;
    work(&db);
    assert!(
        db.engine.backend().crossings().statements > statements,
        "it is evicted behind the requests"
    );
    assert_eq!(kept(&db), ["a", "c"]);
}

#[test]
fn a_large_table_becomes_a_cache_at_once_and_what_was_there_before_goes_first() {
    let scratch = Scratch::new();
    let open = || {
        let storage = Storage::open(&scratch.file(), Rc::new(ManualClock::new(START)), Durability::Relaxed).unwrap();
        Db::over(storage, Rc::new(ManualClock::new(START)), 0)
    };
    let db = open();
    db.create(&table());
    for at in 0..1500 {
        put(&db, &format!("{at:04}"));
    }
    let pages = |db: &Db| -> i64 {
        db.engine
            .backend()
            .conn()
            .query_row("PRAGMA page_count", (), |row| row.get(0))
            .unwrap()
    };
    let before = pages(&db);
    set_bound(&db, 1500);
    assert!(pages(&db) <= before + 2, "nothing is made of the items that are there");
    // These are used, over a reload too; some more are put beyond what is noted before a commit.
    for at in (0..1500).step_by(10) {
        read(&db, &format!("{at:04}"));
    }
    put(&db, "new");
    drop(db);
    let db = open();
    set_bound(&db, 151);
    work(&db);
    let mut used: Vec<String> = (0..1500).step_by(10).map(|at| format!("{at:04}")).collect();
    used.push("new".into());
    assert_eq!(kept(&db), used);
    // From here on the order is that of the uses.
    read(&db, "0000");
    put(&db, "newer");
    work(&db);
    let left = kept(&db);
    assert_eq!(left.len(), 151);
    assert!(left.contains(&"0000".to_owned()) && left.contains(&"newer".to_owned()) && !left.contains(&"0010".to_owned()));
    assert_eq!(bound(&db, &Value::Null).0, 200);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name GLOB 't[0-9]*_u*'";
    let of_uses = |db: &Db| -> i64 { db.engine.backend().conn().query_row(tables, (), |row| row.get(0)).unwrap() };
    assert_eq!(of_uses(&db), 0);
    set_bound(&db, 10);
    assert_eq!(of_uses(&db), 2);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    assert_eq!(of_uses(&db), 0, "and goes with its table");
}

#[test]
fn a_bound_is_kept_with_its_table_until_it_is_taken_away() {
    let scratch = Scratch::new();
    let open = |at: i64| {
        let clock = Rc::new(ManualClock::new(START + at));
        Db::over(
            Storage::open(&scratch.file(), clock.clone(), Durability::Relaxed).unwrap(),
            clock,
            0,
        )
    };
    let stats = |db: &Db| -> Value {
        let reply = db.send("Dynatab.DescribeDatabase", b"{}").1;
        serde_json::from_str::<Value>(&reply).unwrap()["tables"][0]["cacheMaxItems"].clone()
    };
    let db = open(0);
    db.create(&table());
    set_bound(&db, 2);
    put(&db, "a");
    put(&db, "b");
    read(&db, "a");
    put(&db, "c");
    work(&db);
    assert_eq!(kept(&db), ["a", "c"]);
    drop(db);
    let db = open(1);
    assert_eq!(stats(&db), 2);
    read(&db, "a");
    put(&db, "d");
    work(&db);
    assert_eq!(kept(&db), ["a", "d"], "uses are noted after a reload too");
    assert_eq!(bound(&db, &Value::Null).0, 200);
    put(&db, "e");
    work(&db);
    assert_eq!(kept(&db), ["a", "d", "e"]);
    assert_eq!(stats(&db), Value::Null);
    drop(db);
    let db = open(2);
    put(&db, "f");
    work(&db);
    assert_eq!(kept(&db).len(), 4);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    work(&db);
}

#[test]
fn what_is_no_bound_and_what_is_no_table_is_refused() {
    let db = Db::holding(&table());
    for most in [json!(0), json!(-1), json!(1.5), json!("3"), json!(true)] {
        let (status, reply) = bound(&db, &most);
        assert_eq!(status, 400, "{most}");
        assert!(reply.contains("maxItems must be a whole number of at least 1, or null"), "{reply}");
    }
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    let (status, reply) = bound(&db, &json!(3));
    assert_eq!(status, 400);
    assert!(reply.contains("ResourceNotFoundException"), "{reply}");
}
