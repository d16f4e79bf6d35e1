//! From plain JSON to values, for imports: an object becomes a map, an array a list, and a number keeps all its digits.

use super::json::{Kind, Value};
use super::{AttributeValue, Item, Layer, MAX_NESTING, Number, ValueError};

impl Item {
    /// Reads an object of plain JSON values by attribute name.
    pub fn from_plain_json(value: Value<'_>) -> Result<Self, ValueError> {
        if value.kind() != Kind::Object {
            return Err(ValueError::Malformed);
        }
        read_members(value, 1)
    }
}

/// Reads the members of an item or a map; their values are at `level`.
fn read_members(value: Value<'_>, level: usize) -> Result<Item, ValueError> {
    let mut attributes = Vec::new();
    for (name, member) in value.members() {
        if name.is_empty() {
            return Err(ValueError::EmptyAttributeName);
        }
        attributes.push((name.into_owned(), read_value(member, level)?));
    }
    Ok(Item::from_attributes(attributes))
}

fn read_value(value: Value<'_>, level: usize) -> Result<AttributeValue, ValueError> {
    if level > MAX_NESTING {
        return Err(ValueError::Nesting(level));
    }
    Ok(match value.kind() {
        Kind::Null => AttributeValue::Null,
        Kind::True => AttributeValue::Bool(true),
        Kind::False => AttributeValue::Bool(false),
        Kind::Integer | Kind::Decimal => {
            let number = Number::parse_in(value.number_text().unwrap_or_default(), Layer::Current);
            AttributeValue::N(number.map_err(|error| ValueError::Number(error, Layer::Current))?)
        }
        Kind::String => AttributeValue::S(value.as_str().unwrap_or_default().into_owned()),
        Kind::Array => {
            let elements = value.elements().map(|element| read_value(element, level + 1));
            AttributeValue::L(elements.collect::<Result<_, _>>()?)
        }
        Kind::Object => AttributeValue::M(read_members(value, level + 1)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::json::Document;
    use super::*;

    fn canonical(text: &str) -> Result<String, ValueError> {
        let document = Document::parse(text.as_bytes()).unwrap();
        Item::from_plain_json(document.root()).map(|item| String::from_utf8(item.to_json()).unwrap())
    }

    #[test]
    fn plain_values_become_the_types_they_are() {
        assert_eq!(
            canonical(r#"{"s":"x","n":12345678901234567890.123456789,"b":true,"z":null,"l":[1,"a",[]],"m":{"k":{}}}"#).unwrap(),
            concat!(
                r#"{"b":{"BOOL":true},"l":{"L":[{"N":"1"},{"S":"a"},{"L":[]}]},"m":{"M":{"k":{"M":{}}}},"#,
                r#""n":{"N":"12345678901234567890.123456789"},"s":{"S":"x"},"z":{"NULL":true}}"#
            )
        );
    }

    #[test]
    fn what_dynamodb_cannot_hold_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40));
        for text in [r#"{"":1}"#, r#"{"n":1e999}"#, "[]", "1", deep.as_str()] {
            assert!(canonical(text).is_err(), "{text}");
        }
    }
}
