//! Reading some attributes of a stored item: the others are passed over without being looked into, which is what a filter over many items
//! needs.

use super::json::{Document, write_json_string};
use super::reading::CorruptItem;
use super::{AttributeValue, Item, Layer, ValueError};

/// Attributes to be read of many stored items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSelection {
    /// Their names as stored items have them: JSON strings, quotes included. Each once.
    names: Vec<Vec<u8>>,
}

impl AttributeSelection {
    /// The attributes of these names.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut selection = Self { names: Vec::new() };
        for name in names {
            let mut stored = Vec::with_capacity(name.len() + 2);
            write_json_string(&mut stored, name);
            if !selection.names.contains(&stored) {
                selection.names.push(stored);
            }
        }
        selection
    }

    /// Reads the selected attributes of an item from the canonical JSON it was stored as.
    pub fn read(&self, text: &str) -> Result<Item, CorruptItem> {
        let mut found = Vec::with_capacity(self.names.len());
        let mut members = StoredMembers { text, at: 1 };
        if text.as_bytes().first() != Some(&b'{') {
            return Err(CorruptItem::Value(ValueError::Malformed));
        }
        while found.len() < self.names.len() {
            let Some((name, value)) = members.next_member()? else { break };
            if self.names.iter().any(|wanted| wanted == name.as_bytes()) {
                found.push((read_name(name)?, read_value(value)?));
            }
        }
        Ok(found.into_iter().collect())
    }
}

fn read_name(name: &str) -> Result<String, CorruptItem> {
    let document = Document::parse(name.as_bytes()).map_err(CorruptItem::Json)?;
    let name = document.root().as_str();
    name.map(std::borrow::Cow::into_owned)
        .ok_or(CorruptItem::Value(ValueError::Malformed))
}

fn read_value(value: &str) -> Result<AttributeValue, CorruptItem> {
    let document = Document::parse(value.as_bytes()).map_err(CorruptItem::Json)?;
    AttributeValue::from_json(document.root(), Layer::Current).map_err(CorruptItem::Value)
}

/// Goes from attribute to attribute of canonical JSON, which has no blanks and an object for every value.
struct StoredMembers<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> StoredMembers<'t> {
    /// Name and value of the next attribute, both as JSON; `None` behind the last.
    fn next_member(&mut self) -> Result<Option<(&'t str, &'t str)>, CorruptItem> {
        const MALFORMED: CorruptItem = CorruptItem::Value(ValueError::Malformed);
        let bytes = self.text.as_bytes();
        let start = match bytes.get(self.at) {
            Some(b'"') => self.at,
            Some(b',') if self.at > 1 => self.at + 1,
            Some(b'}') if self.at + 1 == bytes.len() => return Ok(None),
            _ => return Err(MALFORMED),
        };
        let colon = string_end(bytes, start).ok_or(MALFORMED)?;
        let value = colon + 1;
        let end = object_end(bytes, value).ok_or(MALFORMED)?;
        let parts = self.text.get(start..colon).zip(self.text.get(value..end));
        self.at = end;
        match parts {
            Some(parts) if bytes.get(colon) == Some(&b':') => Ok(Some(parts)),
            _ => Err(MALFORMED),
        }
    }
}

/// The place behind the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    if bytes.get(start) != Some(&b'"') {
        return None;
    }
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The place behind the object that begins at `start`.
fn object_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut open = 0usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' => open += 1,
            b'}' if open <= 1 => return (open == 1).then_some(at + 1),
            b'}' => open -= 1,
            // What does not begin with a brace is no object.
            _ if open == 0 => return None,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = r#"{"a\"b":{"S":"{\"}\\"},"l":{"L":[{"M":{"x":{"N":"1"}}},{"S":"]}"}]},"é":{"BOOL":true},"z":{"SS":["x"]}}"#;

    #[test]
    fn selected_attributes_are_what_they_are_in_the_whole_item() {
        let whole = Item::from_canonical(STORED).unwrap();
        for names in [
            &["a\"b"][..],
            &["l", "z"],
            &["é", "é"],
            &["absent"],
            &[],
            &["z", "é", "l", "a\"b", "absent"],
        ] {
            let mut expected = whole.clone();
            expected.retain(|name, _| names.contains(&name));
            let read = AttributeSelection::new(names.iter().copied()).read(STORED);
            assert_eq!(read, Ok(expected), "{names:?}");
        }
        assert_eq!(AttributeSelection::new(["a"]).read("{}"), Ok(Item::new()));
    }

    #[test]
    fn reading_ends_with_the_last_attribute_that_is_wanted() {
        let first = AttributeSelection::new(["a\"b"]);
        let cut = STORED.find(r#","é""#).unwrap();
        assert_eq!(first.read(&STORED[..cut]), first.read(STORED));
        assert_eq!(AttributeSelection::new([]).read("{"), Ok(Item::new()));
    }

    #[test]
    fn damaged_items_are_errors_and_never_read_beyond_their_end() {
        let selection = AttributeSelection::new(["absent"]);
        for end in 0..STORED.len() {
            if STORED.is_char_boundary(end) {
                assert!(selection.read(&STORED[..end]).is_err(), "cut at {end}");
            }
        }
        for damaged in [
            r#"{"a":1}"#,
            r#"{"a":1{"S":"x"}}"#,
            r#"{"a"{"S":"x"}}"#,
            r#"{"a";{"S":"x"}}"#,
            "[]",
            r#"{,"a":{"S":"x"}}"#,
            r#"{"a":{"S":"x"}} "#,
            r#"{"a":}}"#,
        ] {
            assert!(selection.read(damaged).is_err(), "{damaged}");
        }
    }
}
