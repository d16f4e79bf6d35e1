//! How often a request crosses to SQLite: once to read, at most twice to write one item, never to describe or list tables.

use crate::database::{Db, Table, all, in_table, include, keys_only, n, s};
use serde_json::json;

/// A table without indexes, and one with five and a stream.
fn tables() -> [(&'static str, Db); 2] {
    let indexed = Table::new(&["pk:S", "sk:N"])
        .gsi("gi1", &["g:S"], &[], &all())
        .gsi("gi2", &["g:S", "h:N"], &["r:S"], &keys_only())
        .gsi("gi3", &["sk:N"], &["pk:S"], &include(&["v"]))
        .lsi("li1", "r:S", &all())
        .lsi("li2", "h:N", &keys_only())
        .stream("NEW_AND_OLD_IMAGES");
    [
        ("no index", Db::holding(&Table::new(&["pk:S", "sk:N"]))),
        ("five indexes and a stream", Db::holding(&indexed)),
    ]
}

#[test]
fn a_write_of_one_item_crosses_at_most_twice() {
    for (which, db) in tables() {
        let item = |v: i64| json!({"pk": s("a"), "sk": n(1), "g": s(format!("g{v}")), "h": n(v), "r": s(format!("r{v}")), "v": n(v)});
        let key = json!({"pk": s("a"), "sk": n(1)});
        let put = |others: serde_json::Value| {
            let mut request = in_table(&others);
            if request["Item"].is_null() {
                request["Item"] = item(1);
            }
            request
        };
        let condition = |text: &str| json!({"ConditionExpression": text, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
        for (step, operation, request, status) in [
            ("insert", "PutItem", put(json!({})), 200),
            ("replace, every entry moves", "PutItem", put(json!({"Item": item(2)})), 200),
            (
                "the same again",
                "PutItem",
                put(json!({"Item": item(2), "ReturnValues": "ALL_OLD"})),
                200,
            ),
            ("with a condition", "PutItem", put(condition("attribute_exists(pk)")), 200),
            (
                "with a condition that fails",
                "PutItem",
                put(condition("attribute_not_exists(pk)")),
                400,
            ),
            (
                "delete under a condition that fails",
                "DeleteItem",
                {
                    let mut request = in_table(&condition("v = v2 OR attribute_not_exists(pk)"));
                    request["Key"] = key.clone();
                    request
                },
                400,
            ),
            (
                "delete",
                "DeleteItem",
                json!({"TableName": "Tab", "Key": key, "ReturnConsumedCapacity": "INDEXES"}),
                200,
            ),
            ("delete of nothing", "DeleteItem", json!({"TableName": "Tab", "Key": key}), 200),
        ] {
            let crossings = db.crossings(|| {
                let (answered, reply) = db.ask(operation, &request);
                assert_eq!(answered, status, "{step}: {reply}");
            });
            assert!((1..=2).contains(&crossings), "{which}, {step}: {crossings} crossings");
        }
    }
}

#[test]
fn an_index_entry_that_stays_under_its_key_is_not_deleted_first() {
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("gix", &["g:S"], &[], &all()));
    let put = |g: &str, v: i64| {
        let before = db.engine.backend().crossings().statements;
        db.put(&json!({"pk": s("a"), "g": s(g), "v": n(v)}));
        db.engine.backend().crossings().statements - before
    };
    put("g1", 1);
    let (stays, moves) = (put("g1", 2), put("g2", 3));
    assert_eq!(moves, stays + 1);
}

#[test]
fn a_read_crosses_once_and_finds_nothing_as_quickly() {
    for (which, db) in tables() {
        db.put(&json!({"pk": s("a"), "sk": n(1), "g": s("g"), "h": n(1), "r": s("r"), "v": n(1)}));
        for sk in [1, 2] {
            let request = json!({"TableName": "Tab", "Key": {"pk": s("a"), "sk": n(sk)}, "ReturnConsumedCapacity": "TOTAL"});
            assert_eq!(db.crossings(|| db.ok("GetItem", &request)), 1, "{which}");
        }
        let mut request = in_table(&json!({
            "KeyConditionExpression": "pk = :a AND sk > :n", "ExpressionAttributeValues": {":a": s("a"), ":n": n(0)}, "Limit": 1,
        }));
        assert_eq!(db.crossings(|| db.ok("Query", &request)), 1, "{which}");
        request["ExclusiveStartKey"] = json!({"pk": s("a"), "sk": n(1)});
        request["FilterExpression"] = json!("attribute_exists(v)");
        assert_eq!(db.crossings(|| db.ok("Query", &request)), 1, "{which}");
        if which == "no index" {
            continue;
        }
        for (index, condition, values) in [
            ("gi1", "g = :g", json!({":g": s("g")})),
            (
                "gi2",
                "g = :g AND h = :h AND begins_with(r, :r)",
                json!({":g": s("g"), ":h": n(1), ":r": s("r")}),
            ),
            ("li2", "pk = :a AND h BETWEEN :h AND :h", json!({":a": s("a"), ":h": n(1)})),
        ] {
            let mut request =
                in_table(&json!({"IndexName": index, "KeyConditionExpression": condition, "ExpressionAttributeValues": values}));
            assert_eq!(db.crossings(|| assert_eq!(db.ok("Query", &request)["Count"], 1)), 1, "{index}");
            if index == "li2" {
                request["Select"] = json!("ALL_ATTRIBUTES");
                assert_eq!(
                    db.crossings(|| db.ok("Query", &request)),
                    1,
                    "a local index that fetches from its table"
                );
            }
        }
    }
}

#[test]
fn describing_and_listing_cross_never() {
    for (which, db) in tables() {
        assert_eq!(db.crossings(|| db.ok("DescribeTable", &json!({"TableName": "Tab"}))), 0, "{which}");
        assert_eq!(db.crossings(|| db.ok("ListTables", &json!({}))), 0, "{which}");
    }
}

#[test]
fn what_is_refused_before_storage_is_asked_crosses_never() {
    let [(_, db), _] = tables();
    for (operation, request) in [
        ("PutItem", json!({"TableName": "Tab", "Item": {"pk": n(1), "sk": n(1)}})),
        ("PutItem", json!({"TableName": "none", "Item": {"pk": s("a"), "sk": n(1)}})),
        ("GetItem", json!({"TableName": "Tab", "Key": {"pk": s("a")}})),
        (
            "Query",
            json!({"TableName": "Tab", "KeyConditionExpression": "pk = :x", "ExpressionAttributeValues": {":x": n(1)}}),
        ),
        ("CreateTable", Table::new(&["pk:S"]).request()),
        ("DeleteTable", json!({"TableName": "none"})),
    ] {
        assert_eq!(db.crossings(|| db.fails(operation, &request)), 0, "{operation} {request}");
    }
}
