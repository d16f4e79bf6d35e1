//! UpdateItem by `AttributeUpdates` and `Expected`.

use crate::database::{Db, INVALID, P, Table, in_table, keys_only, n, s};
use serde_json::{Value, json};

fn stocked() -> Db {
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("global", &["g:S"], &[], &keys_only()));
    db.put(&json!({"pk": s("a"), "n": n(1), "ss": {"SS": ["x", "y"]}, "t": s("text")}));
    db
}

fn request(key: &str, members: &Value) -> Value {
    let mut request = in_table(members);
    request["Key"] = json!({"pk": s(key)});
    request
}

fn refused(db: &Db, updates: &Value) -> String {
    db.invalid("UpdateItem", &request("a", &json!({ "AttributeUpdates": updates })))
}

#[test]
fn actions_change_the_item_and_values_are_returned() {
    // rules 42-44
    let db = stocked();
    let updates = json!({
        "n": {"Action": "ADD", "Value": n(2)},
        "ss": {"Action": "DELETE", "Value": {"SS": ["x"]}},
        "t": {"Action": "DELETE"},
        "g": {"Value": s("g")}
    });
    let reply = db.ok(
        "UpdateItem",
        &request("a", &json!({"AttributeUpdates": updates, "ReturnValues": "UPDATED_OLD"})),
    );
    assert_eq!(reply["Attributes"], json!({"n": n(1), "ss": {"SS": ["x", "y"]}, "t": s("text")}));
    assert_eq!(
        db.get(&json!({"pk": s("a")})),
        Some(json!({"pk": s("a"), "n": n(3), "ss": {"SS": ["y"]}, "g": s("g")}))
    );
    let query = json!({"IndexName": "global", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g")}});
    assert_eq!(db.items(&query), [json!({"pk": s("a"), "g": s("g")})]);
}

#[test]
fn puts_and_additions_create_an_item_and_deletions_do_not() {
    // rules 41, 43
    let db = stocked();
    db.ok("UpdateItem", &request("put", &json!({"AttributeUpdates": {"a": {"Value": n(1)}}})));
    db.ok(
        "UpdateItem",
        &request("add", &json!({"AttributeUpdates": {"a": {"Action": "ADD", "Value": n(1)}}})),
    );
    db.ok(
        "UpdateItem",
        &request("none", &json!({"AttributeUpdates": {"a": {"Action": "DELETE"}}})),
    );
    assert_eq!(db.get(&json!({"pk": s("put")})), Some(json!({"pk": s("put"), "a": n(1)})));
    assert_eq!(db.get(&json!({"pk": s("add")})), Some(json!({"pk": s("add"), "a": n(1)})));
    assert_eq!(db.get(&json!({"pk": s("none")})), None);
}

#[test]
fn an_expectation_decides() {
    let db = stocked();
    let conditional = |expected: i64| {
        request(
            "a",
            &json!({"AttributeUpdates": {"n": {"Value": n(9)}}, "Expected": {"n": {"Value": n(expected)}, "z": {"Exists": false}}}),
        )
    };
    assert_eq!(db.fails("UpdateItem", &conditional(2)).0, "ConditionalCheckFailedException");
    db.ok("UpdateItem", &conditional(1));
    assert_eq!(db.get(&json!({"pk": s("a")})).unwrap()["n"], n(9));
}

#[test]
fn updates_that_cannot_be_are_refused_in_their_own_words() {
    // messages-items 1, 2, 7
    let db = stocked();
    for (updates, message) in [
        (
            json!({"a": {"Action": "PUT"}}),
            format!("{INVALID}Only DELETE action is allowed when no attribute value is specified"),
        ),
        // the reference server, for want of a rule; the stray quote is the service's
        (
            json!({"a": {"Action": "SET", "Value": s("x")}}),
            format!("{P}Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action"),
        ),
        (
            json!({"a": {"Action": "ADD", "Value": s("x")}}),
            format!("{INVALID}ADD action is not supported for the type S"),
        ),
        (
            json!({"a": {"Action": "DELETE", "Value": s("x")}}),
            format!("{INVALID}DELETE action with value is not supported for the type S"),
        ),
        (
            json!({"t": {"Action": "ADD", "Value": n(1)}}),
            "Type mismatch for attribute to update".to_owned(),
        ),
        (
            json!({"n": {"Action": "DELETE", "Value": {"SS": ["x"]}}}),
            "Type mismatch for attribute to update".to_owned(),
        ),
        (
            json!({"pk": {"Value": s("b")}}),
            format!("{INVALID}Cannot update attribute pk. This attribute is part of the key"),
        ),
        (json!({"": {"Value": s("b")}}), format!("{P}Empty attribute name")),
        (
            json!({"a": {"Value": {"N": "x"}}}),
            format!("{P}The parameter cannot be converted to a numeric value: x"),
        ),
    ] {
        assert_eq!(refused(&db, &updates), message, "{updates}");
    }
}

#[test]
fn the_update_itself_does_not_count_against_the_size_limit() {
    // rule 16
    let db = Db::holding(&Table::new(&["pk:S"]));
    let put = |length: usize| request("p", &json!({"AttributeUpdates": {"a": {"Value": s("x".repeat(length))}}}));
    // 3 of the key, 1 of the name.
    db.ok("UpdateItem", &put(409_600 - 4));
    assert_eq!(
        db.invalid("UpdateItem", &put(409_600 - 3)),
        "Item size to update has exceeded the maximum allowed size"
    );
}
