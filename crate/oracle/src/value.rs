//! Attribute values and items: how they compare, how large they are, and their JSON (behaviour rules 5, 12, 13).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::decimal::Decimal;
use crate::json::Json;

/// An attribute's value. Sets are ordered here; DynamoDB's have no order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are DynamoDB's
pub enum Value {
    S(String),
    N(Decimal),
    B(Vec<u8>),
    Bool(bool),
    Null,
    L(Vec<Self>),
    M(Item),
    Ss(BTreeSet<String>),
    Ns(BTreeSet<Decimal>),
    Bs(BTreeSet<Vec<u8>>),
}

/// Attributes by name.
pub type Item = BTreeMap<String, Value>;

/// For whom JSON is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In a request numbers may be written in many ways.
    Request,
    /// In a reply there is one.
    Reply,
}

/// Bytes as base64.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = usize::try_from(group >> (18 - 6 * place) & 63).unwrap_or(0);
            text.push(if place > chunk.len() { '=' } else { char::from(DIGITS[digit]) });
        }
    }
    text
}

impl Value {
    /// The code of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::L(_) => "L",
            Self::M(_) => "M",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
        }
    }

    /// As DynamoDB-JSON.
    pub fn json(&self, side: Side) -> Json {
        let number = |number: &Decimal| Json::Text(if side == Side::Request { number.spelled() } else { number.text() });
        let content = match self {
            Self::S(text) => Json::text(text),
            Self::N(value) => number(value),
            Self::B(bytes) => Json::Text(base64(bytes)),
            Self::Bool(value) => Json::Bool(*value),
            Self::Null => Json::Bool(true),
            Self::L(elements) => Json::Array(elements.iter().map(|element| element.json(side)).collect()),
            Self::M(members) => item_json(members, side),
            Self::Ss(members) => Json::Array(members.iter().map(Json::text).collect()),
            Self::Ns(members) => Json::Array(members.iter().map(number).collect()),
            Self::Bs(members) => Json::Array(members.iter().map(|bytes| Json::Text(base64(bytes))).collect()),
        };
        Json::object([(self.type_name(), content)])
    }

    /// Bytes in an item (rule 13).
    pub fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::L(elements) => 3 + elements.iter().map(|element| 1 + element.size()).sum::<usize>(),
            Self::M(members) => 3 + members.len() + item_size(members),
            Self::Ss(members) => members.iter().map(String::len).sum(),
            Self::Ns(members) => members.iter().map(Decimal::size).sum(),
            Self::Bs(members) => members.iter().map(Vec::len).sum(),
        }
    }

    /// The order of two strings, numbers or binaries; none between any others.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(one), Self::S(two)) => Some(one.as_bytes().cmp(two.as_bytes())),
            (Self::N(one), Self::N(two)) => Some(one.cmp(two)),
            (Self::B(one), Self::B(two)) => Some(one.cmp(two)),
            _ => None,
        }
    }

    /// Whether this string or binary begins with that one.
    pub fn begins_with(&self, prefix: &Self) -> bool {
        match (self, prefix) {
            (Self::S(text), Self::S(prefix)) => text.starts_with(prefix.as_str()),
            (Self::B(bytes), Self::B(prefix)) => bytes.starts_with(prefix),
            _ => false,
        }
    }

    /// What `size` counts (rule 13).
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::S(text) => Some(text.encode_utf16().count()),
            Self::B(bytes) => Some(bytes.len()),
            Self::L(elements) => Some(elements.len()),
            Self::M(members) => Some(members.len()),
            Self::Ss(members) => Some(members.len()),
            Self::Ns(members) => Some(members.len()),
            Self::Bs(members) => Some(members.len()),
            Self::N(_) | Self::Bool(_) | Self::Null => None,
        }
    }

    /// What `contains` looks for: a part, a member or an element (rule 34).
    pub fn contains(&self, content: &Self) -> bool {
        match (self, content) {
            (Self::S(text), Self::S(part)) => text.contains(part.as_str()),
            (Self::B(bytes), Self::B(part)) => (0..=bytes.len()).any(|at| bytes[at..].starts_with(part)),
            (Self::Ss(members), Self::S(member)) => members.contains(member),
            (Self::Ns(members), Self::N(member)) => members.contains(member),
            (Self::Bs(members), Self::B(member)) => members.contains(member),
            (Self::L(elements), element) => elements.contains(element),
            _ => false,
        }
    }

    /// Whether it is a set.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Ss(_) | Self::Ns(_) | Self::Bs(_))
    }

    /// Whether it is an empty string or binary.
    pub fn is_empty_text(&self) -> bool {
        matches!(self, Self::S(_) | Self::B(_)) && self.count() == Some(0)
    }
}

/// An item as DynamoDB-JSON.
pub fn item_json(item: &Item, side: Side) -> Json {
    Json::Object(item.iter().map(|(name, value)| (name.clone(), value.json(side))).collect())
}

/// Bytes of an item: names and values (rule 13).
pub fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_base64() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"\xff\xfe\xfd\x00", "//79AA=="),
        ] {
            assert_eq!(base64(bytes), text);
        }
    }

    #[test]
    fn an_item_is_as_large_as_its_names_and_values() {
        let list = Value::L(vec![Value::Null, Value::S("é".into())]);
        let map = Value::M(Item::from([("ab".into(), Value::Bool(true))]));
        assert_eq!((list.size(), map.size()), (3 + 1 + 1 + 1 + 2, 3 + 1 + 2 + 1)); // rule 13
        assert_eq!(item_size(&Item::from([("n".into(), list), ("m".into(), map)])), 1 + 8 + 1 + 7);
    }
}
