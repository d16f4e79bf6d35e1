//! DynamoDB's number: up to 38 significant decimal digits, magnitude 1E-130 to 9.99…E+125, exact (behaviour rules 1 to 5).

mod arithmetic;
mod error;
mod parse;

pub use error::NumberError;

use std::cmp::Ordering;

/// The most significant digits a number may have.
pub(super) const MAX_DIGITS: u32 = 38;
/// The smallest and largest power of ten a first digit may stand for.
pub(super) const MIN_MAGNITUDE: i32 = -130;
/// See [`MIN_MAGNITUDE`].
pub(super) const MAX_MAGNITUDE: i32 = 125;

/// A number: `coefficient × 10^exponent`, negated if `negative`.
///
/// The coefficient never ends in a zero and zero is `0 × 10^0`, not negative; so equal numbers are equal structures, however they were
/// written. The order is that of the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    coefficient: u128,
    exponent: i16,
    negative: bool,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self {
        coefficient: 0,
        exponent: 0,
        negative: false,
    };

    /// An unsigned integer; every `u64` fits.
    pub fn from_u64(value: u64) -> Self {
        Self::trimmed(false, u128::from(value), 0)
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        self.coefficient == 0
    }

    /// Whether this is below zero.
    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// Moves trailing zeros of the coefficient into the exponent. Does not check the range.
    fn trimmed(negative: bool, mut coefficient: u128, mut exponent: i16) -> Self {
        if coefficient == 0 {
            return Self::ZERO;
        }
        // Odd numbers end in no zero: spares most numbers the wide division.
        while coefficient & 1 == 0 && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        Self {
            coefficient,
            exponent,
            negative,
        }
    }

    /// How many significant digits; 1 for zero.
    pub(super) fn digits(self) -> u32 {
        count_digits(self.coefficient)
    }

    /// The power of ten the first significant digit stands for; 0 for zero.
    pub(super) fn magnitude(self) -> i32 {
        i32::from(self.exponent) + self.digits().cast_signed() - 1
    }

    /// Size in an item, in bytes (rule 5): 1, a byte for every two significant digits before the point, a byte for every two after it, and
    /// 1 if negative; zero takes 1.
    pub fn size(self) -> usize {
        if self.is_zero() {
            return 1;
        }
        let digits = self.digits() as usize;
        let fraction = self.places().min(digits);
        let integer = digits - fraction;
        1 + integer.div_ceil(2) + fraction.div_ceil(2) + usize::from(self.negative)
    }

    /// How many digits the expanded number has after the point.
    fn places(self) -> usize {
        usize::from(self.exponent.min(0).unsigned_abs())
    }

    /// Appends the number as the service writes it (rule 2): expanded, without exponent, superfluous zeros or a negative zero.
    pub fn write_text(self, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        let mut buffer = [0; MAX_DIGITS as usize + 1];
        let digits = self.write_digits(&mut buffer);
        let places = self.places();
        if places == 0 {
            out.extend_from_slice(digits);
            push_zeros(out, usize::from(self.exponent.unsigned_abs()));
        } else if digits.len() > places {
            let (integer, fraction) = digits.split_at(digits.len() - places);
            out.extend_from_slice(integer);
            out.push(b'.');
            out.extend_from_slice(fraction);
        } else {
            out.extend_from_slice(b"0.");
            push_zeros(out, places - digits.len());
            out.extend_from_slice(digits);
        }
    }

    /// [`write_text`](Self::write_text) as a string.
    pub fn to_text(self) -> String {
        let mut out = Vec::new();
        self.write_text(&mut out);
        out.into_iter().map(char::from).collect()
    }

    /// The coefficient's digits in ASCII, at the end of the buffer.
    pub(super) fn write_digits(self, buffer: &mut [u8; MAX_DIGITS as usize + 1]) -> &[u8] {
        let mut at = buffer.len();
        let mut high = self.coefficient;
        loop {
            // 19 digits at a time, as narrow division is many times faster.
            let (mut low, last) = match u64::try_from(high) {
                Ok(all) => (all, true),
                Err(_) => ((high % POWER_19) as u64, false),
            };
            let stop = if last { 0 } else { at.saturating_sub(19) };
            loop {
                at -= 1;
                buffer[at] = b'0' + (low % 10) as u8;
                low /= 10;
                if if last { low == 0 } else { at == stop } {
                    break;
                }
            }
            if last {
                return &buffer[at..];
            }
            high /= POWER_19;
        }
    }
}

fn push_zeros(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len() + count, b'0');
}

const POWER_19: u128 = 10u128.pow(19);

fn count_digits(coefficient: u128) -> u32 {
    match u64::try_from(coefficient) {
        Ok(0) => 1,
        Ok(small) => small.ilog10() + 1,
        Err(_) => coefficient.ilog10() + 1,
    }
}

/// `10^power`, if it fits.
fn power_of_ten(power: u32) -> Option<u128> {
    10u128.checked_pow(power)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => compare_magnitudes(*self, *other),
            (true, true) => compare_magnitudes(*other, *self),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of two absolute values.
fn compare_magnitudes(a: Number, b: Number) -> Ordering {
    if a.exponent == b.exponent || a.is_zero() || b.is_zero() {
        return a.coefficient.cmp(&b.coefficient);
    }
    a.magnitude().cmp(&b.magnitude()).then_with(|| {
        // First digits at the same place: bring both coefficients to the same number of digits, which is at most 38.
        let (a_digits, b_digits) = (a.digits(), b.digits());
        let widen = |number: Number, by: u32| number.coefficient * power_of_ten(by).unwrap_or(1);
        let a_wide = widen(a, b_digits.saturating_sub(a_digits));
        let b_wide = widen(b, a_digits.saturating_sub(b_digits));
        a_wide.cmp(&b_wide)
    })
}

#[cfg(test)]
mod tests;
