//! Reading some attributes of a stored item: the others are passed over without being looked into, which is what a filter over many items
//! needs.

use super::json::{Document, Tape, skip_ordinary, write_json_string};
use super::reading::CorruptItem;
use super::{AttributeValue, Item, Layer, ValueError};

/// Reads some attributes of one stored item after another. What one item took is used again for the next: of many items, most have the
/// same attributes.
#[derive(Default)]
pub struct AttributeSelection {
    attributes: Vec<Selected>,
    /// The latest item's selected attributes.
    item: Item,
    tape: Tape,
}

struct Selected {
    name: String,
    /// The name as stored items have it: a JSON string, quotes included.
    stored: Vec<u8>,
    /// Whether the latest item has it.
    found: bool,
}

impl AttributeSelection {
    /// The attributes of these names.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut selection = Self::default();
        for name in names {
            if selection.attributes.iter().any(|known| known.name == name) {
                continue;
            }
            let mut stored = Vec::with_capacity(name.len() + 2);
            write_json_string(&mut stored, name);
            selection.attributes.push(Selected {
                name: name.to_owned(),
                stored,
                found: false,
            });
        }
        selection
    }

    /// Reads the selected attributes of an item from the canonical JSON it was stored as. Of what is passed over not even the encoding is
    /// looked at.
    pub fn read(&mut self, json: &[u8]) -> Result<&Item, CorruptItem> {
        for attribute in &mut self.attributes {
            attribute.found = false;
        }
        let mut members = StoredMembers { json, at: 1 };
        if json.first() != Some(&b'{') {
            return Err(CorruptItem::Value(ValueError::Malformed));
        }
        while self.attributes.iter().any(|attribute| !attribute.found) {
            let Some((name, value)) = members.next_member()? else { break };
            if let Some(attribute) = self.attributes.iter_mut().find(|attribute| attribute.stored == name) {
                attribute.found = true;
                let value = read_value(value, &mut self.tape)?;
                match self.item.get_mut(&attribute.name) {
                    Some(place) => *place = value,
                    None => drop(self.item.insert(attribute.name.clone(), value)),
                }
            }
        }
        for attribute in self.attributes.iter().filter(|attribute| !attribute.found) {
            self.item.remove(&attribute.name);
        }
        Ok(&self.item)
    }
}

fn read_value(value: &[u8], tape: &mut Tape) -> Result<AttributeValue, CorruptItem> {
    let document = Document::parse_on(std::mem::take(tape), value).map_err(CorruptItem::Json)?;
    let read = AttributeValue::from_json(document.root(), Layer::Current).map_err(CorruptItem::Value);
    *tape = document.into_tape();
    read
}

/// Name and value of an attribute, both as JSON.
type StoredMember<'t> = (&'t [u8], &'t [u8]);

/// Goes from attribute to attribute of canonical JSON, which has no blanks and an object for every value.
struct StoredMembers<'t> {
    json: &'t [u8],
    at: usize,
}

impl<'t> StoredMembers<'t> {
    /// The next attribute; `None` behind the last.
    fn next_member(&mut self) -> Result<Option<StoredMember<'t>>, CorruptItem> {
        const MALFORMED: CorruptItem = CorruptItem::Value(ValueError::Malformed);
        let bytes = self.json;
        let start = match bytes.get(self.at) {
            Some(b'"') => self.at,
            Some(b',') if self.at > 1 => self.at + 1,
            Some(b'}') if self.at + 1 == bytes.len() => return Ok(None),
            _ => return Err(MALFORMED),
        };
        let colon = string_end(bytes, start).ok_or(MALFORMED)?;
        let value = colon + 1;
        let end = object_end(bytes, value).ok_or(MALFORMED)?;
        let parts = bytes.get(start..colon).zip(bytes.get(value..end));
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
        at = skip_ordinary(bytes, at);
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            // A control character is never written as it is.
            _ => return None,
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
            let mut selection = AttributeSelection::new(names.iter().copied());
            assert_eq!(selection.read(STORED.as_bytes()), Ok(&expected), "{names:?}");
        }
        assert_eq!(AttributeSelection::new(["a"]).read(b"{}"), Ok(&Item::new()));
    }

    #[test]
    fn an_item_has_nothing_of_the_item_read_before_it() {
        let mut selection = AttributeSelection::new(["a", "b"]);
        for stored in [
            r#"{"a":{"S":"1"},"b":{"L":[{"N":"2"}]}}"#,
            r#"{"b":{"S":"3"},"c":{"S":"4"}}"#,
            "{}",
            r#"{"a":{"N":"5"}}"#,
        ] {
            let mut expected = Item::from_canonical(stored).unwrap();
            expected.retain(|name, _| name != "c");
            assert_eq!(selection.read(stored.as_bytes()), Ok(&expected), "{stored}");
        }
    }

    #[test]
    fn reading_ends_with_the_last_attribute_that_is_wanted() {
        let mut first = AttributeSelection::new(["a\"b"]);
        let cut = STORED.find(r#","é""#).unwrap();
        let whole = first.read(STORED.as_bytes()).cloned();
        assert_eq!(first.read(&STORED.as_bytes()[..cut]).cloned(), whole);
        assert_eq!(AttributeSelection::new([]).read(b"{"), Ok(&Item::new()));
    }

    #[test]
    fn damaged_items_are_errors_and_never_read_beyond_their_end() {
        let mut selection = AttributeSelection::new(["absent"]);
        for end in 0..STORED.len() {
            assert!(selection.read(&STORED.as_bytes()[..end]).is_err(), "cut at {end}");
        }
        for damaged in [
            r#"{"a":1}"#,
            "{\"a\":{\"S\":\"\u{1}\"}}",
            r#"{"a":1{"S":"x"}}"#,
            r#"{"a"{"S":"x"}}"#,
            r#"{"a";{"S":"x"}}"#,
            "[]",
            r#"{,"a":{"S":"x"}}"#,
            r#"{"a":{"S":"x"}} "#,
            r#"{"a":}}"#,
        ] {
            assert!(selection.read(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
