//! What can be wrong with the definition of a table, in the service's sentences. Each is a `ValidationException`.

use std::fmt;

/// Where a throughput setting belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Of {
    /// The table itself.
    Table,
    /// The global index of that name.
    Index(String),
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("table"),
            Self::Index(name) => write!(f, "index : {name}"),
        }
    }
}

/// Why a table cannot be defined so. `Display` gives the whole message; the numbers are rows of the message tables.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SchemaError {
    /// 35
    ThroughputMissing,
    /// 36
    ThroughputOnDemand,
    /// 37: name of the member and its value
    ThroughputOutOfBounds(&'static str, i64),
    /// 38
    KeyNotDefined {
        /// Attributes of the key schema
        keys: Vec<String>,
        /// Attributes defined
        definitions: Vec<String>,
    },
    /// 39
    NoDefinitionForKey,
    /// 40
    DefinitionsDoNotMatchKeys,
    /// 41
    UnusedDefinitions {
        /// Attributes defined
        definitions: Vec<String>,
        /// Attributes some key uses
        used: Vec<String>,
    },
    /// 42
    DuplicateAttributeDefinition(String),
    /// 43
    FirstKeyElementNotHash,
    /// 43
    SecondKeyElementNotRange,
    /// 44
    HashAndRangeSameName,
    /// 44
    DuplicateKeyAttribute,
    /// 45: name of the member
    WarmThroughputTooLow(&'static str, Of),
    /// 47
    TooManyHashAttributes,
    /// 47
    TooManyRangeAttributes,
    /// 47
    HashAfterRange,
    /// 48
    DuplicateIndexName(String),
    /// 49
    TooManyGlobalIndexes,
    /// 49
    TooManyLocalIndexes,
    /// 49
    NoGlobalIndexes,
    /// 49
    NoLocalIndexes,
    /// 50
    UnknownProjectionType,
    /// 50
    IncludeWithoutAttributes,
    /// 50: name of the projection type
    AttributesWithoutInclude(&'static str),
    /// 50
    DuplicateNonKeyAttribute(String),
    /// Rule 22: over all indexes of the table
    TooManyNonKeyAttributes,
    /// 51
    LocalIndexOnHashOnlyTable,
    /// 51
    LocalIndexWithoutRange(String),
    /// 51
    LocalIndexOtherHash {
        /// Name of the index
        index: String,
        /// Its HASH attribute
        index_hash: String,
        /// The table's HASH attribute
        table_hash: String,
    },
    /// 52
    StreamWithoutViewType,
    /// 52
    ViewTypeWithoutStream,
    /// 56
    IndexThroughputOnDemand(String),
    /// 56
    IndexThroughputMissing(String),
    /// 60
    SseTypeWhenDisabled,
    /// 60
    SseTypeNotSupported,
    /// 60
    SseTypeRequired,
    /// 64: the key
    InvalidTagKey(String),
    /// 64: the value, if there is one
    InvalidTagValue(Option<String>),
    /// 65
    DuplicateTagKey(String),
    /// 66
    ReservedTagKey(String),
    /// 67
    TooManyTags,
    /// A6
    PolicyTooLarge,
    /// A6: why
    InvalidPolicy(&'static str),
    /// A6: name of the member
    PolicyWithout(&'static str),
    /// Section 2 on rule 86
    InvalidTableClass,
    /// A4: name of the member
    OnDemandThroughputOutOfRange(&'static str, Of),
    /// A4: name of the member
    OnDemandThroughputWhenProvisioned(&'static str),
    /// A2
    VectorIndexNotOnDemand,
    /// A2
    SearchAttributeNotDefined,
    /// A2
    VectorDimensions,
    /// A2
    TooManyVectorIndexes,
    /// A2: the attribute
    VectorDimensionsConflict(String),
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_bare() {
            f.write_str("One or more parameter values were invalid: ")?;
        }
        match self {
            Self::ThroughputMissing => {
                f.write_str("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
            }
            Self::ThroughputOnDemand => {
                f.write_str("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
            }
            Self::ThroughputOutOfBounds(member, value) => write!(f, "Given value {value} for {member} is out of bounds"),
            Self::KeyNotDefined { keys, definitions } => write!(
                f,
                "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
                keys.join(", "),
                definitions.join(", ")
            ),
            Self::NoDefinitionForKey => f.write_str("Invalid KeySchema: Some index key attribute have no definition"),
            Self::DefinitionsDoNotMatchKeys => {
                f.write_str("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
            }
            Self::UnusedDefinitions { definitions, used } => write!(
                f,
                "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
                definitions.join(", "),
                used.join(", ")
            ),
            Self::DuplicateAttributeDefinition(name) => write!(f, "Attribute Name is duplicated: {name}"),
            Self::FirstKeyElementNotHash => f.write_str("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
            Self::SecondKeyElementNotRange => f.write_str("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
            Self::HashAndRangeSameName => f.write_str("Both the Hash Key and the Range Key element in the KeySchema have the same name"),
            Self::DuplicateKeyAttribute => f.write_str("The KeySchema contains multiple key attributes with the same name"),
            Self::WarmThroughputTooLow(member, of) => write!(
                f,
                "Requested {member} for WarmThroughput for {of} is lower than initial throughput for OnDemand. \
                 See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html"
            ),
            Self::TooManyHashAttributes => f.write_str("The KeySchema exceeds the maximum allowed number of HASH key attributes"),
            Self::TooManyRangeAttributes => f.write_str("The KeySchema exceeds the maximum allowed number of RANGE key attributes"),
            Self::HashAfterRange => f.write_str("All HASH key attributes must precede RANGE key attributes in the KeySchema"),
            Self::DuplicateIndexName(name) => write!(f, "Duplicate index name: {name}"),
            Self::TooManyGlobalIndexes => f.write_str("GlobalSecondaryIndex count exceeds the per-table limit of 20"),
            Self::TooManyLocalIndexes => f.write_str("Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
            Self::NoGlobalIndexes => f.write_str("List of GlobalSecondaryIndexes is empty"),
            Self::NoLocalIndexes => f.write_str("List of LocalSecondaryIndexes is empty"),
            Self::UnknownProjectionType => f.write_str("Unknown ProjectionType: null"),
            Self::IncludeWithoutAttributes => f.write_str("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
            Self::AttributesWithoutInclude(of) => write!(f, "ProjectionType is {of}, but NonKeyAttributes is specified"),
            Self::DuplicateNonKeyAttribute(name) => write!(f, "Duplicate element in NonKeyAttributes: {name}"),
            Self::TooManyNonKeyAttributes => {
                f.write_str("Number of NonKeyAttributes of all secondary indexes exceeds the per-table limit of 100")
            }
            Self::LocalIndexOnHashOnlyTable => {
                f.write_str("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
            }
            Self::LocalIndexWithoutRange(name) => write!(f, "Index KeySchema does not have a range key for index: {name}"),
            Self::LocalIndexOtherHash {
                index,
                index_hash,
                table_hash,
            } => write!(
                f,
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: {index}. \
                 index hash key: {index_hash}, table hash key: {table_hash}"
            ),
            Self::StreamWithoutViewType => f.write_str("Table is being created with a stream enabled, UpdateViewType is required"),
            Self::ViewTypeWithoutStream => {
                f.write_str("Table is being created with a stream disabled, UpdateViewType should not be specified")
            }
            Self::IndexThroughputOnDemand(name) => write!(
                f,
                "ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
            ),
            Self::IndexThroughputMissing(name) => write!(f, "ProvisionedThroughput is not specified for index: {name}"),
            Self::SseTypeWhenDisabled => f.write_str("SSEType can not be specified if Enabled is false"),
            Self::SseTypeNotSupported => f.write_str("SSEType AES256 is not supported"),
            Self::SseTypeRequired => f.write_str("SSEType KMS is required if KMSMasterKeyId is specified"),
            Self::InvalidTagKey(key) => write!(f, "The Tag Key provided is invalid, Key: {key}"),
            Self::InvalidTagValue(value) => {
                write!(
                    f,
                    "The Tag Value provided is invalid, Value: {}",
                    value.as_deref().unwrap_or("null")
                )
            }
            Self::DuplicateTagKey(key) => {
                write!(f, "Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}")
            }
            Self::ReservedTagKey(key) => write!(f, "Tag Key cannot be prefixed with aws:, Key: {key}"),
            Self::TooManyTags => f.write_str("Number of Tags exceed the current limit for the provided ResourceArn"),
            Self::PolicyTooLarge => f.write_str("Maximum policy size of 20480 bytes exceeded"),
            Self::InvalidPolicy(why) => write!(f, "Invalid policy document: {why}"),
            Self::PolicyWithout(member) => write!(f, "Invalid policy document: Missing required field {member}"),
            Self::InvalidTableClass => f.write_str(
                "Invalid table-class parameter provided. Please try again with a valid table-class value: \
                 [STANDARD, STANDARD_INFREQUENT_ACCESS].",
            ),
            Self::OnDemandThroughputOutOfRange(member, of) => {
                write!(f, "Requested {member} for OnDemandThroughput for {of} is outside of valid range")
            }
            Self::OnDemandThroughputWhenProvisioned(member) => {
                write!(
                    f,
                    "{member} for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED."
                )
            }
            Self::VectorIndexNotOnDemand => f.write_str("Vector indexes are only supported for PAY_PER_REQUEST tables"),
            Self::SearchAttributeNotDefined => f.write_str("One element in SearchSchema is not defined in attribute definitions"),
            Self::VectorDimensions => f.write_str("Number of dimensions must be between 1 and 4096 inclusive."),
            Self::TooManyVectorIndexes => f.write_str("VectorIndex count exceeds the per-table limit of 5"),
            Self::VectorDimensionsConflict(name) => write!(
                f,
                "Conflicting attribute definition for '{name}'. \
                 All VectorIndexes on the same vector attribute must use the same dimensions."
            ),
        }
    }
}

impl SchemaError {
    /// Whether the service sends the sentence without `One or more parameter values were invalid: `.
    fn is_bare(&self) -> bool {
        matches!(
            self,
            Self::ThroughputOutOfBounds(..)
                | Self::NoDefinitionForKey
                | Self::DuplicateAttributeDefinition(_)
                | Self::FirstKeyElementNotHash
                | Self::SecondKeyElementNotRange
                | Self::HashAndRangeSameName
                | Self::DuplicateKeyAttribute
                | Self::InvalidTagKey(_)
                | Self::InvalidTagValue(_)
                | Self::DuplicateTagKey(_)
                | Self::ReservedTagKey(_)
                | Self::TooManyTags
                | Self::InvalidTableClass
        )
    }
}

impl std::error::Error for SchemaError {}

/// A stored definition that cannot be read back; names the part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CorruptDefinition(pub &'static str);

impl fmt::Display for CorruptDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the stored table definition is corrupt: {}", self.0)
    }
}

impl std::error::Error for CorruptDefinition {}
