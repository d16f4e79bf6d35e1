//! What TransactWriteItems writes, or why it does not.

use crate::database::{Db, Table, all, keys_only, n, s};
use dynatab::storage::Storage;
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::{ManualClock, StorageBackend, poll::now_or_never};
use serde_json::{Value, json};
use std::rc::Rc;

const CANCELLED: &str = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";

/// The table `Plain`, and `Full` with an index of each kind and a stream.
fn tables() -> Db {
    let db = Db::new();
    db.create(&Table::named("Plain", &["pk:S"]));
    let full = Table::named("Full", &["pk:S", "sk:N"])
        .gsi("global", &["g:S"], &[], &all())
        .lsi("local", "l:N", &keys_only());
    db.create(&full.stream("NEW_AND_OLD_IMAGES"));
    db
}

fn plain(pk: &str) -> Value {
    json!({ "pk": s(pk) })
}

fn full(pk: &str, sk: usize) -> Value {
    json!({"pk": s(pk), "sk": n(sk), "g": s("g"), "l": n(sk)})
}

fn put(table: &str, item: &Value) -> Value {
    json!({"Put": {"TableName": table, "Item": item}})
}

fn add(table: &str, key: &Value, attribute: &str, number: i32) -> Value {
    json!({"Update": {
        "TableName": table, "Key": key, "UpdateExpression": format!("ADD {attribute} :n"), "ExpressionAttributeValues": {":n": n(number)}
    }})
}

fn check(table: &str, key: &Value, condition: &str) -> Value {
    json!({"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition}})
}

fn delete(table: &str, key: &Value) -> Value {
    json!({"Delete": {"TableName": table, "Key": key}})
}

fn transact(actions: &[Value]) -> Value {
    json!({ "TransactItems": actions })
}

fn item(db: &Db, table: &str, key: &Value) -> Value {
    db.ok("GetItem", &json!({"TableName": table, "Key": key}))["Item"].clone()
}

/// The items of a table or an index.
fn items(db: &Db, table: &str, index: Option<&str>) -> Vec<Value> {
    let mut request = json!({"TableName": table});
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    db.ok("Scan", &request)["Items"].as_array().unwrap().clone()
}

#[test]
fn all_four_actions_are_done_together_with_their_index_entries_and_stream_records() {
    // rules 74, 80
    let db = tables();
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 1)}));
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 2)}));
    db.ok("PutItem", &json!({"TableName": "Plain", "Item": plain("there")}));
    let reply = db.ok(
        "TransactWriteItems",
        &transact(&[
            put("Plain", &plain("new")),
            add("Full", &json!({"pk": s("p"), "sk": n(1)}), "v", 5),
            delete("Full", &json!({"pk": s("p"), "sk": n(2)})),
            check("Plain", &plain("there"), "attribute_exists(pk)"),
            delete("Plain", &plain("absent")),
        ]),
    );
    assert_eq!(reply, json!({}));
    assert_eq!(items(&db, "Plain", None).len(), 2);
    let mut expected = full("p", 1);
    expected["v"] = n(5);
    assert_eq!(items(&db, "Full", None), [expected.clone()]);
    assert_eq!(items(&db, "Full", Some("global")), [expected]);
    assert_eq!(items(&db, "Full", Some("local")), [json!({"pk": s("p"), "sk": n(1), "l": n(1)})]);

    let shard = "shardId-00000000000000000000-00000001";
    let records = now_or_never(db.engine.backend().get_stream_records("Full", shard, 0, 10));
    let events: Vec<String> = records.unwrap().unwrap().into_iter().map(|record| record.event_name).collect();
    assert_eq!(events, ["INSERT", "INSERT", "MODIFY", "REMOVE"]);
}

#[test]
fn one_action_that_fails_undoes_all_and_every_action_has_its_reason() {
    // rules 75, 76; messages-tables 31, 31a
    let db = tables();
    db.ok(
        "PutItem",
        &json!({"TableName": "Plain", "Item": {"pk": s("there"), "v": s("text")}}),
    );
    let failing = |shown: &str| {
        json!({"Put": {
            "TableName": "Plain", "Item": plain("there"), "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": shown
        }})
    };
    let wrong = add("Plain", &plain("other"), "x", 1);
    for shown in ["ALL_OLD", "NONE"] {
        let mut reason = json!({"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"});
        if shown == "ALL_OLD" {
            // rule A5
            reason["Item"] = json!({"pk": s("there"), "v": s("text")});
        }
        let (status, body) = db.ask(
            "TransactWriteItems",
            &transact(&[wrong.clone(), failing(shown), put("Full", &full("p", 1))]),
        );
        assert_eq!(status, 400);
        // Rule 115: the field is `Message` here.
        assert_eq!(
            body,
            json!({
                "__type": CANCELLED,
                "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]",
                "CancellationReasons": [{"Code": "None"}, reason, {"Code": "None"}]
            })
        );
    }
    assert_eq!(items(&db, "Plain", None), [json!({"pk": s("there"), "v": s("text")})]);
    assert!(items(&db, "Full", None).is_empty());
    // An item that is not there is not shown.
    let (_, body) = db.ask(
        "TransactWriteItems",
        &transact(&[json!({"ConditionCheck": {
            "TableName": "Plain", "Key": plain("absent"), "ConditionExpression": "attribute_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"
        }})]),
    );
    assert_eq!(
        body["CancellationReasons"],
        json!([{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}])
    );
}

#[test]
fn every_action_is_evaluated_and_several_may_have_reasons() {
    // rule 75 as part D has it, rules 15, 77; messages-tables 31b
    let db = tables();
    let set = |table: &str, key: &Value, expression: &str, values: &Value| json!({"Update": {"TableName": table, "Key": key, "UpdateExpression": expression, "ExpressionAttributeValues": values}});
    db.ok("PutItem", &json!({"TableName": "Plain", "Item": {"pk": s("text"), "v": s("text")}}));
    db.ok(
        "PutItem",
        &json!({"TableName": "Plain", "Item": {"pk": s("large"), "v": s("x".repeat(300_000))}}),
    );
    let long = "k".repeat(2049);
    let (status, body) = db.ask(
        "TransactWriteItems",
        &transact(&[
            put("Plain", &plain("good")),
            add("Plain", &plain("text"), "v", 1),
            set("Plain", &plain("1"), "SET a = b", &json!(null)),
            set("Plain", &plain("2"), "SET a.b = :v", &json!({":v": n(1)})),
            set("Plain", &plain("large"), "SET w = :v", &json!({":v": s("x".repeat(150_000))})),
            put("Plain", &json!({"pk": n(1)})),
            put("Plain", &json!({"v": n(1)})),
            delete("Plain", &json!({"pk": n(2)})),
            check("Full", &plain("p"), "attribute_exists(pk)"),
            put("Plain", &plain(&long)),
            put("Full", &json!({"pk": s("p"), "sk": n(1), "g": n(1)})),
            set("Full", &json!({"pk": s("q"), "sk": n(1)}), "SET g = :v", &json!({":v": n(1)})),
        ]),
    );
    assert_eq!(status, 400, "{body}");
    assert_eq!(body["__type"], CANCELLED);
    let expected = [
        None,
        Some("An operand in the update expression has an incorrect data type"),
        Some("The provided expression refers to an attribute that does not exist in the item"),
        Some("The document path provided in the update expression is invalid for update"),
        Some("Item size to update has exceeded the maximum allowed size"),
        Some("One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"),
        Some("One or more parameter values were invalid: Missing the key pk in the item"),
        Some("The provided key element does not match the schema"),
        Some("The provided key element does not match the schema"),
        Some("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        Some("One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: global"),
        Some("One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: global"),
    ];
    let expected = expected.map(|message| match message {
        None => json!({"Code": "None"}),
        Some(message) => json!({"Code": "ValidationError", "Message": message}),
    });
    assert_eq!(body["CancellationReasons"], json!(expected));
    assert_eq!(items(&db, "Plain", None).len(), 2);
}

#[test]
fn a_transaction_sees_the_items_as_they_were_before_it() {
    // rule 74: no action sees another's writes, since no two are on one item
    let db = tables();
    db.ok("PutItem", &json!({"TableName": "Plain", "Item": {"pk": s("a"), "n": n(1)}}));
    let move_one = |condition: &str| {
        transact(&[
            json!({"Update": {
                "TableName": "Plain", "Key": plain("a"), "UpdateExpression": "ADD n :m", "ConditionExpression": condition,
                "ExpressionAttributeValues": {":m": n(-1), ":zero": n(0)}
            }}),
            add("Plain", &plain("b"), "n", 1),
        ])
    };
    db.ok("TransactWriteItems", &move_one("n > :zero"));
    assert_eq!(
        db.fails("TransactWriteItems", &move_one("n > :zero")).0,
        "TransactionCanceledException"
    );
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(0));
    assert_eq!(item(&db, "Plain", &plain("b"))["n"], n(1));
}

#[test]
fn a_token_makes_a_transaction_happen_once() {
    // rule 78; messages-tables 23
    let db = tables();
    let mut request = transact(&[add("Plain", &plain("a"), "n", 1), put("Plain", &plain("b"))]);
    request["ClientRequestToken"] = json!("token");
    for _ in 0..3 {
        assert_eq!(db.ok("TransactWriteItems", &request), json!({}));
    }
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(1));
    // Members in another order, and another ReturnConsumedCapacity, are the same request; rule 66: what it reports is reading.
    let text = r#"{"ReturnConsumedCapacity":"TOTAL","ClientRequestToken":"token","TransactItems":[
        {"Update":{"ExpressionAttributeValues":{":n":{"N":"1.0"}},"UpdateExpression":"ADD n :n","Key":{"pk":{"S":"a"}},"TableName":"Plain"}},
        {"Put":{"Item":{"pk":{"S":"b"}},"TableName":"Plain"}}]}"#;
    let (status, body) = db.send("DynamoDB_20120810.TransactWriteItems", text.as_bytes());
    assert_eq!(
        (status, body.as_str()),
        (
            200,
            r#"{"ConsumedCapacity":[{"TableName":"Plain","CapacityUnits":4.0,"ReadCapacityUnits":4.0}]}"#
        )
    );
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(1));

    let mut other = transact(&[add("Plain", &plain("a"), "n", 2), put("Plain", &plain("b"))]);
    other["ClientRequestToken"] = json!("token");
    let (status, body) = db.ask("TransactWriteItems", &other);
    assert_eq!(status, 400);
    assert_eq!(
        body,
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",
            "Message": "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent \
                        token that was already used."
        })
    );
    // Ten minutes later the token is new again.
    db.clock.advance(10 * 60 * 1000);
    db.ok("TransactWriteItems", &request);
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(1), "still within the ten minutes");
    db.clock.advance(1);
    db.ok("TransactWriteItems", &other);
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(3));
}

#[test]
fn a_token_is_kept_for_ten_minutes_whatever_others_come_and_then_goes() {
    // rule 78
    let db = tables();
    let add = |token: &str| {
        let mut request = transact(&[add("Plain", &plain(token), "n", 1)]);
        request["ClientRequestToken"] = json!(token);
        db.ok("TransactWriteItems", &request);
        item(&db, "Plain", &plain(token))["n"].clone()
    };
    for token in ["one", "two", "one", "two"] {
        assert_eq!(add(token), n(1), "{token}");
    }
    db.clock.advance(10 * 60 * 1000 + 1);
    add("three");
    let kept = "SELECT count(*) FROM request_tokens";
    assert_eq!(db.engine.backend().conn().query_row(kept, (), |row| row.get(0)), Ok(1));
}

#[test]
fn the_old_item_is_known_where_only_an_index_or_only_a_stream_needs_it() {
    let db = Db::new();
    db.create(&Table::named("Indexed", &["pk:S"]).gsi("global", &["g:S"], &[], &all()));
    db.create(&Table::named("Streamed", &["pk:S"]).stream("OLD_IMAGE"));
    for g in ["x", "y"] {
        let item = json!({"pk": s("a"), "g": s(g)});
        db.ok("TransactWriteItems", &transact(&[put("Indexed", &item), put("Streamed", &item)]));
    }
    assert_eq!(items(&db, "Indexed", Some("global")), [json!({"pk": s("a"), "g": s("y")})]);
    let shard = "shardId-00000000000000000000-00000001";
    let records = now_or_never(db.engine.backend().get_stream_records("Streamed", shard, 0, 10));
    let records = records.unwrap().unwrap();
    assert_eq!(records[1].event_name, "MODIFY");
    assert_eq!(records[1].old_image.as_deref(), Some(r#"{"g":{"S":"x"},"pk":{"S":"a"}}"#));
}

#[test]
fn a_cancelled_transaction_leaves_its_token_unused() {
    // rule 78
    let db = tables();
    let mut request = transact(&[check("Plain", &plain("a"), "attribute_exists(pk)"), put("Plain", &plain("b"))]);
    request["ClientRequestToken"] = json!("token");
    assert_eq!(db.fails("TransactWriteItems", &request).0, "TransactionCanceledException");
    db.ok("PutItem", &json!({"TableName": "Plain", "Item": plain("a")}));
    db.ok("TransactWriteItems", &request);
    assert_eq!(items(&db, "Plain", None).len(), 2);
}

#[test]
fn a_token_survives_the_database_being_opened_again() {
    // rule 78
    let scratch = crate::scratch::Scratch::new();
    let open = || {
        let clock = Rc::new(ManualClock::new(1_700_000_000_000));
        let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Strict).unwrap();
        Db::over(storage, clock, 0)
    };
    let mut request = transact(&[add("Plain", &plain("a"), "n", 1)]);
    request["ClientRequestToken"] = json!("token");
    let db = open();
    db.create(&Table::named("Plain", &["pk:S"]));
    db.ok("TransactWriteItems", &request);
    drop(db);
    let db = open();
    db.ok("TransactWriteItems", &request);
    assert_eq!(item(&db, "Plain", &plain("a"))["n"], n(1));
}

#[test]
fn a_transaction_costs_twice_on_tables_and_once_on_indexes() {
    // rules 65-69
    let db = tables();
    db.ok("PutItem", &json!({"TableName": "Full", "Item": full("p", 1)}));
    let actions = [
        put("Plain", &json!({"pk": s("a"), "v": s("x".repeat(1500))})),
        put("Full", &json!({"pk": s("p"), "sk": n(1), "g": s("h"), "l": n(1)})),
        check("Full", &json!({"pk": s("q"), "sk": n(1)}), "attribute_not_exists(pk)"),
        add("Full", &json!({"pk": s("p"), "sk": n(2)}), "v", 1),
    ];
    let mut request = transact(&actions);
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    request["ReturnItemCollectionMetrics"] = json!("SIZE");
    assert_eq!(
        db.ok("TransactWriteItems", &request),
        json!({
            "ConsumedCapacity": [
                {"TableName": "Plain", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0, "Table": {"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0}},
                {
                    "TableName": "Full", "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0,
                    "Table": {"CapacityUnits": 6.0, "WriteCapacityUnits": 6.0},
                    "GlobalSecondaryIndexes": {"global": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}}
                }
            ],
            "ItemCollectionMetrics": {"Full": [{"ItemCollectionKey": {"pk": s("p")}, "SizeEstimateRangeGB": [0.0, 1.0]}]}
        })
    );
    request["ReturnConsumedCapacity"] = json!("TOTAL");
    assert_eq!(
        db.ok("TransactWriteItems", &request)["ConsumedCapacity"],
        json!([
            {"TableName": "Plain", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
            {"TableName": "Full", "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0}
        ])
    );
    // A check costs on its table, though the item has index entries.
    let mut request = transact(&[check("Full", &json!({"pk": s("p"), "sk": n(1)}), "attribute_exists(g)")]);
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    let two = json!({"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0});
    assert_eq!(
        db.ok("TransactWriteItems", &request)["ConsumedCapacity"],
        json!([{"TableName": "Full", "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0, "Table": two}])
    );
}

#[test]
fn a_transaction_of_a_hundred_actions_takes_three_crossings_at_most() {
    // rule 74
    let db = tables();
    let actions: Vec<Value> = (0..100).map(|at| put("Full", &full("p", at))).collect();
    let mut request = transact(&actions);
    assert!(db.crossings(|| db.ok("TransactWriteItems", &request)) <= 2);
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    request["ClientRequestToken"] = json!("token");
    for _ in 0..2 {
        assert!(db.crossings(|| db.ok("TransactWriteItems", &request)) <= 3);
    }
    assert_eq!(items(&db, "Full", Some("global")).len(), 100);
}

#[test]
fn tables_are_named_by_their_arn_too() {
    // rule A6
    let db = tables();
    let arn = "arn:aws:dynamodb:eu-west-2:000000000000:table/Plain";
    let mut request = transact(&[put(arn, &plain("a"))]);
    request["ReturnConsumedCapacity"] = json!("TOTAL");
    assert_eq!(db.ok("TransactWriteItems", &request)["ConsumedCapacity"][0]["TableName"], "Plain");
    let same = transact(&[put(arn, &plain("a")), delete("Plain", &plain("a"))]);
    assert_eq!(
        db.invalid("TransactWriteItems", &same),
        "Transaction request cannot include multiple operations on one item"
    );
}
