//! Reading numbers. Both validation layers accept the same spellings; they differ in how far an exponent may run (rules 3 and 4).

use super::{MAX_DIGITS, MAX_MAGNITUDE, MIN_MAGNITUDE, Number, NumberError};
use crate::model::Layer;

impl Number {
    /// Reads a number as the current validation layer does.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::parse_in(text, Layer::Current)
    }

    /// Reads a number as a validation layer does: sign, digits with at most one point and at least one digit, exponent (rule 2).
    pub fn parse_in(text: &str, layer: Layer) -> Result<Self, NumberError> {
        match Spelling::read(text.as_bytes(), layer) {
            Some(spelling) => spelling.number(layer),
            None => Err(NumberError::NotNumeric(text.to_owned())),
        }
    }
}

/// A number as it is written: the significant digits, where they stand and the exponent.
struct Spelling {
    negative: bool,
    /// The significant digits without trailing zeros; meaningless when there are more than 38.
    coefficient: u128,
    /// How many digits `coefficient` has; 0 for zero.
    digits: u32,
    /// Zeros after the last digit of `coefficient`, before and after the point.
    trailing_zeros: u32,
    /// Digits after the point.
    fraction_digits: usize,
    exponent: i64,
}

impl Spelling {
    /// `None` when the text is not a number.
    fn read(bytes: &[u8], layer: Layer) -> Option<Self> {
        let (negative, bytes) = split_sign(bytes);
        // Gathered in two machine words: digits 1 to 19, and the rest.
        let mut head: u64 = 0;
        let mut tail: u64 = 0;
        let mut tail_digits: u32 = 0;
        let mut digits: u32 = 0;
        let mut zeros: u32 = 0;
        let mut seen: usize = 0;
        let mut point = None;
        let mut exponent = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'0' => {
                    seen += 1;
                    // Zeros in front of the first digit say nothing.
                    zeros += u32::from(digits > 0);
                }
                b'1'..=b'9' => {
                    seen += 1;
                    let shift = zeros + 1;
                    zeros = 0;
                    digits = digits.saturating_add(shift);
                    let digit = byte - b'0';
                    if digits <= 19 {
                        head = head * 10u64.pow(shift) + u64::from(digit);
                    } else if digits <= MAX_DIGITS {
                        // Its first digit that is not zero is number 20 or later, so it never holds more than 19 of them.
                        tail = if tail == 0 { 0 } else { tail * 10u64.pow(shift) } + u64::from(digit);
                        tail_digits += shift;
                    }
                }
                b'.' if point.is_none() => point = Some(seen),
                b'e' | b'E' => {
                    exponent = read_exponent(&bytes[at + 1..], layer)?;
                    break;
                }
                _ => return None,
            }
        }
        if seen == 0 {
            return None;
        }
        Some(Self {
            negative,
            coefficient: if tail_digits == 0 {
                u128::from(head)
            } else {
                u128::from(head) * 10u128.pow(tail_digits) + u128::from(tail)
            },
            digits,
            trailing_zeros: zeros,
            fraction_digits: point.map_or(0, |before| seen - before),
            exponent,
        })
    }

    fn number(&self, layer: Layer) -> Result<Number, NumberError> {
        // The power of ten of the last digit written, trailing zeros included.
        let last = self.exponent.saturating_sub_unsigned(self.fraction_digits as u64);
        let written = i64::from(self.digits) + i64::from(self.trailing_zeros);
        // A zero counts as one digit standing in the last place (rule 1).
        let above = last.saturating_add(written.max(1));
        if layer == Layer::Older && above > i64::from(i32::MAX) {
            // Java's 32-bit digit arithmetic wraps around here (rule 4).
            return Err(NumberError::Underflow);
        }
        let magnitude = above.saturating_sub(1);
        if magnitude > i64::from(MAX_MAGNITUDE) {
            return Err(NumberError::Overflow);
        }
        if magnitude < i64::from(MIN_MAGNITUDE) {
            return Err(NumberError::Underflow);
        }
        if self.digits > MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        if self.digits == 0 {
            return Ok(Number::ZERO);
        }
        Ok(Number {
            coefficient: self.coefficient,
            // Between -130-37 and 125, as the magnitude is in range.
            exponent: (last + i64::from(self.trailing_zeros)) as i16,
            negative: self.negative,
        })
    }
}

fn split_sign(bytes: &[u8]) -> (bool, &[u8]) {
    match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    }
}

/// The exponent's value, if it is digits only and fits the layer's integer.
fn read_exponent(bytes: &[u8], layer: Layer) -> Option<i64> {
    let (negative, digits) = split_sign(bytes);
    if digits.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        let digit = i64::from(digit - b'0');
        let tens = value.checked_mul(10)?;
        value = if negative {
            tens.checked_sub(digit)?
        } else {
            tens.checked_add(digit)?
        };
    }
    let range = match layer {
        Layer::Current => i64::MIN..=i64::MAX,
        Layer::Older => i64::from(i32::MIN)..=i64::from(i32::MAX),
    };
    range.contains(&value).then_some(value)
}
