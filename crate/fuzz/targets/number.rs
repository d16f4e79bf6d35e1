//! Two lines as numbers: read, written, ordered, measured and added as the oracle's schoolbook does it.
#![no_main]

use dynatab::model::{AttributeValue, Layer, Number, NumberError, encode_key_part};
use dynatab_oracle::decimal::{Decimal, NoNumber};
use libfuzzer_sys::fuzz_target;

fn fault(error: &NumberError) -> NoNumber {
    match error {
        NumberError::Overflow => NoNumber::Overflow,
        NumberError::Underflow => NoNumber::Underflow,
        NumberError::TooManyDigits => NoNumber::Digits,
        _ => NoNumber::Text,
    }
}

/// The number if it is one; both readers agree on it, or on why it is none.
fn read(text: &str) -> Option<(Number, Decimal)> {
    match (Number::parse(text), Decimal::parse(text)) {
        (Ok(number), Ok(decimal)) => {
            assert_eq!(number.to_text(), decimal.text(), "{text}");
            assert_eq!(number.size(), decimal.size(), "{text}");
            assert_eq!(Number::parse(&number.to_text()), Ok(number), "{text}");
            assert_eq!(Number::parse(&decimal.spelled()), Ok(number), "{text}");
            // The older layer only reads exponents of 32 bits.
            assert_eq!(Number::parse_in(&number.to_text(), Layer::Older), Ok(number), "{text}");
            Some((number, decimal))
        }
        (Err(error), Err(reason)) => {
            assert_eq!(fault(&error), reason, "{text}");
            assert!(Number::parse_in(text, Layer::Older).is_err(), "{text}");
            None
        }
        (number, decimal) => panic!("{text}: {number:?}, by school {decimal:?}"),
    }
}

fn same(result: Result<Number, NumberError>, school: Result<Decimal, NoNumber>, sum: &str) {
    let result = result.map(Number::to_text).map_err(|error| fault(&error));
    assert_eq!(result, school.map(|decimal| decimal.text()), "{sum}");
}

fuzz_target!(|text: &str| {
    let (one, two) = text.split_once('\n').unwrap_or((text, "1"));
    let (Some((a, school_a)), Some((b, school_b))) = (read(one), read(two)) else {
        return;
    };
    assert_eq!(a.cmp(&b), school_a.cmp(&school_b), "{one} {two}");
    let key = |number| encode_key_part(&AttributeValue::N(number)).expect("numbers are keys");
    assert_eq!(key(a).cmp(&key(b)), school_a.cmp(&school_b), "keys of {one} {two}");
    same(a.checked_add(b), school_a.plus(&school_b), &format!("{one} + {two}"));
    same(a.checked_sub(b), school_a.minus(&school_b), &format!("{one} - {two}"));
});
