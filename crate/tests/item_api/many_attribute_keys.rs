//! Global indexes of several HASH and several RANGE attributes in the item operations (rule A1).

use crate::database::{Db, INVALID, NOT_VALID, Table, all, in_table, n, s};
use serde_json::{Value, json};

/// Items 0 to 3 in the index `many`, whose keys are t and r, then a and b.
fn stocked() -> Db {
    let table = Table::new(&["pk:S"]).gsi("many", &["t:S", "r:S"], &["a:N", "b:S"], &all());
    let db = Db::holding(&table);
    for at in 0..4 {
        db.put(&item(at));
    }
    db
}

fn item(at: i64) -> Value {
    json!({"pk": s(at.to_string()), "t": s("t"), "r": s("r"), "a": n(at / 2), "b": s(format!("b{at}"))})
}

fn equals(value: &Value) -> Value {
    json!({"ComparisonOperator": "EQ", "AttributeValueList": [value]})
}

#[test]
fn key_conditions_query_it_as_expressions_do() {
    // rule A1
    let db = stocked();
    let conditions = |others: Value| {
        let mut conditions = json!({"t": equals(&s("t")), "r": equals(&s("r"))});
        conditions.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        json!({"IndexName": "many", "KeyConditions": conditions})
    };
    assert_eq!(db.items(&conditions(json!({}))), [item(0), item(1), item(2), item(3)]);
    let above = json!({"a": {"ComparisonOperator": "GT", "AttributeValueList": [n(0)]}});
    assert_eq!(db.items(&conditions(above)), [item(2), item(3)]);
    let both = json!({"a": equals(&n(0)), "b": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [s("b1")]}});
    assert_eq!(db.items(&conditions(both)), [item(1)]);
    let refused = |request: Value| db.invalid("Query", &in_table(&request));
    assert_eq!(
        refused(conditions(json!({"b": equals(&s("b1"))}))),
        "RANGE key attributes a must have equality conditions specified in the query because a condition is present on key attribute b"
    );
    assert_eq!(
        refused(json!({"IndexName": "many", "KeyConditions": {"t": equals(&s("t"))}})),
        "HASH key attributes r must have equality conditions specified in the query"
    );
}

#[test]
fn a_filter_names_none_of_its_keys() {
    // rules 56, A1
    let db = stocked();
    let request = |attribute: &str| {
        json!({
            "IndexName": "many", "KeyConditionExpression": "t = :t AND r = :r", "FilterExpression": format!("{attribute} <> :x"),
            "ExpressionAttributeValues": {":t": s("t"), ":r": s("r"), ":x": s("2")},
        })
    };
    for key in ["t", "r", "a", "b"] {
        assert_eq!(
            db.invalid("Query", &in_table(&request(key))),
            format!("Filter Expression can only contain non-primary key attributes: Primary key attribute: {key}")
        );
    }
    assert_eq!(
        db.items(&request("pk")),
        [item(0), item(1), item(3)],
        "the table's key is none of them"
    );
    let mut scan = in_table(&request("b"));
    for member in ["KeyConditionExpression", "ExpressionAttributeValues"] {
        scan.as_object_mut().unwrap().remove(member);
    }
    scan["ExpressionAttributeValues"] = json!({":x": s("b2")});
    assert_eq!(db.ok("Scan", &scan)["Count"], 3, "a Scan may filter on any");
}

#[test]
fn its_pages_go_on_behind_the_table_key_and_all_its_keys() {
    // rules 53, 54, A1
    let db = stocked();
    let start = json!({"pk": s("1"), "t": s("t"), "r": s("r"), "a": n(0), "b": s("b1")});
    let query = json!({
        "IndexName": "many", "KeyConditionExpression": "r = :r AND t = :t", "ExpressionAttributeValues": {":t": s("t"), ":r": s("r")},
    });
    for (operation, mut request) in [("Query", in_table(&query)), ("Scan", in_table(&json!({"IndexName": "many"})))] {
        request["Limit"] = json!(2);
        let page = db.ok(operation, &request);
        assert_eq!(page["LastEvaluatedKey"], start, "{operation}");
        request["ExclusiveStartKey"] = start.clone();
        assert_eq!(db.ok(operation, &request)["Items"], json!([item(2), item(3)]), "{operation}");
        request["ExclusiveStartKey"].as_object_mut().unwrap().remove("b");
        assert_eq!(
            db.invalid(operation, &request),
            "The provided starting key is invalid",
            "{operation}"
        );
    }
}

#[test]
fn writes_are_held_to_the_types_of_all_its_keys_though_the_item_has_no_entry() {
    // rules 19, 20, A1
    let db = stocked();
    for (attribute, value, of_put, of_update) in [
        (
            "a",
            s("x"),
            format!("{INVALID}Type mismatch for Index Key a Expected: N Actual: S IndexName: many"),
            format!("{INVALID}Type mismatch for Index Key a Expected: N Actual: S IndexName: many"),
        ),
        (
            "b",
            s(""),
            format!(
                "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot \
                 contain an empty string value. IndexName: many, IndexKey: b"
            ),
            format!(
                "{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. \
                 The AttributeValue for a key attribute cannot contain an empty string value."
            ),
        ),
    ] {
        let item = json!({"pk": s("z"), attribute: value});
        assert_eq!(db.invalid("PutItem", &in_table(&json!({"Item": item}))), of_put);
        let batch = json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": item}}]}});
        assert_eq!(db.invalid("BatchWriteItem", &batch), of_put);
        let update = json!({
            "Key": {"pk": s("z")}, "UpdateExpression": format!("SET {attribute} = :v"), "ExpressionAttributeValues": {":v": value},
        });
        assert_eq!(db.invalid("UpdateItem", &in_table(&update)), of_update);
    }
    assert_eq!(db.get(&json!({"pk": s("z")})), None);
}

#[test]
fn its_entries_are_charged_as_those_of_other_indexes() {
    // rules 67, 68, A1
    let db = stocked();
    let request = json!({
        "RequestItems": {"Tab": [
            {"PutRequest": {"Item": {"pk": s("1"), "t": s("t"), "r": s("moved"), "a": n(1), "b": s("b")}}},
            {"DeleteRequest": {"Key": {"pk": s("2")}}},
            {"DeleteRequest": {"Key": {"pk": s("absent")}}},
        ]},
        "ReturnConsumedCapacity": "INDEXES",
    });
    assert_eq!(
        db.ok("BatchWriteItem", &request),
        json!({
            "UnprocessedItems": {},
            "ConsumedCapacity": [{
                "TableName": "Tab", "CapacityUnits": 6.0, "Table": {"CapacityUnits": 3.0},
                "GlobalSecondaryIndexes": {"many": {"CapacityUnits": 3.0}},
            }],
        })
    );
}
