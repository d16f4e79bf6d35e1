//! DescribeTable.

use super::{Context, reply};
use crate::api::error::ApiError;
use crate::api::request::DescribeTableRequest;
use crate::model::json::Document;
use crate::storage_backend::StorageBackend;

/// Describes a table as it is now (rule 92).
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = DescribeTableRequest::parse(request)?;
    let table = cx.any_table(&request.table_name)?;
    out.extend_from_slice(b"{\"Table\":");
    reply::write_description(cx, &table, out).await?;
    out.push(b'}');
    Ok(())
}
