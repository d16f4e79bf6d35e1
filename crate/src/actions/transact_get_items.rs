//! TransactGetItems: all items as they are at one moment, in one crossing.

use std::rc::Rc;

use super::get_item::read_projection;
use super::item_change::key_text;
use super::single_write::read_stored;
use super::transaction::{NO_REASON, TransactionCapacity, check_distinct, check_reasons, check_total_size, validation_error};
use super::{Context, capacity, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{GetAction, ReturnConsumedCapacity, TransactGetItemsRequest};
use crate::api::response::TransactionUnit;
use crate::expression::{ExpressionCache, Projection};
use crate::model::json::Document;
use crate::schema::TableDefinition;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::storage_backend::{ReadSpec, StorageBackend, StoredRow};

/// A get with its projection parsed.
struct Planned {
    get: GetAction,
    projection: Option<Projection>,
}

impl Planned {
    fn of(expressions: &ExpressionCache, get: GetAction) -> Result<Self, ApiError> {
        let projection = read_projection(expressions, get.names.clone(), get.projection.as_deref())?;
        Ok(Self { get, projection })
    }
}

/// Reads up to 100 items of one or more tables.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = TransactGetItemsRequest::parse(request)?;
    let planned = request.gets().map(|get| Planned::of(cx.expressions, get?));
    let planned = planned.collect::<Result<Vec<_>, _>>()?;
    let tables = planned.iter().map(|planned| cx.table(&planned.get.table_name));
    let tables: Vec<Rc<TableDefinition>> = tables.collect::<Result<_, _>>()?;
    check_distinct(tables.iter().zip(&planned).map(|(table, planned)| (&**table, &planned.get.key)))?;
    let keys = keys(&tables, &planned)?;

    let specs = tables.iter().zip(&keys).map(|(table, [pk, sk])| ReadSpec {
        table_name: &table.name,
        pk,
        sk,
        with_item: true,
    });
    let rows = cx.backend.read_for_write(&specs.collect::<Vec<_>>()).await.map_err(storage_error)?;
    check_total_size(rows.iter().flatten().map(|row| row.size))?;
    write_reply(&request, &planned, &tables, &rows, out)
}

/// The keys held against their schemas; one that does not fit is a reason to cancel (rule 77).
fn keys(tables: &[Rc<TableDefinition>], planned: &[Planned]) -> Result<Vec<[String; 2]>, ApiError> {
    let mut keys = Vec::with_capacity(planned.len());
    let mut reasons = Vec::with_capacity(planned.len());
    for (table, planned) in tables.iter().zip(planned) {
        reasons.push(match table.key_schema.key_of_request(&planned.get.key) {
            Ok(key) => {
                keys.push([key_text(&key.hash), key_text(&key.range)]);
                NO_REASON
            }
            Err(fault) => validation_error(fault.to_string()),
        });
    }
    check_reasons(reasons)?;
    Ok(keys)
}

fn write_reply(
    request: &TransactGetItemsRequest<'_>,
    planned: &[Planned],
    tables: &[Rc<TableDefinition>],
    rows: &[Option<StoredRow>],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    let mut items = Vec::with_capacity(rows.len());
    for (planned, row) in planned.iter().zip(rows) {
        items.push(match (row, &planned.projection) {
            (None, _) => None,
            (Some(row), None) => Some(row.json.as_bytes().to_vec()),
            // Rule 48: where nothing is left there is no item.
            (Some(row), Some(projection)) => Some(projection.apply(&read_stored(&row.json)?))
                .filter(|item| !item.is_empty())
                .map(|item| item.to_json()),
        });
    }
    let mut reply = ObjectWriter::begin(out);
    write_array(reply.name("Responses"), items, |out, item| {
        let mut response = ObjectWriter::begin(out);
        if let Some(item) = item {
            response.name("Item").extend_from_slice(&item);
        }
        response.end();
    });
    if request.return_consumed_capacity != ReturnConsumedCapacity::None {
        let mut consumed = TransactionCapacity::default();
        for (table, row) in tables.iter().zip(rows) {
            // An item that is not there costs as much as the smallest (rule 66).
            consumed.add_read(&table.name, capacity::read_units(row.as_ref().map_or(0, |row| row.size), true));
        }
        consumed.write(&mut reply, request.return_consumed_capacity, TransactionUnit::Read);
    }
    reply.end();
    Ok(())
}
