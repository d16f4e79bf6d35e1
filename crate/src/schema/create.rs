//! From a `CreateTable` request to a definition: everything the service checks that the model's constraints do not say.
//!
//! Keys and definitions come before projections and throughput, global indexes before local ones (rule 86).

use super::attribute_definitions::AttributeDefinitions;
use super::capacity::{BillingMode, OnDemandThroughput, Throughput, WarmThroughput};
use super::encryption::SseSpec;
use super::error::{Of, SchemaError};
use super::index::{IndexDefinition, IndexKind, IndexStatus};
use super::key_schema::{KeySchema, RawKeySchema};
use super::projection::Projection;
use super::resource_policy::{ResourcePolicy, canonical_policy};
use super::stream::{StreamViewType, is_true, view_type};
use super::table::{TableClass, TableDefinition, TableStatus, default_warm};
use super::table_name::TableName;
use super::tags::{Tag, check_tags};
use super::vector_index::VectorIndexDefinition;
use crate::model::json::Value;
use std::borrow::Cow;

/// Most global and local indexes of a table (rule 22).
pub(super) const MOST_GLOBAL_INDEXES: usize = 20;
const MOST_LOCAL_INDEXES: usize = 5;
/// Most attributes all indexes of a table name beside their keys (rule 22).
const MOST_NON_KEY_ATTRIBUTES: usize = 100;

/// A table that a request asks for and that does not exist yet.
#[derive(Clone, Debug)]
pub struct NewTable {
    pub(super) definition: TableDefinition,
    stream: Option<StreamViewType>,
    /// Its tags.
    pub tags: Vec<Tag>,
    resource_policy: Option<String>,
}

impl NewTable {
    /// Reads a `CreateTable` request whose shapes and constraints have been checked.
    pub fn from_request(name: TableName, request: Value<'_>) -> Result<Self, SchemaError> {
        let member = |name: &str| request.get(name).filter(|value| !value.is_null());
        let text = |name: &str| member(name).and_then(Value::as_str);

        let table_class = text("TableClass").map(|class| TableClass::from_name(&class).ok_or(SchemaError::InvalidTableClass));
        let table_class = table_class.transpose()?;
        let billing_mode = text("BillingMode")
            .and_then(|mode| BillingMode::from_name(&mode))
            .unwrap_or(BillingMode::Provisioned);

        let definitions = AttributeDefinitions::from_request(member("AttributeDefinitions"))?;
        let (global, local) = (member("GlobalSecondaryIndexes"), member("LocalSecondaryIndexes"));
        let vector = member("VectorIndexes").filter(|list| !list.is_empty());
        check_index_lists(global, local, vector)?;
        let key_schema = key_schema(member("KeySchema"), None, &definitions)?;
        if global.is_none() && local.is_none() && vector.is_none() && definitions.len() != key_schema.attributes().count() {
            return Err(SchemaError::DefinitionsDoNotMatchKeys);
        }
        let global_keys = index_keys(global, IndexKind::Global, &definitions)?;
        let local_keys = index_keys(local, IndexKind::Local, &definitions)?;
        check_local_keys(&key_schema, local, &local_keys)?;
        let vector_indexes = match vector {
            Some(list) => VectorIndexDefinition::list_from_request(list, &definitions)?,
            None => Vec::new(),
        };
        let schemas = || [&key_schema].into_iter().chain(&global_keys).chain(&local_keys);
        check_all_used(&definitions, schemas(), &vector_indexes)?;

        let global_indexes = read_indexes(global, IndexKind::Global, global_keys)?;
        let local_indexes = read_indexes(local, IndexKind::Local, local_keys)?;
        check_non_key_attributes(global_indexes.iter().chain(&local_indexes))?;

        let throughput = throughput(billing_mode, member("ProvisionedThroughput"))?;
        let mut definition = TableDefinition {
            name,
            id: String::new(),
            status: TableStatus::Creating,
            created_at: 0,
            key_schema,
            attribute_definitions: definitions,
            global_indexes,
            local_indexes,
            vector_indexes,
            billing_mode,
            on_demand_since: None,
            throughput,
            on_demand_throughput: match member("OnDemandThroughput") {
                Some(limits) => OnDemandThroughput::from_request(limits, billing_mode, &Of::Table)?,
                None => None,
            },
            warm_throughput: match member("WarmThroughput") {
                Some(warm) => Some(WarmThroughput::from_request(warm, default_warm(throughput), &Of::Table)?),
                None => None,
            },
            table_class,
            table_class_changed_at: None,
            stream: None,
            latest_stream_label: None,
            sse: match member("SSESpecification") {
                Some(specification) => SseSpec::from_request(specification)?,
                None => None,
            },
            deletion_protection: member("DeletionProtectionEnabled").is_some_and(is_true),
            deletion_protection_changed_at: None,
            tag_lock: None,
            policies: Vec::new(),
            ttl: None,
            ttl_changed_at: None,
            imports: Vec::new(),
            cache_max_items: None,
        };
        for (index, element) in definition
            .global_indexes
            .iter_mut()
            .zip(global.into_iter().flat_map(Value::elements))
        {
            read_index_capacity(index, element, billing_mode)?;
        }
        if billing_mode == BillingMode::Provisioned && !definition.vector_indexes.is_empty() {
            return Err(SchemaError::VectorIndexNotOnDemand);
        }
        Ok(Self {
            definition,
            stream: view_type(member("StreamSpecification"))?,
            tags: check_tags(member("Tags"))?,
            resource_policy: text("ResourcePolicy").map(|policy| canonical_policy(&policy)).transpose()?,
        })
    }

    /// Name of the table.
    pub const fn name(&self) -> &TableName {
        &self.definition.name
    }

    /// The definition of the table created now (milliseconds since 1970) with that `TableId`; its status is CREATING.
    pub fn into_definition(mut self, id: String, now: i64) -> TableDefinition {
        self.definition.id = id;
        self.definition.created_at = now;
        if self.definition.billing_mode == BillingMode::PayPerRequest {
            // rule 92
            self.definition.on_demand_since = Some(now);
        }
        if let Some(document) = self.resource_policy.take() {
            self.definition.policies.push(ResourcePolicy {
                stream: None,
                document: Some(document),
                revision: now,
            });
        }
        if let Some(view) = self.stream {
            self.definition.enable_stream(view, now);
        }
        self.definition
    }
}

fn key_schema(list: Option<Value<'_>>, kind: Option<IndexKind>, definitions: &AttributeDefinitions) -> Result<KeySchema, SchemaError> {
    let raw = RawKeySchema::read(list);
    raw.check_structure(kind)?;
    raw.resolve(definitions)
}

/// Numbers and names of the indexes (messages-tables 48, 49).
fn check_index_lists(global: Option<Value<'_>>, local: Option<Value<'_>>, vector: Option<Value<'_>>) -> Result<(), SchemaError> {
    if global.is_some_and(Value::is_empty) {
        return Err(SchemaError::NoGlobalIndexes);
    }
    if local.is_some_and(Value::is_empty) {
        return Err(SchemaError::NoLocalIndexes);
    }
    if global.is_some_and(|list| list.len() > MOST_GLOBAL_INDEXES) {
        return Err(SchemaError::TooManyGlobalIndexes);
    }
    if local.is_some_and(|list| list.len() > MOST_LOCAL_INDEXES) {
        return Err(SchemaError::TooManyLocalIndexes);
    }
    let elements = [global, local, vector].into_iter().flatten().flat_map(Value::elements);
    let names: Vec<Cow<'_, str>> = elements.map(index_name).collect();
    let repeated = names
        .iter()
        .enumerate()
        .find(|(at, name)| names.iter().take(*at).any(|other| other == *name));
    repeated.map_or(Ok(()), |(_, name)| Err(SchemaError::DuplicateIndexName(name.to_string())))
}

fn index_name(element: Value<'_>) -> Cow<'_, str> {
    element.get("IndexName").and_then(Value::as_str).unwrap_or_default()
}

fn index_keys(list: Option<Value<'_>>, kind: IndexKind, definitions: &AttributeDefinitions) -> Result<Vec<KeySchema>, SchemaError> {
    let elements = list.into_iter().flat_map(Value::elements);
    elements
        .map(|element| key_schema(element.get("KeySchema"), Some(kind), definitions))
        .collect()
}

/// Local indexes share the table's partition key and have a sort key (messages-tables 51).
fn check_local_keys(table: &KeySchema, list: Option<Value<'_>>, keys: &[KeySchema]) -> Result<(), SchemaError> {
    for (element, key) in list.into_iter().flat_map(Value::elements).zip(keys) {
        let name = || index_name(element).into_owned();
        if !table.has_range() {
            return Err(SchemaError::LocalIndexOnHashOnlyTable);
        }
        if !key.has_range() {
            return Err(SchemaError::LocalIndexWithoutRange(name()));
        }
        let hash = |schema: &KeySchema| schema.hash.first().map(|attribute| attribute.name.clone()).unwrap_or_default();
        let (index_hash, table_hash) = (hash(key), hash(table));
        if index_hash != table_hash {
            return Err(SchemaError::LocalIndexOtherHash {
                index: name(),
                index_hash,
                table_hash,
            });
        }
    }
    Ok(())
}

/// Every definition belongs to some key (messages-tables 41) or search schema.
fn check_all_used<'s>(
    definitions: &AttributeDefinitions,
    schemas: impl Iterator<Item = &'s KeySchema> + Clone,
    vector_indexes: &[VectorIndexDefinition],
) -> Result<(), SchemaError> {
    let keys = schemas.flat_map(KeySchema::attributes).map(|attribute| attribute.name.as_str());
    let searched = vector_indexes
        .iter()
        .flat_map(|index| &index.search_schema)
        .map(|element| element.name.as_str());
    let mut used: Vec<&str> = Vec::new();
    for name in keys.chain(searched) {
        if !used.contains(&name) {
            used.push(name);
        }
    }
    if definitions.iter().all(|definition| used.contains(&definition.name.as_str())) {
        return Ok(());
    }
    Err(SchemaError::UnusedDefinitions {
        definitions: definitions.iter().map(|definition| definition.name.clone()).collect(),
        used: used.into_iter().map(str::to_owned).collect(),
    })
}

fn read_indexes(list: Option<Value<'_>>, kind: IndexKind, keys: Vec<KeySchema>) -> Result<Vec<IndexDefinition>, SchemaError> {
    let elements = list.into_iter().flat_map(Value::elements).zip(keys);
    elements.map(|(element, key_schema)| new_index(element, kind, key_schema)).collect()
}

fn new_index(element: Value<'_>, kind: IndexKind, key_schema: KeySchema) -> Result<IndexDefinition, SchemaError> {
    Ok(IndexDefinition {
        name: index_name(element).into_owned(),
        kind,
        key_schema,
        projection: Projection::from_request(element.get("Projection"))?,
        throughput: None,
        on_demand_throughput: None,
        warm_throughput: None,
        status: IndexStatus::Creating,
        backfilling: None,
        filled_to: None,
        filling: None,
    })
}

/// A global index of an existing table, as a request asks for it; its capacity is not read yet.
pub(super) fn read_index(element: Value<'_>, definitions: &AttributeDefinitions) -> Result<IndexDefinition, SchemaError> {
    let keys = key_schema(element.get("KeySchema"), Some(IndexKind::Global), definitions)?;
    new_index(element, IndexKind::Global, keys)
}

pub(super) fn check_non_key_attributes<'i>(indexes: impl Iterator<Item = &'i IndexDefinition>) -> Result<(), SchemaError> {
    let total: usize = indexes.map(|index| index.projection.non_key_attributes().len()).sum();
    if total > MOST_NON_KEY_ATTRIBUTES {
        Err(SchemaError::TooManyNonKeyAttributes)
    } else {
        Ok(())
    }
}

/// messages-tables 35, 36
fn throughput(billing_mode: BillingMode, value: Option<Value<'_>>) -> Result<Option<Throughput>, SchemaError> {
    match (billing_mode, value) {
        (BillingMode::Provisioned, Some(value)) => Throughput::from_request(value).map(Some),
        (BillingMode::Provisioned, None) => Err(SchemaError::ThroughputMissing),
        (BillingMode::PayPerRequest, Some(_)) => Err(SchemaError::ThroughputOnDemand),
        (BillingMode::PayPerRequest, None) => Ok(None),
    }
}

/// messages-tables 56
pub(super) fn read_index_capacity(index: &mut IndexDefinition, element: Value<'_>, billing_mode: BillingMode) -> Result<(), SchemaError> {
    let member = |name: &str| element.get(name).filter(|value| !value.is_null());
    let name = || index.name.clone();
    index.throughput = match (billing_mode, member("ProvisionedThroughput")) {
        (BillingMode::Provisioned, Some(value)) => Some(Throughput::from_request(value)?),
        (BillingMode::Provisioned, None) => return Err(SchemaError::IndexThroughputMissing(name())),
        (BillingMode::PayPerRequest, Some(_)) => return Err(SchemaError::IndexThroughputOnDemand(name())),
        (BillingMode::PayPerRequest, None) => None,
    };
    if let Some(limits) = member("OnDemandThroughput") {
        index.on_demand_throughput = OnDemandThroughput::from_request(limits, billing_mode, &Of::Index(name()))?;
    }
    if let Some(warm) = member("WarmThroughput") {
        index.warm_throughput = Some(WarmThroughput::from_request(
            warm,
            default_warm(index.throughput),
            &Of::Index(name()),
        )?);
    }
    Ok(())
}

#[cfg(test)]
pub(in crate::schema) mod tests;
