//! Shared response shapes, byte by byte.

use super::*;
use crate::model::{AttributeValue, KeyType};
use crate::schema::KeyAttribute;

fn capacity(consumed: &ConsumedCapacity, mode: ReturnConsumedCapacity) -> String {
    let mut out = Vec::new();
    let mut object = ObjectWriter::begin(&mut out);
    consumed.write_member(&mut object, "full", mode);
    object.end();
    String::from_utf8(out).unwrap()
}

#[test]
fn capacity_is_written_as_the_mode_asks() {
    // rule 68, messages-tables section 4
    let consumed = ConsumedCapacity {
        table: CapacityUnits::from_halves(0),
        global_indexes: vec![("gix".to_owned(), CapacityUnits::from_halves(1))],
        local_indexes: vec![("lix".to_owned(), CapacityUnits::from_units(1))],
    };
    assert_eq!(capacity(&consumed, ReturnConsumedCapacity::None), "{}");
    assert_eq!(
        capacity(&consumed, ReturnConsumedCapacity::Total),
        r#"{"ConsumedCapacity":{"TableName":"full","CapacityUnits":1.5}}"#
    );
    assert_eq!(
        capacity(&consumed, ReturnConsumedCapacity::Indexes),
        concat!(
            r#"{"ConsumedCapacity":{"TableName":"full","CapacityUnits":1.5,"Table":{"CapacityUnits":0.0},"#,
            r#""GlobalSecondaryIndexes":{"gix":{"CapacityUnits":0.5}},"LocalSecondaryIndexes":{"lix":{"CapacityUnits":1.0}}}}"#
        )
    );
}

#[test]
fn item_collections_are_named_by_their_partition_key() {
    // rule 69
    let schema = KeySchema {
        hash: vec![KeyAttribute {
            name: "p".to_owned(),
            key_type: KeyType::S,
        }],
        range: Vec::new(),
    };
    let item: Item = [
        ("p".to_owned(), AttributeValue::S("1".to_owned())),
        ("x".to_owned(), AttributeValue::Null),
    ]
    .into_iter()
    .collect();
    let mut out = Vec::new();
    let mut object = ObjectWriter::begin(&mut out);
    write_item_collection_metrics(&mut object, &schema, &item, 0);
    object.end();
    let expected = r#"{"ItemCollectionMetrics":{"ItemCollectionKey":{"p":{"S":"1"}},"SizeEstimateRangeGB":[0.0,1.0]}}"#;
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
