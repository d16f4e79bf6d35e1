//! How a key condition fits the keys of the table or index it queries.

use super::{KeyClause, KeyClauses, KeyTest};
use crate::expression::condition::Comparator;
use crate::model::{AttributeValue, KeyRange, KeyType, encode_key, prefix_range};
use std::fmt;
use std::sync::Arc;

/// Rule 18.
const MAX_HASH_BYTES: usize = 2048;
/// Rule 18.
const MAX_RANGE_BYTES: usize = 1024;

/// The keys of the table or index a query reads, in schema order.
#[derive(Clone, Copy, Debug)]
pub struct QueryKeys<'k> {
    /// The index's name; `None` for the table itself.
    pub index: Option<&'k str>,
    /// The HASH attributes: one, or up to four of a multi-attribute index.
    pub hash: &'k [(&'k str, KeyType)],
    /// The RANGE attributes: none, one, or up to four of a multi-attribute index.
    pub range: &'k [(&'k str, KeyType)],
}

/// What a query reads: one partition, and of its sort keys those that fulfil the conditions.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyConditionPlan {
    /// The value of every HASH attribute, in schema order.
    pub hash: Vec<Arc<AttributeValue>>,
    /// The values of the leading RANGE attributes that must be equal, in schema order.
    pub range_equal: Vec<Arc<AttributeValue>>,
    /// The test of the RANGE attribute after those, never `=`.
    pub range_test: Option<KeyTest>,
    /// How many RANGE attributes the key has.
    pub range_attributes: usize,
}

impl KeyConditionPlan {
    /// The partition's key text.
    pub fn hash_key(&self) -> Option<String> {
        encode_key(&references(&self.hash))
    }

    /// The sort keys' texts; `None` if the key has no RANGE attribute.
    pub fn range_keys(&self) -> Option<KeyRange> {
        let test = self.range_test.as_ref().map(KeyTest::as_key_condition);
        prefix_range(self.range_attributes, &references(&self.range_equal), test)
    }

    /// Whether every key attribute has its one value: such a query cannot be restarted.
    pub fn is_single_key(&self) -> bool {
        self.range_equal.len() == self.range_attributes
    }

    /// Whether any RANGE attribute has a condition.
    pub const fn has_range_condition(&self) -> bool {
        self.range_test.is_some() || !self.range_equal.is_empty()
    }

    /// Whether these RANGE attributes, in schema order, fulfil the conditions: an `ExclusiveStartKey` must (rule 54).
    pub fn range_holds(&self, values: &[&AttributeValue]) -> bool {
        let equal = self.range_equal.iter().zip(values).all(|(wanted, value)| **wanted == **value);
        let next = values.get(self.range_equal.len());
        equal
            && self
                .range_test
                .as_ref()
                .is_none_or(|test| next.is_some_and(|value| test.holds(value)))
    }
}

fn references(values: &[Arc<AttributeValue>]) -> Vec<&AttributeValue> {
    values.iter().map(|value| &**value).collect()
}

/// A key condition that does not fit the keys: found after the table lookup, and worded without `Invalid KeyConditionExpression: `.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum KeyConditionMismatch {
    /// A key attribute without a condition.
    Missing(String),
    /// More conditions than key attributes.
    TooMany {
        /// How many conditions.
        conditions: usize,
        /// How many key attributes.
        keys: usize,
    },
    /// A partition key without `=`.
    NotEquality,
    /// A value of another type than the key attribute's.
    TypeMismatch,
    /// HASH attributes of a multi-attribute key without `=` (A1).
    HashNotEqual(Vec<String>),
    /// RANGE attributes without `=` before one that has a condition (A1).
    RangeGap {
        /// Those without `=`.
        missing: Vec<String>,
        /// The one that has a condition.
        conditioned: String,
    },
    /// An empty string or binary (rule 19).
    EmptyValue {
        /// `string` or `binary`.
        value_type: &'static str,
        /// The key attribute.
        attribute: String,
        /// The index, if one is queried.
        index: Option<String>,
    },
    /// A partition key over 2048 bytes (rule 18).
    HashTooLong,
    /// Sort keys over 1024 bytes (rule 18).
    RangeTooLong,
}

impl fmt::Display for KeyConditionMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INVALID: &str = "One or more parameter values were invalid:";
        const EQUALITY: &str = "must have equality conditions specified in the query";
        match self {
            Self::Missing(attribute) => write!(f, "Query condition missed key schema element: {attribute}"),
            Self::TooMany { conditions, keys } => write!(
                f,
                "The number of query conditions ({conditions}) exceeds the number of key attributes defined in the schema ({keys})"
            ),
            Self::NotEquality => f.write_str("Query key condition not supported"),
            Self::TypeMismatch => write!(f, "{INVALID} Condition parameter type does not match schema type"),
            Self::HashNotEqual(missing) => write!(f, "HASH key attributes {} {EQUALITY}", missing.join(", ")),
            Self::RangeGap { missing, conditioned } => write!(
                f,
                "RANGE key attributes {} {EQUALITY} because a condition is present on key attribute {conditioned}",
                missing.join(", ")
            ),
            Self::EmptyValue {
                value_type,
                attribute,
                index,
            } => {
                f.write_str("One or more parameter values are not valid. ")?;
                if index.is_some() {
                    f.write_str("A value specified for a secondary index key is not supported. ")?;
                }
                write!(
                    f,
                    "The AttributeValue for a key attribute cannot contain an empty {value_type} value. "
                )?;
                match index {
                    Some(index) => write!(f, "IndexName: {index}, IndexKey: {attribute}"),
                    None => write!(f, "Key: {attribute}"),
                }
            }
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

impl std::error::Error for KeyConditionMismatch {}

impl KeyClauses {
    /// Fits the conditions to the keys they are to query.
    pub fn plan(&self, keys: &QueryKeys<'_>) -> Result<KeyConditionPlan, KeyConditionMismatch> {
        let key_count = keys.hash.len() + keys.range.len();
        if self.0.len() > key_count {
            return Err(KeyConditionMismatch::TooMany {
                conditions: self.0.len(),
                keys: key_count,
            });
        }
        if keys.hash.len() > 1 || keys.range.len() > 1 {
            self.check_equalities(keys)?;
        }
        let hash = keys.hash.iter().map(|(name, _)| self.clause(name)).collect::<Result<Vec<_>, _>>()?;
        let range: Vec<&KeyClause> = keys.range.iter().map_while(|(name, _)| self.clause(name).ok()).collect();
        if hash.len() + range.len() < self.0.len() {
            // A clause is on no key attribute; the service names the key attribute that goes without.
            let missing = keys.range.get(range.len()).map_or_else(String::new, |(name, _)| (*name).to_owned());
            return Err(KeyConditionMismatch::Missing(missing));
        }
        let hash_values: Vec<_> = hash.iter().filter_map(|clause| clause.equal_value()).collect();
        if hash_values.len() < hash.len() {
            return Err(KeyConditionMismatch::NotEquality);
        }
        self.check_values(keys)?;
        let mut plan = KeyConditionPlan {
            hash: hash_values,
            range_equal: Vec::new(),
            range_test: None,
            range_attributes: keys.range.len(),
        };
        for clause in range {
            match clause.equal_value() {
                Some(value) => plan.range_equal.push(value),
                None => plan.range_test = Some(clause.test.clone()),
            }
        }
        Ok(plan)
    }

    fn clause(&self, attribute: &str) -> Result<&KeyClause, KeyConditionMismatch> {
        let clause = self.0.iter().find(|clause| clause.attribute == attribute);
        clause.ok_or_else(|| KeyConditionMismatch::Missing(attribute.to_owned()))
    }

    fn is_equality(&self, attribute: &str) -> bool {
        self.clause(attribute).is_ok_and(|clause| clause.equal_value().is_some())
    }

    /// A1: every HASH attribute has `=`, and so has every RANGE attribute before the last one with a condition.
    fn check_equalities(&self, keys: &QueryKeys<'_>) -> Result<(), KeyConditionMismatch> {
        let unequal = |attributes: &[(&str, KeyType)]| -> Vec<String> {
            attributes
                .iter()
                .filter(|(name, _)| !self.is_equality(name))
                .map(|(name, _)| (*name).to_owned())
                .collect()
        };
        let missing = unequal(keys.hash);
        if !missing.is_empty() {
            return Err(KeyConditionMismatch::HashNotEqual(missing));
        }
        let Some(last) = keys.range.iter().rposition(|(name, _)| self.clause(name).is_ok()) else {
            return Ok(());
        };
        let missing = unequal(&keys.range[..last]);
        if missing.is_empty() {
            return Ok(());
        }
        Err(KeyConditionMismatch::RangeGap {
            missing,
            conditioned: keys.range[last].0.to_owned(),
        })
    }

    /// Types, empty values and sizes, clause by clause.
    fn check_values(&self, keys: &QueryKeys<'_>) -> Result<(), KeyConditionMismatch> {
        let (mut hash_bytes, mut range_bytes) = (0, 0);
        for clause in &self.0 {
            let is_it = |(name, _): &&(&str, KeyType)| *name == clause.attribute;
            let hash = keys.hash.iter().find(is_it);
            let Some((_, key_type)) = hash.or_else(|| keys.range.iter().find(is_it)) else {
                continue;
            };
            let mut bytes = 0;
            for value in clause.test.values() {
                if KeyType::of(value) != Some(*key_type) {
                    return Err(KeyConditionMismatch::TypeMismatch);
                }
                bytes = value.size().max(bytes);
                if value.size() == 0 {
                    return Err(KeyConditionMismatch::EmptyValue {
                        value_type: if *key_type == KeyType::B { "binary" } else { "string" },
                        attribute: clause.attribute.clone(),
                        index: keys.index.map(str::to_owned),
                    });
                }
            }
            *(if hash.is_some() { &mut hash_bytes } else { &mut range_bytes }) += bytes;
        }
        if hash_bytes > MAX_HASH_BYTES {
            return Err(KeyConditionMismatch::HashTooLong);
        }
        if range_bytes > MAX_RANGE_BYTES {
            return Err(KeyConditionMismatch::RangeTooLong);
        }
        Ok(())
    }
}

impl KeyClause {
    fn equal_value(&self) -> Option<Arc<AttributeValue>> {
        match &self.test {
            KeyTest::Compare(Comparator::Equal, value) => Some(Arc::clone(value)),
            _ => None,
        }
    }
}
