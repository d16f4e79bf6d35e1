//! Numbers, held against sums and comparisons done on paper: column by column.

use super::*;
use crate::model::Layer;
use proptest::prelude::*;

/// How many columns there are on each side of the point: more than any number under test fills.
const COLUMNS: usize = 400;

/// A decimal number as digits in columns; `digits[COLUMNS]` are the ones.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Paper {
    negative: bool,
    digits: Vec<u8>,
}

impl Paper {
    fn new(negative: bool, digits: &str, places: i32) -> Self {
        let mut paper = Self {
            negative,
            digits: vec![0; 2 * COLUMNS],
        };
        for (index, digit) in digits.bytes().rev().enumerate() {
            let column = i32::try_from(COLUMNS + index).unwrap() - places;
            paper.digits[usize::try_from(column).unwrap()] = digit - b'0';
        }
        paper
    }

    /// The order of the absolute values.
    fn compare_columns(&self, other: &Self) -> Ordering {
        self.digits.iter().rev().cmp(other.digits.iter().rev())
    }

    fn is_zero(&self) -> bool {
        self.digits.iter().all(|&digit| digit == 0)
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self.negative && !self.is_zero(), other.negative && !other.is_zero()) {
            (false, false) => self.compare_columns(other),
            (true, true) => other.compare_columns(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }

    fn add(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        let mut carry = 0;
        if self.negative == other.negative {
            for (digit, add) in sum.digits.iter_mut().zip(&other.digits) {
                let column = *digit + add + carry;
                *digit = column % 10;
                carry = column / 10;
            }
        } else {
            let (large, small) = if self.compare_columns(other) == Ordering::Less {
                (other, self)
            } else {
                (self, other)
            };
            sum = large.clone();
            for (digit, sub) in sum.digits.iter_mut().zip(&small.digits) {
                let column = 10 + *digit - sub - carry;
                *digit = column % 10;
                carry = 1 - column / 10;
            }
        }
        sum
    }

    fn negated(&self) -> Self {
        Self {
            negative: !self.negative,
            ..self.clone()
        }
    }

    /// What DynamoDB makes of the number: its text, or why it is none.
    fn verdict(&self) -> Result<String, NumberError> {
        let Some(first) = self.digits.iter().rposition(|&digit| digit != 0) else {
            return Ok("0".to_owned());
        };
        let last = self.digits.iter().position(|&digit| digit != 0).unwrap();
        if first > COLUMNS + 125 {
            return Err(NumberError::Overflow);
        }
        if first < COLUMNS - 130 {
            return Err(NumberError::Underflow);
        }
        if first - last >= 38 {
            return Err(NumberError::TooManyDigits);
        }
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        for column in (last.min(COLUMNS)..=first.max(COLUMNS)).rev() {
            text.push(char::from(b'0' + self.digits[column]));
            if column == COLUMNS && last < COLUMNS {
                text.push('.');
            }
        }
        Ok(text)
    }
}

/// A spelling, and the same number on paper; many beyond the range or too long, none of them a zero with an exponent.
fn spelling() -> impl Strategy<Value = (String, Paper)> {
    let digits = prop_oneof![
        4 => "[0-9]{1,19}",
        2 => "[1-9][0-9]{36,38}",
        2 => "[09]{1,40}",
        1 => "0{0,3}[1-9]0{0,40}",
    ];
    let exponent = prop_oneof![
        3 => Just(0),
        4 => -6..6i32,
        2 => -170..170i32,
        1 => 80..126i32,
        1 => -140..-100i32,
    ];
    (digits, any::<prop::sample::Index>(), exponent, any::<bool>(), 0..5u8).prop_map(|(digits, point, exponent, negative, style)| {
        let is_zero = digits.bytes().all(|digit| digit == b'0');
        let exponent = if is_zero { 0 } else { exponent };
        let point = if style == 0 { digits.len() } else { point.index(digits.len() + 1) };
        let (integer, fraction) = digits.split_at(point);
        let dot = if fraction.is_empty() && style != 1 { "" } else { "." };
        let sign = if negative {
            "-"
        } else if style == 2 {
            "+"
        } else {
            ""
        };
        let suffix = match (exponent, style) {
            (0, 0..=3) => String::new(),
            (_, 3) => format!("E{exponent:+}"),
            _ => format!("e{exponent}"),
        };
        let places = i32::try_from(fraction.len()).unwrap() - exponent;
        (
            format!("{sign}{integer}{dot}{fraction}{suffix}"),
            Paper::new(negative, &digits, places),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_spelling_reads_as_on_paper((text, paper) in spelling()) {
        let expected = paper.verdict();
        for layer in [Layer::Current, Layer::Older] {
            prop_assert_eq!(Number::parse_in(&text, layer).map(Number::to_text), expected.clone(), "{}", text);
        }
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_number((text, _) in spelling()) {
        if let Ok(number) = Number::parse(&text) {
            prop_assert_eq!(Number::parse(&number.to_text()), Ok(number));
        }
    }

    #[test]
    fn the_order_is_that_on_paper((a_text, a) in spelling(), (b_text, b) in spelling()) {
        if let (Ok(a_number), Ok(b_number)) = (Number::parse(&a_text), Number::parse(&b_text)) {
            prop_assert_eq!(a_number.cmp(&b_number), a.compare(&b), "{} {}", a_text, b_text);
            prop_assert_eq!(a_number == b_number, a.compare(&b) == Ordering::Equal);
        }
    }

    #[test]
    fn sums_and_differences_are_those_on_paper((a_text, a) in spelling(), (b_text, b) in spelling()) {
        if let (Ok(a_number), Ok(b_number)) = (Number::parse(&a_text), Number::parse(&b_text)) {
            let sum = a_number.checked_add(b_number).map(Number::to_text);
            prop_assert_eq!(sum, a.add(&b).verdict(), "{} + {}", a_text, b_text);
            let difference = a_number.checked_sub(b_number).map(Number::to_text);
            prop_assert_eq!(difference, a.add(&b.negated()).verdict(), "{} - {}", a_text, b_text);
        }
    }

    #[test]
    fn integers_are_the_numbers_they_spell(integer: u64) {
        prop_assert_eq!(Number::from_u64(integer).to_text(), integer.to_string());
        prop_assert_eq!(Number::parse(&integer.to_string()), Ok(Number::from_u64(integer)));
    }

    #[test]
    fn any_text_gives_a_number_or_an_error(text in "[-+0-9.eE ]{0,12}|\\PC{0,8}") {
        if let Err(NumberError::NotNumeric(shown)) = Number::parse(&text) {
            prop_assert_eq!(shown, text);
        }
    }
}

fn text(spelling: &str) -> Result<String, NumberError> {
    Number::parse(spelling).map(Number::to_text)
}

#[test]
fn spellings_are_normalised_as_rule_2_says() {
    let cases = [
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.e5", "100000"),
        ("00042", "42"),
        ("-0", "0"),
        ("-0.000", "0"),
        ("1.50", "1.5"),
        ("100e-2", "1"),
        ("12e-3", "0.012"),
        ("1E+2", "100"),
        ("1e0000000000000000000000000005", "100000"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
    ];
    for (spelling, expected) in cases {
        assert_eq!(text(spelling).as_deref(), Ok(expected), "{spelling}");
    }
    assert_eq!(text("1e125").unwrap(), format!("1{}", "0".repeat(125)));
    assert_eq!(text(&format!("1{}", "0".repeat(126))), Err(NumberError::Overflow));
    assert_eq!(text("-1e-130").unwrap(), format!("-0.{}1", "0".repeat(129)));
}

#[test]
fn what_rule_3_refuses_is_not_numeric() {
    for spelling in [
        "",
        " ",
        " 1",
        "1 ",
        "1e",
        "1e+",
        "e5",
        ".",
        "-",
        "+",
        "+-1",
        "0x5",
        "NaN",
        "Infinity",
        "1_000",
        "1,5",
        "1.2.3",
        "1e5.0",
        "1e5e5",
        "١",
        "1e9223372036854775808",
        "1e-9223372036854775809",
    ] {
        assert_eq!(text(spelling), Err(NumberError::NotNumeric(spelling.to_owned())), "{spelling:?}");
    }
}

#[test]
fn zero_has_a_range_too() {
    // rule 1
    assert_eq!(text("0e125").as_deref(), Ok("0"));
    assert_eq!(text("0e126"), Err(NumberError::Overflow));
    assert_eq!(text("0e-130").as_deref(), Ok("0"));
    assert_eq!(text("0e-131"), Err(NumberError::Underflow));
}

#[test]
fn the_layers_read_exponents_to_64_and_to_32_bits() {
    // rules 3, 4
    let read = |spelling: &str, layer| Number::parse_in(spelling, layer).unwrap_err();
    let not_numeric = |spelling: &str| NumberError::NotNumeric(spelling.to_owned());
    assert_eq!(read("1e99999999999", Layer::Current), NumberError::Overflow);
    assert_eq!(read("1e-99999999999", Layer::Current), NumberError::Underflow);
    assert_eq!(read("1e9223372036854775807", Layer::Current), NumberError::Overflow);
    assert_eq!(read("0.1e-9223372036854775808", Layer::Current), NumberError::Underflow);
    assert_eq!(read("1e2147483648", Layer::Older), not_numeric("1e2147483648"));
    assert_eq!(read("1e2147483647", Layer::Older), NumberError::Underflow);
    assert_eq!(read("1e2147483646", Layer::Older), NumberError::Overflow);
    assert_eq!(read("1e2147483647", Layer::Current), NumberError::Overflow);
}

#[test]
fn a_sum_too_wide_for_128_bits_overflows_only_if_it_carries_beyond_the_range() {
    let sum = |a: &str, b: &str| {
        Number::parse(a)
            .unwrap()
            .checked_add(Number::parse(b).unwrap())
            .map(Number::to_text)
    };
    let nines = "9".repeat(38);
    let most = format!("{nines}e88");
    assert_eq!(sum(&most, "11e87"), Err(NumberError::Overflow));
    assert_eq!(sum(&most, "1e88"), Err(NumberError::Overflow));
    assert_eq!(sum(&most, "9e87"), Err(NumberError::TooManyDigits));
    assert_eq!(sum(&most, "-11e87"), Err(NumberError::TooManyDigits));
    assert_eq!(sum(&format!("{nines}e87"), "11e86"), Err(NumberError::TooManyDigits));
    // Five units below the carry.
    let below = format!("{}5e88", "9".repeat(37));
    assert_eq!(sum(&below, "31e87"), Err(NumberError::TooManyDigits));
    assert_eq!(sum(&below, "51e87"), Err(NumberError::Overflow));
    assert_eq!(sum(&most, &format!("-{most}")).as_deref(), Ok("0"));
}

#[test]
fn sums_fill_38_digits_and_the_range_and_go_no_further() {
    // rule 1
    let sum = |a: &str, b: &str| Number::parse(a).unwrap().checked_add(Number::parse(b).unwrap());
    assert_eq!(sum("1e125", "1e125"), Number::parse("2e125"));
    assert_eq!(sum("9e125", "1e125"), Err(NumberError::Overflow));
    let ones = "1".repeat(38);
    assert_eq!(sum(&ones, "1"), Number::parse(&format!("{}2", "1".repeat(37))));
    // 39 digits, which 128 bits still hold.
    assert_eq!(sum(&ones, "0.1"), Err(NumberError::TooManyDigits));
}

#[test]
fn zero_stands_between_the_smallest_numbers() {
    let in_order: Vec<Number> = ["-1", "-0.5", "-1e-130", "0", "1e-130", "0.5", "1"]
        .map(|text| Number::parse(text).unwrap())
        .into();
    for pair in in_order.windows(2) {
        assert_eq!(pair[0].cmp(&pair[1]), Ordering::Less, "{pair:?}");
        assert_eq!(pair[1].cmp(&pair[0]), Ordering::Greater, "{pair:?}");
    }
}

#[test]
fn differences_reach_zero_and_the_lower_end_of_the_range() {
    let difference = |a: &str, b: &str| Number::parse(a).unwrap().checked_sub(Number::parse(b).unwrap());
    assert_eq!(difference("0", "0"), Ok(Number::ZERO));
    assert_eq!(difference("1.1e-130", "1e-130"), Err(NumberError::Underflow));
    assert_eq!(difference("2.5e-130", "1.5e-130"), Number::parse("1e-130"));
    assert_eq!(Number::ZERO.negated(), Number::ZERO);
}

#[test]
fn the_texts_are_the_services() {
    // rules 1, 4
    let not_numeric = NumberError::NotNumeric("abc".to_owned());
    assert_eq!(not_numeric.to_string(), "The parameter cannot be converted to a numeric value: abc");
    assert_eq!(
        not_numeric.older_text(),
        "The parameter cannot be converted to a numeric value: abc"
    );
    let empty = NumberError::NotNumeric(String::new());
    assert_eq!(empty.to_string(), "The parameter cannot be converted to a numeric value: ");
    assert_eq!(empty.older_text(), "The parameter cannot be converted to a numeric value");
    assert_eq!(
        NumberError::Overflow.to_string(),
        "Number overflow. Attempting to store a number with magnitude larger than supported range"
    );
    assert_eq!(
        NumberError::Underflow.older_text(),
        "Number underflow. Attempting to store a number with magnitude smaller than supported range"
    );
    assert_eq!(
        NumberError::TooManyDigits.to_string(),
        "Attempting to store more than 38 significant digits in a Number"
    );
}

#[test]
fn sizes_count_digit_pairs_on_each_side_of_the_point() {
    // rule 5
    let cases = [
        ("0", 1),
        ("1", 2),
        ("12", 2),
        ("123", 3),
        ("-1", 3),
        ("1000", 2),
        ("0.5", 2),
        ("0.001", 2),
        ("1.5", 3),
        ("100.001", 5),
        ("-100.001", 6),
        ("12345678901234567890123456789012345678", 20),
        ("1e-130", 2),
    ];
    for (spelling, size) in cases {
        assert_eq!(Number::parse(spelling).unwrap().size(), size, "{spelling}");
    }
}
