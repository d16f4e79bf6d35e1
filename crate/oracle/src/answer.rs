//! What is expected of the engine.

use crate::json::Json;

/// The type of most errors.
pub const VALIDATION: &str = "com.amazon.coral.validate#ValidationException";
/// A condition that does not hold.
pub const CONDITION: &str = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
/// A table that is not there.
pub const NOT_FOUND: &str = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";

/// A transaction that did not happen.
pub const CANCELED: &str = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
/// A token that was used for another transaction.
pub const OTHER_TOKEN: &str = "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException";

/// The answer to a request.
#[derive(Clone, Debug)]
pub enum Expect {
    /// Status 200 and this body; sets have no order, nor have the lists of batches.
    Reply(Json),
    /// Status 400.
    Failure {
        /// `__type`
        name: &'static str,
        /// What the message may be: of several faults, the model does not say which comes first.
        messages: Vec<String>,
        /// `Item`
        item: Option<Json>,
    },
    /// The transaction does not happen, for these reasons.
    Canceled(Vec<Reason>),
    /// Status 200, whatever the body.
    Done,
    /// These members of what DescribeTable tells, and none of the others of that kind.
    Definition(Json),
    /// All records of these streams; those of expired items that went one after another are in no order.
    Streams(Vec<Json>),
    /// All pages of all segments of a Scan.
    Walk(Walk),
    /// What DescribeTable counts.
    Counts {
        /// Items and bytes of the table.
        table: [usize; 2],
        /// The same of each index, by name.
        indexes: Vec<(String, [usize; 2])>,
    },
}

/// What a canceled transaction says of an action.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    /// `Code`; none where the action would have gone through.
    pub code: Option<&'static str>,
    /// What `Message` may be.
    pub messages: Vec<String>,
    /// `Item`
    pub item: Option<Json>,
}

/// All pages of a Scan: the items come partition by partition, in an order that is the hash's affair.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The items that each partition shows, in order; `None` if the Scan only counts.
    pub runs: Option<Vec<Vec<Json>>>,
    /// The sum of `Count`.
    pub count: usize,
    /// The sum of `ScannedCount`.
    pub scanned: usize,
    /// Whether pages may end by their size.
    pub sized: bool,
    /// The attributes of `LastEvaluatedKey`.
    pub key: Vec<String>,
    /// `ConsumedCapacity`, of a Scan that has one page.
    pub consumed: Option<Json>,
}

/// A refusal.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// `__type`
    pub name: &'static str,
    /// See [`Expect::Failure`].
    pub messages: Vec<String>,
    /// `Item`
    pub item: Option<Json>,
}

impl Refusal {
    /// A `ValidationException` of which each of these may be the message.
    pub fn invalid(messages: Vec<String>) -> Self {
        Self {
            name: VALIDATION,
            messages,
            item: None,
        }
    }

    /// This refusal or another of the same type.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        debug_assert_eq!(self.name, other.name, "one type for both");
        self.messages.extend(other.messages);
        self
    }
}

/// What an operation answers.
pub type Answer = Result<Json, Refusal>;

impl From<Answer> for Expect {
    fn from(answer: Answer) -> Self {
        match answer {
            Ok(reply) => Self::Reply(reply),
            Err(Refusal { name, messages, item }) => Self::Failure { name, messages, item },
        }
    }
}

/// One request and what is expected of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The operation.
    pub operation: &'static str,
    /// The request's body.
    pub request: Json,
    /// The answer.
    pub expect: Expect,
}

/// The one-message form of [`Refusal::invalid`].
pub fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::invalid(vec![message.into()]))
}
