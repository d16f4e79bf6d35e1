//! `AttributeDefinitions`: the types of all key attributes of a table and its indexes.

use super::error::{CorruptDefinition, SchemaError};
use super::json_text::{ObjectWriter, write_array};
use crate::model::KeyType;
use crate::model::json::Value;

/// One key attribute and its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributeDefinition {
    /// Name of the attribute.
    pub name: String,
    /// Its type.
    pub key_type: KeyType,
}

/// The definitions in the order they were given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AttributeDefinitions(Vec<AttributeDefinition>);

impl AttributeDefinitions {
    /// Reads them from a checked request; a name defined twice is an error (messages-tables 42).
    pub(super) fn from_request(list: Option<Value<'_>>) -> Result<Self, SchemaError> {
        let mut definitions = Self::default();
        for element in list.into_iter().flat_map(Value::elements) {
            let Some(definition) = read(element) else { continue };
            if definitions.get(&definition.name).is_some() {
                return Err(SchemaError::DuplicateAttributeDefinition(definition.name));
            }
            definitions.0.push(definition);
        }
        Ok(definitions)
    }

    pub(super) fn from_stored(list: Value<'_>) -> Result<Self, CorruptDefinition> {
        list.elements()
            .map(|element| read(element).ok_or(CorruptDefinition("AttributeDefinitions")))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// These with those of a request added; an attribute that is defined already keeps its type (rule 90).
    pub(super) fn merged(&self, others: &Self) -> Self {
        let mut merged = self.clone();
        let new = others.0.iter().filter(|other| self.get(&other.name).is_none());
        merged.0.extend(new.cloned());
        merged
    }

    /// Keeps the definitions of these attributes.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|definition| keep(&definition.name));
    }

    /// The type of an attribute.
    pub fn get(&self, name: &str) -> Option<KeyType> {
        self.0
            .iter()
            .find(|definition| definition.name == name)
            .map(|definition| definition.key_type)
    }

    /// The definitions in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = &AttributeDefinition> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them as on the wire.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        write_array(out, &self.0, |out, definition| {
            let mut object = ObjectWriter::begin(out);
            object.string("AttributeName", &definition.name);
            object.string("AttributeType", type_name(definition.key_type));
            object.end();
        });
    }
}

fn read(element: Value<'_>) -> Option<AttributeDefinition> {
    let name = element.get("AttributeName")?.as_str()?.into_owned();
    let key_type = match element.get("AttributeType")?.as_str()?.as_ref() {
        "S" => KeyType::S,
        "N" => KeyType::N,
        "B" => KeyType::B,
        _ => return None,
    };
    Some(AttributeDefinition { name, key_type })
}

/// A key type's name on the wire.
pub(super) fn type_name(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::S => "S",
        KeyType::N => "N",
        KeyType::B => "B",
    }
}
