//! TransactGetItems.

use crate::database::{Db, Table, n, s};
use serde_json::{Value, json};

fn tables() -> Db {
    let db = Db::new();
    db.create(&Table::named("One", &["pk:S"]));
    db.create(&Table::named("Two", &["pk:S", "sk:N"]));
    db.ok(
        "PutItem",
        &json!({"TableName": "One", "Item": {"pk": s("a"), "v": {"M": {"x": n(1), "y": n(2)}}}}),
    );
    db.ok(
        "PutItem",
        &json!({"TableName": "Two", "Item": {"pk": s("a"), "sk": n(1), "v": s("x".repeat(5000))}}),
    );
    db
}

fn get(table: &str, key: &Value) -> Value {
    json!({"Get": {"TableName": table, "Key": key}})
}

fn one(pk: &str) -> Value {
    get("One", &json!({ "pk": s(pk) }))
}

fn projected(pk: &str, projection: &str) -> Value {
    let mut get = one(pk);
    get["Get"]["ProjectionExpression"] = json!(projection);
    get
}

fn transact(gets: &[Value]) -> Value {
    json!({ "TransactItems": gets })
}

#[test]
fn items_are_answered_in_the_order_of_the_request_and_absent_ones_are_empty() {
    // rules 48, 74
    let db = tables();
    let request = transact(&[
        projected("a", "v.y"),
        one("absent"),
        get("Two", &json!({"pk": s("a"), "sk": n(1)})),
        get("One", &json!({"pk": s("b")})),
    ]);
    let reply = db.ok("TransactGetItems", &request);
    let two = json!({"Item": {"pk": s("a"), "sk": n(1), "v": s("x".repeat(5000))}});
    assert_eq!(reply, json!({"Responses": [{"Item": {"v": {"M": {"y": n(2)}}}}, {}, two, {}]}));
    // Rule 48: a projection that leaves nothing leaves no item.
    assert_eq!(
        db.ok("TransactGetItems", &transact(&[projected("a", "nothing")])),
        json!({"Responses": [{}]})
    );
}

#[test]
fn reading_costs_twice_and_an_absent_item_as_much_as_a_small_one() {
    // rules 65, 66
    let db = tables();
    let mut request = transact(&[one("a"), one("absent"), get("Two", &json!({"pk": s("a"), "sk": n(1)}))]);
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    let part = |units: f64| json!({"CapacityUnits": units, "ReadCapacityUnits": units});
    assert_eq!(
        db.ok("TransactGetItems", &request)["ConsumedCapacity"],
        json!([
            {"TableName": "One", "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0, "Table": part(4.0)},
            {"TableName": "Two", "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0, "Table": part(4.0)}
        ])
    );
}

#[test]
fn a_hundred_items_take_one_crossing() {
    let db = tables();
    let gets: Vec<Value> = (0..100).map(|at| one(&at.to_string())).collect();
    assert_eq!(db.crossings(|| db.ok("TransactGetItems", &transact(&gets))), 1);
}

#[test]
fn wrong_keys_cancel_and_every_get_has_its_reason() {
    // rule 77 as part D has it; messages-items section 1
    let db = tables();
    let (status, body) = db.ask(
        "TransactGetItems",
        &transact(&[
            one("a"),
            get("One", &json!({"pk": n(1)})),
            one(""),
            get("Two", &json!({"pk": s("a")})),
            get("One", &json!({"pk": s("k".repeat(2049))})),
        ]),
    );
    assert_eq!(status, 400);
    let reason = |message: &str| json!({"Code": "ValidationError", "Message": message});
    assert_eq!(
        body,
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons \
                        [None, ValidationError, ValidationError, ValidationError, ValidationError]",
            "CancellationReasons": [
                {"Code": "None"},
                reason("The provided key element does not match the schema"),
                reason("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"),
                reason("The provided key element does not match the schema"),
                reason("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
            ]
        })
    );
}

#[test]
fn gets_without_a_whole_key_are_refused_for_that_and_not_as_gets_of_one_item() {
    // rules 76, 77
    let half = get("Two", &json!({"pk": s("a")}));
    let (name, message) = tables().fails("TransactGetItems", &transact(&[half.clone(), half]));
    assert_eq!(name, "TransactionCanceledException");
    assert_eq!(
        message,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError, ValidationError]"
    );
}

#[test]
fn what_is_wrong_with_the_request_is_refused_before_anything_is_read() {
    // rules 79, 87; messages-tables 12, 15-17, 20, 21, 27, 29, 30
    let db = tables();
    let refused = |gets: &[Value]| db.invalid("TransactGetItems", &transact(gets));
    let with = |member: &str, value: Value| {
        let mut get = one("a");
        get["Get"][member] = value;
        get
    };
    assert_eq!(
        db.invalid("TransactGetItems", &json!({})),
        "missing field `TransactItems` at line 1 column 2"
    );
    assert_eq!(
        refused(&[]),
        "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: \
         Member must have length greater than or equal to 1"
    );
    assert_eq!(
        refused(&[json!({})]),
        "1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        refused(&[one("a"), get("ab", &json!({"pk": s("a")}))]),
        "1 validation error detected: Value 'ab' at 'transactItems.2.member.get.tableName' failed to satisfy constraint: \
         Member must have length greater than or equal to 3"
    );
    assert_eq!(
        refused(&[get("", &json!({"pk": s("a")}))]),
        "2 validation errors detected: Value '' at 'transactItems.1.member.get.tableName' failed to satisfy constraint: \
         Member must have length greater than or equal to 3; Value '' at 'transactItems.1.member.get.tableName' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    );
    assert_eq!(
        refused(&[with("ProjectionExpression", json!("a.b, a"))]),
        "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; \
         path one: [a, b], path two: [a]"
    );
    assert_eq!(
        refused(&[with("ProjectionExpression", json!("#a"))]),
        "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #a"
    );
    assert_eq!(
        refused(&[with("ExpressionAttributeNames", json!({"#a": "a"}))]),
        "ExpressionAttributeNames can only be specified when using expressions"
    );
    assert_eq!(
        refused(&[one("a"), one("a")]),
        "Transaction request cannot include multiple operations on one item"
    );
    // The first get's syntax, before the second one's value; all of these before the tables, and those before duplicates.
    let wrong_value = get("One", &json!({"pk": {"N": "x"}}));
    assert_eq!(
        refused(&[with("ProjectionExpression", json!("")), wrong_value.clone()]),
        "Invalid ProjectionExpression: The expression can not be empty;"
    );
    let absent = get("Absent", &json!({"pk": s("a")}));
    assert_eq!(
        refused(&[absent.clone(), wrong_value]),
        "The parameter cannot be converted to a numeric value: x"
    );
    let (name, message) = db.fails("TransactGetItems", &transact(&[one("a"), one("a"), absent]));
    assert_eq!(
        (name.as_str(), message.as_str()),
        ("ResourceNotFoundException", "Requested resource not found")
    );
    let mut request = transact(&[one("a")]);
    request["ReturnConsumedCapacity"] = json!("X");
    assert_eq!(
        db.invalid("TransactGetItems", &request),
        "1 validation error detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: \
         Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    );
}

#[test]
fn more_than_4_mb_are_not_read_in_one_transaction() {
    // rule 74; messages-tables 25
    let db = tables();
    for at in 0..11 {
        let item = json!({"pk": s(format!("large{at}")), "v": s("x".repeat(400_000))});
        db.ok("PutItem", &json!({"TableName": "One", "Item": item}));
    }
    let gets: Vec<Value> = (0..11).map(|at| one(&format!("large{at}"))).collect();
    assert_eq!(
        db.invalid("TransactGetItems", &transact(&gets)),
        "Collection size of items exceeded, which can also be caused by the aggregate size of the items in the transaction exceeding \
         the 4MB limit"
    );
    db.ok("TransactGetItems", &transact(&gets[1..]));
}
