//! Keys as text whose order is the order of the values, so that SQLite's comparison of bytes sorts items as DynamoDB does.
//!
//! One part:
//! - **S**: the string itself. One whose first character is U+0000 or U+0001 gets U+0000 in front: no string then looks like a binary,
//!   and the order stays.
//! - **B**: U+0001, then each byte as the character of that number. The order of UTF-8 is the order of the bytes.
//! - **N**: ASCII, see `number_text`. Equal numbers have equal text.
//!
//! Two to four parts (multi-attribute keys of indexes): each part's text with U+0000 written as U+0000 U+0001, and U+0000 U+0000 after
//! each part, the last included. Nothing inside a part sorts before the terminator, so a part that is a prefix of another comes first, and
//! the texts sort by their first part, then by the second, and so on.

mod number_text;
mod range;

pub use range::{KeyCondition, KeyRange, prefix_range};

use super::AttributeValue;

/// The most attributes the hash key or the range key of an index may have.
pub const MAX_PARTS: usize = 4;

/// Ends a part of a composed key.
const TERMINATOR: &str = "\0\0";
/// U+0000 inside a part of a composed key.
const ESCAPED_NUL: &str = "\0\u{1}";
/// Starts a binary.
const BINARY: char = '\u{1}';

/// The type of a key attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// String
    S,
    /// Number
    N,
    /// Binary
    B,
}

impl KeyType {
    /// The type of a value; `None` for the types that cannot be keys.
    pub fn of(value: &AttributeValue) -> Option<Self> {
        match value {
            AttributeValue::S(_) => Some(Self::S),
            AttributeValue::N(_) => Some(Self::N),
            AttributeValue::B(_) => Some(Self::B),
            _ => None,
        }
    }
}

/// The text of one value as a key of one part; `None` for types that cannot be keys.
pub fn encode_key_part(value: &AttributeValue) -> Option<String> {
    let mut text = String::new();
    push_part(&mut text, value)?;
    Some(text)
}

/// The text of a key of 1 to 4 parts; `None` for any other number, and for types that cannot be keys.
pub fn encode_key(parts: &[&AttributeValue]) -> Option<String> {
    match parts {
        [part] => encode_key_part(part),
        _ if (2..=MAX_PARTS).contains(&parts.len()) => encode_prefix(parts),
        _ => None,
    }
}

/// The parts of a composed key, escaped and terminated; "" without parts.
fn encode_prefix(parts: &[&AttributeValue]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        push_escaped(&mut text, &encode_key_part(part)?);
        text.push_str(TERMINATOR);
    }
    Some(text)
}

fn push_part(text: &mut String, value: &AttributeValue) -> Option<()> {
    match value {
        AttributeValue::S(string) => {
            if let Some('\0' | BINARY) = string.chars().next() {
                text.push('\0');
            }
            text.push_str(string);
        }
        AttributeValue::B(bytes) => {
            text.push(BINARY);
            text.extend(bytes.iter().map(|&byte| char::from(byte)));
        }
        AttributeValue::N(number) => number_text::push_number(text, *number),
        _ => return None,
    }
    Some(())
}

fn push_escaped(text: &mut String, part: &str) {
    for (index, piece) in part.split('\0').enumerate() {
        if index > 0 {
            text.push_str(ESCAPED_NUL);
        }
        text.push_str(piece);
    }
}

/// The bytes of a binary's text; `None` if it is not one.
pub(super) fn decode_binary(text: &str) -> Option<Vec<u8>> {
    let characters = text.strip_prefix(BINARY)?.chars();
    characters.map(|character| u8::try_from(u32::from(character)).ok()).collect()
}

#[cfg(test)]
mod tests;
