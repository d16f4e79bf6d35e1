//! BatchGetItem: at most three crossings, one for 40 keys or fewer.

use super::get_item::{attributes_projection, read_projection};
use super::item_change::key_text;
use super::single_write::read_stored;
use super::{Context, capacity, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{BatchGetItemRequest, ReturnConsumedCapacity, TableKeys};
use crate::api::response::{CapacityUnits, ConsumedCapacity};
use crate::expression::{ExpressionCache, Projection};
use crate::model::Item;
use crate::model::json::Document;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::storage_backend::{ReadSpec, StorageBackend, StoredRow};

/// Most bytes of items in one reply; the keys of the rest are given back (rule 23).
const MOST_BYTES: usize = 16 << 20;

/// Keys that are read at a time: as many as fit a reply when their items are as large as can be.
const KEYS_AT_A_TIME: usize = 40;

/// One key, and what it reads.
struct Wanted<'r> {
    /// Which of the request's tables.
    table: usize,
    key: &'r Item,
    pk: String,
    sk: String,
}

/// Reads items of one or more tables.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = BatchGetItemRequest::parse(request)?;
    let projections = request.tables.iter().map(|table| parse(cx.expressions, table));
    let projections: Vec<Option<Projection>> = projections.collect::<Result<_, _>>()?;
    let wanted = wanted(cx, &request)?;

    let mut rows: Vec<Option<StoredRow>> = Vec::with_capacity(wanted.len());
    let mut bytes = 0;
    'reading: for some in wanted.chunks(KEYS_AT_A_TIME) {
        let specs: Vec<ReadSpec<'_>> = some
            .iter()
            .map(|wanted| ReadSpec {
                table_name: &request.tables[wanted.table].table_name,
                pk: &wanted.pk,
                sk: &wanted.sk,
                with_item: true,
            })
            .collect();
        for row in cx.backend.read_for_write(&specs).await.map_err(storage_error)? {
            bytes += row.as_ref().map_or(0, |row| row.size);
            if bytes > MOST_BYTES {
                break 'reading;
            }
            rows.push(row);
        }
    }
    write_reply(&request, &projections, &wanted, &rows, out)
}

/// The projection of a table's items, if they are not wanted whole.
fn parse(expressions: &ExpressionCache, table: &TableKeys) -> Result<Option<Projection>, ApiError> {
    let projection = read_projection(expressions, table.attributes.names.clone(), table.projection.as_deref())?;
    Ok(projection.or_else(|| table.attributes_to_get.as_deref().map(attributes_projection)))
}

/// The keys of all tables, held against their schemas.
fn wanted<'r, B: StorageBackend>(cx: &Context<'_, B>, request: &'r BatchGetItemRequest) -> Result<Vec<Wanted<'r>>, ApiError> {
    let tables = request.tables.iter().map(|table| cx.table(&table.table_name));
    let definitions = tables.collect::<Result<Vec<_>, _>>()?;
    let mut wanted = Vec::new();
    for (table, (keys, definition)) in request.tables.iter().zip(&definitions).enumerate() {
        for key in &keys.keys {
            let values = definition.key_schema.key_of_request(key).map_err(ApiError::validation_of)?;
            let (pk, sk) = (key_text(&values.hash), key_text(&values.range));
            wanted.push(Wanted { table, key, pk, sk });
        }
    }
    Ok(wanted)
}

/// `rows` are those of the first keys; the other keys are unprocessed.
fn write_reply(
    request: &BatchGetItemRequest,
    projections: &[Option<Projection>],
    wanted: &[Wanted<'_>],
    rows: &[Option<StoredRow>],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    // A table's part of a list that goes by the keys.
    let of_table = |table: usize| move |wanted: &&Wanted<'_>| wanted.table == table;
    let read = |table: usize| {
        wanted
            .iter()
            .zip(rows)
            .filter(move |(wanted, _)| wanted.table == table)
            .map(|(_, row)| row.as_ref())
    };
    let mut reply = ObjectWriter::begin(out);
    let mut responses = ObjectWriter::begin(reply.name("Responses"));
    for (at, (table, projection)) in request.tables.iter().zip(projections).enumerate() {
        let mut separator = b'[';
        let items = responses.name(&table.sent_name);
        for row in read(at).flatten() {
            items.push(separator);
            separator = b',';
            match projection {
                None => items.extend_from_slice(row.json.as_bytes()),
                Some(projection) => projection.apply(&read_stored(&row.json)?).write_json(items),
            }
        }
        items.extend_from_slice(if separator == b'[' { b"[]" } else { b"]" });
    }
    responses.end();
    let mut unprocessed = ObjectWriter::begin(reply.name("UnprocessedKeys"));
    for (at, table) in request.tables.iter().enumerate() {
        let mut keys = wanted.iter().skip(rows.len()).filter(of_table(at)).peekable();
        if keys.peek().is_some() {
            let mut entry = ObjectWriter::begin(unprocessed.name(&table.sent_name));
            write_array(entry.name("Keys"), keys, |out, wanted| wanted.key.write_json(out));
            for (member, json) in &table.options {
                entry.name(member).extend_from_slice(json.as_bytes());
            }
            entry.end();
        }
    }
    unprocessed.end();
    let mode = request.return_consumed_capacity;
    if mode != ReturnConsumedCapacity::None {
        write_array(
            reply.name("ConsumedCapacity"),
            request.tables.iter().enumerate(),
            |out, (at, table)| {
                // Each item by itself, and one that is not there as well (rule 63).
                let size = |row: Option<&StoredRow>| row.map_or(0, |row| row.size);
                let units: CapacityUnits = read(at).map(|row| capacity::read_units(size(row), table.consistent_read)).sum();
                let consumed = ConsumedCapacity {
                    table: units,
                    ..ConsumedCapacity::default()
                };
                let mut object = ObjectWriter::begin(out);
                consumed.write(&mut object, &table.table_name, mode);
                object.end();
            },
        );
    }
    reply.end();
    Ok(())
}
