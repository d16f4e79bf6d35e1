//! PutItem.

use super::Context;
use super::single_write::{Effect, SingleWrite, parse_write_condition};
use crate::api::error::ApiError;
use crate::api::request::{PutItemRequest, check_put};
use crate::model::json::Document;
use crate::storage_backend::StorageBackend;

/// Writes an item whole, replacing the one of the same key.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = PutItemRequest::parse(request)?;
    let condition = parse_write_condition(cx.expressions, &mut request.condition, || {
        check_put(request.return_values, &request.item)
    })?;
    let table = cx.table(&request.table_name)?;
    let key = table.check_item(&request.item).map_err(ApiError::validation_of)?;
    let write = SingleWrite {
        key,
        key_item: &request.item,
        effect: Effect::Put(&request.item),
        condition,
        return_values: request.return_values,
        return_old_on_failure: request.condition.return_item_on_failure,
        return_consumed_capacity: request.return_consumed_capacity,
        return_item_collection_metrics: request.return_item_collection_metrics,
        table: table.clone(),
    };
    write.run(cx, out).await
}
