//! From JSON to values: requests, and what we stored.
//!
//! Members of an object are checked in the order of the text, so the error reported is that of the first bad value.

use super::json::{Document, JsonError, Kind, Value};
use super::sorting::{sort, sorted_indices};
use super::value_error::BARE_NESTING;
use super::{AttributeType, AttributeValue, Item, Layer, MAX_NESTING, Number, ValueError, binary};
use std::borrow::Cow;
use std::fmt;

/// Why stored JSON cannot be read back: the database file is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorruptItem {
    /// It is not JSON.
    Json(JsonError),
    /// It is JSON, but not an item.
    Value(ValueError),
}

impl fmt::Display for CorruptItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored item cannot be read: ")?;
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Value(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CorruptItem {}

impl AttributeValue {
    /// Reads a value such as `{"S":"text"}`. Unknown members and members that are null do not count (rules 10 and 118).
    pub fn from_json(value: Value<'_>, layer: Layer) -> Result<Self, ValueError> {
        read_value(value, layer, 1)
    }
}

impl Item {
    /// Reads an object of values by attribute name. An object without members is an item without attributes.
    pub fn from_json(value: Value<'_>, layer: Layer) -> Result<Self, ValueError> {
        read_members(value, layer, 1)
    }

    /// Reads back an item from the JSON it was stored as.
    pub fn from_canonical(text: &str) -> Result<Self, CorruptItem> {
        let document = Document::parse(text.as_bytes()).map_err(CorruptItem::Json)?;
        Self::from_json(document.root(), Layer::Current).map_err(CorruptItem::Value)
    }

    /// The size in bytes (rule 13) of the item stored as this JSON.
    pub fn size_of_canonical(text: &str) -> Result<usize, CorruptItem> {
        Self::from_canonical(text).map(|item| item.size())
    }
}

/// Reads the members of an item or a map; their values are at `level`.
fn read_members(value: Value<'_>, layer: Layer, level: usize) -> Result<Item, ValueError> {
    if value.kind() != Kind::Object {
        return Err(ValueError::Malformed);
    }
    let mut attributes = Vec::with_capacity(value.len());
    for (name, member) in value.members() {
        if name.is_empty() {
            return Err(ValueError::EmptyAttributeName);
        }
        attributes.push((name.into_owned(), read_value(member, layer, level)?));
    }
    Ok(Item::from_attributes(attributes))
}

fn read_value(value: Value<'_>, layer: Layer, level: usize) -> Result<AttributeValue, ValueError> {
    let (of, content) = typed_content(value)?;
    if level > MAX_NESTING {
        return Err(ValueError::Nesting(deepest_level(value, level)));
    }
    Ok(match of {
        AttributeType::S => AttributeValue::S(text(content)?.into_owned()),
        AttributeType::N => AttributeValue::N(read_number(content, layer)?),
        AttributeType::B => AttributeValue::B(read_binary(content)?),
        AttributeType::Bool => AttributeValue::Bool(read_bool(content)?),
        AttributeType::Null => {
            if !read_bool(content)? {
                return Err(ValueError::NullFalse);
            }
            AttributeValue::Null
        }
        AttributeType::Ss => {
            let members = read_set(content, &ValueError::EmptyStringSet, |member| Ok(text(member)?.into_owned()))?;
            let count = members.len();
            match AttributeValue::string_set(members) {
                AttributeValue::Ss(members) if members.len() < count => {
                    return Err(ValueError::DuplicateStrings(list_members(content, of, layer)?));
                }
                set => set,
            }
        }
        AttributeType::Ns => {
            let members = read_set(content, &ValueError::EmptyNumberSet, |member| read_number(member, layer))?;
            let count = members.len();
            match AttributeValue::number_set(members) {
                AttributeValue::Ns(members) if members.len() < count => return Err(ValueError::DuplicateNumbers(layer)),
                set => set,
            }
        }
        AttributeType::Bs => {
            let members = read_set(content, &ValueError::EmptyBinarySet, read_binary)?;
            let count = members.len();
            match AttributeValue::binary_set(members) {
                AttributeValue::Bs(members) if members.len() < count => {
                    return Err(ValueError::DuplicateBinaries(list_members(content, of, layer)?));
                }
                set => set,
            }
        }
        AttributeType::L => {
            if content.kind() != Kind::Array {
                return Err(ValueError::Malformed);
            }
            let mut elements = Vec::with_capacity(content.len());
            for element in content.elements() {
                elements.push(read_value(element, layer, level + 1)?);
            }
            AttributeValue::L(elements)
        }
        AttributeType::M => AttributeValue::M(read_members(content, layer, level + 1)?),
    })
}

/// The one type a value names, and the content it gives it.
fn typed_content(value: Value<'_>) -> Result<(AttributeType, Value<'_>), ValueError> {
    match value.kind() {
        Kind::Object => {}
        Kind::Null => return Err(ValueError::NoType),
        _ => return Err(ValueError::Malformed),
    }
    let mut found: Option<(AttributeType, Value<'_>)> = None;
    for (name, content) in value.members() {
        if content.is_null() {
            continue;
        }
        let Some(of) = AttributeType::from_name(&name) else {
            continue;
        };
        if found.is_some_and(|(earlier, _)| earlier != of) {
            return Err(ValueError::MoreThanOneType);
        }
        found = Some((of, content));
    }
    found.ok_or(ValueError::NoType)
}

fn text(content: Value<'_>) -> Result<Cow<'_, str>, ValueError> {
    content.as_str().ok_or(ValueError::Malformed)
}

fn read_number(content: Value<'_>, layer: Layer) -> Result<Number, ValueError> {
    Number::parse_in(&text(content)?, layer).map_err(|error| ValueError::Number(error, layer))
}

fn read_binary(content: Value<'_>) -> Result<Vec<u8>, ValueError> {
    binary::decode(&text(content)?).map_err(ValueError::Base64)
}

/// A boolean; the service takes the words as strings too.
fn read_bool(content: Value<'_>) -> Result<bool, ValueError> {
    match content.as_bool() {
        Some(value) => Ok(value),
        None => match text(content)?.as_ref() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(ValueError::Malformed),
        },
    }
}

/// A set's members in the order of the text.
fn read_set<T>(content: Value<'_>, empty: &ValueError, read: impl Fn(Value<'_>) -> Result<T, ValueError>) -> Result<Vec<T>, ValueError> {
    if content.kind() != Kind::Array {
        return Err(ValueError::Malformed);
    }
    if content.is_empty() {
        return Err(empty.clone());
    }
    content.elements().map(read).collect()
}

/// How deep the levels under a value go, the value being at `level`; no further than the messages ask.
fn deepest_level(value: Value<'_>, level: usize) -> usize {
    if level >= BARE_NESTING {
        return level;
    }
    let Ok((_, content)) = typed_content(value) else {
        return level;
    };
    let members = content.members().map(|(_, member)| member);
    let below = content.elements().chain(members).map(|inner| deepest_level(inner, level + 1));
    below.max().unwrap_or(level)
}

/// The members of a set as the message about a duplicate lists them (rule 7): in the current layer sorted up to the first repeat and
/// quoted, in the older one as they came.
fn list_members(content: Value<'_>, of: AttributeType, layer: Layer) -> Result<String, ValueError> {
    let is_binary = of == AttributeType::Bs;
    let mut members = read_set(content, &ValueError::Malformed, |member| {
        if is_binary {
            read_binary(member)
        } else {
            Ok(text(member)?.into_owned().into_bytes())
        }
    })?;
    if layer == Layer::Current {
        sort_to_first_repeat(&mut members);
    }
    let (quote, separator) = match layer {
        Layer::Current => ("\"", if is_binary { "," } else { ", " }),
        Layer::Older => ("", ", "),
    };
    let mut list = String::from("[");
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            list.push_str(separator);
        }
        list.push_str(quote);
        if is_binary {
            list.push_str(&binary::encode(member));
        } else {
            list.push_str(&String::from_utf8_lossy(member));
        }
        list.push_str(quote);
    }
    list.push(']');
    Ok(list)
}

/// Sorts what comes before the first repeated member; the repeat and the rest stay where they are.
fn sort_to_first_repeat(members: &mut Vec<Vec<u8>>) {
    let order = sorted_indices(members.len(), &|a, b| members[a].cmp(&members[b]));
    // Equal members stand together in their order, so each but the first of them is a repeat.
    let repeats = order
        .windows(2)
        .filter(|pair| members[pair[0] as usize] == members[pair[1] as usize]);
    let first_repeat = repeats.map(|pair| pair[1] as usize).min().unwrap_or(members.len());
    let rest = members.split_off(first_repeat);
    sort(members, Ord::cmp);
    members.extend(rest);
}
