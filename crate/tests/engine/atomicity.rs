//! A storage failure in the middle leaves nothing half-written: item, entries, stream and counters are as before, and the next request
//! works. Failures are provoked in SQLite itself, by triggers on the physical tables.

use crate::database::{Db, Table, all, keys_only, n, s};
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};

fn table() -> Table {
    Table::new(&["pk:S", "sk:N"])
        .gsi("gix", &["g:S"], &[], &all())
        .lsi("lix", "l:N", &keys_only())
        .stream("NEW_AND_OLD_IMAGES")
        .with("Tags", json!([{"Key": "k", "Value": "v"}]))
}

fn item(v: i64) -> Value {
    json!({"pk": s("a"), "sk": n(1), "g": s(format!("g{v}")), "l": n(v), "v": n(v)})
}

fn run(db: &Db, sql: &str) {
    db.engine.backend().conn().execute_batch(sql).unwrap();
}

/// Lets every statement of a kind fail, and not for a constraint, which could have a meaning.
fn provoke(db: &Db, event: &str) {
    run(
        db,
        &format!("CREATE TEMP TRIGGER fault BEFORE {event} BEGIN SELECT abs(-9223372036854775807 - 1); END"),
    );
}

/// Every row of every table in the file.
fn content(db: &Db) -> Vec<(String, Vec<Vec<Sql>>)> {
    let connection = db.engine.backend().conn();
    let mut names = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap();
    let names: Vec<String> = names.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: &String| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map((), |row| (0..columns).map(|column| row.get(column)).collect());
        rows.unwrap().map(Result::unwrap).collect()
    };
    names.iter().map(|name| (name.clone(), rows(name))).collect()
}

/// Asks while a statement fails; nothing may have changed. Then asks again without the failure.
fn fails_whole(db: &Db, event: &str, operation: &str, request: &Value) {
    let (content_before, described) = (content(db), db.ask("DescribeTable", &json!({"TableName": "Tab"})));
    provoke(db, event);
    let (mut name, mut message) = (String::new(), String::new());
    let crossings = db.crossings(|| (name, message) = db.fails(operation, request));
    assert!(
        crossings < 20,
        "{operation}, {event}: {crossings} crossings, as if it had been tried again"
    );
    assert_eq!(name, "StorageError", "{operation}, {event}: {message}");
    assert!(message.contains("integer overflow"), "{message}");
    run(db, "DROP TRIGGER fault");
    assert_eq!(content(db), content_before, "{operation}, {event}");
    assert_eq!(
        db.ask("DescribeTable", &json!({"TableName": "Tab"})),
        described,
        "{operation}, {event}: counters and catalog"
    );
    db.ok(operation, request);
}

#[test]
fn a_write_that_fails_anywhere_changes_nothing_and_the_next_one_works() {
    let put = |v: i64| json!({"TableName": "Tab", "Item": item(v)});
    let delete = json!({"TableName": "Tab", "Key": {"pk": s("a"), "sk": n(1)}});
    for (event, on_insert, on_replace, on_delete) in [
        ("INSERT ON main.t1", true, true, false),
        ("DELETE ON main.t1", false, false, true),
        ("INSERT ON main.t1_g1", true, true, false),
        ("DELETE ON main.t1_g1", false, true, true),
        ("INSERT ON main.t1_l2", true, true, false),
        ("DELETE ON main.t1_l2", false, true, true),
        ("INSERT ON main.stream_records", true, true, true),
        ("UPDATE ON main.counters", true, true, true),
    ] {
        let db = Db::holding(&table());
        if on_insert {
            fails_whole(&db, event, "PutItem", &put(1));
        } else {
            db.ok("PutItem", &put(1));
        }
        if on_replace {
            fails_whole(&db, event, "PutItem", &put(2));
        } else {
            db.ok("PutItem", &put(2));
        }
        assert_eq!(db.get(&json!({"pk": s("a"), "sk": n(1)})), Some(item(2)), "{event}");
        if on_delete {
            fails_whole(&db, event, "DeleteItem", &delete);
        } else {
            db.ok("DeleteItem", &delete);
        }
        assert_eq!(db.get(&json!({"pk": s("a"), "sk": n(1)})), None, "{event}");
    }
}

#[test]
fn a_commit_that_fails_is_undone() {
    let db = Db::holding(&table());
    db.put(&item(1));
    // A reference that is only checked when the transaction commits.
    run(
        &db,
        "PRAGMA foreign_keys = ON; CREATE TABLE parent(id INTEGER PRIMARY KEY);
         CREATE TABLE child(id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER orphan AFTER INSERT ON t1 BEGIN INSERT INTO child VALUES(7); END",
    );
    let before = content(&db);
    let described = db.ok("DescribeTable", &json!({"TableName": "Tab"}));
    let mut other = item(2);
    other["sk"] = n(2);
    assert_eq!(db.fails("PutItem", &json!({"TableName": "Tab", "Item": other})).0, "StorageError");
    assert_eq!(content(&db), before);
    assert_eq!(db.ok("DescribeTable", &json!({"TableName": "Tab"})), described);
    run(&db, "DROP TRIGGER orphan");
    db.put(&other);
    assert_eq!(db.get(&json!({"pk": s("a"), "sk": n(2)})), Some(other));
}

#[test]
fn a_write_that_need_not_know_the_old_item_does_not_read_it() {
    for (operation, member, request) in [
        ("PutItem", "Item", json!({"pk": s("a"), "v": n(2)})),
        ("DeleteItem", "Key", json!({"pk": s("a")})),
    ] {
        let db = Db::holding(&Table::new(&["pk:S"]));
        db.put(&json!({"pk": s("a"), "v": n(1)}));
        run(&db, "UPDATE t1 SET item = '{damaged'");
        let mut returning = json!({"TableName": "Tab", "ReturnValues": "ALL_OLD"});
        returning[member] = request.clone();
        assert_eq!(db.fails(operation, &returning).0, "DatabaseCorruptError", "{operation}");
        db.ok(operation, &json!({"TableName": "Tab", member: request}));
        let left = (operation == "PutItem").then_some(request);
        assert_eq!(db.get(&json!({"pk": s("a")})), left, "{operation}");
    }
}

#[test]
fn a_table_is_created_whole_or_not_at_all() {
    for event in [
        "INSERT ON main.tables",
        "INSERT ON main.counters",
        "INSERT ON main.indexes",
        "INSERT ON main.streams",
        "UPDATE ON main.tables",
        "INSERT ON main.tags",
    ] {
        let db = Db::new();
        fails_whole(&db, event, "CreateTable", &table().request());
        db.put(&item(1));
        assert_eq!(db.ok("ListTables", &json!({})), json!({"TableNames": ["Tab"]}), "{event}");
    }
}

#[test]
fn a_table_is_deleted_whole_or_not_at_all() {
    for event in [
        "DELETE ON main.tables",
        "DELETE ON main.counters",
        "DELETE ON main.indexes",
        "DELETE ON main.tags",
    ] {
        let db = Db::holding(&table());
        db.put(&item(1));
        // A sound request first, so that the failing one finds prepared statements.
        assert!(db.get(&json!({"pk": s("a"), "sk": n(1)})).is_some());
        let before = content(&db);
        provoke(&db, event);
        assert_eq!(db.fails("DeleteTable", &json!({"TableName": "Tab"})).0, "StorageError", "{event}");
        run(&db, "DROP TRIGGER fault");
        assert_eq!(content(&db), before, "{event}");
        assert_eq!(db.get(&json!({"pk": s("a"), "sk": n(1)})), Some(item(1)), "{event}");
        db.put(&item(2));
        let query = json!({"IndexName": "gix", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g2")}});
        assert_eq!(db.items(&query), [item(2)], "{event}");
        db.ok("DeleteTable", &json!({"TableName": "Tab"}));
        assert_eq!(db.ok("ListTables", &json!({})), json!({"TableNames": []}), "{event}");
    }
}

#[test]
fn a_full_storage_is_told_by_its_name_and_can_be_written_again_when_it_has_grown() {
    let db = Db::holding(&table());
    db.put(&item(1));
    run(&db, "PRAGMA max_page_count = 1");
    let large = json!({"TableName": "Tab", "Item": {"pk": s("b"), "sk": n(1), "g": s("g"), "v": s("x".repeat(300_000))}});
    let before = content(&db);
    let described = db.ok("DescribeTable", &json!({"TableName": "Tab"}));
    assert_eq!(db.fails("PutItem", &large).0, "QuotaExceededError");
    assert_eq!(content(&db), before);
    assert_eq!(db.ok("DescribeTable", &json!({"TableName": "Tab"})), described);
    run(&db, "PRAGMA max_page_count = 100000");
    db.ok("PutItem", &large);
    assert_eq!(db.get(&json!({"pk": s("b"), "sk": n(1)})), Some(large["Item"].clone()));
}

#[test]
fn an_unreadable_item_is_corruption_and_not_an_empty_one() {
    let db = Db::holding(&table());
    db.put(&item(1));
    run(&db, "UPDATE t1 SET item = '{\"pk\":{\"S\":'");
    let condition = json!({"TableName": "Tab", "Key": {"pk": s("a"), "sk": n(1)}, "ConditionExpression": "attribute_exists(pk)"});
    assert_eq!(db.fails("DeleteItem", &condition).0, "DatabaseCorruptError");
    let projected = json!({"TableName": "Tab", "Key": {"pk": s("a"), "sk": n(1)}, "ProjectionExpression": "pk"});
    assert_eq!(db.fails("GetItem", &projected).0, "DatabaseCorruptError");
}
