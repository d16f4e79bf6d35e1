//! DynamoDB's number as a list of digits, with the arithmetic of school: slow, and easy to see right (behaviour rules 1, 2, 5, 47).

use std::cmp::Ordering;

/// The most significant digits of a number.
const MAX_DIGITS: usize = 38;
/// The powers of ten between which the first digit may stand.
const MAGNITUDES: std::ops::RangeInclusive<isize> = -130..=125;

/// `0.d₁d₂d₃… × 10^point`, negated if `negative`. Neither the first nor the last digit is zero; zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: isize,
}

/// Why something is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// The text is none.
    Text,
    /// Too large.
    Overflow,
    /// Too small.
    Underflow,
    /// More than 38 significant digits.
    Digits,
}

impl NoNumber {
    /// The service's words for an operation that leads there.
    pub fn message(self) -> &'static str {
        match self {
            Self::Text => "The parameter cannot be converted to a numeric value",
            Self::Overflow => "Number overflow. Attempting to store a number with magnitude larger than supported range",
            Self::Underflow => "Number underflow. Attempting to store a number with magnitude smaller than supported range",
            Self::Digits => "Attempting to store more than 38 significant digits in a Number",
        }
    }
}

impl Decimal {
    /// Zero.
    pub fn zero() -> Self {
        Self::of(false, Vec::new(), 0)
    }

    /// An integer.
    pub fn integer(value: isize) -> Self {
        let digits: Vec<u8> = value.unsigned_abs().to_string().bytes().map(|digit| digit - b'0').collect();
        let point = digits.len().cast_signed();
        Self::of(value < 0, digits, point)
    }

    /// Drops the zeros on both ends.
    fn of(negative: bool, mut digits: Vec<u8>, mut point: isize) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..leading);
        point -= leading.cast_signed();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                point: 0,
            };
        }
        Self { negative, digits, point }
    }

    /// Reads a number as it may be written in a request (rules 1 to 3).
    pub fn parse(text: &str) -> Result<Self, NoNumber> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], read_integer(&unsigned[at + 1..]).ok_or(NoNumber::Text)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte.wrapping_sub(b'0')).collect();
        if digits.is_empty() || digits.iter().any(|digit| *digit > 9) {
            return Err(NoNumber::Text);
        }
        let point = i128::from(exponent) + whole.len() as i128;
        let number = Self::of(
            negative,
            digits.clone(),
            isize::try_from(point.clamp(-1_000_000, 1_000_000)).unwrap_or(0),
        );
        if number.is_zero() {
            // A zero stands where its last digit does (rule 1).
            return match point - digits.len() as i128 {
                place if place > *MAGNITUDES.end() as i128 => Err(NoNumber::Overflow),
                place if place < *MAGNITUDES.start() as i128 => Err(NoNumber::Underflow),
                _ => Ok(number),
            };
        }
        number.in_range()
    }

    fn in_range(self) -> Result<Self, NoNumber> {
        let magnitude = self.point - 1;
        if self.is_zero() {
            Ok(self)
        } else if magnitude > *MAGNITUDES.end() {
            Err(NoNumber::Overflow)
        } else if magnitude < *MAGNITUDES.start() {
            Err(NoNumber::Underflow)
        } else if self.digits.len() > MAX_DIGITS {
            Err(NoNumber::Digits)
        } else {
            Ok(self)
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// As the service writes it: expanded, without an exponent or superfluous zeros.
    pub fn text(&self) -> String {
        if self.is_zero() {
            return "0".into();
        }
        let mut text = String::from(if self.negative { "-" } else { "" });
        if self.point <= 0 {
            text.push_str("0.");
            text.extend((self.point..0).map(|_| '0'));
        }
        let written = self.digits.len().cast_signed();
        for place in 0..written.max(self.point) {
            if place == self.point && place > 0 {
                text.push('.');
            }
            let digit = usize::try_from(place).ok().and_then(|place| self.digits.get(place));
            text.push(char::from(b'0' + digit.unwrap_or(&0)));
        }
        text
    }

    /// Another way to write it, as requests may: some numbers with an exponent, a sign or more zeros.
    pub fn spelled(&self) -> String {
        let text = self.text();
        match (self.digits.len() % 4, text.contains('.')) {
            (1, false) if !self.negative => format!("+00{text}"),
            (2, true) => format!("{text}000"),
            (2, false) => format!("{text}.0e0"),
            (3, _) => {
                let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
                let sign = if self.negative { "-" } else { "" };
                format!("{sign}.{digits}E{}", self.point)
            }
            _ => text,
        }
    }

    /// Bytes in an item (rule 5).
    pub fn size(&self) -> usize {
        if self.is_zero() {
            return 1;
        }
        let whole = usize::try_from(self.point).unwrap_or(0).min(self.digits.len());
        let fraction = self.digits.len() - whole;
        1 + whole.div_ceil(2) + fraction.div_ceil(2) + usize::from(self.negative)
    }

    /// The same number with the sign turned.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self::of(!self.negative, self.digits.clone(), self.point)
    }

    /// The sum, if it is a number.
    pub fn plus(&self, other: &Self) -> Result<Self, NoNumber> {
        // Both written out under each other, from the highest place of either to the lowest of either, and a place for a carry.
        let last = |number: &Self| number.point - number.digits.len().cast_signed();
        let (top, bottom) = (self.point.max(other.point) + 1, last(self).min(last(other)));
        let (one, two) = (self.column(top, bottom), other.column(top, bottom));
        let (digits, negative) = if self.negative == other.negative {
            (add(&one, &two), self.negative)
        } else if one >= two {
            (subtract(&one, &two), self.negative)
        } else {
            (subtract(&two, &one), other.negative)
        };
        Self::of(negative, digits, top).in_range()
    }

    /// The difference, if it is a number.
    pub fn minus(&self, other: &Self) -> Result<Self, NoNumber> {
        self.plus(&other.negated())
    }

    /// The digits from one place to another.
    fn column(&self, top: isize, bottom: isize) -> Vec<u8> {
        let digit = |place: isize| usize::try_from(place).ok().and_then(|place| self.digits.get(place));
        (bottom..top)
            .rev()
            .map(|place| *digit(self.point - 1 - place).unwrap_or(&0))
            .collect()
    }
}

/// An integer that fits 64 bits.
fn read_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn add(one: &[u8], two: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum: Vec<u8> = Vec::new();
    for (a, b) in one.iter().zip(two).rev() {
        let digit = a + b + carry;
        carry = digit / 10;
        sum.push(digit % 10);
    }
    sum.reverse();
    sum
}

/// `one - two`, where that is not negative.
fn subtract(one: &[u8], two: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference: Vec<u8> = Vec::new();
    for (a, b) in one.iter().zip(two).rev() {
        let take = b + borrow;
        borrow = u8::from(*a < take);
        difference.push(a + 10 * borrow - take);
    }
    difference.reverse();
    difference
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.is_zero(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let magnitudes = || self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => magnitudes(),
            _ => magnitudes().reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_written_expanded() {
        for (written, text) in [
            ("00042", "42"),
            ("-0", "0"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.e2", "100"),
            ("-12.340", "-12.34"),
            ("1e-3", "0.001"),
            ("+120E1", "1200"),
            ("0e125", "0"),
        ] {
            assert_eq!(read(written).text(), text);
            assert_eq!(read(&read(written).spelled()), read(written), "{}", read(written).spelled());
        }
        for text in ["", "-", "e1", "1e", "1_0", " 1", "0x1", "NaN", "1.2.3", "1e99999999999999999999"] {
            assert_eq!(Decimal::parse(text), Err(NoNumber::Text), "{text}");
        }
        assert_eq!(Decimal::parse("1e126"), Err(NoNumber::Overflow));
        assert_eq!(Decimal::parse("0e126"), Err(NoNumber::Overflow));
        assert_eq!(Decimal::parse("1e-131"), Err(NoNumber::Underflow));
        assert_eq!(Decimal::parse(&"1".repeat(39)), Err(NoNumber::Digits));
    }

    #[test]
    fn sums_carry_and_borrow_and_keep_every_digit() {
        for (a, b, sum) in [
            ("999", "1", "1000"),
            ("1", "-1", "0"),
            ("0.1", "0.02", "0.12"),
            ("100", "-0.5", "99.5"),
            ("-3", "5", "2"),
            ("3", "-5", "-2"),
            ("0", "7", "7"),
        ] {
            assert_eq!(read(a).plus(&read(b)).unwrap(), read(sum), "{a} + {b}");
            assert_eq!(read(sum).minus(&read(b)).unwrap(), read(a), "{sum} - {b}");
        }
        assert_eq!(read("1e38").plus(&read("1")), Err(NoNumber::Digits));
        assert_eq!(read("9e125").plus(&read("9e125")), Err(NoNumber::Overflow));
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let ascending = [
            "-100", "-99.5", "-1", "-0.1", "-0.01", "0", "1e-130", "0.5", "1", "1.5", "10", "1e125",
        ];
        for (at, one) in ascending.iter().enumerate() {
            for (other_at, other) in ascending.iter().enumerate() {
                assert_eq!(read(one).cmp(&read(other)), at.cmp(&other_at), "{one} {other}");
            }
        }
    }

    #[test]
    fn sizes_count_pairs_of_digits_on_either_side_of_the_point() {
        for (text, size) in [
            ("0", 1),
            ("1", 2),
            ("-1", 3),
            ("100", 2),
            ("123", 3),
            ("1.5", 3),
            ("0.001", 2),
            ("-12.345", 5),
        ] {
            assert_eq!(read(text).size(), size, "{text}"); // rule 5
        }
    }
}
