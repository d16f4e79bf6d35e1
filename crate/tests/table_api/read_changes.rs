//! The package's own `ReadChanges`: the records of a table's streams as one sequence.

use crate::database::{Db, START, Table, n, s};
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn ask(db: &Db, request: &Value) -> (u16, Value) {
    let (status, reply) = db.send("Dynatab.ReadChanges", request.to_string().as_bytes());
    (status, serde_json::from_str(&reply).unwrap())
}

fn read(db: &Db, request: &Value) -> Value {
    let (status, reply) = ask(db, request);
    assert_eq!(status, 200, "{request}: {reply}");
    reply
}

fn from(db: &Db, place: &str) -> Value {
    read(db, &json!({"tableName": "Tab", "from": place}))
}

fn after(db: &Db, number: i64) -> Value {
    read(db, &json!({"tableName": "Tab", "after": format!("{number:021}")}))
}

fn on(db: &Db, page: &Value) -> Value {
    read(db, &json!({"tableName": "Tab", "position": page["position"]}))
}

fn numbers(page: &Value) -> Vec<i64> {
    let number = |record: &Value| record["dynamodb"]["SequenceNumber"].as_str().unwrap().parse().unwrap();
    page["Records"]
        .as_array()
        .map_or_else(Vec::new, |records| records.iter().map(number).collect())
}

fn error(db: &Db, request: &Value) -> String {
    let (status, reply) = ask(db, request);
    assert_eq!(status, 400, "{request}: {reply}");
    reply["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()
}

fn table() -> Table {
    Table::new(&["pk:S"]).stream("NEW_IMAGE")
}

fn put(db: &Db, count: i64) {
    for _ in 0..count {
        let (_, found) = db.ask("GetItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
        let v: i64 = found["Item"]["v"]["N"].as_str().map_or(0, |v| v.parse().unwrap());
        db.put(&json!({"pk": s("a"), "v": n(v + 1)}));
    }
}

fn work(db: &Db) -> i64 {
    now_or_never(db.engine.work()).unwrap()
}

fn disable(db: &Db) {
    db.ok(
        "UpdateTable",
        &json!({"TableName": "Tab", "StreamSpecification": {"StreamEnabled": false}}),
    );
    db.clock.advance(1000);
}

fn enable(db: &Db, view: &str) {
    let specification = json!({"StreamEnabled": true, "StreamViewType": view});
    db.ok("UpdateTable", &json!({"TableName": "Tab", "StreamSpecification": specification}));
}

#[test]
fn a_reader_goes_on_from_the_place_it_got_in_one_crossing() {
    let db = Db::holding(&table());
    put(&db, 2);
    let now = from(&db, "now");
    assert_eq!((numbers(&now), &now["more"], &now["ended"]), (vec![], &json!(false), &json!(false)));
    assert_eq!(now["position"]["sequenceNumber"], format!("{:021}", 2));
    put(&db, 3);
    let mut page = Value::Null;
    assert_eq!(db.crossings(|| page = on(&db, &now)), 1);
    assert_eq!(numbers(&page), [3, 4, 5]);
    assert_eq!(page["Records"][0]["dynamodb"]["NewImage"], json!({"pk": s("a"), "v": n(3)}));
    let end = on(&db, &page);
    assert_eq!((numbers(&end), &end["position"]), (vec![], &page["position"]));
    assert_eq!(numbers(&from(&db, "oldest")), [1, 2, 3, 4, 5]);
}

#[test]
fn more_than_a_page_is_said_to_be_more() {
    let db = Db::holding(&table());
    put(&db, 1001);
    let first = from(&db, "oldest");
    assert_eq!((numbers(&first).len(), &first["more"]), (1000, &json!(true)));
    let second = on(&db, &first);
    assert_eq!((numbers(&second), &second["more"]), (vec![1001], &json!(false)));
}

#[test]
fn a_number_leads_on_over_streams_that_were_closed_and_opened_again() {
    let db = Db::holding(&table());
    put(&db, 2);
    let waiting = from(&db, "now");
    disable(&db);
    let off = on(&db, &waiting);
    assert_eq!(
        (&off["more"], &off["ended"]),
        (&json!(false), &json!(false)),
        "the stream may come back"
    );
    put(&db, 5);
    enable(&db, "KEYS_ONLY");
    put(&db, 2);
    assert_eq!(numbers(&on(&db, &off)), [3, 4]);
    disable(&db);
    enable(&db, "OLD_IMAGE");
    put(&db, 1);
    for (place, expected) in [
        (0, vec![1, 2]),
        (1, vec![2]),
        (2, vec![3, 4]),
        (3, vec![4]),
        (4, vec![5]),
        (5, vec![]),
    ] {
        assert_eq!(numbers(&after(&db, place)), expected, "after {place}");
    }
    let mut page = from(&db, "oldest");
    let mut all = numbers(&page);
    while page["more"] == json!(true) {
        page = on(&db, &page);
        all.extend(numbers(&page));
    }
    assert_eq!(all, [1, 2, 3, 4, 5]);
}

#[test]
fn what_was_trimmed_and_what_never_was_is_refused() {
    // rule 102
    let db = Db::holding(&table());
    put(&db, 2);
    let behind = after(&db, 1);
    db.clock.advance(DAY + 1);
    put(&db, 1);
    let at = |number: i64| json!({"tableName": "Tab", "after": format!("{number:021}")});
    for number in [0, 1, 4] {
        assert_eq!(error(&db, &at(number)), "TrimmedDataAccessException", "{number}");
    }
    assert_eq!(numbers(&after(&db, 2)), [3], "nothing is missing behind 2");
    assert_eq!(numbers(&from(&db, "oldest")), [3]);
    assert_eq!(numbers(&on(&db, &behind)), [3], "it had read 2");
    let too_late = json!({"tableName": "Tab", "position": {"streamLabel": behind["position"]["streamLabel"], "sequenceNumber": "1"}});
    assert_eq!(error(&db, &too_late), "TrimmedDataAccessException");
}

#[test]
fn a_reader_outwaits_a_stream_that_is_off_for_days() {
    let db = Db::holding(&table());
    put(&db, 2);
    let read_all = from(&db, "oldest");
    let read_one = after(&db, 1)["position"].clone();
    disable(&db);
    db.clock.advance(DAY + 1);
    while work(&db) == 0 {}
    assert_eq!(on(&db, &read_all)["ended"], json!(false));
    enable(&db, "KEYS_ONLY");
    put(&db, 1);
    assert_eq!(numbers(&on(&db, &read_all)), [3]);
    let mut behind = json!({"tableName": "Tab", "position": read_one});
    behind["position"]["sequenceNumber"] = json!("1");
    assert_eq!(error(&db, &behind), "TrimmedDataAccessException");
}

#[test]
fn the_changes_of_a_deleted_table_are_read_to_their_end_and_its_successor_has_its_own() {
    for pause in [0, 5] {
        let db = Db::holding(&table());
        let start = from(&db, "now");
        put(&db, 2);
        db.ok("DeleteTable", &json!({"TableName": "Tab"}));
        assert_eq!(
            error(&db, &json!({"tableName": "Tab", "from": "oldest"})),
            "ResourceNotFoundException"
        );
        db.clock.advance(pause);
        db.create(&table());
        put(&db, 1);
        let rest = on(&db, &start);
        assert_eq!((numbers(&rest), &rest["ended"]), (vec![1, 2], &json!(false)));
        let end = on(&db, &rest);
        assert_eq!((numbers(&end), &end["ended"]), (vec![], &json!(true)));
        // Its numbers go on behind those of every table there was, with one left out.
        assert_eq!(numbers(&from(&db, "oldest")), [4], "{pause}");
    }
}

#[test]
fn a_number_of_a_deleted_table_is_no_place_in_its_successor() {
    // rule 100: a sequence number names one record, whatever became of its table meanwhile
    let scratch = crate::scratch::Scratch::new();
    let open = |at: i64| {
        let clock = std::rc::Rc::new(dynatab::storage_backend::ManualClock::new(START + at));
        let durability = dynatab::storage_backend::framed::Durability::Relaxed;
        let storage = dynatab::storage::Storage::open(&scratch.file(), clock.clone(), durability).unwrap();
        Db::over(storage, clock, 0)
    };
    let db = open(0);
    db.create(&table());
    put(&db, 3);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    // Nothing is left of the old stream, and the database is opened anew.
    db.clock.advance(2 * DAY);
    while work(&db) == 0 {}
    drop(db);
    let db = open(2 * DAY);
    db.create(&table());
    put(&db, 5);
    assert_eq!(numbers(&from(&db, "oldest")), [5, 6, 7, 8, 9]);
    for number in 0..=3 {
        let old = json!({"tableName": "Tab", "after": format!("{number:021}")});
        assert_eq!(error(&db, &old), "TrimmedDataAccessException", "{number}");
    }
    assert_eq!(numbers(&after(&db, 6)), [7, 8, 9]);
    // A creation that is undone takes no number.
    assert_eq!(db.ask("CreateTable", &table().request()).0, 400);
    put(&db, 1);
    assert_eq!(numbers(&after(&db, 9)), [10]);
}

#[test]
fn a_reader_who_comes_when_table_and_records_are_gone_is_at_the_end() {
    let db = Db::holding(&table());
    let start = from(&db, "now");
    put(&db, 1);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.clock.advance(DAY + 1);
    while work(&db) == 0 {}
    assert_eq!(on(&db, &start)["ended"], json!(true));
}

#[test]
fn a_table_without_a_stream_has_no_place() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    for place in ["now", "oldest"] {
        assert_eq!(from(&db, place), json!({}));
    }
    assert_eq!(error(&db, &json!({"tableName": "None"})), "ResourceNotFoundException");
    assert_eq!(error(&db, &json!({"tableName": "Tab", "after": "x"})), "ValidationException");
}

/// The tables whose streams the requests have changed.
fn changed(db: &Db, requests: &[(&str, Value)]) -> Vec<String> {
    let requests: Vec<(&str, String)> = requests.iter().map(|(operation, body)| (*operation, body.to_string())).collect();
    for (status, reply) in crate::packed_batch::batch(&db.engine, &requests) {
        assert!(status == 200 || reply.contains("ConditionalCheckFailed"), "{reply}");
    }
    let mut named: Vec<String> = db.engine.take_changed_streams().iter().map(ToString::to_string).collect();
    named.sort_unstable();
    named
}

#[test]
fn every_table_whose_stream_changes_is_named_once() {
    let db = Db::holding(&table());
    db.create(&Table::named("Plain", &["pk:S"]));
    db.create(&Table::named("Second", &["pk:S"]).stream("KEYS_ONLY"));
    let put = |table: &str, key: &str| ("PutItem", json!({"TableName": table, "Item": {"pk": s(key)}}));
    let none: [&str; 0] = [];
    assert_eq!(changed(&db, &[put("Plain", "a")]), none);
    assert_eq!(changed(&db, &[put("Tab", "a"), put("Plain", "b"), put("Tab", "b")]), ["Tab"]);
    assert_eq!(db.engine.take_changed_streams().len(), 0, "asked once");
    assert_eq!(changed(&db, &[put("Tab", "a")]), none, "an identical overwrite has no record");
    let get = ("GetItem", json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
    assert_eq!(changed(&db, &[get]), none);
    let both = json!({"RequestItems": {
        "Second": [{"PutRequest": {"Item": {"pk": s("x")}}}], "Tab": [{"DeleteRequest": {"Key": {"pk": s("b")}}}]
    }});
    assert_eq!(changed(&db, &[("BatchWriteItem", both)]), ["Second", "Tab"]);
    let transaction = json!({"TransactItems": [{"Put": {"TableName": "Second", "Item": {"pk": s("y")}}}]});
    assert_eq!(changed(&db, &[("TransactWriteItems", transaction)]), ["Second"]);
    let off = (
        "UpdateTable",
        json!({"TableName": "Tab", "StreamSpecification": {"StreamEnabled": false}}),
    );
    assert_eq!(changed(&db, &[off]), ["Tab"]);
    assert_eq!(changed(&db, &[put("Tab", "c")]), none);
    db.clock.advance(1);
    let on = json!({"TableName": "Tab", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}});
    assert_eq!(changed(&db, &[("UpdateTable", on)]), ["Tab"]);
    assert_eq!(changed(&db, &[("DeleteTable", json!({"TableName": "Second"}))]), ["Second"]);
}

#[test]
fn what_expires_is_a_change_that_is_named() {
    let db = Db::holding(&table());
    let ttl = json!({"Enabled": true, "AttributeName": "expires"});
    db.ok("UpdateTimeToLive", &json!({"TableName": "Tab", "TimeToLiveSpecification": ttl}));
    db.put(&json!({"pk": s("a"), "expires": n(START / 1000 + 1)}));
    let start = from(&db, "now");
    db.engine.take_changed_streams();
    db.clock.advance(5000);
    while db.engine.take_changed_streams().is_empty() {
        assert!(work(&db) < 10_000, "nothing was swept");
    }
    let page = on(&db, &start);
    assert_eq!(
        page["Records"][0]["userIdentity"],
        json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})
    );
}
