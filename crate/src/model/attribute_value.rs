//! One value of DynamoDB's ten types.

use super::{Item, Number};

/// How many levels an item may have, a top-level attribute being level 1 (rule 17).
pub const MAX_NESTING: usize = 32;

/// One of the ten types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// String
    S,
    /// Number
    N,
    /// Binary
    B,
    /// Boolean
    Bool,
    /// Null
    Null,
    /// String set
    Ss,
    /// Number set
    Ns,
    /// Binary set
    Bs,
    /// List
    L,
    /// Map
    M,
}

impl AttributeType {
    /// The type's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
            Self::L => "L",
            Self::M => "M",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "S" => Self::S,
            "N" => Self::N,
            "B" => Self::B,
            "BOOL" => Self::Bool,
            "NULL" => Self::Null,
            "SS" => Self::Ss,
            "NS" => Self::Ns,
            "BS" => Self::Bs,
            "L" => Self::L,
            "M" => Self::M,
            _ => return None,
        })
    }
}

/// A value of an attribute, a list element or a map member.
///
/// Sets are sorted and without duplicates: strings and binaries by their bytes, numbers by value. So equal values, in DynamoDB's sense
/// (rule 12), are equal structures and have equal canonical JSON. Whoever changes a set restores that order
/// ([`AttributeValue::number_set`] and its like do).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AttributeValue {
    /// String
    S(String),
    /// Number
    N(Number),
    /// Binary
    B(Vec<u8>),
    /// Boolean
    Bool(bool),
    /// Null
    #[default]
    Null,
    /// String set
    Ss(Vec<String>),
    /// Number set
    Ns(Vec<Number>),
    /// Binary set
    Bs(Vec<Vec<u8>>),
    /// List
    L(Vec<AttributeValue>),
    /// Map
    M(Item),
}

impl AttributeValue {
    /// A string set of these members, sorted, each once.
    pub fn string_set(mut members: Vec<String>) -> Self {
        super::sorting::sort(&mut members, Ord::cmp);
        members.dedup();
        Self::Ss(members)
    }

    /// A number set of these members, sorted, each once.
    pub fn number_set(mut members: Vec<Number>) -> Self {
        super::sorting::sort(&mut members, Ord::cmp);
        members.dedup();
        Self::Ns(members)
    }

    /// A binary set of these members, sorted, each once.
    pub fn binary_set(mut members: Vec<Vec<u8>>) -> Self {
        super::sorting::sort(&mut members, Ord::cmp);
        members.dedup();
        Self::Bs(members)
    }

    /// The value's type.
    pub fn attribute_type(&self) -> AttributeType {
        match self {
            Self::S(_) => AttributeType::S,
            Self::N(_) => AttributeType::N,
            Self::B(_) => AttributeType::B,
            Self::Bool(_) => AttributeType::Bool,
            Self::Null => AttributeType::Null,
            Self::Ss(_) => AttributeType::Ss,
            Self::Ns(_) => AttributeType::Ns,
            Self::Bs(_) => AttributeType::Bs,
            Self::L(_) => AttributeType::L,
            Self::M(_) => AttributeType::M,
        }
    }

    /// The name of the value's type on the wire.
    pub fn type_name(&self) -> &'static str {
        self.attribute_type().name()
    }

    /// Size in bytes as DynamoDB counts it (rules 5 and 13), without the attribute's name.
    pub fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::Ss(members) => members.iter().map(String::len).sum(),
            Self::Ns(members) => members.iter().map(|number| number.size()).sum(),
            Self::Bs(members) => members.iter().map(Vec::len).sum(),
            Self::L(elements) => 3 + elements.iter().map(|element| 1 + element.size()).sum::<usize>(),
            Self::M(members) => 3 + members.len() + members.size(),
        }
    }

    /// How many levels the value has: 1, plus those of the deepest element. An item is too deep when an attribute has more than
    /// [`MAX_NESTING`].
    pub fn levels(&self) -> usize {
        let inner = match self {
            Self::L(elements) => elements.iter().map(Self::levels).max(),
            Self::M(members) => members.iter().map(|(_, value)| value.levels()).max(),
            _ => None,
        };
        1 + inner.unwrap_or(0)
    }
}
