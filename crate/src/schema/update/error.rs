//! What an `UpdateTable` is refused for, in the service's sentences.

use super::super::capacity::Throughput;
use super::super::error::SchemaError;
use std::fmt;

/// Why a table cannot be changed so. `Display` gives the whole message; the numbers are rows of the message tables.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum UpdateError {
    /// What CreateTable refuses as well.
    Schema(SchemaError),
    /// 79
    NothingToDo,
    /// 93
    NoIndexUpdates,
    /// Section 2, on one logical change: what must stand alone.
    NotAlone(&'static str),
    /// Section 2.
    WarmThroughputNotAlone,
    /// Section 2.
    OnDemandThroughputNotAlone,
    /// Section 2.
    StreamWithCapacity,
    /// Section 2.
    IndexWithCapacity,
    /// Section 2.
    IndexWithStream,
    /// 53
    EnableWithoutViewType,
    /// 53
    DisableWithViewType,
    /// 54, the table
    StreamEnabled(String),
    /// 55, the table
    NoStream(String),
    /// 80, of the table or of an index
    ThroughputUnchanged(Option<String>, Throughput),
    /// 81
    ThroughputMissing,
    /// 82, the index
    IndexThroughputMissing(String),
    /// 83, the index
    IndexThroughputOnDemand(String),
    /// 84, the index
    NewIndexThroughputMissing(String),
    /// 84, the index
    NewIndexThroughputOnDemand(String),
    /// Section 2, A4: the member
    OnDemandThroughputWhenProvisioned(&'static str),
    /// 46: the member, and of what
    WarmThroughputDecreased(&'static str, String),
    /// 85
    NoIndexAction,
    /// 86
    SeveralIndexActions,
    /// 87, the index
    IndexTwice(String),
    /// 88: `LimitExceededException`
    SeveralStructuralChanges,
    /// 89
    IndexExists,
    /// 90, the index
    NoDefinitions(String),
    /// 91, index and table: `ResourceNotFoundException`
    IndexNotFound(String, String),
    /// 92: what was wanted, and the index
    LocalIndex(&'static str, String),
    /// 94: `LimitExceededException`
    TooManyIndexes,
    /// The index is still being allocated (rule A2): `ResourceInUseException`
    IndexAllocating,
}

impl From<SchemaError> for UpdateError {
    fn from(error: SchemaError) -> Self {
        Self::Schema(error)
    }
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const P: &str = "One or more parameter values were invalid:";
        match self {
            Self::Schema(error) => error.fmt(f),
            Self::NothingToDo => f.write_str(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, \
                 ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, \
                 OnDemandThroughput, WarmThroughput or TableClass is required",
            ),
            Self::NoIndexUpdates => write!(f, "{P} List of GlobalSecondaryIndexUpdates is empty"),
            Self::NotAlone(what) => write!(f, "{P} {what} must be the only operation in the request"),
            Self::WarmThroughputNotAlone => write!(f, "{P} WarmThroughput must be the only operation in the request"),
            Self::OnDemandThroughputNotAlone => {
                write!(
                    f,
                    "{P} OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
                )
            }
            Self::StreamWithCapacity => write!(f, "{P} You cannot modify stream status while updating table IOPS"),
            Self::IndexWithCapacity => write!(f, "{P} You cannot create or delete index while updating table IOPS"),
            Self::IndexWithStream => write!(f, "{P} You cannot create or delete index while changing stream status"),
            Self::EnableWithoutViewType => write!(f, "{P} If stream is being enabled then UpdateViewType is required"),
            Self::DisableWithViewType => write!(f, "{P} If stream is being disabled, then UpdateViewType must not be specified"),
            Self::StreamEnabled(table) => write!(f, "Table already has an enabled stream: TableName: {table}"),
            Self::NoStream(table) => write!(f, "Table has no stream to disable: TableName: {table}"),
            Self::ThroughputUnchanged(index, units) => {
                let (of, whose) = index
                    .as_ref()
                    .map_or(("table".to_owned(), "table"), |index| (format!("index {index}"), "index"));
                let Throughput { read, write } = units;
                write!(
                    f,
                    "The provisioned throughput for the {of} will not change. The requested value equals the current value. \
                     Current ReadCapacityUnits provisioned for the {whose}: {read}. Requested ReadCapacityUnits: {read}. \
                     Current WriteCapacityUnits provisioned for the {whose}: {write}. Requested WriteCapacityUnits: {write}. \
                     Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
                )
            }
            Self::ThroughputMissing => write!(f, "{P} ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
            Self::IndexThroughputMissing(index) => write!(f, "{P} ProvisionedThroughput must be specified for index: {index}"),
            Self::IndexThroughputOnDemand(index) => write!(
                f,
                "{P} The only Updates for index: {index} when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, \
                 WarmThroughput"
            ),
            Self::NewIndexThroughputMissing(index) => {
                write!(
                    f,
                    "{P} Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {index}"
                )
            }
            Self::NewIndexThroughputOnDemand(index) => write!(
                f,
                "{P} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
            ),
            Self::OnDemandThroughputWhenProvisioned(member) => write!(
                f,
                "{P} {member} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED"
            ),
            Self::WarmThroughputDecreased(member, of) => write!(
                f,
                "{P} Requested {member} for WarmThroughput for {of} is lower than current WarmThroughput, decreasing WarmThroughput is not \
                 supported"
            ),
            Self::NoIndexAction => write!(
                f,
                "{P} One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must \
                 not be null"
            ),
            Self::SeveralIndexActions => {
                write!(
                    f,
                    "{P} Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"
                )
            }
            Self::IndexTwice(index) => {
                write!(
                    f,
                    "{P} Only one global secondary index update per index is allowed simultaneously. Index: {index}"
                )
            }
            Self::SeveralStructuralChanges => {
                f.write_str("Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
            }
            Self::IndexExists => f.write_str("Attempting to create an index which already exists"),
            Self::NoDefinitions(index) => write!(f, "{P} AttributeDefinitions is not specified for index: {index}"),
            Self::IndexNotFound(index, table) => write!(f, "Requested resource not found: Index {index} for table {table}"),
            Self::LocalIndex(action, index) => write!(f, "Cannot {action} an index that is not a GlobalSecondaryIndex: {index}"),
            Self::TooManyIndexes => {
                f.write_str("Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20")
            }
            Self::IndexAllocating => f.write_str(
                "Attempt to change a resource which is still in use: Index creation is in resource allocation phase. Retry deletion during \
                 backfilling phase or when the index is active.",
            ),
        }
    }
}

impl std::error::Error for UpdateError {}
