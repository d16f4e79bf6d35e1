//! The requests that are generated and answered: typed, so that a sequence of them can be shortened and answered again.

use crate::condition::{Comparator, Condition, Test};
use crate::path::Path;
use crate::streams::View;
use crate::table::{Index, Target};
use crate::update::Update;
use crate::value::{Item, Value};

/// `ReturnValues`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Returns {
    None,
    AllOld,
    AllNew,
    UpdatedOld,
    UpdatedNew,
}

/// `ReturnConsumedCapacity`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Consumed {
    None,
    Total,
    Indexes,
}

/// `Select`; `Specific` goes with a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Select {
    Unsaid,
    All,
    AllProjected,
    Specific,
    Count,
}

/// What a write makes of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// `PutItem` of it.
    Put(Item),
    /// `DeleteItem` of this key.
    Delete(Item),
    /// `UpdateItem` of this key.
    Update(Item, Update),
    /// `UpdateItem` by `AttributeUpdates`: of whole attributes, to values.
    LegacyUpdate(Item, Update),
    /// `ConditionCheck` of this key: in transactions only.
    Check(Item),
}

/// PutItem, DeleteItem or UpdateItem.
#[derive(Clone, Debug)]
pub struct Write {
    /// Which table.
    pub table: usize,
    /// What becomes of which item.
    pub effect: Effect,
    /// Under which condition.
    pub condition: Option<Test>,
    /// `ReturnValues`
    pub returns: Returns,
    /// `ReturnValuesOnConditionCheckFailure`: `ALL_OLD`
    pub old_on_failure: bool,
    /// `ReturnConsumedCapacity`
    pub consumed: Consumed,
    /// `ReturnItemCollectionMetrics`: `SIZE`
    pub metrics: bool,
}

/// Which attributes a read shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// All there are.
    All,
    /// `ProjectionExpression`
    Paths(Vec<Path>),
    /// `AttributesToGet`
    Attributes(Vec<String>),
}

impl Shown {
    /// The paths, if not everything is shown.
    pub fn paths(&self) -> Option<Vec<Path>> {
        match self {
            Self::All => None,
            Self::Paths(paths) => Some(paths.clone()),
            Self::Attributes(names) => Some(names.iter().map(|name| Path::of(name)).collect()),
        }
    }
}

/// GetItem.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the names are the request's
pub struct Get {
    pub table: usize,
    pub key: Item,
    pub shown: Shown,
    pub consistent: bool,
    pub consumed: Consumed,
}

/// What a Query asks of a RANGE attribute that is not to be equal to something.
#[derive(Clone, Debug)]
pub enum RangeTest {
    /// Anything but `=` and `<>`.
    Compare(Comparator, Value),
    /// From one to the other, both included.
    Between(Value, Value),
    /// `begins_with`
    BeginsWith(Value),
}

impl RangeTest {
    /// Whether it holds.
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Compare(comparator, bound) => comparator.holds(Some(value), Some(bound)),
            Self::Between(lower, upper) => {
                Comparator::GreaterOrEqual.holds(Some(value), Some(lower)) && Comparator::LessOrEqual.holds(Some(value), Some(upper))
            }
            Self::BeginsWith(prefix) => value.begins_with(prefix),
        }
    }
}

/// What Query and Scan have in common.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Read {
    pub table: usize,
    pub target: Target,
    pub filter: Option<Test>,
    pub shown: Shown,
    pub select: Select,
    pub limit: Option<usize>,
    pub consistent: bool,
    pub consumed: Consumed,
}

/// Query.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it has in common with Scan.
    pub read: Read,
    /// The values of all HASH attributes.
    pub hash: Vec<Value>,
    /// The values of the leading RANGE attributes.
    pub equal: Vec<Value>,
    /// The test of the next one.
    pub test: Option<RangeTest>,
    /// `KeyConditions` instead of an expression.
    pub legacy_keys: bool,
    /// `ScanIndexForward`
    pub forward: bool,
    /// `ExclusiveStartKey`
    pub start: Option<Item>,
}

/// The keys BatchGetItem asks one table for.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct TableKeys {
    pub table: usize,
    pub keys: Vec<Item>,
    pub shown: Shown,
    pub consistent: bool,
}

/// One write of BatchWriteItem: an item to put, or a key to delete.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum BatchedWrite {
    Put(Item),
    Delete(Item),
}

/// An action of TransactWriteItems.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Which table.
    pub table: usize,
    /// What becomes of which item.
    pub effect: Effect,
    /// Under which condition.
    pub condition: Option<Condition>,
    /// `ReturnValuesOnConditionCheckFailure`: `ALL_OLD`
    pub old_on_failure: bool,
}

/// TransactWriteItems.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Transaction {
    pub actions: Vec<Action>,
    /// `ClientRequestToken`
    pub token: Option<String>,
    pub consumed: Consumed,
    pub metrics: bool,
}

/// What UpdateTable changes.
#[derive(Clone, Debug)]
pub enum TableChange {
    /// A new index, and the types its key attributes have; those of attributes that the table knows may be others (rule 90).
    Create(Index, Vec<(String, &'static str)>),
    /// The index of that name goes.
    Delete(String),
    /// A stream of that view type begins.
    EnableStream(View),
    /// The stream ends.
    DisableStream,
}

/// What makes a request wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The table is none.
    NoTable,
    /// The index is none.
    NoIndex,
    /// `ExpressionAttributeNames` has a name more than is used.
    UnusedName,
    /// `ExpressionAttributeValues` has a value more than is used.
    UnusedValue,
    /// The key has an attribute too many, or a put item none of its key.
    WrongKey,
    /// `Limit` is 0.
    NoLimit,
}

/// A request.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Request {
    Write(Write),
    Get(Get),
    Query(Query),
    /// All pages of a Scan, in so many segments.
    Scan(Read, usize),
    BatchGet(Vec<TableKeys>, Consumed),
    BatchWrite(Vec<(usize, Vec<BatchedWrite>)>, Consumed, bool),
    TransactWrite(Transaction),
    TransactGet(Vec<Get>, Consumed),
    UpdateTable(usize, TableChange),
    TimeToLive {
        table: usize,
        enabled: bool,
        attribute: String,
    },
    DescribeTimeToLive(usize),
    /// So many milliseconds pass, and everything is done that is to be done behind the requests.
    Advance(usize),
    /// All records of all streams of a table.
    Records(usize),
    /// A request with a mistake in it.
    Mistaken(Box<Self>, Mistake),
}

impl Request {
    /// The first table it is about.
    pub fn first_table(&self) -> usize {
        match self {
            Self::Write(write) => write.table,
            Self::Get(get) => get.table,
            Self::Query(query) => query.read.table,
            Self::Scan(scan, _) => scan.table,
            Self::UpdateTable(table, _) | Self::TimeToLive { table, .. } | Self::DescribeTimeToLive(table) | Self::Records(table) => *table,
            Self::BatchGet(..) | Self::BatchWrite(..) | Self::TransactWrite(_) | Self::TransactGet(..) | Self::Advance(_) => 0,
            Self::Mistaken(request, _) => request.first_table(),
        }
    }

    /// Does not ask for what a write consumes.
    pub fn consumes_unseen(&mut self) {
        match self {
            Self::Write(write) => write.consumed = Consumed::None,
            Self::BatchWrite(_, consumed, _) | Self::TransactWrite(Transaction { consumed, .. }) => *consumed = Consumed::None,
            _ => {}
        }
    }
}
