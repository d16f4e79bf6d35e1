//! Query: one page, one crossing.

use std::ops::Bound;
use std::rc::Rc;

use super::get_item::attributes_projection;
use super::pages::{Origin, PAGE_BYTES, PageReply, Start, most_rows};
use super::{Context, legacy_parameters, storage_error};
use crate::api::error::ApiError;
use crate::api::request::QueryRequest;
use crate::expression::{Condition, ExpressionCache, ExpressionKind, KeyClauses, KeyConditionPlan, Placeholders, Projection, QueryKeys};
use crate::model::json::Document;
use crate::model::{Item, KeyType};
use crate::schema::{KeyAttribute, KeySchema, TableDefinition};
use crate::storage_backend::{RowQuery, StorageBackend};

const ONE_ROW: &str = "The query can return at most one row and cannot be restarted";

/// The expressions of a Query, parsed.
struct Expressions {
    keys: KeyClauses,
    filter: Option<Condition>,
    /// What the filter is called in messages.
    filter_parameter: &'static str,
    projection: Option<Projection>,
}

impl Expressions {
    fn parse(expressions: &ExpressionCache, request: &mut QueryRequest) -> Result<Self, ApiError> {
        let attributes = std::mem::take(&mut request.attributes);
        let texts = (&request.key_condition, &request.filter, &request.projection);
        let none = matches!(texts, (None, None, None));
        let missing = none.then_some(&[ExpressionKind::Filter, ExpressionKind::KeyCondition][..]);
        let placeholders = Placeholders::of_request(attributes.names, attributes.values, missing).map_err(ApiError::validation_of)?;
        request.require_key_condition()?;
        let keys = match texts.0 {
            Some(text) => expressions.key_condition(text, &placeholders).map_err(ApiError::validation_of)?,
            None => legacy_parameters::key_conditions(request)?,
        };
        let filter = texts
            .1
            .as_ref()
            .map(|text| expressions.condition(ExpressionKind::Filter, text, &placeholders));
        let filter = filter.transpose().map_err(ApiError::validation_of)?;
        let legacy_filter = legacy_parameters::filter(request.query_filter.as_deref(), request.conditional_operator.as_deref())?;
        let projection = texts.2.as_ref().map(|text| expressions.projection(text, &placeholders));
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
    origin: Origin<'t>,
    keys: KeyConditionPlan,
}

impl<'t> Plan<'t> {
    fn new(table: &'t TableDefinition, request: &QueryRequest, expressions: &Expressions) -> Result<Self, ApiError> {
        let mut origin = Origin::new(table, request.index_name.as_deref(), request.consistent_read)?;
        let typed = |attributes: &'t [KeyAttribute]| -> Vec<(&'t str, KeyType)> {
            attributes
                .iter()
                .map(|attribute| (attribute.name.as_str(), attribute.key_type))
                .collect()
        };
        let keys = QueryKeys {
            index: request.index_name.as_deref(),
            hash: &typed(&origin.key_schema.hash),
            range: &typed(&origin.key_schema.range),
        };
        let keys = expressions.keys.plan(&keys).map_err(ApiError::validation_of)?;
        check_filter(expressions, origin.key_schema)?;
        origin.fetch_unprojected(request.select, expressions.projection.as_ref())?;
        Ok(Self { origin, keys })
    }

    /// Holds an `ExclusiveStartKey` against what the Query reads (rules 53, 54).
    fn check_start(&self, start: &Item) -> Result<(), ApiError> {
        let invalid = || ApiError::validation("The provided starting key is invalid");
        if !self.origin.table.is_start_key(self.origin.index, start) {
            return Err(invalid());
        }
        self.origin.check_start_values(start)?;
        let values = self.origin.key_schema.values_in(start).ok_or_else(invalid)?;
        let fault = if !self.keys.range_holds(&values.range) {
            "The provided starting key does not match the range key predicate"
        } else if self.origin.index.is_none() && self.keys.is_single_key() {
            ONE_ROW
        } else if values.hash.iter().zip(&self.keys.hash).all(|(given, wanted)| *given == &**wanted) {
            return Ok(());
        } else if self.keys.has_range_condition() {
            // Of another partition, a key that fits the sort key's condition gets this sentence from both reference servers.
            ONE_ROW
        } else {
            "The provided starting key is outside query boundaries based on provided conditions"
        };
        Err(ApiError::validation(fault))
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

fn as_str(bound: &Bound<String>) -> Bound<&str> {
    match bound {
        Bound::Included(text) => Bound::Included(text),
        Bound::Excluded(text) => Bound::Excluded(text),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// Reads one page of items with the same partition key.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let mut request = QueryRequest::parse(request)?;
    let expressions = Expressions::parse(cx.expressions, &mut request)?;
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
            plan.origin.start(start)
        }
    };
    let query = RowQuery {
        table_name: &table.name,
        source: plan.origin.source(),
        pk: &pk,
        lower,
        upper,
        forward: request.forward,
        start: start.as_ref().map(Start::after),
        most_rows: most_rows(request.limit),
        most_bytes: PAGE_BYTES,
    };
    let page = cx.backend.query_rows(&query).await.map_err(storage_error)?;
    let reply = PageReply {
        origin: &plan.origin,
        filter: expressions.filter.as_ref(),
        projection: expressions.projection.as_ref(),
        select: request.select,
        consistent_read: request.consistent_read,
        return_consumed_capacity: request.return_consumed_capacity,
    };
    reply.write(&page, out)?;
    cx.backend.recycle(page);
    Ok(())
}
