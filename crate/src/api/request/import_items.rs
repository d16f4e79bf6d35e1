//! The package's own requests about imports, and the items that come with them.

use super::attribute_values::{Envelope, read_value_as_item};
use super::fields::Fields;
use super::{ApiError, Document, Operation, check_item_size, shape_check};
use crate::model::json::Value;
use crate::model::{Item, Layer};
use crate::schema::TableName;

/// How the records of a source stand for items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecordFormat {
    /// DynamoDB's JSON: an item, or `{"Item": ...}` around it as in an export.
    DynamoDbJson,
    /// Plain JSON: numbers, strings, lists and maps as they are.
    PlainJson,
}

/// A request to begin an import, or to go on with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StartImportRequest {
    /// The table.
    pub table_name: TableName,
    /// Names the source: what is stored of it already is not stored again. Without one the import is not remembered.
    pub token: Option<String>,
    /// What the records are.
    pub format: RecordFormat,
    /// Forget what an import of that token has done.
    pub restart: bool,
    /// Forget what it has done if it was finished.
    pub only_resume: bool,
    /// Stop at the first record that is no item for this table.
    pub stop_at_first: bool,
}

impl StartImportRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(document.root());
        Ok(Self {
            table_name: table_of_import(document)?,
            token: fields.string("clientToken"),
            format: if fields.text("format").as_deref() == Some("json") {
                RecordFormat::PlainJson
            } else {
                RecordFormat::DynamoDbJson
            },
            restart: fields.boolean("restart").unwrap_or(false),
            only_resume: fields.boolean("onlyResume").unwrap_or(false),
            stop_at_first: fields.boolean("stopAtFirst").unwrap_or(false),
        })
    }
}

/// A request that brings a piece of the source, or only asks for the next step of what is to be done with what came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportItemsRequest {
    /// Which import.
    pub import: i64,
    /// The text ends with this piece; another file may follow.
    pub text_ends: bool,
    /// Nothing follows.
    pub source_ends: bool,
}

impl ImportItemsRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Self {
        let fields = Fields(document.root());
        Self {
            import: fields.get("import").and_then(Value::as_i64).unwrap_or(0),
            text_ends: fields.boolean("textEnds").unwrap_or(false),
            source_ends: fields.boolean("sourceEnds").unwrap_or(false),
        }
    }
}

/// The table a request of this kind names.
pub fn table_of_import(document: &Document<'_>) -> Result<TableName, ApiError> {
    let name = Fields(document.root()).text("tableName").unwrap_or_default();
    TableName::resolve(&name).ok_or_else(ApiError::resource_not_found)
}

/// Reads a record's item, held to everything that `PutItem` holds it to before it looks at the table.
pub fn read_import_item(record: Value<'_>, format: RecordFormat) -> Result<Item, ApiError> {
    let item = match format {
        RecordFormat::PlainJson => {
            let item = Item::from_plain_json(record);
            item.map_err(|error| Envelope::Prefixed.seal(&error, error.to_string()))?
        }
        RecordFormat::DynamoDbJson => {
            let value = match record.get("Item") {
                Some(inner) if record.len() == 1 => inner,
                _ => record,
            };
            if let Some(member) = Operation::PutItem.input().member("Item") {
                shape_check::check(value, member.shape)?;
            }
            read_value_as_item(value, "Item", Layer::Current, Envelope::Prefixed)?
        }
    };
    check_item_size(&item)?;
    Ok(item)
}
