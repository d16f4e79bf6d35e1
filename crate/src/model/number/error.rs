//! What can be wrong with a number, in the service's words.

use std::fmt;

/// Why a text or a result is no DynamoDB number. `Display` gives the sentence the current validation layer answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// The text, which is not a decimal number.
    NotNumeric(String),
    /// 1E+126 or beyond, a zero written with such an exponent included.
    Overflow,
    /// Below 1E-130, a zero written with such an exponent included.
    Underflow,
    /// More than 38 significant digits.
    TooManyDigits,
}

impl NumberError {
    /// The sentence of the older validation layer (rule 4): it leaves out the colon when there is no text to show.
    pub fn older_text(&self) -> String {
        let text = self.to_string();
        match text.strip_suffix(": ") {
            Some(core) => core.to_owned(),
            None => text,
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNumeric(text) => {
                f.write_str("The parameter cannot be converted to a numeric value: ")?;
                f.write_str(text)
            }
            Self::Overflow => f.write_str("Number overflow. Attempting to store a number with magnitude larger than supported range"),
            Self::Underflow => f.write_str("Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            Self::TooManyDigits => f.write_str("Attempting to store more than 38 significant digits in a Number"),
        }
    }
}

impl std::error::Error for NumberError {}
