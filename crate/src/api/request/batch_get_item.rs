//! `BatchGetItem`.

use super::attribute_values::{Envelope, ValuesOf, read_value_as_item};
use super::expressions::{ExpressionAttributes, attributes_to_get, check_not_mixed};
use super::fields::Fields;
use super::options::ReturnConsumedCapacity;
use super::{ApiError, Document, Operation, check};
use crate::model::json::Value;
use crate::model::{Item, Layer};
use crate::schema::TableName;

/// Most items of one request (rule 70); of one table the constraints see to it.
const MOST_KEYS: usize = 100;

/// A checked `BatchGetItem` request: not more than 100 keys, no two the same.
#[derive(Clone, PartialEq, Debug)]
pub struct BatchGetItemRequest {
    /// What is wanted of each table, in the order of the request.
    pub tables: Vec<TableKeys>,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

/// What a `BatchGetItem` wants of one table.
#[derive(Clone, PartialEq, Debug)]
pub struct TableKeys {
    /// The table.
    pub table_name: TableName,
    /// The table as the request names it, perhaps by its ARN.
    pub sent_name: String,
    /// `Keys`, not yet held against the table's key schema.
    pub keys: Vec<Item>,
    /// `ConsistentRead`
    pub consistent_read: bool,
    /// `ProjectionExpression`, as it was sent.
    pub projection: Option<String>,
    /// Its placeholders; there are names only.
    pub attributes: ExpressionAttributes,
    /// `AttributesToGet`
    pub attributes_to_get: Option<Vec<String>>,
    /// All members but the keys, as JSON: what `UnprocessedKeys` repeats.
    pub options: Vec<(String, String)>,
}

impl BatchGetItemRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::BatchGetItem, document)?);
        let mut tables: Vec<TableKeys> = Vec::new();
        for (name, entry) in request_items(fields) {
            tables.extend(TableKeys::read(&name, entry)?);
        }
        if tables.iter().map(|table| table.keys.len()).sum::<usize>() > MOST_KEYS {
            return Err(too_many_items("BatchGetItem"));
        }
        let keys = tables
            .iter()
            .flat_map(|table| table.keys.iter().map(|key| (table.table_name.as_str(), key)));
        check_distinct(keys)?;
        Ok(Self {
            tables,
            return_consumed_capacity: ReturnConsumedCapacity::read(fields),
        })
    }
}

impl TableKeys {
    fn read(name: &str, entry: Value<'_>) -> Result<Option<Self>, ApiError> {
        // The constraints have refused other names.
        let Some(table_name) = TableName::resolve(name) else {
            return Ok(None);
        };
        let fields = Fields(entry);
        check_not_mixed(fields, &["AttributesToGet"], &["ProjectionExpression"], Envelope::Bare)?;
        let keys = fields.get("Keys").into_iter().flat_map(Value::elements);
        let keys = keys.map(|key| read_value_as_item(key, "Keys", Layer::Current, Envelope::Bare));
        let names = ExpressionAttributes::read(fields, ValuesOf::Other, Envelope::Bare)?.names;
        let options = [
            "AttributesToGet",
            "ConsistentRead",
            "ExpressionAttributeNames",
            "ProjectionExpression",
        ];
        Ok(Some(Self {
            table_name,
            sent_name: name.to_owned(),
            keys: keys.collect::<Result<_, _>>()?,
            consistent_read: fields.boolean("ConsistentRead").unwrap_or(false),
            projection: fields.string("ProjectionExpression"),
            attributes: ExpressionAttributes { names, values: None },
            attributes_to_get: attributes_to_get(fields)?,
            options: options
                .into_iter()
                .filter_map(|member| Some((member.to_owned(), fields.raw(member)?)))
                .collect(),
        }))
    }
}

/// The entries of `RequestItems` by table; of two for one name the last counts.
pub(super) fn request_items(fields: Fields<'_>) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, Value<'_>)> {
    let map = fields.get("RequestItems");
    let counts = move |name: &str, entry: &Value<'_>| {
        let last = map.and_then(|map| map.get(name));
        last.is_some_and(|last| last.span() == entry.span() && !last.is_null())
    };
    map.into_iter()
        .flat_map(Value::members)
        .filter(move |(name, entry)| counts(name, entry))
}

/// More items over all tables than a batch may have (rule 70).
pub(super) fn too_many_items(operation: &str) -> ApiError {
    ApiError::validation(format!("Too many items requested for the {operation} call"))
}

/// No item may occur twice in a batch (rule 70). Keys are named by their table.
pub fn check_distinct<K: PartialEq>(keys: impl Iterator<Item = K>) -> Result<(), ApiError> {
    let mut seen: Vec<K> = Vec::new();
    for key in keys {
        if seen.contains(&key) {
            return Err(ApiError::validation("Provided list of item keys contains duplicates"));
        }
        seen.push(key);
    }
    Ok(())
}
