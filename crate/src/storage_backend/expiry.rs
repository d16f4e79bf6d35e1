//! When an item expires (behaviour rule 96).

use crate::model::{AttributeValue, Item};

/// The item's TTL attribute in whole seconds since the epoch; `None` where it is absent or not a number.
pub fn expiry_of(item: &Item, attribute: &str) -> Option<i64> {
    match item.get(attribute)? {
        AttributeValue::N(number) => number.to_text().split('.').next()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_expire_and_fractions_count_from_their_whole_second() {
        let item = Item::from_canonical(r#"{"a":{"N":"1700000000.75"},"b":{"S":"1700000000"},"c":{"N":"100000000000000000000"}}"#).unwrap();
        assert_eq!(expiry_of(&item, "a"), Some(1_700_000_000));
        assert_eq!(expiry_of(&item, "b"), None);
        assert_eq!(expiry_of(&item, "c"), None, "beyond every date");
        assert_eq!(expiry_of(&item, "d"), None);
    }
}
