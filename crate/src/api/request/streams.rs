//! The requests of DynamoDB Streams.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::model::json::Value;
use crate::schema::{StreamName, TableName};

/// Streams, shards and records on a page that asks for no number; what may be asked for, too (the model's documentation).
const MOST_STREAMS: usize = 100;
const MOST_RECORDS: usize = 1000;

/// The stream an ARN names (messages-tables 100).
fn stream_name(arn: &str) -> Result<StreamName, ApiError> {
    StreamName::resolve(arn).ok_or_else(|| ApiError::validation("Invalid StreamArn"))
}

/// `Limit`, which the constraints keep at 1 or more.
fn limit(fields: Fields<'_>, most: usize) -> Result<usize, ApiError> {
    match fields.count("Limit") {
        None => Ok(most),
        Some(limit) if limit <= most => Ok(limit),
        Some(limit) => Err(ApiError::one_validation_error(format!(
            "Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to {most}"
        ))),
    }
}

/// A checked `ListStreams` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListStreamsRequest {
    /// Only the streams of this table.
    pub table_name: Option<TableName>,
    /// The stream to start behind.
    pub exclusive_start: Option<StreamName>,
    /// Most streams.
    pub limit: usize,
}

impl ListStreamsRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::ListStreams, document)?);
        let start = fields.text("ExclusiveStartStreamArn");
        Ok(Self {
            table_name: fields.text("TableName").and_then(|name| TableName::resolve(&name)),
            exclusive_start: start.map(|arn| stream_name(&arn)).transpose()?,
            limit: limit(fields, MOST_STREAMS)?,
        })
    }
}

/// A checked `DescribeStream` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DescribeStreamRequest {
    /// The stream.
    pub stream: StreamName,
    /// Its ARN as it was sent.
    pub arn: String,
    /// The shard to start behind.
    pub exclusive_start_shard_id: Option<String>,
    /// `ShardFilter`: only the children of this shard; of no shard, where it names none.
    pub children_of: Option<Option<String>>,
}

impl DescribeStreamRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::DescribeStream, document)?);
        limit(fields, MOST_STREAMS)?;
        let arn = fields.string("StreamArn").unwrap_or_default();
        let filter = fields.get("ShardFilter").map(Fields);
        let filter = filter.filter(|filter| filter.text("Type").as_deref() == Some("CHILD_SHARDS"));
        Ok(Self {
            stream: stream_name(&arn)?,
            arn,
            exclusive_start_shard_id: fields.string("ExclusiveStartShardId"),
            children_of: filter.map(|filter| filter.string("ShardId")),
        })
    }
}

/// Where an iterator starts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum IteratorStart {
    /// `TRIM_HORIZON`: at the oldest record there is.
    TrimHorizon,
    /// `LATEST`: behind the newest.
    Latest,
    /// `AT_SEQUENCE_NUMBER`; none for a number that can be no record's.
    At(Option<i64>),
    /// `AFTER_SEQUENCE_NUMBER`
    After(Option<i64>),
    /// `AT_TIMESTAMP`, in milliseconds since the epoch.
    Time(i64),
}

/// A checked `GetShardIterator` request.
#[derive(Clone, PartialEq, Debug)]
pub struct GetShardIteratorRequest {
    /// The stream.
    pub stream: StreamName,
    /// Its ARN as it was sent.
    pub arn: String,
    /// The shard.
    pub shard_id: String,
    /// Where to start.
    pub start: IteratorStart,
}

impl GetShardIteratorRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        const INVALID: &str = "One or more parameter values were invalid:";
        let fields = Fields(check(Operation::GetShardIterator, document)?);
        let arn = fields.string("StreamArn").unwrap_or_default();
        let stream = stream_name(&arn)?;
        let kind = fields.string("ShardIteratorType").unwrap_or_default();
        let number = fields.string("SequenceNumber");
        let by_number = kind.ends_with("_SEQUENCE_NUMBER");
        let number = match number {
            // messages-tables 102, 103
            None if by_number => return Err(ApiError::validation(format!("{INVALID} SequenceNumber cannot be null"))),
            Some(_) if !by_number => {
                return Err(ApiError::validation(format!(
                    "{INVALID} SequenceNumber should not be passed for this iterator type"
                )));
            }
            number => number.and_then(|number| number.parse().ok()),
        };
        let time = fields.get("Timestamp").and_then(Value::number_text);
        let start = match (kind.as_str(), time) {
            ("TRIM_HORIZON", _) => IteratorStart::TrimHorizon,
            ("LATEST", _) => IteratorStart::Latest,
            ("AT_SEQUENCE_NUMBER", _) => IteratorStart::At(number),
            ("AFTER_SEQUENCE_NUMBER", _) => IteratorStart::After(number),
            (_, Some(seconds)) => IteratorStart::Time(milliseconds(seconds)),
            (_, None) => return Err(ApiError::validation(format!("{INVALID} Timestamp cannot be null"))),
        };
        Ok(Self {
            stream,
            arn,
            shard_id: fields.string("ShardId").unwrap_or_default(),
            start,
        })
    }
}

/// A point in time, in seconds as a request writes them, rounded to the millisecond; what is out of range saturates. The standard library's
/// floating-point numbers would be right, too, and bring tables of 10 kB.
fn milliseconds(seconds: &str) -> i64 {
    let (seconds, exponent) = seconds.split_once(['e', 'E']).unwrap_or((seconds, "0"));
    let (sign, size) = seconds.strip_prefix('-').map_or((1, seconds), |size| (-1, size));
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    let exponent: i64 = exponent
        .parse()
        .unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let mut places = exponent.saturating_add(3).saturating_add_unsigned(whole.len() as u64);
    let mut digits = whole.bytes().chain(fraction.bytes()).map(|digit| i64::from(digit - b'0'));
    let mut value: i64 = 0;
    while places > 0 && value < i64::MAX {
        let digit = match digits.next() {
            None if value == 0 => return 0,
            digit => digit.unwrap_or(0),
        };
        value = value.saturating_mul(10).saturating_add(digit);
        places -= 1;
    }
    let up = places == 0 && digits.next().is_some_and(|digit| digit >= 5);
    sign * value.saturating_add(i64::from(up))
}

/// A checked `GetRecords` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GetRecordsRequest {
    /// `ShardIterator`, not yet read.
    pub shard_iterator: String,
    /// Most records.
    pub limit: usize,
}

impl GetRecordsRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::GetRecords, document)?);
        Ok(Self {
            shard_iterator: fields.string("ShardIterator").unwrap_or_default(),
            limit: limit(fields, MOST_RECORDS)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn a_point_in_time_is_rounded_to_the_millisecond() {
        for (seconds, expected) in [
            ("0", 0),
            ("-0", 0),
            ("12", 12_000),
            ("1791500851.275", 1_791_500_851_275),
            ("1791500851.2754999999999999999999999", 1_791_500_851_275),
            ("1.7915008512755e9", 1_791_500_851_276),
            ("1791500851275E-3", 1_791_500_851_275),
            ("17e+2", 1_700_000),
            ("-1.5", -1500),
            ("0.0005", 1),
            ("0.00049", 0),
            ("5e-4", 1),
            ("9e-5", 0),
            ("1e-99999999999999999999", 0),
            ("1e30", i64::MAX),
            ("-1e99999999999999999999", -i64::MAX),
            ("0e99999999999999999999", 0),
        ] {
            assert_eq!(milliseconds(seconds), expected, "{seconds}");
        }
    }
}
