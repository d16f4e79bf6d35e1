//! Values from outside: which numbers and sets there are, what a number weighs, and how every operation refuses those there are not.

use crate::database::{Db, INVALID, P, Table, n, s};
use serde_json::{Value, json};

fn put(value: &Value) -> Value {
    json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": value}})
}

#[test]
fn spellings_that_are_no_numbers_are_refused_by_themselves() {
    // rules 1, 3; messages-items 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    let not_numeric = |text: &str| format!("{P}The parameter cannot be converted to a numeric value: {text}");
    for text in [" 1", "1 ", "1e", "0x5", "NaN", "Infinity", "1_000", "1e9223372036854775808"] {
        assert_eq!(db.invalid("PutItem", &put(&n(text))), not_numeric(text));
    }
    let overflow = format!("{P}Number overflow. Attempting to store a number with magnitude larger than supported range");
    let underflow = format!("{P}Number underflow. Attempting to store a number with magnitude smaller than supported range");
    for text in ["1e126", "-1e126", "0e126", "1e99999999999"] {
        assert_eq!(db.invalid("PutItem", &put(&n(text))), overflow, "{text}");
    }
    for text in ["1e-131", "0e-131"] {
        assert_eq!(db.invalid("PutItem", &put(&n(text))), underflow, "{text}");
    }
}

#[test]
fn a_number_weighs_its_digit_pairs_on_each_side_of_the_point() {
    // rule 5: what is left of an item's 409,600 bytes beside it
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (number, bytes) in [
        ("0", 1),
        ("12", 2),
        ("123", 3),
        ("-1", 3),
        ("1000", 2),
        ("0.001", 2),
        ("1.5", 3),
        ("-100.001", 6),
    ] {
        let item = |total: usize| {
            let filler = "x".repeat(total - "pk".len() - 1 - "v".len() - bytes - "t".len());
            json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": n(number), "t": s(filler)}})
        };
        db.ok("PutItem", &item(409_600));
        let message = db.invalid("PutItem", &item(409_601));
        assert_eq!(message, "Item size has exceeded the maximum allowed size", "{number}");
    }
}

#[test]
fn reads_refuse_values_bare_and_wrap_those_of_expressions() {
    // rules 6-11 with part D; messages-items 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    let no_type = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    let two_types = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    // Whether an empty set, or no type at all, is wrapped as a value of an expression.
    for (value, message, wrapped) in [
        (n("abc"), "The parameter cannot be converted to a numeric value: abc".to_owned(), ""),
        (
            json!({"NS": ["1", "1.0"]}),
            format!("{INVALID}Input collection contains duplicates."),
            "",
        ),
        (
            json!({"SS": ["b", "a", "b"]}),
            format!("{INVALID}Input collection [\"a\", \"b\", \"b\"] contains duplicates."),
            "",
        ),
        (
            json!({"BS": ["AQ==", "AA==", "AQ=="]}),
            format!("{INVALID}Input collection [\"AA==\",\"AQ==\",\"AQ==\"]of type BS contains duplicates."),
            "",
        ),
        (json!({"SS": []}), format!("{INVALID}An string set  may not be empty"), "Query Scan"),
        (json!({"NS": []}), format!("{INVALID}An number set  may not be empty"), "Query Scan"),
        (json!({"BS": []}), format!("{INVALID}Binary sets should not be empty"), "Query Scan"),
        (
            json!({"NULL": false}),
            format!("{INVALID}Null attribute value types must have the value of true"),
            "",
        ),
        (json!({"S": "a", "N": "1"}), two_types.to_owned(), ""),
        (json!({}), no_type.to_owned(), "Query"),
    ] {
        let key = json!({ "pk": value });
        for (operation, request) in [
            ("GetItem", json!({"TableName": "Tab", "Key": key})),
            ("DeleteItem", json!({"TableName": "Tab", "Key": key})),
            ("UpdateItem", json!({"TableName": "Tab", "Key": key})),
            ("BatchGetItem", json!({"RequestItems": {"Tab": {"Keys": [key]}}})),
        ] {
            let (_, answer) = db.ask(operation, &request);
            assert_eq!(answer["message"], json!(message), "{operation} {value}");
        }
        for (operation, member, expression) in [
            ("Query", "KeyConditionExpression", "pk = :v"),
            ("Scan", "FilterExpression", "a = :v"),
        ] {
            let request = json!({"TableName": "Tab", member: expression, "ExpressionAttributeValues": {":v": value}});
            let expected = if wrapped.contains(operation) {
                format!("ExpressionAttributeValues contains invalid value: {message} for key :v")
            } else {
                message.clone()
            };
            assert_eq!(db.invalid(operation, &request), expected, "{operation} {value}");
        }
    }
}

#[test]
fn sets_may_have_empty_members() {
    // rule 8
    let db = Db::holding(&Table::new(&["pk:S"]));
    for value in [json!({"SS": ["", "a"]}), json!({"BS": ["", "AA=="]})] {
        db.ok("PutItem", &put(&value));
        assert_eq!(db.get(&json!({"pk": s("a")})).unwrap()["v"], value);
    }
}

#[test]
fn attribute_names_have_at_most_65535_bytes_at_every_level_and_by_every_way_in() {
    // rule 21
    let db = Db::holding(&Table::new(&["pk:S"]));
    let key = json!({"pk": s("a")});
    let deep = |bytes: usize| json!({"L": [{"M": {"n".repeat(bytes): n(1)}}]});
    let update = |members: Value| {
        let mut request = members;
        request["TableName"] = json!("Tab");
        request["Key"] = key.clone();
        request
    };
    let put_batch = |item: Value| json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": item}}]}});
    for (operation, member, what, request) in [
        (
            "PutItem",
            "Item",
            "keys",
            &(|bytes| json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": deep(bytes)}})) as &dyn Fn(usize) -> Value,
        ),
        (
            "PutItem",
            "Item",
            "keys",
            &|bytes| json!({"TableName": "Tab", "Item": {"pk": s("a"), "n".repeat(bytes): n(1)}}),
        ),
        ("BatchWriteItem", "Item", "keys", &|bytes| {
            put_batch(json!({"pk": s("a"), "v": deep(bytes)}))
        }),
        ("UpdateItem", "ExpressionAttributeNames", "value", &|bytes| {
            update(json!({"UpdateExpression": "REMOVE #n", "ExpressionAttributeNames": {"#n": "n".repeat(bytes)}}))
        }),
        ("UpdateItem", "ExpressionAttributeValues", "keys", &|bytes| {
            update(json!({"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": deep(bytes)}}))
        }),
        ("UpdateItem", "AttributeUpdates", "keys", &|bytes| {
            update(json!({"AttributeUpdates": {"n".repeat(bytes): {"Value": n(1)}}}))
        }),
        ("UpdateItem", "AttributeUpdates", "keys", &|bytes| {
            update(json!({"AttributeUpdates": {"v": {"Value": deep(bytes)}}}))
        }),
    ] {
        db.ok(operation, &request(65_535));
        assert_eq!(
            db.invalid(operation, &request(65_536)),
            format!(
                "{P}Value at '{member}' failed to satisfy constraint: Map {what} must satisfy constraint: \
                 [Member must have length less than or equal to 65535]"
            )
        );
    }
}

#[test]
fn an_attribute_has_a_name() {
    // messages-items 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    let nameless = json!({"": s("a")});
    let key = json!({"TableName": "Tab", "Key": nameless});
    for (operation, request, prefix) in [
        ("PutItem", json!({"TableName": "Tab", "Item": nameless}), P),
        ("PutItem", put(&json!({"M": nameless})), P),
        ("UpdateItem", key.clone(), P),
        ("DeleteItem", key.clone(), P),
        ("GetItem", key, ""),
        (
            "GetItem",
            json!({"TableName": "Tab", "Key": {"pk": s("a")}, "AttributesToGet": [""]}),
            "",
        ),
        ("BatchGetItem", json!({"RequestItems": {"Tab": {"Keys": [nameless]}}}), ""),
        (
            "BatchWriteItem",
            json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": nameless}}]}}),
            "",
        ),
        ("Scan", json!({"TableName": "Tab", "AttributesToGet": ["a", ""]}), ""),
        (
            "Scan",
            json!({"TableName": "Tab", "ExclusiveStartKey": nameless}),
            "The provided starting key is invalid: ",
        ),
    ] {
        assert_eq!(
            db.invalid(operation, &request),
            format!("{prefix}Empty attribute name"),
            "{operation} {request}"
        );
    }
}
