//! What BatchGetItem returns.

use crate::database::{Db, Table, n, s};
use serde_json::{Value, json};

/// The tables `One` and `Two` with ten items each.
fn stocked() -> Db {
    let db = Db::new();
    db.create(&Table::named("One", &["pk:S"]));
    db.create(&Table::named("Two", &["pk:S", "sk:N"]));
    for at in 0..10 {
        db.ok(
            "PutItem",
            &json!({"TableName": "One", "Item": {"pk": s(at.to_string()), "v": n(at), "m": {"M": {"x": n(at)}}}}),
        );
        db.ok(
            "PutItem",
            &json!({"TableName": "Two", "Item": {"pk": s("p"), "sk": n(at), "v": s("x".repeat(5000))}}),
        );
    }
    db
}

fn one(keys: &[usize]) -> Value {
    keys.iter().map(|key| json!({"pk": s(key.to_string())})).collect()
}

fn two(keys: &[usize]) -> Value {
    keys.iter().map(|key| json!({"pk": s("p"), "sk": n(key)})).collect()
}

/// The values of attribute `v` in a list of items.
fn values(items: &Value) -> Vec<Value> {
    items.as_array().unwrap().iter().map(|item| item["v"].clone()).collect()
}

#[test]
fn items_of_several_tables_come_in_one_crossing_and_missing_ones_are_left_out() {
    // rule 71
    let db = stocked();
    let request = json!({"RequestItems": {"Two": {"Keys": two(&[3, 77])}, "One": {"Keys": one(&[5, 99, 1])}}});
    let mut reply = Value::Null;
    assert_eq!(db.crossings(|| reply = db.ok("BatchGetItem", &request)), 1);
    assert_eq!(values(&reply["Responses"]["One"]), [n(5), n(1)]);
    assert_eq!(
        reply["Responses"]["Two"],
        json!([{"pk": s("p"), "sk": n(3), "v": s("x".repeat(5000))}])
    );
    assert_eq!(reply["UnprocessedKeys"], json!({}));
    assert!(reply.get("ConsumedCapacity").is_none());
}

#[test]
fn a_table_without_a_found_item_has_an_empty_list() {
    // rule 71
    let db = stocked();
    let reply = db.ok("BatchGetItem", &json!({"RequestItems": {"One": {"Keys": one(&[99])}}}));
    assert_eq!(reply, json!({"Responses": {"One": []}, "UnprocessedKeys": {}}));
}

#[test]
fn every_table_has_its_own_projection() {
    // rules 48, 50
    let db = stocked();
    let reply = db.ok(
        "BatchGetItem",
        &json!({"RequestItems": {
            "One": {"Keys": one(&[1, 2]), "ProjectionExpression": "m.#x", "ExpressionAttributeNames": {"#x": "x"}},
            "Two": {"Keys": two(&[1]), "AttributesToGet": ["sk", "absent"]}
        }}),
    );
    assert_eq!(
        reply["Responses"],
        json!({"One": [{"m": {"M": {"x": n(1)}}}, {"m": {"M": {"x": n(2)}}}], "Two": [{"sk": n(1)}]})
    );
    let nothing = db.ok(
        "BatchGetItem",
        &json!({"RequestItems": {"One": {"Keys": one(&[1]), "ProjectionExpression": "absent"}}}),
    );
    assert_eq!(nothing["Responses"], json!({"One": [{}]}));
}

#[test]
fn every_table_has_its_own_consumed_capacity_item_by_item() {
    // rules 62, 63, 68
    let db = stocked();
    let request = |mode: &str| {
        json!({
            "RequestItems": {"One": {"Keys": one(&[1, 99])}, "Two": {"Keys": two(&[1, 2]), "ConsistentRead": true}},
            "ReturnConsumedCapacity": mode
        })
    };
    // 5 kB are two steps each; what is not there is read, too.
    let total = json!([{"TableName": "One", "CapacityUnits": 1.0}, {"TableName": "Two", "CapacityUnits": 4.0}]);
    assert_eq!(db.ok("BatchGetItem", &request("TOTAL"))["ConsumedCapacity"], total);
    let indexes = json!([
        {"TableName": "One", "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}},
        {"TableName": "Two", "CapacityUnits": 4.0, "Table": {"CapacityUnits": 4.0}}
    ]);
    assert_eq!(db.ok("BatchGetItem", &request("INDEXES"))["ConsumedCapacity"], indexes);
}

#[test]
fn a_table_may_be_named_by_its_arn() {
    // rule A6
    let db = stocked();
    let arn = "arn:aws:dynamodb:eu-west-2:000000000000:table/One";
    let reply = db.ok("BatchGetItem", &json!({"RequestItems": {arn: {"Keys": one(&[4])}}}));
    assert_eq!(values(&reply["Responses"][arn]), [n(4)]);
}

#[test]
fn what_is_beyond_16_megabytes_is_given_back_to_be_asked_for_again() {
    // rule 23
    let db = Db::new();
    db.create(&Table::named("Big", &["pk:S"]));
    let large = "x".repeat(390_000);
    for at in 0..50 {
        db.ok(
            "PutItem",
            &json!({"TableName": "Big", "Item": {"pk": s(at.to_string()), "data": s(large.clone())}}),
        );
    }
    let keys: Vec<usize> = (0..50).collect();
    let mut request = json!({
        "RequestItems": {"Big": {"Keys": one(&keys), "ProjectionExpression": "#k", "ExpressionAttributeNames": {"#k": "pk"}, "ConsistentRead": true}},
        "ReturnConsumedCapacity": "TOTAL"
    });
    let mut reply = Value::Null;
    let crossings = db.crossings(|| reply = db.ok("BatchGetItem", &request));
    assert!(crossings <= 3, "{crossings}");
    // 43 items of 390,005 bytes fit; only what was read is paid for.
    assert_eq!(reply["Responses"]["Big"].as_array().unwrap().len(), 43);
    assert_eq!(reply["ConsumedCapacity"][0]["CapacityUnits"], json!(43.0 * 96.0));
    let left = &reply["UnprocessedKeys"];
    assert_eq!(left["Big"]["Keys"], one(&keys[43..]));
    assert_eq!(left["Big"]["ProjectionExpression"], "#k");
    request["RequestItems"] = left.clone();
    let rest = db.ok("BatchGetItem", &request);
    assert_eq!(rest["Responses"]["Big"].as_array().unwrap().len(), 7);
    assert_eq!(rest["UnprocessedKeys"], json!({}));
}

#[test]
fn exactly_16_megabytes_fit_a_reply() {
    // rule 23
    let db = Db::new();
    db.create(&Table::named("Big", &["pk:S"]));
    let put = |at: usize, size: usize| {
        let pk = format!("{at:02}");
        // Of names and key 8 bytes.
        let item = json!({"pk": s(pk), "data": s("x".repeat(size - 8))});
        db.ok("PutItem", &json!({"TableName": "Big", "Item": item}));
    };
    let keys: Value = (0..41).map(|at| json!({"pk": s(format!("{at:02}"))})).collect();
    let request = json!({"RequestItems": {"Big": {"Keys": keys, "ProjectionExpression": "pk"}}});
    let found = || db.ok("BatchGetItem", &request)["Responses"]["Big"].as_array().unwrap().len();
    for at in 0..40 {
        put(at, 409_600);
    }
    let rest = (16 << 20) - 40 * 409_600;
    put(40, rest);
    assert_eq!(found(), 41);
    put(40, rest + 1);
    assert_eq!(found(), 40);
}

#[test]
fn a_hundred_keys_take_at_most_three_crossings() {
    // rule 70
    let db = stocked();
    let keys: Vec<usize> = (0..100).collect();
    let request = json!({"RequestItems": {"One": {"Keys": one(&keys)}}});
    let mut reply = Value::Null;
    let crossings = db.crossings(|| reply = db.ok("BatchGetItem", &request));
    assert!(crossings <= 3, "{crossings}");
    assert_eq!(values(&reply["Responses"]["One"]).len(), 10);
}
