//! Exact addition and subtraction: a result that 38 digits cannot hold is an error, never a rounding.

use super::{MAX_DIGITS, MAX_MAGNITUDE, MIN_MAGNITUDE, Number, NumberError, count_digits, power_of_ten};

impl Number {
    /// The sum, if it is a DynamoDB number.
    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        if self.is_zero() {
            return Ok(other);
        }
        if other.is_zero() {
            return Ok(self);
        }
        let (high, low) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let shift = u32::from(high.exponent.abs_diff(low.exponent));
        let same_sign = high.negative == low.negative;
        let too_wide = || Err(too_wide(high, low, shift, same_sign));
        let Some(wide) = power_of_ten(shift).and_then(|power| high.coefficient.checked_mul(power)) else {
            return too_wide();
        };
        let (coefficient, negative) = if same_sign {
            match wide.checked_add(low.coefficient) {
                Some(sum) => (sum, high.negative),
                None => return too_wide(),
            }
        } else if wide >= low.coefficient {
            (wide - low.coefficient, high.negative)
        } else {
            (low.coefficient - wide, low.negative)
        };
        let sum = Self::trimmed(negative, coefficient, low.exponent);
        if sum.is_zero() {
            return Ok(sum);
        }
        let magnitude = sum.magnitude();
        if magnitude > MAX_MAGNITUDE {
            Err(NumberError::Overflow)
        } else if magnitude < MIN_MAGNITUDE {
            Err(NumberError::Underflow)
        } else if sum.digits() > MAX_DIGITS {
            Err(NumberError::TooManyDigits)
        } else {
            Ok(sum)
        }
    }

    /// The difference, if it is a DynamoDB number.
    pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
        self.checked_add(other.negated())
    }

    /// The number with its sign turned; zero stays zero.
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            negative: !self.negative && !self.is_zero(),
            ..self
        }
    }
}

/// Which error a sum is that 128 bits cannot hold.
///
/// The widened coefficient or the sum exceeds 3.4E+38. Coefficients stay below 1E+38, so there was a shift, the last digit is `low`'s and
/// not zero, and at least 39 digits stand above it, whatever is subtracted. Only a carry beyond the range makes it an overflow.
fn too_wide(high: Number, low: Number, shift: u32, same_sign: bool) -> NumberError {
    let carries = || {
        let digits = count_digits(high.coefficient);
        let missing = power_of_ten(digits)? - high.coefficient;
        let missing = missing.checked_mul(power_of_ten(shift)?)?;
        Some(low.coefficient >= missing)
    };
    if same_sign && high.magnitude() == MAX_MAGNITUDE && carries() == Some(true) {
        NumberError::Overflow
    } else {
        NumberError::TooManyDigits
    }
}
