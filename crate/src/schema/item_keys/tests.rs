//! The keys of items and requests, by messages-items section 1; index entries and what they hold.

use super::*;
use crate::model::Number;

fn attribute(name: &str, key_type: KeyType) -> KeyAttribute {
    KeyAttribute {
        name: name.to_owned(),
        key_type,
    }
}

fn table_key() -> KeySchema {
    KeySchema {
        hash: vec![attribute("pk", KeyType::S)],
        range: vec![attribute("sk", KeyType::B)],
    }
}

fn global(hash: &[&str], range: &[&str], projection: Projection) -> IndexDefinition {
    let attributes = |names: &[&str]| names.iter().map(|name| attribute(name, KeyType::S)).collect();
    IndexDefinition {
        name: "gAll".to_owned(),
        kind: IndexKind::Global,
        key_schema: KeySchema {
            hash: attributes(hash),
            range: attributes(range),
        },
        projection,
        throughput: None,
        on_demand_throughput: None,
        warm_throughput: None,
        status: crate::schema::IndexStatus::Active,
        backfilling: None,
        filled_to: None,
        filling: None,
    }
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(Number::parse(text).unwrap())
}

fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(bytes.to_vec())
}

fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Item {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn fault<T>(result: Result<T, KeyFault>) -> Option<String> {
    result.err().map(|fault| fault.to_string())
}

const OPMV: &str = "One or more parameter values were invalid: ";
const OPNV: &str = "One or more parameter values are not valid. ";

#[test]
fn an_item_to_be_put_has_the_key_in_its_types() {
    let schema = table_key();
    let put = |item: Item| fault(schema.key_of_item(&item));
    assert_eq!(put(item([("pk", s("a")), ("sk", b(b"b")), ("x", n("1"))])), None);
    assert_eq!(put(Item::new()), Some(format!("{OPMV}Missing the key pk in the item")));
    assert_eq!(put(item([("pk", s("a"))])), Some(format!("{OPMV}Missing the key sk in the item")));
    assert_eq!(
        put(item([("pk", n("1")), ("sk", b(b"b"))])),
        Some(format!("{OPMV}Type mismatch for key pk expected: S actual: N"))
    );
}

#[test]
fn a_requests_key_has_these_attributes_and_no_others() {
    let schema = table_key();
    let mismatch = Some("The provided key element does not match the schema".to_owned());
    let get = |item: Item| fault(schema.key_of_request(&item));
    assert_eq!(get(item([("pk", s("a")), ("sk", b(b"b"))])), None);
    for key in [
        Item::new(),
        item([("pk", s("a"))]),
        item([("pk", n("1")), ("sk", b(b"b"))]),
        item([("pk", s("a")), ("sk", b(b"b")), ("x", n("1"))]),
    ] {
        assert_eq!(get(key), mismatch);
    }
}

#[test]
fn keys_are_neither_empty_nor_too_long() {
    // rules 18, 19
    let schema = table_key();
    let key = |hash: &str, range: &[u8]| item([("pk", s(hash)), ("sk", b(range))]);
    let long = "é".repeat(1024);
    for (key, expected) in [
        (
            key("", b"b"),
            Some(format!(
                "{OPNV}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            )),
        ),
        (
            key("a", b""),
            Some(format!(
                "{OPNV}The AttributeValue for a key attribute cannot contain an empty binary value. Key: sk"
            )),
        ),
        (key(&long, &[0; 1024]), None),
        (
            key(&(long.clone() + "x"), b"b"),
            Some(format!("{OPMV}Size of hashkey has exceeded the maximum size limit of2048 bytes")),
        ),
        (
            key("a", &[0; 1025]),
            Some(format!(
                "{OPMV}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
            )),
        ),
    ] {
        assert_eq!(fault(schema.key_of_item(&key)), expected);
        assert_eq!(fault(schema.key_of_request(&key)), expected);
    }
}

#[test]
fn an_index_key_is_absent_or_right() {
    let index = global(&["g"], &["h"], Projection::All);
    assert_eq!(index.entry_key(&item([("g", s("a"))])), Ok(None));
    let whole = item([("g", s("a")), ("h", s("b"))]);
    let key = index.entry_key(&whole).unwrap().unwrap();
    assert_eq!((key.hash, key.range), (vec![&s("a")], vec![&s("b")]));
    assert_eq!(
        fault(index.entry_key(&item([("g", AttributeValue::Null)]))),
        Some(format!(
            "{OPMV}Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gAll"
        ))
    );
    assert_eq!(
        fault(index.entry_key(&item([("g", s(""))]))),
        Some(format!(
            "{OPNV}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute \
             cannot contain an empty string value. IndexName: gAll, IndexKey: g"
        ))
    );
    assert_eq!(
        fault(index.entry_key(&item([("g", s(&"x".repeat(2049))), ("h", s("b"))]))),
        Some(KeyFault::HashTooLong.to_string())
    );
}

#[test]
fn an_item_without_one_of_many_key_attributes_has_no_entry() {
    // rule A1
    let index = global(&["a", "b"], &["c", "d"], Projection::KeysOnly);
    let mut whole = item([("a", s("1")), ("b", s("2")), ("c", s("3")), ("d", s("4")), ("x", s("5"))]);
    let key = index.entry_key(&whole).unwrap().unwrap();
    assert_eq!((key.hash.len(), key.range.len()), (2, 2));
    assert!(index.key_schema.is_complete_in(&whole));
    whole.remove("d");
    assert_eq!(index.entry_key(&whole), Ok(None));
    assert!(!index.key_schema.is_complete_in(&whole));
}

#[test]
fn entries_hold_the_keys_and_what_is_projected() {
    let whole = item([("pk", s("1")), ("sk", b(b"2")), ("g", s("3")), ("x", s("4")), ("y", s("5"))]);
    let names = |projection: Projection| {
        let entry = global(&["g"], &[], projection).projected(&table_key(), &whole);
        entry.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(Projection::KeysOnly), ["g", "pk", "sk"]);
    assert_eq!(
        names(Projection::Include(vec!["y".to_owned(), "none".to_owned()])),
        ["g", "pk", "sk", "y"]
    );
    assert_eq!(names(Projection::All), ["g", "pk", "sk", "x", "y"]);
}

#[test]
fn a_starting_key_of_an_index_has_both_keys() {
    // rule 53
    let index = global(&["g"], &["pk"], Projection::All);
    let schema = table_key();
    let names: Vec<_> = index
        .start_key_attributes(&schema)
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    assert_eq!(names, ["g", "pk", "sk"]);
}
