//! What the batches refuse, and in which words.

use crate::database::{Db, INVALID, NOT_VALID, P, Table, all, b, n, s};
use serde_json::{Value, json};

const NO_MATCH: &str = "The provided key element does not match the schema";
const DUPLICATES: &str = "Provided list of item keys contains duplicates";
const TWO_TYPES: &str = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
const KEYS_OF_THE_MAP: &str = "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length \
                               greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]";

fn tables() -> Db {
    let db = Db::new();
    db.create(&Table::named("One", &["pk:S"]).gsi("global", &["g:S"], &["h:B"], &all()));
    db.create(&Table::named("Two", &["pk:S", "sk:N"]));
    db
}

fn put(item: &Value) -> Value {
    json!({"PutRequest": {"Item": item}})
}

fn delete(key: &Value) -> Value {
    json!({"DeleteRequest": {"Key": key}})
}

fn refused_write(items: &Value) -> String {
    tables().invalid("BatchWriteItem", &json!({ "RequestItems": items }))
}

fn refused_get(items: &Value) -> String {
    tables().invalid("BatchGetItem", &json!({ "RequestItems": items }))
}

/// So many different keys of table `One`.
fn keys(count: usize) -> Vec<Value> {
    (0..count).map(|at| json!({"pk": s(at.to_string())})).collect()
}

/// A string attribute as the older layer prints it.
fn printed(text: &str) -> String {
    format!("AttributeValue(s={text}, n=null, b=null, sS=null, nS=null, bS=null, m=null, l=null, nULL=null, bOOL=null)")
}

#[test]
fn request_items_must_be_there_and_not_empty() {
    // rule 72; messages-tables 1-3
    let db = tables();
    for operation in ["BatchGetItem", "BatchWriteItem"] {
        assert_eq!(db.invalid(operation, &json!({})), "missing field `RequestItems` at line 1 column 2");
        let (status, reply) = db.send(&format!("DynamoDB_20120810.{operation}"), br#"{"RequestItems": null}"#);
        assert_eq!(status, 400);
        let message = "invalid type: null, expected a map at line 1 column 21";
        let expected = json!({"__type": "com.amazon.coral.validate#ValidationException", "message": message});
        assert_eq!(reply, expected.to_string());
    }
    assert_eq!(
        refused_write(&json!({})),
        "The requestItems parameter is required for BatchWriteItem"
    );
    assert_eq!(
        refused_get(&json!({})),
        format!("{P}Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
    );
}

#[test]
fn a_table_has_at_most_25_writes_and_100_keys_and_at_least_one() {
    // rule 70; messages-tables 4-6
    assert_eq!(
        refused_write(&json!({"tho": []})),
        format!(
            "{P}Value '{{tho=[]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \
             [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]"
        )
    );
    let many: Vec<Value> = keys(26).iter().map(delete).collect();
    let printed: Vec<String> = (0..26)
        .map(|at| {
            format!(
                "WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={{pk={}}}))",
                printed(&at.to_string())
            )
        })
        .collect();
    assert_eq!(
        refused_write(&json!({"One": many})),
        format!(
            "{P}Value '{{One=[{}]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \
             [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
            printed.join(", ")
        )
    );
    for (keys, bound) in [(vec![], "greater than or equal to 1"), (keys(101), "less than or equal to 100")] {
        assert_eq!(
            refused_get(&json!({"One": {"Keys": keys}})),
            format!("{P}Value at 'RequestItems.One.member.Keys' failed to satisfy constraint: Member must have length {bound}")
        );
    }
}

#[test]
fn all_tables_together_have_no_more() {
    // rule 70, section 1 of messages-tables
    let writes = |from: usize, to: usize| -> Vec<Value> { keys(to)[from..].iter().map(delete).collect() };
    let two: Vec<Value> = (0..60).map(|at| json!({"pk": s("p"), "sk": n(at)})).collect();
    assert_eq!(
        refused_get(&json!({"One": {"Keys": keys(60)}, "Two": {"Keys": two}})),
        "Too many items requested for the BatchGetItem call"
    );
    let of_two: Vec<Value> = two[..13].iter().map(delete).collect();
    assert_eq!(
        refused_write(&json!({"One": writes(0, 13), "Two": of_two})),
        "Too many items requested for the BatchWriteItem call"
    );
    let db = tables();
    db.ok("BatchWriteItem", &json!({"RequestItems": {"One": writes(0, 12), "Two": of_two}}));
    db.ok(
        "BatchGetItem",
        &json!({"RequestItems": {"One": {"Keys": keys(40)}, "Two": {"Keys": two}}}),
    );
}

#[test]
fn a_bad_table_name_is_a_fault_of_the_whole_map() {
    // messages-tables 8; messages-items 8
    assert_eq!(
        refused_write(&json!({"ab": [delete(&json!({"pk": s("a")}))]})),
        format!(
            "{P}Value '{{ab=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={{pk={}}}))]}}' at 'requestItems' \
             failed to satisfy constraint: {KEYS_OF_THE_MAP}",
            printed("a")
        )
    );
    assert_eq!(
        refused_get(&json!({"a b!": {"Keys": keys(1)}})),
        format!(
            "{P}Value '{{a b!=KeysAndAttributes(keys=[{{pk={}}}], attributesToGet=null, consistentRead=null, projectionExpression=null, \
             expressionAttributeNames=null)}}' at 'requestItems' failed to satisfy constraint: {KEYS_OF_THE_MAP}",
            printed("0")
        )
    );
}

#[test]
fn no_item_occurs_twice_in_a_batch() {
    // rule 70; messages-tables 9
    let key = json!({"pk": s("a"), "sk": n(1)});
    let same = json!({"pk": s("a"), "sk": n("1.0")});
    assert_eq!(refused_get(&json!({"Two": {"Keys": [key, same]}})), DUPLICATES);
    // Of a table that is not there, too: this needs no table (rule 87).
    assert_eq!(refused_get(&json!({"Absent": {"Keys": [key, key]}})), DUPLICATES);
    assert_eq!(
        refused_write(&json!({"Two": [put(&json!({"pk": s("a"), "sk": n(1), "v": n(1)})), delete(&same)]})),
        DUPLICATES
    );
    // It comes before the keys of the others.
    assert_eq!(
        refused_write(&json!({"Two": [delete(&json!({})), delete(&key), delete(&key)]})),
        DUPLICATES
    );
    let arn = "arn:aws:dynamodb:eu-west-2:000000000000:table/Two";
    assert_eq!(refused_get(&json!({"Two": {"Keys": [key]}, arn: {"Keys": [key]}})), DUPLICATES);
}

#[test]
fn keys_that_do_not_fit_have_one_sentence_in_batches() {
    // rules 20, 73; messages-items 1; messages-tables 13
    for key in [json!({}), json!({"pk": n(1)}), json!({"pk": s("a"), "x": n(1)})] {
        assert_eq!(refused_get(&json!({"One": {"Keys": [key]}})), NO_MATCH, "{key}");
        assert_eq!(refused_write(&json!({"One": [delete(&key)]})), NO_MATCH, "{key}");
    }
    for item in [json!({}), json!({"pk": n(1)}), json!({"v": n(1)})] {
        assert_eq!(refused_write(&json!({"One": [put(&item)]})), NO_MATCH, "{item}");
    }
    let empty = format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk");
    let key = json!({"pk": s("")});
    assert_eq!(refused_get(&json!({"One": {"Keys": [key]}})), empty);
    assert_eq!(refused_write(&json!({"One": [delete(&key)]})), empty);
    assert_eq!(refused_write(&json!({"One": [put(&key)]})), empty);
    let long = json!({"pk": s("x".repeat(2049))});
    let too_long = format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes");
    assert_eq!(refused_get(&json!({"One": {"Keys": [long]}})), too_long);
    assert_eq!(refused_write(&json!({"One": [put(&long)]})), too_long);
}

#[test]
fn index_keys_of_a_put_are_worded_as_those_of_put_item() {
    // rules 19, 20, 73; messages-items 1
    for (item, message) in [
        (
            json!({"pk": s("a"), "g": n(1)}),
            format!("{INVALID}Type mismatch for Index Key g Expected: S Actual: N IndexName: global"),
        ),
        (
            json!({"pk": s("a"), "h": b(&[])}),
            format!(
                "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot \
                 contain an empty binary value. IndexName: global, IndexKey: h"
            ),
        ),
    ] {
        assert_eq!(refused_write(&json!({"One": [put(&item)]})), message);
    }
}

#[test]
fn values_of_writes_are_the_older_layers_and_those_of_keys_the_current_ones() {
    // rules 4, 6-11 with part D, 14, 17, 73; messages-items 2, 3
    let item = |value: Value| put(&json!({"pk": s("a"), "v": value}));
    for (value, message) in [
        (json!({"N": ""}), "The parameter cannot be converted to a numeric value".to_owned()),
        (json!({"NS": ["1", "1.0"]}), "Input collection contains duplicates".to_owned()),
        (
            json!({"SS": ["b", "a", "b"]}),
            format!("{INVALID}Input collection [b, a, b] contains duplicates."),
        ),
        (json!({"SS": []}), format!("{INVALID}An string set  may not be empty")),
        (
            json!({"NULL": false}),
            format!("{INVALID}Null attribute value types must have the value of true"),
        ),
        (json!({"S": "a", "N": "1"}), TWO_TYPES.to_owned()),
        (
            json!({}),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".to_owned(),
        ),
        (json!({"M": {"": n(1)}}), "Empty attribute name".to_owned()),
        (
            json!({"S": "x".repeat(409_600)}),
            "Item size has exceeded the maximum allowed size".to_owned(),
        ),
        (
            (0..32).fold(n(1), |inner, _| json!({ "L": [inner] })),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit".to_owned(),
        ),
    ] {
        assert_eq!(refused_write(&json!({"One": [item(value)]})), message);
    }
    let key = |value: Value| json!({"One": {"Keys": [{ "pk": value }]}});
    assert_eq!(
        refused_get(&key(json!({"N": ""}))),
        "The parameter cannot be converted to a numeric value: "
    );
    assert_eq!(
        refused_get(&key(json!({"SS": ["b", "a", "b"]}))),
        format!("{INVALID}Input collection [\"a\", \"b\", \"b\"] contains duplicates.")
    );
}

#[test]
fn a_write_is_a_put_or_a_deletion() {
    // messages-tables 10, 11
    let both = json!({"PutRequest": {"Item": {"pk": s("a")}}, "DeleteRequest": {"Key": {"pk": s("b")}}});
    for write in [json!({}), both] {
        assert_eq!(refused_write(&json!({"One": [write]})), TWO_TYPES);
    }
    let missing = |write: Value| refused_write(&json!({"One": [write]}));
    assert_eq!(missing(json!({"PutRequest": {}})), "missing field `Item` at line 1 column 40");
    assert_eq!(missing(json!({"DeleteRequest": {}})), "missing field `Key` at line 1 column 43");
    assert_eq!(refused_get(&json!({"One": {}})), "missing field `Keys` at line 1 column 25");
}

#[test]
fn projections_are_refused_bare_before_the_table_is_looked_for() {
    // rules 27, 28, 36, 87; messages-items 4
    for (options, message) in [
        (
            json!({"ProjectionExpression": "a b"}),
            "Invalid ProjectionExpression: Syntax error; token: \"b\", near: \"a b\"".to_owned(),
        ),
        (
            json!({"ProjectionExpression": "a", "ExpressionAttributeNames": {"#x": "x"}}),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}".to_owned(),
        ),
        (
            json!({"ExpressionAttributeNames": {"#x": "x"}}),
            "ExpressionAttributeNames can only be specified when using expressions".to_owned(),
        ),
        (
            json!({"ProjectionExpression": "a", "ExpressionAttributeNames": {}}),
            "ExpressionAttributeNames must not be empty".to_owned(),
        ),
        (
            json!({"ProjectionExpression": "a", "ExpressionAttributeNames": {"x": "x"}}),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\"".to_owned(),
        ),
        (
            json!({"ProjectionExpression": "a", "AttributesToGet": ["a"]}),
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
                .to_owned(),
        ),
        (
            json!({"AttributesToGet": ["o", "o"]}),
            format!("{INVALID}Duplicate value in attribute name: o"),
        ),
    ] {
        let mut entry = options;
        entry["Keys"] = json!(keys(1));
        assert_eq!(refused_get(&json!({"Absent": entry})), message);
    }
}

#[test]
fn every_table_must_be_there() {
    // rule 88; messages-tables 12
    let db = tables();
    let not_found = ("ResourceNotFoundException".to_owned(), "Requested resource not found".to_owned());
    let get = json!({"RequestItems": {"One": {"Keys": keys(1)}, "Absent": {"Keys": [{}]}}});
    assert_eq!(db.fails("BatchGetItem", &get), not_found);
    let write = json!({"RequestItems": {"One": [put(&json!({"pk": s("a")}))], "Absent": [delete(&json!({}))]}});
    assert_eq!(db.fails("BatchWriteItem", &write), not_found);
    assert_eq!(db.ok("Scan", &json!({"TableName": "One"}))["Count"], 0);
}

#[test]
fn enumerations_are_the_older_layers() {
    // messages-tables 27
    let write = json!({
        "RequestItems": {"One": [delete(&json!({"pk": s("a")}))]},
        "ReturnConsumedCapacity": "X",
        "ReturnItemCollectionMetrics": "Y"
    });
    assert_eq!(
        tables().invalid("BatchWriteItem", &write),
        "2 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value \
         set: [INDEXES, TOTAL, NONE]; Value 'Y' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum \
         value set: [SIZE, NONE]"
    );
}
