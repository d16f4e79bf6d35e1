//! Shard iterators: a stream's ARN, a place in it and the time of issue, as text nobody needs to understand.

use crate::api::error::ApiError;
use crate::model::binary;
use crate::schema::{StreamName, stream_arn};

/// How long an iterator can be used (`GetShardIterator`'s documentation).
pub const LIFE_MILLIS: i64 = 15 * 60 * 1000;

/// Where reading goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShardIterator {
    /// The stream.
    pub stream: StreamName,
    /// The number of the record behind which to read.
    pub after: i64,
    /// When the iterator was given out, in milliseconds since the epoch.
    pub issued_at: i64,
}

impl ShardIterator {
    /// The text clients see.
    pub fn to_text(&self, region: &str) -> String {
        let arn = stream_arn(region, &self.stream.table_name, &self.stream.label);
        let place = binary::encode(format!("{}:{}", self.after, self.issued_at).as_bytes());
        format!("{arn}|1|{place}")
    }

    /// Reads [`ShardIterator::to_text`] back; anything else is refused (messages-tables 106).
    pub fn from_text(text: &str) -> Result<Self, ApiError> {
        Self::read(text).ok_or_else(|| ApiError::validation("Invalid ShardIterator"))
    }

    fn read(text: &str) -> Option<Self> {
        let (arn, place) = text.rsplit_once('|')?;
        let arn = arn.strip_suffix("|1")?;
        let place = String::from_utf8(binary::decode(place).ok()?).ok()?;
        let (after, issued_at) = place.split_once(':')?;
        Some(Self {
            stream: StreamName::resolve(arn)?,
            after: after.parse().ok()?,
            issued_at: issued_at.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iterator_survives_its_text() {
        let iterator = ShardIterator {
            stream: StreamName::resolve(&stream_arn("eu-west-2", "Music", "2026-10-08T23:07:31.275")).unwrap(),
            after: 42,
            issued_at: 1_700_000_000_000,
        };
        assert_eq!(ShardIterator::from_text(&iterator.to_text("eu-west-2")), Ok(iterator));
    }

    #[test]
    fn other_texts_are_refused() {
        let arn = stream_arn("eu-west-2", "Music", "label");
        for text in [
            "",
            "x",
            &arn,
            &format!("{arn}|1|"),
            &format!("{arn}|1|eDp5"),
            &format!("{arn}|1|!"),
            "table|1|MTox",
        ] {
            assert!(ShardIterator::from_text(text).is_err(), "{text}");
        }
    }
}
