//! DeleteItem.

use super::Context;
use super::single_write::{Effect, SingleWrite, parse_write_condition};
use crate::api::error::ApiError;
use crate::api::request::DeleteItemRequest;
use crate::model::json::Document;
use crate::storage_backend::StorageBackend;

/// Deletes an item; one that is not there is no error.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = DeleteItemRequest::parse(request)?;
    let condition = parse_write_condition(cx.expressions, &mut request.condition, || Ok(()))?;
    let table = cx.table(&request.table_name)?;
    let key = table.key_schema.key_of_request(&request.key).map_err(ApiError::validation_of)?;
    let write = SingleWrite {
        key,
        key_item: &request.key,
        effect: Effect::Delete,
        condition,
        return_values: request.return_values,
        return_old_on_failure: request.condition.return_item_on_failure,
        return_consumed_capacity: request.return_consumed_capacity,
        return_item_collection_metrics: request.return_item_collection_metrics,
        table: table.clone(),
    };
    write.run(cx, out).await
}
