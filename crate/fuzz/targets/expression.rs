//! Any text as an expression of each kind: refused in words, or understood once and for all and applied to items without a panic.
#![no_main]

use dynatab::expression::{ExpressionKind, Placeholders, QueryKeys, parse_condition, parse_key_condition, parse_projection, parse_update};
use dynatab::model::json::Document;
use dynatab::model::{AttributeValue, Item, KeyType, Layer};
use libfuzzer_sys::fuzz_target;

const ITEM: &str = r##"{"a":{"S":"abc"},"b":{"N":"12.5"},"c":{"B":"AAEC"},"d":{"L":[{"N":"1"},{"M":{"e":{"S":"x"}}},{"L":[]}]},
    "e":{"M":{"a":{"N":"1"},"d":{"L":[{"SS":["x"]}]}}},"s":{"SS":["abc","b"]},"n":{"NS":["1","2"]},"t":{"BOOL":true},"z":{"NULL":true}}"##;

/// An item of all types.
fn item() -> Item {
    let document = Document::parse(ITEM.as_bytes()).expect("the item is JSON");
    Item::from_json(document.root(), Layer::Current).expect("the item is one")
}

/// `#a`, `#b` ... are attributes, `:a`, `:b` ... the values those have in the item; `:k` is a type's code.
fn placeholders() -> Placeholders {
    let names = ["a", "b", "c", "d", "e"].map(|name| (format!("#{name}"), name.to_owned()));
    let values = item();
    let values = values.iter().map(|(name, value)| (format!(":{name}"), value.clone()));
    let code = (":k".to_owned(), AttributeValue::S("NS".to_owned()));
    Placeholders::new(Some(names.to_vec()), Some(values.chain([code]).collect())).expect("the placeholders are sound")
}

/// Parses twice: the outcome must be the same, and an error has words.
fn parsed<T: PartialEq + std::fmt::Debug, E: std::fmt::Display>(parse: impl Fn(&Placeholders) -> Result<T, E>) -> Option<T> {
    let [one, two] = [(); 2].map(|()| parse(&placeholders()).map_err(|error| error.to_string()));
    assert_eq!(one, two);
    if let Err(message) = &one {
        assert!(!message.is_empty());
    }
    one.ok()
}

fuzz_target!(|input: &str| {
    let text = input.get(1..).unwrap_or_default();
    let items = [item(), Item::new()];
    match input.bytes().next() {
        Some(b'c') => {
            let Some(condition) = parsed(|given| parse_condition(ExpressionKind::Filter, text, given)) else {
                return;
            };
            for item in &items {
                let whole = condition.holds(item);
                // A filter reads only the attributes it names, and finds the same.
                let named = condition.attributes();
                let mut part = item.clone();
                part.retain(|name, _| named.contains(&name));
                assert_eq!(condition.holds(&part), whole);
            }
        }
        Some(b'k') => {
            let Some(clauses) = parsed(|given| parse_key_condition(text, given)) else {
                return;
            };
            let [hash, range] = [[("a", KeyType::S), ("s", KeyType::S)], [("b", KeyType::N), ("c", KeyType::B)]];
            for keys in [&hash[..1], &hash] {
                let keys = QueryKeys {
                    index: None,
                    hash: keys,
                    range: &range[..keys.len()],
                };
                match clauses.plan(&keys) {
                    Ok(plan) => assert!(plan.hash_key().is_some() && plan.range_keys().is_some()),
                    Err(mismatch) => assert!(!mismatch.to_string().is_empty()),
                }
            }
        }
        Some(b'p') => {
            let Some(projection) = parsed(|given| parse_projection(text, given)) else {
                return;
            };
            for item in &items {
                let shown = projection.apply(item);
                assert!(shown.size() <= item.size());
                assert!(shown.iter().all(|(name, _)| item.get(name).is_some()));
            }
        }
        Some(b'u') => {
            let Some(update) = parsed(|given| parse_update(text, given)) else {
                return;
            };
            assert!(update.cost() > 0);
            for item in &items {
                update.old_values(item);
                match update.apply(item) {
                    Ok(updated) => assert!(updated.new_values.size() <= updated.item.size()),
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
        _ => {}
    }
});
