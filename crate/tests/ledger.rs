//! The ledger: a request that is sent again is applied once, and answered as it was (`docs/tabs.md`).

mod scratch;

use std::path::Path;
use std::rc::Rc;

use dynatab::engine::{Database, Options};
use dynatab::storage::Storage;
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::{ManualClock, StorageBackend};
use scratch::Scratch;

const TABLE: &str = r#"{"TableName":"Counters","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}"#;
const ADD: &str = r#"{"TableName":"Counters","Key":{"a":{"S":"c"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}},
    "ReturnValues":"UPDATED_NEW"}"#;
const GET: &str = r#"{"TableName":"Counters","Key":{"a":{"S":"c"}}}"#;

type Request<'a> = (u32, &'a str, &'a str);

/// Part of a batch: one client's requests.
struct Sent<'a> {
    client: &'a str,
    confirmed: u32,
    again: bool,
    requests: &'a [Request<'a>],
}

/// What a client sends for the first time.
fn sent<'a>(client: &'a str, requests: &'a [Request<'a>]) -> Sent<'a> {
    Sent {
        client,
        confirmed: 0,
        again: false,
        requests,
    }
}

/// What it sends again.
fn again<'a>(client: &'a str, requests: &'a [Request<'a>]) -> Sent<'a> {
    Sent {
        again: true,
        ..sent(client, requests)
    }
}

fn open(path: &Path) -> Database<Storage> {
    let storage = Storage::open(path, Rc::new(ManualClock::new(1_700_000_000_000)), Durability::Strict).unwrap();
    now_or_never(Database::open(storage, Options::default(), Box::new(|| 0.5)))
        .unwrap()
        .unwrap()
}

fn with_table(path: &Path) -> Database<Storage> {
    let db = open(path);
    assert_eq!(
        now_or_never(db.dispatch("DynamoDB_20120810.CreateTable", TABLE.as_bytes(), &mut Vec::new())),
        Some(200)
    );
    db
}

/// Sends one batch; `followed` as `senders` says it. Statuses and bodies in order.
fn run(db: &Database<Storage>, followed: bool, parts: &[Sent<'_>]) -> Vec<(u16, String)> {
    let mut senders = vec![u8::from(followed)];
    let mut requests = Vec::new();
    for part in parts {
        senders.extend_from_slice(&(part.client.len() as u16).to_le_bytes());
        senders.extend_from_slice(part.client.as_bytes());
        senders.extend_from_slice(&part.confirmed.to_le_bytes());
        senders.push(u8::from(part.again) | 2);
        senders.extend_from_slice(&(part.requests.len() as u32).to_le_bytes());
        for (number, _, _) in part.requests {
            senders.extend_from_slice(&number.to_le_bytes());
        }
        requests.extend_from_slice(part.requests);
    }
    let mut packed = (requests.len() as u32).to_le_bytes().to_vec();
    for (id, (_, operation, body)) in requests.iter().enumerate() {
        let target = format!("DynamoDB_20120810.{operation}");
        packed.extend_from_slice(&(id as u32).to_le_bytes());
        packed.extend_from_slice(&(target.len() as u16).to_le_bytes());
        packed.extend_from_slice(target.as_bytes());
        packed.extend_from_slice(&(body.len() as u32).to_le_bytes());
        packed.extend_from_slice(body.as_bytes());
    }
    let replies = now_or_never(db.run_batch_of(&senders, &packed, Vec::new())).unwrap();
    let number = |at: usize| u32::from_le_bytes(replies[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 4;
    let mut read = Vec::new();
    while at < replies.len() {
        assert_eq!(number(at), read.len(), "replies stand in the order of the requests");
        let status = u16::from_le_bytes(replies[at + 4..at + 6].try_into().unwrap());
        let end = at + 12 + number(at + 8);
        read.push((status, String::from_utf8(replies[at + 12..end].to_vec()).unwrap()));
        at = end;
    }
    assert_eq!(read.len(), requests.len());
    read
}

fn added(to: u32) -> (u16, String) {
    (200, format!(r#"{{"Attributes":{{"n":{{"N":"{to}"}}}}}}"#))
}

fn counter(db: &Database<Storage>) -> String {
    let mut out = Vec::new();
    now_or_never(db.dispatch("DynamoDB_20120810.GetItem", GET.as_bytes(), &mut out));
    String::from_utf8(out).unwrap()
}

fn rows(db: &Database<Storage>) -> i64 {
    let connection = db.backend().conn();
    connection.query_row("SELECT count(*) FROM ledger", (), |row| row.get(0)).unwrap()
}

#[test]
fn a_request_sent_again_after_reopening_is_applied_once_and_answered_as_it_was() {
    for followed in [false, true] {
        let scratch = Scratch::new();
        let db = with_table(&scratch.file());
        let requests = [(1, "UpdateItem", ADD), (2, "UpdateItem", ADD)];
        assert_eq!(run(&db, followed, &[sent("A", &requests)]), [added(1), added(2)]);
        drop(db);
        let db = open(&scratch.file());
        let requests = [(1, "UpdateItem", ADD), (2, "UpdateItem", ADD), (3, "UpdateItem", ADD)];
        assert_eq!(run(&db, followed, &[again("A", &requests)]), [added(1), added(2), added(3)]);
        assert!(counter(&db).contains(r#""N":"3""#), "followed: {followed}");
    }
}

#[test]
fn a_request_sent_again_to_the_same_engine_is_applied_once_even_in_the_same_batch() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let one = [(1, "UpdateItem", ADD)];
    let replies = run(&db, true, &[sent("A", &one), again("A", &one), sent("B", &one)]);
    assert_eq!(replies, [added(1), added(1), added(2)]);
    assert_eq!(run(&db, true, &[again("B", &one), again("A", &one)]), [added(2), added(1)]);
}

#[test]
fn clients_do_not_answer_for_one_another() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let one = [(1, "UpdateItem", ADD)];
    run(&db, true, &[sent("A", &one)]);
    drop(db);
    let db = open(&scratch.file());
    assert_eq!(run(&db, true, &[again("B", &one), again("A", &one)]), [added(2), added(1)]);
}

#[test]
fn a_database_nobody_follows_writes_no_row_and_a_followed_one_a_row_for_each_client() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let one = [(1, "UpdateItem", ADD)];
    for _ in 0..3 {
        run(&db, false, &[sent("A", &one)]);
    }
    assert_eq!(rows(&db), 0);
    // What the first client was answered before it had a follower is not forgotten.
    run(&db, true, &[sent("B", &one)]);
    assert_eq!(rows(&db), 2);
    drop(db);
    assert_eq!(run(&open(&scratch.file()), true, &[again("A", &one)]), [added(1)]);
}

#[test]
fn reads_and_refusals_are_not_recorded_and_run_anew() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let refused = r#"{"TableName":"Counters","Item":{"a":{"S":"c"}},"ConditionExpression":"attribute_exists(a)"}"#;
    let requests = [(1, "GetItem", GET), (2, "PutItem", refused)];
    let replies = run(&db, true, &[sent("A", &requests)]);
    assert_eq!((replies[0].1.as_str(), replies[1].0), ("{}", 400));
    assert_eq!(rows(&db), 0);
    run(&db, true, &[sent("B", &[(1, "UpdateItem", ADD)])]);
    let replies = run(&db, true, &[again("A", &requests)]);
    assert!(replies[0].1.contains(r#""N":"1""#), "{replies:?}");
    assert_eq!(replies[1], (200, "{}".to_owned()));
}

#[test]
fn what_a_client_has_confirmed_is_forgotten() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let stored = |db: &Database<Storage>| now_or_never(db.backend().get_ledger()).unwrap().unwrap().rows[0].1.len();
    run(&db, true, &[sent("A", &[(u32::MAX, "UpdateItem", ADD), (1, "UpdateItem", ADD)])]);
    let two = stored(&db);
    let confirming = |confirmed, number| {
        run(
            &db,
            true,
            &[Sent {
                confirmed,
                ..sent("A", &[(number, "UpdateItem", ADD)])
            }],
        );
        stored(&db)
    };
    // Numbers begin again after the last one.
    assert_eq!(confirming(u32::MAX, 2), two);
    assert_eq!(confirming(2, 3), two / 2);
}

#[test]
fn a_table_is_created_once_and_the_reply_is_its_own() {
    let scratch = Scratch::new();
    let db = open(&scratch.file());
    let create = [(1, "CreateTable", TABLE)];
    let first = run(&db, true, &[sent("A", &create)]);
    assert_eq!(first[0].0, 200);
    drop(db);
    let db = open(&scratch.file());
    assert_eq!(run(&db, true, &[again("A", &create)]), first);
    assert_eq!(run(&db, true, &[sent("A", &[(2, "CreateTable", TABLE)])])[0].0, 400);
}

#[test]
fn a_commit_that_does_not_happen_leaves_nothing_in_the_ledger_or_the_catalog() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let other = TABLE.replace("Counters", "Other");
    let requests = [(1, "UpdateItem", ADD), (2, "CreateTable", &other)];
    db.backend().conn_mut().commit_hook(Some(|| true)).unwrap();
    let replies = run(&db, true, &[sent("A", &requests)]);
    assert!(
        replies.iter().all(|(status, body)| *status == 400 && body.contains("StorageError")),
        "{replies:?}"
    );
    db.backend().conn_mut().commit_hook(None::<fn() -> bool>).unwrap();
    let replies = run(&db, true, &[again("A", &requests)]);
    assert_eq!((&replies[0], replies[1].0), (&added(1), 200));
}

#[test]
fn the_ledger_costs_a_write_no_crossing_and_a_database_nobody_follows_no_statement() {
    let scratch = Scratch::new();
    let db = with_table(&scratch.file());
    let cost = |followed: Option<bool>| {
        let before = db.backend().crossings();
        match followed {
            Some(followed) => drop(run(&db, followed, &[sent("A", &[(1, "UpdateItem", ADD)])])),
            None => drop(now_or_never(db.dispatch(
                "DynamoDB_20120810.UpdateItem",
                ADD.as_bytes(),
                &mut Vec::new(),
            ))),
        }
        let after = db.backend().crossings();
        (after.frames - before.frames, after.statements - before.statements)
    };
    // The ledger is read, once, when the first client is named.
    cost(Some(false));
    let plain = cost(None);
    assert_eq!(plain.0, 2);
    assert_eq!(cost(Some(false)), plain);
    assert_eq!(cost(Some(true)), (plain.0, plain.1 + 1));
}

#[test]
fn rows_of_clients_that_are_gone_are_swept_after_a_day() {
    let scratch = Scratch::new();
    let clock = Rc::new(ManualClock::new(1_700_000_000_000));
    let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Strict).unwrap();
    let db = now_or_never(Database::open(storage, Options::default(), Box::new(|| 0.5)))
        .unwrap()
        .unwrap();
    now_or_never(db.dispatch("DynamoDB_20120810.CreateTable", TABLE.as_bytes(), &mut Vec::new()));
    run(&db, true, &[sent("A", &[(1, "UpdateItem", ADD)])]);
    let hours = |hours: i64| {
        for _ in 0..hours {
            clock.advance(3_600_000);
            for _ in 0..3 {
                now_or_never(db.work());
            }
        }
        rows(&db)
    };
    assert_eq!(hours(23), 1);
    assert_eq!(hours(2), 0);
}
