//! Ranges of keys: all keys whose first parts are given and whose next part fulfils a condition.

use super::{AttributeValue, MAX_PARTS, TERMINATOR, encode_key_part, encode_prefix, push_escaped};
use std::ops::Bound;

/// A condition on the part of a key that follows the ones given by equality.
#[derive(Clone, Copy, Debug)]
pub enum KeyCondition<'v> {
    /// `=`
    Equal(&'v AttributeValue),
    /// `<`
    Less(&'v AttributeValue),
    /// `<=`
    LessOrEqual(&'v AttributeValue),
    /// `>`
    Greater(&'v AttributeValue),
    /// `>=`
    GreaterOrEqual(&'v AttributeValue),
    /// `BETWEEN`, both ends included
    Between(&'v AttributeValue, &'v AttributeValue),
    /// `begins_with`, for strings and binaries
    BeginsWith(&'v AttributeValue),
}

/// A range of key texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// Where the range starts.
    pub lower: Bound<String>,
    /// Where the range ends.
    pub upper: Bound<String>,
}

impl KeyRange {
    /// Every key.
    pub const ALL: Self = Self {
        lower: Bound::Unbounded,
        upper: Bound::Unbounded,
    };

    /// Whether a key's text is in the range.
    pub fn contains(&self, key: &str) -> bool {
        let above = match &self.lower {
            Bound::Included(lower) => key >= lower.as_str(),
            Bound::Excluded(lower) => key > lower.as_str(),
            Bound::Unbounded => true,
        };
        let below = match &self.upper {
            Bound::Included(upper) => key <= upper.as_str(),
            Bound::Excluded(upper) => key < upper.as_str(),
            Bound::Unbounded => true,
        };
        above && below
    }
}

/// All keys of `parts` parts whose first parts equal `equal` and whose next part fulfils `condition`; those of the next part's type only.
///
/// `None` when there are more parts than the key has, or a value cannot be a key (or, for `begins_with`, is a number).
pub fn prefix_range(parts: usize, equal: &[&AttributeValue], condition: Option<KeyCondition<'_>>) -> Option<KeyRange> {
    let used = equal.len() + usize::from(condition.is_some());
    if !(1..=MAX_PARTS).contains(&parts) || used > parts {
        return None;
    }
    let Some(condition) = condition else {
        return match equal {
            [only] if parts == 1 => Some(exactly(encode_key_part(only)?)),
            _ => Some(starting_with(encode_prefix(equal)?)),
        };
    };
    let whole = starting_with(encode_prefix(equal)?);
    // The keys whose next part is the value: one text when the key has one part, all texts that start so otherwise.
    let at = |value: &AttributeValue| -> Option<KeyRange> {
        let part = encode_key_part(value)?;
        if parts == 1 {
            return Some(exactly(part));
        }
        let mut text = encode_prefix(equal)?;
        push_escaped(&mut text, &part);
        text.push_str(TERMINATOR);
        Some(starting_with(text))
    };
    Some(match condition {
        KeyCondition::Equal(value) => at(value)?,
        KeyCondition::Less(value) => KeyRange {
            lower: whole.lower,
            upper: before(at(value)?.lower),
        },
        KeyCondition::LessOrEqual(value) => KeyRange {
            lower: whole.lower,
            upper: at(value)?.upper,
        },
        KeyCondition::Greater(value) => KeyRange {
            lower: after(at(value)?.upper),
            upper: whole.upper,
        },
        KeyCondition::GreaterOrEqual(value) => KeyRange {
            lower: at(value)?.lower,
            upper: whole.upper,
        },
        KeyCondition::Between(low, high) => KeyRange {
            lower: at(low)?.lower,
            upper: at(high)?.upper,
        },
        KeyCondition::BeginsWith(value) => {
            let part = match value {
                // Every string begins with "", those that are marked included.
                AttributeValue::S(_) | AttributeValue::B(_) => encode_key_part(value)?,
                _ => return None,
            };
            if parts == 1 {
                starting_with(part)
            } else {
                let mut text = encode_prefix(equal)?;
                push_escaped(&mut text, &part);
                starting_with(text)
            }
        }
    })
}

fn exactly(text: String) -> KeyRange {
    KeyRange {
        lower: Bound::Included(text.clone()),
        upper: Bound::Included(text),
    }
}

/// All texts that start with this one.
fn starting_with(text: String) -> KeyRange {
    if text.is_empty() {
        return KeyRange::ALL;
    }
    KeyRange {
        upper: match after_all_starting_with(&text) {
            Some(upper) => Bound::Excluded(upper),
            None => Bound::Unbounded,
        },
        lower: Bound::Included(text),
    }
}

/// The upper bound that leaves out what a lower bound lets in.
fn before(lower: Bound<String>) -> Bound<String> {
    match lower {
        Bound::Included(text) => Bound::Excluded(text),
        Bound::Excluded(text) => Bound::Included(text),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// The lower bound that leaves out what an upper bound lets in.
fn after(upper: Bound<String>) -> Bound<String> {
    before(upper)
}

/// The least text above all that start with `text`: its last character raised by one. U+10FFFF cannot be raised and is dropped; the
/// surrogates are no characters and are skipped. `None` if nothing is above.
fn after_all_starting_with(text: &str) -> Option<String> {
    let mut upper = text.to_owned();
    while let Some(last) = upper.pop() {
        let next = match last {
            char::MAX => continue,
            '\u{d7ff}' => '\u{e000}',
            _ => char::from_u32(u32::from(last) + 1)?,
        };
        upper.push(next);
        return Some(upper);
    }
    None
}
