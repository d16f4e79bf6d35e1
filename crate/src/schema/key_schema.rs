//! `KeySchema`: which attributes make the key of a table or an index, with their types.

use super::attribute_definitions::AttributeDefinitions;
use super::error::{CorruptDefinition, SchemaError};
use super::index::IndexKind;
use super::json_text::{ObjectWriter, write_array};
use crate::model::KeyType;
use crate::model::json::Value;

/// An attribute of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyAttribute {
    /// Name of the attribute.
    pub name: String,
    /// Its type.
    pub key_type: KeyType,
}

/// The key of a table or an index. A table and a local index have one HASH attribute and at most one RANGE attribute, a global index one
/// to four of the one and up to four of the other (rule A1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeySchema {
    /// The HASH attributes in schema order.
    pub hash: Vec<KeyAttribute>,
    /// The RANGE attributes in schema order.
    pub range: Vec<KeyAttribute>,
}

/// Whether an element of a key schema is HASH or RANGE.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Hash,
    Range,
}

/// A key schema as a request gives it: names and roles, types not looked up yet.
pub(super) struct RawKeySchema(Vec<(String, Role)>);

/// Most HASH, and most RANGE, attributes of a global index (rule A1).
const MOST_OF_A_ROLE: usize = 4;

impl RawKeySchema {
    pub(super) fn read(list: Option<Value<'_>>) -> Self {
        let elements = list.into_iter().flat_map(Value::elements);
        Self(elements.filter_map(read_element).collect())
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn count(&self, role: Role) -> usize {
        self.0.iter().filter(|(_, of)| *of == role).count()
    }

    /// The order and number of its elements (messages-tables 43, 44, 47). `kind` is `None` for a table.
    pub(super) fn check_structure(&self, kind: Option<IndexKind>) -> Result<(), SchemaError> {
        let global = kind == Some(IndexKind::Global);
        if self.0.first().is_none_or(|(_, role)| *role != Role::Hash) {
            return Err(SchemaError::FirstKeyElementNotHash);
        }
        if global {
            if self.count(Role::Hash) > MOST_OF_A_ROLE {
                return Err(SchemaError::TooManyHashAttributes);
            }
            if self.count(Role::Range) > MOST_OF_A_ROLE {
                return Err(SchemaError::TooManyRangeAttributes);
            }
            if !self.0.is_sorted_by_key(|(_, role)| *role == Role::Range) {
                return Err(SchemaError::HashAfterRange);
            }
        } else if self.0.get(1).is_some_and(|(_, role)| *role != Role::Range) {
            return Err(SchemaError::SecondKeyElementNotRange);
        }
        let repeated = self
            .0
            .iter()
            .enumerate()
            .any(|(at, (name, _))| self.0.iter().take(at).any(|(other, _)| other == name));
        match &self.0[..] {
            [(_, Role::Hash), (_, Role::Range)] if repeated => Err(SchemaError::HashAndRangeSameName),
            _ if repeated => Err(SchemaError::DuplicateKeyAttribute),
            _ => Ok(()),
        }
    }

    /// Looks up the types (messages-tables 38, 39).
    pub(super) fn resolve(self, definitions: &AttributeDefinitions) -> Result<KeySchema, SchemaError> {
        if definitions.len() < self.0.len() {
            return Err(SchemaError::NoDefinitionForKey);
        }
        let keys = self.names();
        self.into_schema(definitions).ok_or_else(|| SchemaError::KeyNotDefined {
            keys,
            definitions: definitions.iter().map(|definition| definition.name.clone()).collect(),
        })
    }

    fn into_schema(self, definitions: &AttributeDefinitions) -> Option<KeySchema> {
        let mut schema = KeySchema {
            hash: Vec::new(),
            range: Vec::new(),
        };
        for (name, role) in self.0 {
            let key_type = definitions.get(&name)?;
            let of = if role == Role::Hash { &mut schema.hash } else { &mut schema.range };
            of.push(KeyAttribute { name, key_type });
        }
        Some(schema)
    }
}

fn read_element(element: Value<'_>) -> Option<(String, Role)> {
    let name = element.get("AttributeName")?.as_str()?.into_owned();
    let role = match element.get("KeyType")?.as_str()?.as_ref() {
        "HASH" => Role::Hash,
        "RANGE" => Role::Range,
        _ => return None,
    };
    Some((name, role))
}

impl KeySchema {
    pub(super) fn from_stored(list: Value<'_>, definitions: &AttributeDefinitions) -> Result<Self, CorruptDefinition> {
        let raw = RawKeySchema::read(Some(list));
        let whole = raw.0.len() == list.len() && raw.count(Role::Hash) > 0;
        raw.into_schema(definitions).filter(|_| whole).ok_or(CorruptDefinition("KeySchema"))
    }

    /// All key attributes, HASH before RANGE.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> + Clone {
        self.hash.iter().chain(&self.range)
    }

    /// Whether an attribute is part of the key.
    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|attribute| attribute.name == name)
    }

    /// Whether there is a sort key.
    pub fn has_range(&self) -> bool {
        !self.range.is_empty()
    }

    /// Whether the key has more attributes than a table's key can have (rule A1).
    pub fn is_multi_attribute(&self) -> bool {
        self.hash.len() > 1 || self.range.len() > 1
    }

    /// Writes it as on the wire.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let hash = self.hash.iter().map(|attribute| (attribute, "HASH"));
        let range = self.range.iter().map(|attribute| (attribute, "RANGE"));
        write_array(out, hash.chain(range), |out, (attribute, role)| {
            let mut object = ObjectWriter::begin(out);
            object.string("AttributeName", &attribute.name);
            object.string("KeyType", role);
            object.end();
        });
    }
}

#[cfg(test)]
mod tests;
