//! What can be wrong with a value on the wire, in the service's words. Which words surround them is the operation's business; this
//! file says which surroundings an error admits.

use super::binary::Base64Error;
use super::{Layer, NumberError};
use std::fmt;

/// How deep an item must be for the service to drop the prefix of its nesting error.
pub(super) const BARE_NESTING: usize = 64;

/// Why a JSON value is no attribute value. `Display` gives the core sentence, without `1 validation error detected: `.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// A number that is none, or out of range.
    Number(NumberError, Layer),
    /// A number set with a number twice, perhaps in two spellings.
    DuplicateNumbers(Layer),
    /// A string set with a member twice; the members as the layer lists them, brackets included.
    DuplicateStrings(String),
    /// A binary set with a member twice; the members as the layer lists them, brackets included.
    DuplicateBinaries(String),
    /// `SS: []`
    EmptyStringSet,
    /// `NS: []`
    EmptyNumberSet,
    /// `BS: []`
    EmptyBinarySet,
    /// `NULL: false`
    NullFalse,
    /// Two types in one value.
    MoreThanOneType,
    /// No type in a value, or none that is known.
    NoType,
    /// An attribute, or a map's member, named "".
    EmptyAttributeName,
    /// More levels than 32; how many, counted up to 64.
    Nesting(usize),
    /// A binary that is not base64: a `SerializationException`.
    Base64(Base64Error),
    /// A JSON value of the wrong kind, which the request's own checks ought to have refused: a `SerializationException`.
    Malformed,
}

/// Whether an error in an expression attribute value is wrapped: `ExpressionAttributeValues contains invalid value: … for key :v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueWrapper {
    /// On every operation.
    Always,
    /// On `UpdateItem` only.
    UpdateItem,
    /// On `Query` only.
    Query,
    /// On none.
    Never,
}

impl ValueError {
    /// Whether `1 validation error detected: ` may stand in front (where the operation puts it at all).
    pub fn takes_prefix(&self) -> bool {
        match self {
            Self::MoreThanOneType | Self::NoType | Self::Base64(_) | Self::Malformed => false,
            Self::Nesting(levels) => *levels < BARE_NESTING,
            _ => true,
        }
    }

    /// Where the error is wrapped when it comes from an expression attribute value (rule 11).
    pub fn wrapper(&self) -> ValueWrapper {
        match self {
            Self::EmptyStringSet | Self::EmptyNumberSet | Self::EmptyBinarySet => ValueWrapper::Always,
            Self::MoreThanOneType => ValueWrapper::UpdateItem,
            Self::NoType => ValueWrapper::Query,
            _ => ValueWrapper::Never,
        }
    }

    /// Whether the service answers with a `SerializationException` instead of a `ValidationException`.
    pub fn is_serialization(&self) -> bool {
        matches!(self, Self::Base64(_) | Self::Malformed)
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INVALID: &str = "One or more parameter values were invalid: ";
        let (lead, text) = match self {
            Self::Number(error, Layer::Current) => return error.fmt(f),
            Self::Number(error, Layer::Older) => return f.write_str(&error.older_text()),
            Self::Base64(error) => return error.fmt(f),
            Self::DuplicateStrings(members) => return write!(f, "{INVALID}Input collection {members} contains duplicates."),
            Self::DuplicateBinaries(members) => return write!(f, "{INVALID}Input collection {members}of type BS contains duplicates."),
            Self::DuplicateNumbers(Layer::Current) => (INVALID, "Input collection contains duplicates."),
            Self::DuplicateNumbers(Layer::Older) => ("", "Input collection contains duplicates"),
            Self::EmptyStringSet => (INVALID, "An string set  may not be empty"),
            Self::EmptyNumberSet => (INVALID, "An number set  may not be empty"),
            Self::EmptyBinarySet => (INVALID, "Binary sets should not be empty"),
            Self::NullFalse => (INVALID, "Null attribute value types must have the value of true"),
            Self::MoreThanOneType => (
                "Supplied AttributeValue has more than one datatypes set,",
                " must contain exactly one of the supported datatypes",
            ),
            Self::NoType => (
                "Supplied AttributeValue is empty,",
                " must contain exactly one of the supported datatypes",
            ),
            Self::EmptyAttributeName => ("", "Empty attribute name"),
            Self::Nesting(_) => (
                "Nesting Levels have exceeded supported limits: ",
                "Attributes in the item have nested levels beyond supported limit",
            ),
            Self::Malformed => ("", "Unexpected value type in payload"),
        };
        f.write_str(lead)?;
        f.write_str(text)
    }
}

impl std::error::Error for ValueError {}
