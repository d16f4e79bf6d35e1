//! Lines of requests, each an operation's name and a body, to one database in memory: every one is answered with JSON, as done or as the
//! caller's mistake, and what is left of the table is whole: its indexes hold what its items give them.
#![no_main]

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use dynatab::engine::{Database, Options};
use dynatab::model::json::Document;
use dynatab::storage::Storage;
use dynatab::storage_backend::ManualClock;
use libfuzzer_sys::fuzz_target;

const TABLE: &str = r#"{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
    {"AttributeName":"s","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"},{"AttributeName":"h","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
    "GlobalSecondaryIndexes":[{"IndexName":"gix","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"h","KeyType":"HASH"},
    {"AttributeName":"s","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]}}],
    "LocalSecondaryIndexes":[{"IndexName":"lix","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"h","KeyType":"RANGE"}],
    "Projection":{"ProjectionType":"KEYS_ONLY"}}]}"#;

/// Natively every request is answered at once.
fn now<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the native storage waits for nobody"),
    }
}

fn open() -> Database<Storage> {
    let storage = Storage::open_in_memory_with(Rc::new(ManualClock::new(1_790_812_800_000))).expect("a database in memory opens");
    now(Database::open(storage, Options::default(), Box::new(|| 0.5))).expect("an empty database opens")
}

fn ask(db: &Database<Storage>, operation: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut reply = Vec::new();
    let status = now(db.dispatch(&format!("DynamoDB_20120810.{operation}"), body, &mut reply));
    (status, reply)
}

/// How many items a Scan counts that look as if they belonged into an index.
fn count(db: &Database<Storage>, members: &str) -> i64 {
    let (_, reply) = ask(db, "Scan", format!(r#"{{"TableName":"Tab","Select":"COUNT"{members}}}"#).as_bytes());
    let document = Document::parse(&reply).expect("replies are JSON");
    document.root().get("Count").and_then(|count| count.as_i64()).unwrap_or(-1)
}

fuzz_target!(|input: &[u8]| {
    let db = open();
    assert_eq!(ask(&db, "CreateTable", TABLE.as_bytes()).0, 200);
    for line in input.split(|byte| *byte == b'\n').take(16) {
        let (operation, body) = line.split_at(line.iter().position(|byte| *byte == b' ').unwrap_or(line.len()));
        let (status, reply) = ask(&db, &String::from_utf8_lossy(operation), body);
        let shown = || String::from_utf8_lossy(&reply).into_owned();
        assert!(status == 200 || status == 400, "{status} {}", shown());
        assert!(Document::parse(&reply).is_ok(), "{}", shown());
        assert!(status == 200 || shown().starts_with(r#"{"__type":"#), "{}", shown());
    }
    let indexed = r#","FilterExpression":"attribute_exists(g) AND attribute_exists(h)""#;
    assert_eq!(count(&db, r#","IndexName":"gix""#), count(&db, indexed));
    assert_eq!(
        count(&db, r#","IndexName":"lix""#),
        count(&db, r#","FilterExpression":"attribute_exists(h)""#)
    );
});
