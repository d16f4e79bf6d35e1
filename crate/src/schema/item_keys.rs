//! What a table's definition makes of an item: its key, the keys of its index entries, what the entries hold, and the faults of all these
//! (rules 18-20).

use super::attribute_definitions::type_name;
use super::index::{IndexDefinition, IndexKind};
use super::key_schema::{KeyAttribute, KeySchema};
use super::projection::Projection;
use super::table::TableDefinition;
use crate::model::{AttributeValue, Item, KeyType};
use std::fmt;

/// What is wrong with the key of an item or of a request. `Display` gives the whole message.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum KeyFault {
    /// An item without a key attribute.
    Missing {
        /// Name of the attribute.
        attribute: String,
    },
    /// An item whose key attribute has another type.
    WrongType {
        /// Name of the attribute.
        attribute: String,
        /// The type of the schema.
        expected: KeyType,
        /// The type that was found, by its name on the wire.
        actual: &'static str,
    },
    /// A key in a request that has not exactly the key's attributes in their types.
    DoesNotMatchSchema,
    /// A key attribute that is an empty string or binary.
    Empty {
        /// Name of the attribute.
        attribute: String,
        /// Whether it is a binary.
        binary: bool,
    },
    /// An item whose attribute cannot be the key of an index.
    IndexWrongType {
        /// Name of the index.
        index: String,
        /// Name of the attribute.
        attribute: String,
        /// The type of the schema.
        expected: KeyType,
        /// The type that was found, by its name on the wire.
        actual: &'static str,
    },
    /// An item whose index key attribute is an empty string or binary.
    IndexEmpty {
        /// Name of the index.
        index: String,
        /// Name of the attribute.
        attribute: String,
        /// Whether it is a binary.
        binary: bool,
    },
    /// A partition key of more than 2048 bytes.
    HashTooLong,
    /// A sort key of more than 1024 bytes.
    RangeTooLong,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INVALID: &str = "One or more parameter values were invalid:";
        const NOT_VALID: &str = "One or more parameter values are not valid.";
        let kind = |binary: bool| if binary { "binary" } else { "string" };
        match self {
            Self::Missing { attribute } => write!(f, "{INVALID} Missing the key {attribute} in the item"),
            Self::WrongType {
                attribute,
                expected,
                actual,
            } => {
                let expected = type_name(*expected);
                write!(
                    f,
                    "{INVALID} Type mismatch for key {attribute} expected: {expected} actual: {actual}"
                )
            }
            Self::DoesNotMatchSchema => f.write_str("The provided key element does not match the schema"),
            Self::Empty { attribute, binary } => write!(
                f,
                "{NOT_VALID} The AttributeValue for a key attribute cannot contain an empty {} value. Key: {attribute}",
                kind(*binary)
            ),
            Self::IndexWrongType {
                index,
                attribute,
                expected,
                actual,
            } => {
                let expected = type_name(*expected);
                write!(
                    f,
                    "{INVALID} Type mismatch for Index Key {attribute} Expected: {expected} Actual: {actual} IndexName: {index}"
                )
            }
            Self::IndexEmpty { index, attribute, binary } => write!(
                f,
                "{NOT_VALID} A value specified for a secondary index key is not supported. The AttributeValue for a key attribute \
                 cannot contain an empty {} value. IndexName: {index}, IndexKey: {attribute}",
                kind(*binary)
            ),
            // The missing blank is the service's.
            Self::HashTooLong => write!(f, "{INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes"),
            Self::RangeTooLong => {
                write!(
                    f,
                    "{INVALID} Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
                )
            }
        }
    }
}

impl std::error::Error for KeyFault {}

/// The values of a key's attributes, in schema order; borrowed from the item.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyValues<'i> {
    /// Values of the HASH attributes.
    pub hash: Vec<&'i AttributeValue>,
    /// Values of the RANGE attributes.
    pub range: Vec<&'i AttributeValue>,
}

/// Most bytes of a partition key and of a sort key (rule 18).
const MOST_HASH_BYTES: usize = 2048;
const MOST_RANGE_BYTES: usize = 1024;

impl KeySchema {
    /// The key of an item that is to be put into the table.
    pub fn key_of_item<'i>(&self, item: &'i Item) -> Result<KeyValues<'i>, KeyFault> {
        for attribute in self.attributes() {
            let name = || attribute.name.clone();
            match item.get(&attribute.name) {
                None => return Err(KeyFault::Missing { attribute: name() }),
                Some(value) if !is_of_type(value, attribute.key_type) => {
                    let (expected, actual) = (attribute.key_type, value.type_name());
                    return Err(KeyFault::WrongType {
                        attribute: name(),
                        expected,
                        actual,
                    });
                }
                Some(_) => {}
            }
        }
        self.checked_values(item)
    }

    /// The key a request gives as `Key`: these attributes, these types, nothing else.
    pub fn key_of_request<'i>(&self, key: &'i Item) -> Result<KeyValues<'i>, KeyFault> {
        let fits = |attribute: &KeyAttribute| key.get(&attribute.name).is_some_and(|value| is_of_type(value, attribute.key_type));
        if key.len() != self.hash.len() + self.range.len() || !self.attributes().all(fits) {
            return Err(KeyFault::DoesNotMatchSchema);
        }
        self.checked_values(key)
    }

    /// Whether the item has every attribute of this key in its type; such an item has an entry in the index of this key.
    pub fn is_complete_in(&self, item: &Item) -> bool {
        self.attributes()
            .all(|attribute| item.get(&attribute.name).is_some_and(|value| is_of_type(value, attribute.key_type)))
    }

    /// The values of the key's attributes, if the item has them all.
    pub fn values_in<'i>(&self, item: &'i Item) -> Option<KeyValues<'i>> {
        let values = |attributes: &[KeyAttribute]| -> Option<Vec<&'i AttributeValue>> {
            attributes.iter().map(|attribute| item.get(&attribute.name)).collect()
        };
        Some(KeyValues {
            hash: values(&self.hash)?,
            range: values(&self.range)?,
        })
    }

    /// The key's attributes as an item of their own: what `LastEvaluatedKey` and stream records show.
    pub fn key_item(&self, item: &Item) -> Item {
        self.attributes()
            .filter_map(|attribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone())))
            .collect()
    }

    /// Values that are known to be there in the right type: none may be empty or too long.
    fn checked_values<'i>(&self, item: &'i Item) -> Result<KeyValues<'i>, KeyFault> {
        for attribute in self.attributes() {
            if let Some(binary) = item.get(&attribute.name).and_then(empty_kind) {
                return Err(KeyFault::Empty {
                    attribute: attribute.name.clone(),
                    binary,
                });
            }
        }
        let values = self.values_in(item).ok_or(KeyFault::DoesNotMatchSchema)?;
        values.check_sizes()?;
        Ok(values)
    }
}

impl KeyValues<'_> {
    /// Rule 18.
    fn check_sizes(&self) -> Result<(), KeyFault> {
        let bytes = |values: &[&AttributeValue]| values.iter().map(|value| value.size()).sum::<usize>();
        if bytes(&self.hash) > MOST_HASH_BYTES {
            return Err(KeyFault::HashTooLong);
        }
        if bytes(&self.range) > MOST_RANGE_BYTES {
            return Err(KeyFault::RangeTooLong);
        }
        Ok(())
    }
}

impl IndexDefinition {
    /// The key of the item's entry in this index: `None` when the item lacks an attribute of it, an error when the item cannot be
    /// written because of it (rules 18-20, A1).
    pub fn entry_key<'i>(&self, item: &'i Item) -> Result<Option<KeyValues<'i>>, KeyFault> {
        for attribute in self.key_schema.attributes() {
            let Some(value) = item.get(&attribute.name) else { continue };
            let (index, name) = (|| self.name.clone(), || attribute.name.clone());
            if !is_of_type(value, attribute.key_type) {
                let (expected, actual) = (attribute.key_type, value.type_name());
                return Err(KeyFault::IndexWrongType {
                    index: index(),
                    attribute: name(),
                    expected,
                    actual,
                });
            }
            if let Some(binary) = empty_kind(value) {
                return Err(KeyFault::IndexEmpty {
                    index: index(),
                    attribute: name(),
                    binary,
                });
            }
        }
        let Some(values) = self.key_schema.values_in(item) else {
            return Ok(None);
        };
        values.check_sizes()?;
        Ok(Some(values))
    }

    /// Whether entries of this index hold that attribute.
    pub fn projects(&self, table_key: &KeySchema, attribute: &str) -> bool {
        match &self.projection {
            Projection::All => true,
            Projection::KeysOnly => self.key_schema.contains(attribute) || table_key.contains(attribute),
            Projection::Include(names) => {
                self.key_schema.contains(attribute) || table_key.contains(attribute) || names.iter().any(|name| name == attribute)
            }
        }
    }

    /// What the item's entry in this index holds.
    pub fn projected(&self, table_key: &KeySchema, item: &Item) -> Item {
        if self.projection == Projection::All {
            return item.clone();
        }
        let attributes = item.iter().filter(|(name, _)| self.projects(table_key, name));
        attributes.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Names of the attributes in this index's `LastEvaluatedKey` and `ExclusiveStartKey`: the index's key and the table's (rule 53).
    pub fn start_key_attributes<'s>(&'s self, table_key: &'s KeySchema) -> Vec<&'s KeyAttribute> {
        let of_table = table_key
            .attributes()
            .filter(|attribute| !self.key_schema.contains(&attribute.name));
        self.key_schema.attributes().chain(of_table).collect()
    }

    /// Whether this index is global.
    pub fn is_global(&self) -> bool {
        self.kind == IndexKind::Global
    }
}

impl TableDefinition {
    /// Checks the keys of all indexes of an item that is to be written; the table's own key first.
    pub fn check_item<'i>(&self, item: &'i Item) -> Result<KeyValues<'i>, KeyFault> {
        let key = self.key_schema.key_of_item(item)?;
        for index in self.indexes() {
            index.entry_key(item)?;
        }
        Ok(key)
    }

    /// Whether an `ExclusiveStartKey` has exactly the attributes it must have, in their types (rules 53, 54).
    pub fn is_start_key(&self, index: Option<&IndexDefinition>, key: &Item) -> bool {
        let attributes: Vec<&KeyAttribute> = match index {
            Some(index) => index.start_key_attributes(&self.key_schema),
            None => self.key_schema.attributes().collect(),
        };
        key.len() == attributes.len()
            && attributes
                .iter()
                .all(|attribute| key.get(&attribute.name).is_some_and(|value| is_of_type(value, attribute.key_type)))
    }
}

/// Whether a value can stand for a key attribute of that type.
pub fn is_of_type(value: &AttributeValue, key_type: KeyType) -> bool {
    matches!(
        (value, key_type),
        (AttributeValue::S(_), KeyType::S) | (AttributeValue::N(_), KeyType::N) | (AttributeValue::B(_), KeyType::B)
    )
}

/// For an empty string or binary, whether it is a binary.
fn empty_kind(value: &AttributeValue) -> Option<bool> {
    match value {
        AttributeValue::S(text) if text.is_empty() => Some(false),
        AttributeValue::B(bytes) if bytes.is_empty() => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
