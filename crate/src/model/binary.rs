//! Binary values on the wire: standard base64, padded, strictly.

use base64::engine::{Engine, general_purpose::STANDARD};
use std::fmt;

/// Why a text is not base64. The service answers with a `SerializationException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base64Error {
    /// The length, which is not a multiple of four.
    Length(usize),
    /// The last character before the padding has bits that belong to no byte.
    LastCharacter,
    /// A character outside the alphabet, padding in the wrong place included.
    Character(char),
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => write!(f, "Base64 encoded length is expected a multiple of 4 bytes but found: {length}"),
            // The service's spelling.
            Self::LastCharacter => f.write_str("Invalid last non-pad Base64 character dectected"),
            Self::Character(character) => write!(f, "Invalid base 64 character: '{character}'"),
        }
    }
}

impl std::error::Error for Base64Error {}

/// The bytes a base64 text stands for.
pub fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    if !text.len().is_multiple_of(4) {
        return Err(Base64Error::Length(text.len()));
    }
    STANDARD.decode(text).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _) => {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            Base64Error::Character(character.unwrap_or('='))
        }
        _ => Base64Error::LastCharacter,
    })
}

/// Appends the base64 of these bytes.
pub fn write_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, 0);
    // The slice has exactly the room the encoding takes.
    let written = STANDARD.encode_slice(bytes, &mut out[start..]);
    debug_assert_eq!(written, Ok(out.len() - start));
}

/// The base64 of these bytes.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
