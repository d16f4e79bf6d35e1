//! Tags of a table, and their rules (rule 95, messages-tables 64-67).

use super::error::SchemaError;
use crate::model::json::Value;

/// A tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// 1 to 128 characters, not starting with `aws:`.
    pub key: String,
    /// Up to 256 characters.
    pub value: String,
}

/// Most tags a table can have.
const MOST_TAGS: usize = 50;

/// Reads the tags of a request and checks them among themselves.
pub fn check_tags(list: Option<Value<'_>>) -> Result<Vec<Tag>, SchemaError> {
    let mut tags: Vec<Tag> = Vec::new();
    for element in list.into_iter().flat_map(Value::elements) {
        let text = |name| element.get(name).and_then(Value::as_str).map(std::borrow::Cow::into_owned);
        let key = text("Key").unwrap_or_default();
        if !(1..=128).contains(&key.chars().count()) {
            return Err(SchemaError::InvalidTagKey(key));
        }
        let value = text("Value").ok_or(SchemaError::InvalidTagValue(None))?;
        if value.chars().count() > 256 {
            return Err(SchemaError::InvalidTagValue(Some(value)));
        }
        if key.starts_with("aws:") {
            return Err(SchemaError::ReservedTagKey(key));
        }
        if tags.iter().any(|tag| tag.key == key) {
            return Err(SchemaError::DuplicateTagKey(key));
        }
        tags.push(Tag { key, value });
    }
    check_tag_count(tags.len())?;
    Ok(tags)
}

/// How many tags a table may have.
pub fn check_tag_count(count: usize) -> Result<(), SchemaError> {
    if count > MOST_TAGS { Err(SchemaError::TooManyTags) } else { Ok(()) }
}
