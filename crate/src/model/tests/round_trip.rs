//! Canonical JSON: every value survives it, and equal values have one text.

use super::strategies::{item, spelling, text, value};
use crate::model::json::Document;
use crate::model::{AttributeValue, CorruptItem, Item, Layer, Number, ValueError};
use proptest::prelude::*;

fn read(text: &str) -> Result<AttributeValue, ValueError> {
    AttributeValue::from_json(Document::parse(text.as_bytes()).unwrap().root(), Layer::Current)
}

fn json(value: &AttributeValue) -> String {
    String::from_utf8(value.to_json()).unwrap()
}

proptest! {
    #[test]
    fn every_value_survives_canonical_json(value in value()) {
        prop_assert_eq!(read(&json(&value)), Ok(value));
    }

    #[test]
    fn every_item_survives_canonical_json_with_its_size(item in item()) {
        let text = String::from_utf8(item.to_json()).unwrap();
        prop_assert_eq!(Item::size_of_canonical(&text), Ok(item.size()));
        prop_assert_eq!(Item::from_canonical(&text), Ok(item));
    }

    #[test]
    fn canonical_json_is_json_to_others(item in item()) {
        let oracle: serde_json::Value = serde_json::from_slice(&item.to_json()).unwrap();
        let names: Vec<&str> = item.iter().map(|(name, _)| name).collect();
        prop_assert_eq!(names, oracle.as_object().unwrap().keys().collect::<Vec<_>>());
        for (name, value) in &item {
            if let AttributeValue::S(text) = value {
                prop_assert_eq!(oracle[name]["S"].as_str(), Some(text.as_str()));
            }
        }
    }

    #[test]
    fn canonical_json_does_not_depend_on_the_order_of_attributes(item in item(), rotation: prop::sample::Index) {
        let mut attributes: Vec<_> = item.clone().into_iter().collect();
        if !attributes.is_empty() {
            let by = rotation.index(attributes.len());
            attributes.rotate_left(by);
        }
        let mut one_by_one = Item::new();
        for (name, value) in attributes.iter().rev() {
            prop_assert_eq!(one_by_one.insert(name.clone(), value.clone()), None);
        }
        prop_assert_eq!(&one_by_one, &item);
        prop_assert_eq!(Item::from_iter(attributes).to_json(), item.to_json());
    }

    #[test]
    fn sets_in_any_order_have_one_text(mut texts in prop::collection::btree_set(text(), 1..40).prop_map(Vec::from_iter).prop_shuffle()) {
        // rule 12
        let shuffled = serde_json::to_string(&serde_json::json!({ "SS": texts })).unwrap();
        texts.sort();
        let sorted = serde_json::to_string(&serde_json::json!({ "SS": texts })).unwrap();
        prop_assert_eq!(json(&read(&shuffled).unwrap()), sorted);
    }

    #[test]
    fn number_sets_compare_by_value(spellings in prop::collection::vec(spelling(), 1..6)) {
        // rules 6, 12
        let numbers: Result<Vec<Number>, _> = spellings.iter().map(|text| Number::parse(text)).collect();
        let Ok(mut numbers) = numbers else { return Ok(()) };
        numbers.sort();
        let distinct = numbers.windows(2).all(|pair| pair[0] != pair[1]);
        let set = read(&serde_json::json!({ "NS": spellings }).to_string());
        let expected = if distinct { Ok(AttributeValue::Ns(numbers)) } else { Err(ValueError::DuplicateNumbers(Layer::Current)) };
        prop_assert_eq!(set, expected);
    }

    #[test]
    fn an_item_behaves_like_a_sorted_map(changes in prop::collection::vec(("[a-d]{1,2}", any::<Option<bool>>()), 0..40)) {
        let mut item = Item::new();
        let mut map = std::collections::BTreeMap::new();
        for (name, change) in changes {
            prop_assert_eq!(item.contains(&name), map.contains_key(&name));
            if let Some(value) = change.map(AttributeValue::Bool) {
                prop_assert_eq!(item.insert(name.as_str(), value.clone()), map.insert(name, value));
            } else {
                prop_assert_eq!(item.remove(&name), map.remove(&name));
            }
            prop_assert!(item.iter().eq(map.iter().map(|(name, value)| (name.as_str(), value))));
            prop_assert!(map.keys().all(|name| item.get(name) == map.get(name)));
        }
    }

    #[test]
    fn any_json_gives_a_value_or_an_error(text in "[{}\\[\\],:\"SNLMB01e]{0,30}|\\{\"(S|N|B|L|M|SS|NS|BS|BOOL|NULL)\":[\\[\\]{}\"a1,]{0,6}\\}") {
        if let Ok(document) = Document::parse(text.as_bytes()) {
            let _ = AttributeValue::from_json(document.root(), Layer::Older);
            let _ = Item::from_json(document.root(), Layer::Current);
        }
    }
}

#[test]
fn canonical_json_looks_like_this() {
    let source = r#" { "L" : [ {"N":"+1.50"}, {"B":"AAE="}, {"NULL":true}, {"BOOL":"false"}, {"M":{"b":{"S":"\u0041\/"},"a":{"L":[]},"c":{"M":{}}}},
        {"SS":["b","a",""]}, {"NS":["10","9"]}, {"BS":["AQ==","AA=="]} ], "X": 1, "S": null } "#;
    let canonical = concat!(
        r#"{"L":[{"N":"1.5"},{"B":"AAE="},{"NULL":true},{"BOOL":false},{"M":{"a":{"L":[]},"b":{"S":"A/"},"c":{"M":{}}}},"#,
        r#"{"SS":["","a","b"]},{"NS":["9","10"]},{"BS":["AA==","AQ=="]}]}"#
    );
    assert_eq!(json(&read(source).unwrap()), canonical);
}

#[test]
fn of_equal_attribute_names_the_last_one_stays() {
    let text = r#"{"b":{"S":"0"},"a":{"S":"1"},"b":{"S":"2"},"a":{"S":"3"},"\u0061":{"S":"4"}}"#;
    let item = Item::from_json(Document::parse(text.as_bytes()).unwrap().root(), Layer::Current).unwrap();
    assert_eq!(item.to_json(), br#"{"a":{"S":"4"},"b":{"S":"2"}}"#);
}

#[test]
fn many_attributes_in_reverse_order_are_sorted() {
    let item: Item = (0..50_000)
        .rev()
        .map(|number| (format!("{number:06}"), AttributeValue::Null))
        .collect();
    assert!(item.iter().map(|(name, _)| name).is_sorted());
    assert_eq!(item.len(), 50_000);
}

#[test]
fn damaged_stored_items_are_errors() {
    assert!(matches!(Item::from_canonical("{\"a\":{\"S\":\"x\""), Err(CorruptItem::Json(_))));
    assert_eq!(Item::from_canonical("[]"), Err(CorruptItem::Value(ValueError::Malformed)));
    let error = Item::size_of_canonical("{\"a\":{\"N\":\"x\"}}").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("a stored item cannot be read: The parameter cannot be converted")
    );
}
