//! What UpdateItem refuses, in which words and in which order.

use crate::database::{Db, INVALID, NOT_VALID, P, Table, all, b, in_table, keys_only, n, s};
use serde_json::{Value, json};

const TYPE: &str = "An operand in the update expression has an incorrect data type";
const PATH: &str = "The document path provided in the update expression is invalid for update";
const TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";

fn stocked() -> Db {
    let table = Table::new(&["pk:S", "sk:S"])
        .gsi("glo", &["gpk:S"], &["gsk:B"], &all())
        .lsi("loc", "lsk:N", &keys_only());
    let db = Db::holding(&table);
    db.put(&json!({"pk": s("p"), "sk": s("s"), "n": n(1), "l": {"L": []}, "m": {"M": {}}, "text": s("x"), "huge": n("9e125"), "wide": n("9".repeat(38))}));
    db
}

fn request(members: &Value) -> Value {
    let mut request = in_table(members);
    if request.get("Key").is_none() {
        request["Key"] = json!({"pk": s("p"), "sk": s("s")});
    }
    request
}

fn refused(db: &Db, members: &Value) -> String {
    db.invalid("UpdateItem", &request(members))
}

/// The refusal of an expression with `:v`.
fn refused_with(db: &Db, expression: &str, value: &Value) -> String {
    refused(
        db,
        &json!({"UpdateExpression": expression, "ExpressionAttributeValues": {":v": value}}),
    )
}

#[test]
fn an_update_does_not_touch_the_key() {
    // rule 45: by any clause, by name or through a placeholder, in whole or in part
    let db = stocked();
    for (expression, key) in [
        ("SET pk = :v", "pk"),
        ("SET sk.x = :v", "sk"),
        ("ADD pk :v", "pk"),
        ("SET a = :v REMOVE sk[0]", "sk"),
    ] {
        let message = format!("{INVALID}Cannot update attribute {key}. This attribute is part of the key");
        assert_eq!(refused_with(&db, expression, &n(1)), message, "{expression}");
    }
    let named = json!({"UpdateExpression": "REMOVE #p", "ExpressionAttributeNames": {"#p": "pk"}});
    assert_eq!(
        refused(&db, &named),
        format!("{INVALID}Cannot update attribute pk. This attribute is part of the key")
    );
}

#[test]
fn expressions_are_refused_with_the_prefix_of_writes() {
    // messages-items 4, 5; part C
    let db = stocked();
    for (members, message) in [
        (
            json!({"UpdateExpression": ""}),
            "Invalid UpdateExpression: The expression can not be empty;",
        ),
        (
            json!({"UpdateExpression": "SET"}),
            "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\"",
        ),
        (
            json!({"UpdateExpression": "SET a = b", "ConditionExpression": "a = "}),
            "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"",
        ),
        (
            json!({"UpdateExpression": "SET a = :w"}),
            "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w",
        ),
        (
            json!({"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {":v": n(1)}}),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
        ),
        (
            json!({"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {"#n": ""}}),
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #n",
        ),
        (
            json!({"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {}}),
            "ExpressionAttributeValues must not be empty",
        ),
        // rule 28
        (
            json!({"ExpressionAttributeValues": {":v": n(1)}}),
            "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null",
        ),
        (
            json!({"ExpressionAttributeNames": {"#n": "a"}}),
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            json!({"UpdateExpression": "SET a = :v, a.b = :v", "ExpressionAttributeValues": {":v": n(1)}}),
            "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; \
             path one: [a], path two: [a, b]",
        ),
        // rule 36
        (
            json!({"UpdateExpression": "REMOVE a", "AttributeUpdates": {}, "Expected": {}}),
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression}",
        ),
    ] {
        assert_eq!(refused(&db, &members), format!("{P}{message}"), "{members}");
    }
}

#[test]
fn values_are_refused_in_the_envelopes_of_this_operation() {
    // rule 11 with part D, messages-items 2
    let db = stocked();
    for (value, message) in [
        (json!({"SS": []}), format!("{P}ExpressionAttributeValues contains invalid value: {INVALID}An string set  may not be empty for key :v")),
        (
            json!({"S": "a", "N": "1"}),
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue has more than one datatypes set, must contain exactly \
             one of the supported datatypes for key :v"
                .to_owned(),
        ),
        (json!({}), "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".to_owned()),
        (json!({"N": "abc"}), format!("{P}The parameter cannot be converted to a numeric value: abc")),
        (json!({"NULL": false}), format!("{P}{INVALID}Null attribute value types must have the value of true")),
    ] {
        assert_eq!(refused_with(&db, "SET a = :v", &value), message);
    }
    // The key's values are bare.
    let key = json!({"Key": {"pk": s("p"), "sk": {"N": "abc"}}});
    assert_eq!(refused(&db, &key), "The parameter cannot be converted to a numeric value: abc");
}

#[test]
fn updates_that_do_not_fit_the_item_are_refused_bare_and_change_nothing() {
    // messages-items 2, 5; rules 40, 47
    let db = stocked();
    let before = db.get(&json!({"pk": s("p"), "sk": s("s")}));
    for (expression, value, message) in [
        (
            "SET a = zz, b = :v",
            n(1),
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        ("SET zz.a = :v", n(1), PATH),
        ("SET m[0] = :v", n(1), PATH),
        ("SET #t = #t + :v", n(1), TYPE),
        ("ADD #t :v", n(1), TYPE),
        ("SET l = list_append(n, :v)", json!({"L": []}), TYPE),
        (
            "SET huge = huge + :v",
            n("9e125"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ),
        (
            "ADD wide :v",
            n("0.1"),
            "Attempting to store more than 38 significant digits in a Number",
        ),
    ] {
        let mut members = json!({"UpdateExpression": expression, "ExpressionAttributeValues": {":v": value}});
        if expression.contains("#t") {
            members["ExpressionAttributeNames"] = json!({"#t": "text"});
        }
        assert_eq!(refused(&db, &members), message, "{expression}");
    }
    assert_eq!(db.get(&json!({"pk": s("p"), "sk": s("s")})), before);
}

#[test]
fn a_failed_condition_is_reported_before_an_update_that_does_not_fit() {
    let db = stocked();
    let members = json!({"UpdateExpression": "SET zz.a = n", "ConditionExpression": "attribute_not_exists(n)"});
    assert_eq!(db.fails("UpdateItem", &request(&members)).0, "ConditionalCheckFailedException");
}

#[test]
fn keys_in_the_request_are_checked_against_the_table() {
    // messages-items 1
    let db = stocked();
    for key in [
        json!({"pk": s("p")}),
        json!({"pk": s("p"), "sk": n(1)}),
        json!({"pk": s("p"), "sk": s("s"), "x": n(1)}),
        json!({}),
    ] {
        assert_eq!(
            refused(&db, &json!({"Key": key})),
            "The provided key element does not match the schema"
        );
    }
    assert_eq!(
        refused(&db, &json!({"Key": {"pk": s(""), "sk": s("s")}})),
        format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk")
    );
    assert_eq!(
        refused(&db, &json!({"Key": {"pk": s("p".repeat(2049)), "sk": s("s")}})),
        format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes")
    );
}

#[test]
fn index_keys_are_refused_in_the_words_of_updates() {
    // rule 19 with part D; rules 18, 20
    let db = stocked();
    let empty = |kind: &str| {
        format!(
            "{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. \
             The AttributeValue for a key attribute cannot contain an empty {kind} value."
        )
    };
    for (expression, value, message) in [
        ("SET gpk = :v", s(""), empty("string")),
        ("SET gsk = :v", b(&[]), empty("binary")),
        (
            "SET gsk = :v",
            s(""),
            format!("{INVALID}Type mismatch for Index Key gsk Expected: B Actual: S IndexName: glo"),
        ),
        ("SET gpk = if_not_exists(zz, :v)", s(""), empty("string")),
        (
            "SET gpk = :v",
            n(1),
            format!("{INVALID}Type mismatch for Index Key gpk Expected: S Actual: N IndexName: glo"),
        ),
        (
            "SET lsk = :v",
            json!({"NULL": true}),
            format!("{INVALID}Type mismatch for Index Key lsk Expected: N Actual: NULL IndexName: loc"),
        ),
        (
            "SET gsk = :v, gpk = #t",
            b(&[1; 1025]),
            format!("{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
        ),
    ] {
        let mut members = json!({"UpdateExpression": expression, "ExpressionAttributeValues": {":v": value}});
        if expression.contains("#t") {
            members["ExpressionAttributeNames"] = json!({"#t": "text"});
        }
        assert_eq!(refused(&db, &members), message, "{expression}");
    }
    // An empty value that stands in the request is refused before the condition is looked at.
    for (expression, value, kind) in [("SET gpk = :v", s(""), "string"), ("SET gsk = :v", b(&[]), "binary")] {
        let members = json!({
            "UpdateExpression": expression,
            "ConditionExpression": "attribute_exists(absent)",
            "ExpressionAttributeValues": {":v": value}
        });
        assert_eq!(refused(&db, &members), empty(kind), "{expression}");
    }
}

#[test]
fn the_item_and_the_update_itself_are_held_to_the_size_limit() {
    // rules 13, 14, 16
    let db = Db::holding(&Table::new(&["pk:S"]));
    let set = |expression: &str, length: usize| {
        json!({
            "TableName": "Tab",
            "Key": {"pk": s("p")},
            "UpdateExpression": expression,
            "ExpressionAttributeValues": {":v": s("x".repeat(length))}
        })
    };
    // The update costs 3 + 19 + the name + the value; the item is smaller.
    db.ok("UpdateItem", &set("SET a = :v", 409_600 - 3 - 19 - 1));
    assert_eq!(db.invalid("UpdateItem", &set("SET a = :v", 409_600 - 3 - 19)), TOO_LARGE);
    // The finished item counts as well: 3 of the key, 1 + 409577 of a, 1 + the value.
    db.ok("UpdateItem", &set("SET b = :v", 409_600 - 3 - 409_578 - 1));
    assert_eq!(db.invalid("UpdateItem", &set("SET b = :v", 409_600 - 3 - 409_578)), TOO_LARGE);
    // It is checked before the condition.
    let mut conditional = set("SET a = :v", 409_600);
    conditional["ConditionExpression"] = json!("attribute_not_exists(pk)");
    assert_eq!(db.invalid("UpdateItem", &conditional), TOO_LARGE);
}

/// A value of that many levels.
fn deep(levels: usize) -> Value {
    (1..levels).fold(n(1), |inner, _| json!({ "L": [inner] }))
}

#[test]
fn no_update_makes_an_item_deeper_than_32_levels() {
    // rule 17 with part D
    const NESTING: &str = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
    let db = stocked();
    db.ok(
        "UpdateItem",
        &request(&json!({"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": deep(32)}})),
    );
    assert_eq!(refused_with(&db, "SET a = :v", &deep(33)), format!("{P}{NESTING}"));
    // The path's own levels count.
    db.ok(
        "UpdateItem",
        &request(&json!({"UpdateExpression": "SET m.a = :v", "ExpressionAttributeValues": {":v": deep(31)}})),
    );
    assert_eq!(refused_with(&db, "SET m.a = :v", &deep(32)), format!("{P}{NESTING}"));
    assert_eq!(refused(&db, &json!({"UpdateExpression": "SET m.b = a"})), format!("{P}{NESTING}"));
    assert_eq!(db.ok("GetItem", &request(&json!({})))["Item"]["m"], json!({"M": {"a": deep(31)}}));
}

#[test]
fn missing_and_wrong_members_are_refused_before_everything_else() {
    // messages-items 5, 8; rules 83, 85, 87, 88
    let db = stocked();
    assert_eq!(
        db.invalid("UpdateItem", &json!({})),
        "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; \
         Value null at 'key' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        refused(&db, &json!({"ReturnValues": "SOME"})),
        format!("{P}Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]")
    );
    let absent = json!({"TableName": "absent", "Key": {"pk": s("p")}, "UpdateExpression": "SET pk = pk"});
    let not_found = ("ResourceNotFoundException".to_owned(), "Requested resource not found".to_owned());
    assert_eq!(db.fails("UpdateItem", &absent), not_found);
    let mut wrong = absent;
    wrong["UpdateExpression"] = json!("SET");
    assert_eq!(
        db.invalid("UpdateItem", &wrong),
        format!("{P}Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\"")
    );
}
