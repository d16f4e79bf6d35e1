//! Scan: one page in the order of the partition keys' hashes, one crossing.

use super::get_item::attributes_projection;
use super::pages::{Origin, PAGE_BYTES, PageReply, most_rows};
use super::{Context, legacy_parameters, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{ScanRequest, Segment};
use crate::expression::{Condition, ExpressionCache, ExpressionKind, Placeholders, Projection};
use crate::model::Item;
use crate::model::hash::{hash_prefix, segment_range};
use crate::model::json::Document;
use crate::storage_backend::{RowScan, StorageBackend};

/// Reads one page of a table or an index, or of a segment of it.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = ScanRequest::parse(request)?;
    let (filter, projection) = parse_expressions(cx.expressions, &mut request)?;
    let table = cx.table(&request.table_name)?;
    let mut origin = Origin::new(&table, request.index_name.as_deref(), request.consistent_read)?;
    origin.fetch_unprojected(request.select, projection.as_ref())?;

    let start = match &request.exclusive_start_key {
        None => None,
        Some(key) => {
            check_start(&origin, key)?;
            origin.start(key)
        }
    };
    let hashes = request.segment.map(|segment| segment_range(segment.number, segment.total));
    if let (Some(hashes), Some(start), Some(segment)) = (&hashes, &start, request.segment)
        && !hashes.contains(&hash_prefix(&start.pk))
    {
        return Err(wrong_segment(segment));
    }
    let scan = RowScan {
        table_name: &table.name,
        source: origin.source(),
        hashes,
        start: start.as_ref().map(|start| (start.pk.as_str(), start.after())),
        most_rows: most_rows(request.limit),
        most_bytes: PAGE_BYTES,
    };
    let page = cx.backend.scan_rows(&scan).await.map_err(storage_error)?;
    let reply = PageReply {
        origin: &origin,
        filter: filter.as_ref(),
        projection: projection.as_ref(),
        select: request.select,
        consistent_read: request.consistent_read,
        return_consumed_capacity: request.return_consumed_capacity,
    };
    reply.write(&page, out)?;
    cx.backend.recycle(page);
    Ok(())
}

fn parse_expressions(
    expressions: &ExpressionCache,
    request: &mut ScanRequest,
) -> Result<(Option<Condition>, Option<Projection>), ApiError> {
    let attributes = std::mem::take(&mut request.attributes);
    let texts = (&request.filter, &request.projection);
    let missing = matches!(texts, (None, None)).then_some(&[ExpressionKind::Filter][..]);
    let placeholders = Placeholders::of_request(attributes.names, attributes.values, missing).map_err(ApiError::validation_of)?;
    let filter = texts.0.as_ref();
    let filter = filter.map(|text| expressions.condition(ExpressionKind::Filter, text, &placeholders));
    let filter = filter.transpose().map_err(ApiError::validation_of)?;
    let legacy_filter = legacy_parameters::filter(request.scan_filter.as_deref(), request.conditional_operator.as_deref())?;
    let projection = texts.1.as_ref().map(|text| expressions.projection(text, &placeholders));
    let projection = projection.transpose().map_err(ApiError::validation_of)?;
    placeholders.check_all_used().map_err(ApiError::validation_of)?;
    let projection = projection.or_else(|| request.attributes_to_get.as_deref().map(attributes_projection));
    Ok((filter.or(legacy_filter), projection))
}

/// Holds an `ExclusiveStartKey` against what is scanned; the sentence for a table is longer than the one for an index (rule 54).
fn check_start(origin: &Origin<'_>, start: &Item) -> Result<(), ApiError> {
    if !origin.table.is_start_key(origin.index, start) {
        return Err(ApiError::validation(if origin.index.is_some() {
            "The provided starting key is invalid"
        } else {
            "The provided starting key is invalid: The provided key element does not match the schema"
        }));
    }
    origin.check_start_values(start)
}

/// A start key that another worker's segment ended with (rule 54 in part D).
fn wrong_segment(segment: Segment) -> ApiError {
    ApiError::validation(format!(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. \
         TotalSegments: {} Segment: {}",
        segment.total, segment.number
    ))
}
