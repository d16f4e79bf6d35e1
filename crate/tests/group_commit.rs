//! Group commit: the item operations of a batch share one transaction, and nobody notices but the clock.

mod packed_batch;

use dynatab::engine::{Database, Options};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::rusqlite_impl::Storage;
use packed_batch::{batch, create_table, get, put};

fn open() -> Database<Storage> {
    let storage = Storage::open_in_memory().unwrap();
    let db = now_or_never(Database::open(storage, Options::default(), Box::new(|| 0.5)))
        .unwrap()
        .unwrap();
    for table in ["Txx", "Otherx"] {
        assert_eq!(batch(&db, &[create_table(table)])[0].0, 200);
    }
    db
}

/// How many commits a batch takes: SQLite's own hook counts them.
fn commits(db: &Database<Storage>, requests: &[(&str, String)]) -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let count = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    db.backend()
        .conn_mut()
        .commit_hook(Some(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        }))
        .unwrap();
    batch(db, requests);
    db.backend().conn_mut().commit_hook(None::<fn() -> bool>).unwrap();
    count.load(Ordering::Relaxed)
}

fn item_count(db: &Database<Storage>, table: &str) -> i64 {
    use dynatab::storage_backend::StorageBackend;
    now_or_never(db.backend().count_items(table)).unwrap().unwrap()
}

#[test]
fn fifty_puts_of_a_batch_are_one_commit_and_cross_once_each_and_once_more() {
    let db = open();
    let puts: Vec<_> = (0..50).map(|n| put("Txx", &format!("k{n}"), "v")).collect();
    let before = db.backend().crossings().frames;
    assert_eq!(commits(&db, &puts), 1);
    assert_eq!(db.backend().crossings().frames - before, 51);
    assert_eq!(item_count(&db, "Txx"), 50);
}

#[test]
fn reads_alone_open_no_transaction() {
    let db = open();
    let before = db.backend().crossings();
    assert_eq!(commits(&db, &[get("Txx", "a"), get("Txx", "b")]), 0);
    let after = db.backend().crossings();
    assert_eq!((after.frames - before.frames, after.statements - before.statements), (2, 2));
}

#[test]
fn a_read_sees_the_writes_before_it_and_order_per_key_is_kept() {
    let db = open();
    let replies = batch(
        &db,
        &[
            put("Txx", "a", "1"),
            get("Txx", "a"),
            put("Txx", "a", "2"),
            put("Txx", "a", "3"),
            get("Txx", "a"),
        ],
    );
    let values: Vec<_> = replies.iter().map(|(_, body)| body.as_str()).collect();
    assert_eq!(
        values,
        [
            "{}",
            r#"{"Item":{"a":{"S":"a"},"v":{"S":"1"}}}"#,
            r#"{"Attributes":{"a":{"S":"a"},"v":{"S":"1"}}}"#,
            r#"{"Attributes":{"a":{"S":"a"},"v":{"S":"2"}}}"#,
            r#"{"Item":{"a":{"S":"a"},"v":{"S":"3"}}}"#,
        ]
    );
    assert_eq!(item_count(&db, "Txx"), 1);
}

#[test]
fn a_request_that_fails_leaves_its_neighbours_whole() {
    let db = open();
    let refused = (
        "PutItem",
        r#"{"TableName":"Txx","Item":{"a":{"S":"b"}},"ConditionExpression":"attribute_exists(a)"}"#.to_owned(),
    );
    let wrong = ("PutItem", r#"{"TableName":"Txx","Item":{"a":{"N":"1"}}}"#.to_owned());
    let requests = [
        put("Txx", "a", "1"),
        refused,
        put("Txx", "c", "1"),
        wrong,
        put("Txx", "d", "1"),
        ("Nope", "{}".into()),
    ];
    let statuses: Vec<_> = batch(&db, &requests).into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, [200, 400, 200, 400, 200, 400]);
    assert_eq!(item_count(&db, "Txx"), 3);
    assert_eq!(batch(&db, &[get("Txx", "b")])[0].1, "{}");
}

#[test]
fn an_error_inside_sqlite_makes_only_its_culprit_fail() {
    let db = open();
    db.backend()
        .conn()
        .execute_batch("CREATE TRIGGER refuse BEFORE INSERT ON t1 WHEN new.pk = 'bad' BEGIN SELECT raise(ABORT, 'refused'); END")
        .unwrap();
    let requests = [
        put("Txx", "a", "1"),
        put("Txx", "bad", "1"),
        get("Txx", "a"),
        put("Otherx", "c", "1"),
        put("Txx", "d", "1"),
    ];
    let replies = batch(&db, &requests);
    let statuses: Vec<_> = replies.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 400, 200, 200, 200]);
    assert_eq!(
        replies[1].1,
        r#"{"__type":"dynatab#StorageError","message":"a constraint was violated: refused"}"#
    );
    assert_eq!(replies[2].1, r#"{"Item":{"a":{"S":"a"},"v":{"S":"1"}}}"#);
    assert_eq!((item_count(&db, "Txx"), item_count(&db, "Otherx")), (2, 1));
}

#[test]
fn a_failing_commit_is_not_answered_with_success() {
    let db = open();
    db.backend().conn_mut().commit_hook(Some(|| true)).unwrap();
    let replies = batch(&db, &[put("Txx", "a", "1"), put("Txx", "b", "1")]);
    assert!(
        replies
            .iter()
            .all(|(status, body)| *status == 400 && body.contains("dynatab#StorageError")),
        "{replies:?}"
    );
    db.backend().conn_mut().commit_hook(None::<fn() -> bool>).unwrap();
    assert_eq!(item_count(&db, "Txx"), 0);
    let replies = batch(&db, &[get("Txx", "a"), put("Txx", "a", "2")]);
    assert_eq!(replies, [(200, "{}".to_owned()), (200, "{}".to_owned())]);
}

#[test]
fn a_table_operation_commits_alone_between_the_groups_around_it() {
    let db = open();
    let drop_other = ("DeleteTable", r#"{"TableName":"Otherx"}"#.to_owned());
    let requests = [
        put("Otherx", "a", "1"),
        put("Txx", "a", "1"),
        drop_other,
        put("Otherx", "b", "1"),
        put("Txx", "b", "1"),
    ];
    let statuses: Vec<_> = batch(&db, &requests).into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, [200, 200, 200, 400, 200]);
    assert_eq!(item_count(&db, "Txx"), 2);
}
