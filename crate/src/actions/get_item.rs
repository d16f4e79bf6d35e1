//! GetItem.

use super::item_change::key_text;
use super::single_write::read_stored;
use super::{Context, capacity, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{GetItemRequest, ReturnConsumedCapacity};
use crate::api::response::ConsumedCapacity;
use crate::expression::{DocumentPath, ExpressionCache, Placeholders, Projection};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::{BackendError, StorageBackend};

/// The projection of whole attributes.
pub fn attributes_projection(names: &[String]) -> Projection {
    Projection::new(names.iter().map(|name| DocumentPath::of_attribute(name.clone())))
}

/// A stored item's JSON as text.
pub fn stored_text(json: &[u8]) -> Result<&str, ApiError> {
    std::str::from_utf8(json).map_err(|_| storage_error(BackendError::Corrupt("a stored item is not UTF-8".into())))
}

/// The `ProjectionExpression` of a read of single items, if it has one; names that none uses are refused (rule 28).
pub fn read_projection(
    expressions: &ExpressionCache,
    names: Option<Vec<(String, String)>>,
    text: Option<&str>,
) -> Result<Option<Projection>, ApiError> {
    let missing = text.is_none().then_some(&[][..]);
    let placeholders = Placeholders::of_request(names, None, missing).map_err(ApiError::validation_of)?;
    let Some(text) = text else { return Ok(None) };
    let projection = expressions.projection(text, &placeholders).map_err(ApiError::validation_of)?;
    placeholders.check_all_used().map_err(ApiError::validation_of)?;
    Ok(Some(projection))
}

/// Reads one item. Without a projection it goes from storage into the reply as it is.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = GetItemRequest::parse(request)?;
    let projection = read_projection(cx.expressions, request.attributes.names, request.projection.as_deref())?;
    let projection = projection.or_else(|| request.attributes_to_get.as_deref().map(attributes_projection));
    let table = cx.table(&request.table_name)?;
    let key = table.key_schema.key_of_request(&request.key).map_err(ApiError::validation_of)?;
    let page = cx
        .backend
        .get_row(&table.name, &key_text(&key.hash), &key_text(&key.range))
        .await
        .map_err(storage_error)?;

    let mut reply = ObjectWriter::begin(out);
    let mut size = 0;
    if let Some(row) = page.rows().next() {
        let row = row.map_err(storage_error)?;
        size = row.size;
        match &projection {
            None => reply.name("Item").extend_from_slice(row.json),
            Some(projection) => projection
                .apply(&read_stored(stored_text(row.json)?)?)
                .write_json(reply.name("Item")),
        }
    }
    cx.backend.recycle(page);
    if request.return_consumed_capacity != ReturnConsumedCapacity::None {
        let table_units = capacity::read_units(size, request.consistent_read);
        let consumed = ConsumedCapacity {
            table: table_units,
            ..ConsumedCapacity::default()
        };
        consumed.write_member(&mut reply, &table.name, request.return_consumed_capacity);
    }
    reply.end();
    Ok(())
}
