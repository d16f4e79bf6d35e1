//! Item sizes (rule 13) and nesting (rule 17).

use crate::model::json::Document;
use crate::model::{AttributeValue, Item, Layer, MAX_NESTING, ValueError};

fn read(text: &str) -> Item {
    Item::from_json(Document::parse(text.as_bytes()).unwrap().root(), Layer::Current).unwrap()
}

#[test]
fn values_have_the_sizes_of_rule_13() {
    let cases = [
        (r#"{"S":""}"#, 0),
        (r#"{"S":"abc"}"#, 3),
        // UTF-8 counts, not UTF-16.
        (r#"{"S":"é😀"}"#, 6),
        (r#"{"N":"-12.5"}"#, 4),
        (r#"{"B":"AAECAw=="}"#, 4),
        (r#"{"BOOL":false}"#, 1),
        (r#"{"NULL":true}"#, 1),
        (r#"{"SS":["a","bcd",""]}"#, 4),
        (r#"{"NS":["0","10","-1"]}"#, 6),
        (r#"{"BS":["AA==","AAE="]}"#, 3),
        (r#"{"L":[]}"#, 3),
        (r#"{"L":[{"S":"ab"},{"NULL":true}]}"#, 3 + 3 + 2),
        (r#"{"M":{}}"#, 3),
        (r#"{"M":{"name":{"S":"ab"},"é":{"L":[]}}}"#, 3 + (1 + 4 + 2) + (1 + 2 + 3)),
    ];
    for (value, size) in cases {
        let document = Document::parse(value.as_bytes()).unwrap();
        assert_eq!(
            AttributeValue::from_json(document.root(), Layer::Current).unwrap().size(),
            size,
            "{value}"
        );
        let item = format!("{{\"né\":{value},\"x\":{{\"S\":\"y\"}}}}");
        assert_eq!(read(&item).size(), 3 + size + 2, "{item}");
        assert_eq!(Item::size_of_canonical(&item), Ok(3 + size + 2), "{item}");
    }
    assert_eq!(Item::new().size(), 0);
}

/// An item whose deepest attribute is that many levels deep, in lists and maps by turns.
fn nested(levels: usize) -> String {
    let mut value = r#"{"S":"x"}"#.to_owned();
    for level in 1..levels {
        value = if level % 2 == 0 {
            format!("{{\"L\":[{value}]}}")
        } else {
            format!("{{\"M\":{{\"m\":{value}}}}}")
        };
    }
    format!("{{\"a\":{value}}}")
}

fn nesting_error(levels: usize) -> Option<ValueError> {
    let text = nested(levels);
    Item::from_json(Document::parse(text.as_bytes()).unwrap().root(), Layer::Current).err()
}

#[test]
fn thirty_two_levels_are_allowed_and_more_are_counted_up_to_64() {
    // rule 17
    assert_eq!(read(&nested(1)).levels(), 1);
    assert_eq!(read(&nested(MAX_NESTING)).levels(), 32);
    assert_eq!(nesting_error(33), Some(ValueError::Nesting(33)));
    assert_eq!(nesting_error(63), Some(ValueError::Nesting(63)));
    assert_eq!(nesting_error(64), Some(ValueError::Nesting(64)));
    assert_eq!(nesting_error(400), Some(ValueError::Nesting(64)));
}

#[test]
fn the_prefix_goes_with_33_to_63_levels_only() {
    // part D on 17
    assert!(ValueError::Nesting(33).takes_prefix() && ValueError::Nesting(63).takes_prefix());
    assert!(!ValueError::Nesting(64).takes_prefix());
    assert_eq!(
        ValueError::Nesting(33).to_string(),
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
    );
}
