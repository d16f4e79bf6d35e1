//! Requests that went wrong in every way: whatever comes in, what goes out is a reply of the service's making, and the database stays whole.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::database::{Db, Table, all, b, in_table, keys_only, n, s};

/// Sound requests of every operation, with as many members as go together.
fn sound() -> Vec<(&'static str, Value)> {
    let item = json!({
        "pk": s("a"), "sk": n(1), "g": s("g"), "l": b(&[1]), "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AA=="]},
        "lst": {"L": [n(1), json!({"M": {"x": {"BOOL": true}}})]}, "null": {"NULL": true},
    });
    let key = json!({"pk": s("a"), "sk": n(1)});
    let condition = json!({
        "ConditionExpression": "attribute_not_exists(#p) OR (v BETWEEN :v AND :w AND NOT size(lst[0].x) IN (:v, :w))",
        "ExpressionAttributeNames": {"#p": "pk"}, "ExpressionAttributeValues": {":v": n(1), ":w": n(2)},
        "ReturnValues": "ALL_OLD", "ReturnValuesOnConditionCheckFailure": "ALL_OLD", "ReturnConsumedCapacity": "INDEXES",
        "ReturnItemCollectionMetrics": "SIZE",
    });
    let with = |request: &Value, others: Value| {
        let mut request = request.clone();
        request.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        in_table(&request)
    };
    let expected = json!({
        "Expected": {"v": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [n(1), n(2)]}, "w": {"Exists": false}, "x": {"Value": n(1)}},
        "ConditionalOperator": "OR",
    });
    vec![
        ("PutItem", with(&condition, json!({"Item": item}))),
        ("PutItem", with(&expected, json!({"Item": item}))),
        ("DeleteItem", with(&condition, json!({"Key": key}))),
        ("DeleteItem", with(&expected, json!({"Key": key}))),
        (
            "GetItem",
            in_table(&json!({
                "Key": key, "ProjectionExpression": "lst[1].x, #p", "ExpressionAttributeNames": {"#p": "pk"}, "ConsistentRead": true,
            })),
        ),
        ("GetItem", in_table(&json!({"Key": key, "AttributesToGet": ["pk", "lst"]}))),
        (
            "Query",
            in_table(&json!({
                "IndexName": "lix", "KeyConditionExpression": "pk = :p AND begins_with(l, :l)", "FilterExpression": "contains(ss, :p)",
                "ProjectionExpression": "pk, lst[0]", "ExpressionAttributeValues": {":p": s("a"), ":l": b(&[1])}, "Limit": 2,
                "ExclusiveStartKey": {"pk": s("a"), "sk": n(1), "l": b(&[1])}, "ScanIndexForward": false, "ReturnConsumedCapacity": "TOTAL",
            })),
        ),
        (
            "Query",
            in_table(&json!({
                "IndexName": "gix", "KeyConditions": {"g": {"ComparisonOperator": "EQ", "AttributeValueList": [s("g")]}},
                "QueryFilter": {"v": {"ComparisonOperator": "NULL"}, "w": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [s("x")]}},
                "ConditionalOperator": "AND", "Select": "ALL_ATTRIBUTES",
            })),
        ),
        (
            "UpdateItem",
            in_table(&json!({
                "Key": key,
                "UpdateExpression": "SET v = if_not_exists(v, :v) + :v, lst[9] = #p, l = :l REMOVE lst[0].x ADD c :v DELETE ss :ss",
                "ConditionExpression": "attribute_exists(#p)", "ExpressionAttributeNames": {"#p": "pk"},
                "ExpressionAttributeValues": {":v": n(1), ":l": b(&[2]), ":ss": {"SS": ["x"]}}, "ReturnValues": "UPDATED_NEW",
                "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
            })),
        ),
        (
            "UpdateItem",
            with(
                &expected,
                json!({
                    "Key": key, "ReturnValues": "UPDATED_OLD",
                    "AttributeUpdates": {
                        "v": {"Action": "ADD", "Value": n(1)}, "ss": {"Action": "DELETE", "Value": {"SS": ["x"]}}, "g": {"Value": s("h")},
                        "lst": {"Action": "DELETE"},
                    },
                }),
            ),
        ),
        (
            "Scan",
            in_table(&json!({
                "IndexName": "lix", "FilterExpression": "contains(ss, :p)", "ProjectionExpression": "pk, lst[0]",
                "ExpressionAttributeValues": {":p": s("a")}, "Limit": 2, "ExclusiveStartKey": {"pk": s("a"), "sk": n(1), "l": b(&[1])},
                "Segment": 0, "TotalSegments": 1, "ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true,
            })),
        ),
        (
            "Scan",
            in_table(
                &json!({"ScanFilter": {"v": {"ComparisonOperator": "NULL"}}, "AttributesToGet": ["pk"], "Select": "SPECIFIC_ATTRIBUTES"}),
            ),
        ),
        (
            "BatchGetItem",
            json!({
                "RequestItems": {"Tab": {
                    "Keys": [key, {"pk": s("b"), "sk": n(2)}], "ProjectionExpression": "#p", "ExpressionAttributeNames": {"#p": "pk"},
                    "ConsistentRead": true,
                }},
                "ReturnConsumedCapacity": "INDEXES",
            }),
        ),
        (
            "BatchWriteItem",
            json!({
                "RequestItems": {"Tab": [{"PutRequest": {"Item": item}}, {"DeleteRequest": {"Key": {"pk": s("b"), "sk": n(2)}}}]},
                "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
            }),
        ),
        ("CreateTable", table().with("TableName", json!("other")).request()),
        ("DescribeTable", in_table(&json!({}))),
        ("ListTables", json!({"Limit": 5, "ExclusiveStartTableName": "aaa"})),
        ("DeleteTable", json!({"TableName": "other"})),
    ]
}

fn table() -> Table {
    Table::new(&["pk:S", "sk:N"])
        .gsi("gix", &["g:S"], &[], &all())
        .lsi("lix", "l:B", &keys_only())
        .stream("NEW_AND_OLD_IMAGES")
}

/// What is put in the place of a part of a request.
fn replacement() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(1.5e300)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[{}]]])),
        "\\PC{0,12}".prop_map(Value::from),
        "[-+.0-9eE]{0,8}".prop_map(Value::from),
        "[a-z#:.()<>=, \\[\\]0-9]{0,20}".prop_map(Value::from),
        (1..3000usize).prop_map(|length| json!("x".repeat(length))),
        (1..200usize).prop_map(|levels| (0..levels).fold(n(1), |inner, _| json!({"L": [inner]}))),
        Just(n("1e130")),
        Just(s("")),
        Just(json!({"S": "a", "N": "1"})),
        Just(json!({"BS": ["AA==", "not base64"]})),
    ]
}

/// The places in a value, itself included.
fn places(value: &Value) -> usize {
    let inside: usize = match value {
        Value::Array(elements) => elements.iter().map(places).sum(),
        Value::Object(members) => members.values().map(places).sum(),
        _ => 0,
    };
    inside + 1
}

/// The value at a place, counted as [`places`] does.
fn place(value: &mut Value, mut at: usize) -> &mut Value {
    if at == 0 {
        return value;
    }
    at -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(elements) => elements.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = places(child);
        if at < size {
            return place(child, at);
        }
        at -= size;
    }
    unreachable!("there are fewer places")
}

/// Sends a body; the reply must be JSON and no fault of the engine's own.
fn send(db: &Db, operation: &str, body: &[u8]) {
    let (status, reply) = db.send(&format!("DynamoDB_20120810.{operation}"), body);
    let body = String::from_utf8_lossy(body);
    let reply: Value = serde_json::from_str(&reply).unwrap_or_else(|error| panic!("{operation} {body} answered {reply}: {error}"));
    match status {
        200 => assert!(reply.get("__type").is_none(), "{operation} {body}: {reply}"),
        400 => {
            let name = reply["__type"].as_str().unwrap();
            assert!(name.starts_with("com.amazon"), "{operation} {body}: {reply}");
        }
        _ => panic!("{operation} {body}: {status} {reply}"),
    }
}

fn database() -> Db {
    let db = Db::holding(&table());
    db.put(&json!({"pk": s("a"), "sk": n(1), "g": s("g"), "l": b(&[1]), "v": n(1)}));
    db
}

/// The database still does what it should.
fn works(db: &Db) {
    let item = json!({"pk": s("well"), "sk": n(1), "g": s("and good")});
    db.put(&item);
    let query = json!({"IndexName": "gix", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("and good")}});
    assert_eq!(db.items(&query), [item]);
}

#[test]
fn the_requests_that_are_mutated_are_sound() {
    let db = database();
    for (operation, request) in sound() {
        let (status, reply) = db.ask(operation, &request);
        let conditional = reply["__type"]
            .as_str()
            .is_some_and(|name| name.ends_with("ConditionalCheckFailedException"));
        assert!(status == 200 || conditional, "{operation} {request}: {reply}");
    }
}

proptest! {
    #[test]
    fn a_request_with_other_parts_is_answered(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), replacement()), 1..4),
    ) {
        let db = database();
        let (operation, mut request) = which.get(&sound()).clone();
        for (at, replacement) in changes {
            let at = at.index(places(&request));
            *place(&mut request, at) = replacement;
        }
        // A change of the table's name may have hit the table itself.
        let hits = operation == "DeleteTable" && request["TableName"] == "Tab";
        send(&db, operation, request.to_string().as_bytes());
        if !hits {
            works(&db);
        }
    }

    #[test]
    fn a_body_with_other_bytes_is_answered(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:0\\ "[..])]), 0..6),
        end in prop::option::of(any::<Index>()),
    ) {
        let db = database();
        let (operation, request) = which.get(&sound()).clone();
        let mut body = request.to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Some(end) = end {
            body.truncate(end.index(body.len()));
        }
        send(&db, operation, &body);
        works(&db);
    }
}
