//! Query: one page, one crossing.

use std::ops::Bound;
use std::rc::Rc;

use super::get_item::{attributes_projection, stored_text};
use super::item_change::key_text;
use super::single_write::read_stored;
use super::{Context, capacity, legacy_parameters, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{QueryRequest, ReturnConsumedCapacity, Select};
use crate::api::response::{CapacityUnits, ConsumedCapacity};
use crate::expression::{
    Condition, ExpressionKind, KeyClauses, KeyConditionPlan, Placeholders, Projection, QueryKeys, parse_condition, parse_key_condition,
    parse_projection,
};
use crate::model::json::Document;
use crate::model::{Item, KeyType};
use crate::schema::json_text::ObjectWriter;
use crate::schema::{IndexDefinition, KeyFault, KeySchema, TableDefinition};
use crate::storage::StartAfter;
use crate::storage_backend::{RowPage, RowQuery, Source, StorageBackend};

/// Most bytes of items that one page looks at (rule 51).
const PAGE_BYTES: u32 = 1 << 20;

/// The expressions of a Query, parsed.
struct Expressions {
    keys: KeyClauses,
    filter: Option<Condition>,
    /// What the filter is called in messages.
    filter_parameter: &'static str,
    projection: Option<Projection>,
}

impl Expressions {
    fn parse(request: &mut QueryRequest) -> Result<Self, ApiError> {
        let attributes = std::mem::take(&mut request.attributes);
        let placeholders = Placeholders::new(attributes.names, attributes.values).map_err(ApiError::validation_of)?;
        let texts = (&request.key_condition, &request.filter, &request.projection);
        if let (None, None, None) = texts {
            let missing = &[ExpressionKind::Filter, ExpressionKind::KeyCondition];
            placeholders.check_none_given(missing).map_err(ApiError::validation_of)?;
        }
        request.require_key_condition()?;
        let keys = match texts.0 {
            Some(text) => parse_key_condition(text, &placeholders).map_err(ApiError::validation_of)?,
            None => legacy_parameters::key_conditions(request)?,
        };
        let filter = texts
            .1
            .as_ref()
            .map(|text| parse_condition(ExpressionKind::Filter, text, &placeholders));
        let filter = filter.transpose().map_err(ApiError::validation_of)?;
        let legacy_filter = legacy_parameters::query_filter(request)?;
        let projection = texts.2.as_ref().map(|text| parse_projection(text, &placeholders));
        let projection = projection.transpose().map_err(ApiError::validation_of)?;
        placeholders.check_all_used().map_err(ApiError::validation_of)?;
        let projection = projection.or_else(|| request.attributes_to_get.as_deref().map(attributes_projection));
        let filter_parameter = if legacy_filter.is_some() {
            "QueryFilter"
        } else {
            "Filter Expression"
        };
        let filter = filter.or(legacy_filter);
        Ok(Self {
            keys,
            filter,
            filter_parameter,
            projection,
        })
    }
}

/// What a Query reads, held against the table.
struct Plan<'t> {
    table: &'t TableDefinition,
    index: Option<&'t IndexDefinition>,
    /// The keys of the table or the index.
    key_schema: &'t KeySchema,
    keys: KeyConditionPlan,
    /// Whether the items come from the table though an index is read (rule 61).
    joined: bool,
}

impl<'t> Plan<'t> {
    fn new(table: &'t TableDefinition, request: &QueryRequest, expressions: &Expressions) -> Result<Self, ApiError> {
        let index = match &request.index_name {
            None => None,
            Some(name) => Some(
                table
                    .index(name)
                    .ok_or_else(|| ApiError::validation(format!("The table does not have the specified index: {name}")))?,
            ),
        };
        if request.consistent_read && index.is_some_and(IndexDefinition::is_global) {
            // rule 57
            return Err(ApiError::validation(
                "Consistent reads are not supported on global secondary indexes",
            ));
        }
        let key_schema = index.map_or(&table.key_schema, |index| &index.key_schema);
        let typed = |attributes: &'t [crate::schema::KeyAttribute]| -> Vec<(&'t str, KeyType)> {
            attributes
                .iter()
                .map(|attribute| (attribute.name.as_str(), attribute.key_type))
                .collect()
        };
        let keys = QueryKeys {
            index: request.index_name.as_deref(),
            hash: &typed(&key_schema.hash),
            range: &typed(&key_schema.range),
        };
        let keys = expressions.keys.plan(&keys).map_err(ApiError::validation_of)?;
        check_filter(expressions, key_schema)?;
        let joined = match index {
            None => false,
            Some(index) => wants_unprojected(table, index, request.select, expressions)?,
        };
        Ok(Self {
            table,
            index,
            key_schema,
            keys,
            joined,
        })
    }

    /// Holds an `ExclusiveStartKey` against what the Query reads (rules 53, 54).
    fn check_start(&self, start: &Item) -> Result<(), ApiError> {
        let invalid = || ApiError::validation("The provided starting key is invalid");
        if !self.table.is_start_key(self.index, start) {
            return Err(invalid());
        }
        let fault = |fault: KeyFault| ApiError::validation(format!("The provided starting key is invalid: {fault}"));
        let table_key = self.table.key_schema.key_item(start);
        self.table.key_schema.key_of_request(&table_key).map_err(fault)?;
        if let Some(index) = self.index {
            index.entry_key(start).map_err(fault)?;
        }
        if self.index.is_none() && self.keys.is_single_key() {
            return Err(ApiError::validation("The query can return at most one row and cannot be restarted"));
        }
        let values = self.key_schema.values_in(start).ok_or_else(invalid)?;
        if !values.hash.iter().zip(&self.keys.hash).all(|(given, wanted)| *given == &**wanted) {
            return Err(ApiError::validation(
                "The provided starting key is outside query boundaries based on provided conditions",
            ));
        }
        if !self.keys.range_holds(&values.range) {
            return Err(ApiError::validation(
                "The provided starting key does not match the range key predicate",
            ));
        }
        Ok(())
    }

    /// The key of the page's last item, as `LastEvaluatedKey` (rule 53).
    fn last_key(&self, item: &Item) -> Item {
        let attributes = match self.index {
            None => self.table.key_schema.attributes().collect(),
            Some(index) => index.start_key_attributes(&self.table.key_schema),
        };
        attributes
            .iter()
            .filter_map(|attribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone())))
            .collect()
    }
}

/// A filter cannot name a key attribute of what is queried (rule 56, A1).
fn check_filter(expressions: &Expressions, key_schema: &KeySchema) -> Result<(), ApiError> {
    let keys: Vec<&str> = key_schema.attributes().map(|attribute| attribute.name.as_str()).collect();
    let filter = expressions.filter.as_ref();
    match filter.and_then(|filter| filter.first_attribute_of(&keys)) {
        None => Ok(()),
        Some(key) => Err(ApiError::validation(format!(
            "{} can only contain non-primary key attributes: Primary key attribute: {key}",
            expressions.filter_parameter
        ))),
    }
}

/// Whether the request wants attributes the index does not hold: a local index fetches them, a global one refuses (rules 60, 61).
fn wants_unprojected(
    table: &TableDefinition,
    index: &IndexDefinition,
    select: Option<Select>,
    expressions: &Expressions,
) -> Result<bool, ApiError> {
    const INVALID: &str = "One or more parameter values were invalid:";
    if index.projection == crate::schema::Projection::All {
        return Ok(false);
    }
    if select == Some(Select::AllAttributes) {
        if index.is_global() {
            return Err(ApiError::validation(format!(
                "{INVALID} Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type is not ALL",
                index.name
            )));
        }
        return Ok(true);
    }
    let Some(projection) = &expressions.projection else {
        return Ok(false);
    };
    let missing: Vec<&str> = projection
        .attributes()
        .filter(|name| !index.projects(&table.key_schema, name))
        .collect();
    if missing.is_empty() {
        return Ok(false);
    }
    if index.is_global() {
        return Err(ApiError::validation(format!(
            "{INVALID} Global secondary index {} does not project [{}]",
            index.name,
            missing.join(", ")
        )));
    }
    Ok(true)
}

fn as_str(bound: &Bound<String>) -> Bound<&str> {
    match bound {
        Bound::Included(text) => Bound::Included(text),
        Bound::Excluded(text) => Bound::Excluded(text),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// Reads one page of items with the same partition key.
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = QueryRequest::parse(request)?;
    let expressions = Expressions::parse(&mut request)?;
    let table: Rc<TableDefinition> = cx.table(&request.table_name)?;
    let plan = Plan::new(&table, &request, &expressions)?;

    let range = plan.keys.range_keys();
    let (lower, upper) = range.as_ref().map_or((Bound::Unbounded, Bound::Unbounded), |range| {
        (as_str(&range.lower), as_str(&range.upper))
    });
    let pk = plan.keys.hash_key().unwrap_or_default();
    let start = match &request.exclusive_start_key {
        None => None,
        Some(start) => {
            plan.check_start(start)?;
            let texts = |schema: &KeySchema| schema.values_in(start).map(|key| (key_text(&key.hash), key_text(&key.range)));
            texts(plan.key_schema).zip(texts(&table.key_schema))
        }
    };
    let start = start.as_ref().map(|((_, sk), (base_pk, base_sk))| match plan.index {
        None => StartAfter {
            sk,
            ..StartAfter::default()
        },
        Some(_) => StartAfter { sk, base_pk, base_sk },
    });
    let source = match plan.index {
        None => Source::Base,
        Some(index) if plan.joined => Source::IndexJoined(&index.name),
        Some(index) => Source::Index(&index.name),
    };
    let query = RowQuery {
        table_name: &table.name,
        source,
        pk: &pk,
        lower,
        upper,
        forward: request.forward,
        start,
        most_rows: request.limit.map_or(0, |limit| u32::try_from(limit).unwrap_or(u32::MAX)),
        most_bytes: PAGE_BYTES,
    };
    let page = cx.backend.query_rows(&query).await.map_err(storage_error)?;
    write_page(&plan, &request, &expressions, &page, out)?;
    cx.backend.recycle(page);
    Ok(())
}

fn write_page(
    plan: &Plan<'_>,
    request: &QueryRequest,
    expressions: &Expressions,
    page: &RowPage,
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    let shows_items = request.select != Some(Select::Count);
    let wants_capacity = request.return_consumed_capacity != ReturnConsumedCapacity::None;
    let mut reply = ObjectWriter::begin(out);
    let (mut count, mut bytes) = (0i64, 0);
    let mut fetched = CapacityUnits::default();
    let mut last: Option<&[u8]> = None;
    {
        let mut items = Vec::new();
        let items = if shows_items { reply.name("Items") } else { &mut items };
        items.push(b'[');
        for row in page.rows() {
            let row = row.map_err(storage_error)?;
            last = Some(row.json);
            bytes += match plan.index {
                // The rows are whole items; the index is charged for its entries (rule 61).
                Some(index) if plan.joined && wants_capacity => {
                    fetched = fetched + capacity::read_units(row.size, request.consistent_read);
                    index
                        .projected(&plan.table.key_schema, &read_stored(stored_text(row.json)?)?)
                        .size()
                }
                _ => row.size,
            };
            // Only a filter or a projection has to look into the item.
            let item = if expressions.filter.is_some() || (shows_items && expressions.projection.is_some()) {
                Some(read_stored(stored_text(row.json)?)?)
            } else {
                None
            };
            if let (Some(filter), Some(item)) = (&expressions.filter, &item)
                && !filter.holds(item)
            {
                continue;
            }
            if shows_items {
                if count > 0 {
                    items.push(b',');
                }
                match (&expressions.projection, &item) {
                    (Some(projection), Some(item)) => projection.apply(item).write_json(items),
                    _ => items.extend_from_slice(row.json),
                }
            }
            count += 1;
        }
        items.push(b']');
    }
    reply.integer("Count", count);
    reply.integer("ScannedCount", i64::try_from(page.len()).unwrap_or(i64::MAX));
    if let (false, Some(json)) = (page.ended(), last) {
        plan.last_key(&read_stored(stored_text(json)?)?)
            .write_json(reply.name("LastEvaluatedKey"));
    }
    if wants_capacity {
        let read = capacity::read_units(bytes, request.consistent_read);
        let mut consumed = ConsumedCapacity::default();
        match plan.index {
            None => consumed.table = read,
            Some(index) => {
                consumed.table = fetched;
                capacity::add_index(&mut consumed, index, read);
            }
        }
        consumed.write_member(&mut reply, &plan.table.name, request.return_consumed_capacity);
    }
    reply.end();
    Ok(())
}
