//! Projection: which attributes an index keeps beside its keys.

use super::error::{CorruptDefinition, SchemaError};
use super::json_text::{ObjectWriter, write_array};
use crate::model::json::{Value, write_json_string};

/// Which attributes an index keeps beside the keys of the table and its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Projection {
    /// All.
    All,
    /// None.
    KeysOnly,
    /// These.
    Include(Vec<String>),
}

impl Projection {
    /// Reads it from a checked request (messages-tables 50).
    pub(super) fn from_request(value: Option<Value<'_>>) -> Result<Self, SchemaError> {
        let attributes = value.and_then(|value| value.get("NonKeyAttributes")).filter(|list| !list.is_null());
        let kind = value.and_then(|value| value.get("ProjectionType")).and_then(Value::as_str);
        match (kind.as_deref(), attributes) {
            (Some("ALL"), None) => Ok(Self::All),
            (Some("KEYS_ONLY"), None) => Ok(Self::KeysOnly),
            (Some("ALL"), Some(_)) => Err(SchemaError::AttributesWithoutInclude("ALL")),
            (Some("KEYS_ONLY"), Some(_)) => Err(SchemaError::AttributesWithoutInclude("KEYS_ONLY")),
            (Some("INCLUDE"), None) => Err(SchemaError::IncludeWithoutAttributes),
            (Some("INCLUDE"), Some(list)) => {
                let names = read_names(list);
                let repeated = names
                    .iter()
                    .enumerate()
                    .find(|(at, name)| names.iter().take(*at).any(|other| other == *name));
                match repeated {
                    Some((_, name)) => Err(SchemaError::DuplicateNonKeyAttribute(name.clone())),
                    None => Ok(Self::Include(names)),
                }
            }
            _ => Err(SchemaError::UnknownProjectionType),
        }
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        Self::from_request(Some(value)).map_err(|_| CorruptDefinition("Projection"))
    }

    /// The attributes named beside the keys.
    pub fn non_key_attributes(&self) -> &[String] {
        match self {
            Self::Include(names) => names,
            _ => &[],
        }
    }

    /// Writes it as on the wire.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        match self {
            Self::All => object.string("ProjectionType", "ALL"),
            Self::KeysOnly => object.string("ProjectionType", "KEYS_ONLY"),
            Self::Include(names) => {
                object.string("ProjectionType", "INCLUDE");
                write_array(object.name("NonKeyAttributes"), names, |out, name| write_json_string(out, name));
            }
        }
        object.end();
    }
}

fn read_names(list: Value<'_>) -> Vec<String> {
    list.elements()
        .filter_map(Value::as_str)
        .map(std::borrow::Cow::into_owned)
        .collect()
}
