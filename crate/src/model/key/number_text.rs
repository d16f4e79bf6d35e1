//! Numbers as ASCII text in the order of their values.
//!
//! Zero is `0`. A positive number is `1`, its magnitude (the power of ten of its first digit, plus 130) as two hexadecimal digits, then
//! its digits: shorter means smaller, as trailing zeros are gone. A negative number is `-`, the same with magnitude and digits
//! complemented, then `~`, which sorts after every digit: there shorter means larger. 12.5 is `183125`, -12.5 is `-7c874~`.

use crate::model::Number;
use crate::model::number::{MAX_DIGITS, MIN_MAGNITUDE};

const NEGATIVE_END: char = '~';

/// Appends a number's text.
pub(super) fn push_number(text: &mut String, number: Number) {
    if number.is_zero() {
        text.push('0');
        return;
    }
    let negative = number.is_negative();
    // -130..=125 becomes 0..=255.
    let magnitude = number.magnitude().abs_diff(MIN_MAGNITUDE) as u8;
    let magnitude = if negative { !magnitude } else { magnitude };
    text.push(if negative { '-' } else { '1' });
    for digit in [magnitude >> 4, magnitude & 15] {
        text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
    }
    let mut buffer = [0; MAX_DIGITS as usize + 1];
    let digits = number.write_digits(&mut buffer);
    text.extend(
        digits
            .iter()
            .map(|&digit| char::from(if negative { b'0' + b'9' - digit } else { digit })),
    );
    if negative {
        text.push(NEGATIVE_END);
    }
}
