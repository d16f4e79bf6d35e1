//! A table's definition as storage keeps it: one JSON text a part, and the few settings other columns hold.

use super::attribute_definitions::AttributeDefinitions;
use super::capacity::{BillingMode, OnDemandThroughput, Throughput, WarmThroughput};
use super::encryption::SseSpec;
use super::error::CorruptDefinition;
use super::import_progress::ImportProgress;
use super::index::{IndexDefinition, IndexKind};
use super::json_text::{ObjectWriter, into_text, write_array};
use super::key_schema::KeySchema;
use super::resource_policy::ResourcePolicy;
use super::stream::{StreamSpec, StreamViewType};
use super::table::{TableClass, TableDefinition, TableStatus, TtlSpec};
use super::table_name::TableName;
use super::vector_index::VectorIndexDefinition;
use crate::model::json::{Document, Value};

/// The columns of a table's metadata row that its definition fills.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StoredDefinition {
    /// Name of the table.
    pub table_name: String,
    /// `TableId`.
    pub table_id: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// JSON of `KeySchema`.
    pub key_schema: String,
    /// JSON of `AttributeDefinitions`.
    pub attribute_definitions: String,
    /// JSON of the global indexes; `None` when there are none.
    pub gsi_definitions: Option<String>,
    /// JSON of the local indexes; `None` when there are none.
    pub lsi_definitions: Option<String>,
    /// `BillingMode`, by its name on the wire.
    pub billing_mode: String,
    /// JSON of `ProvisionedThroughput`.
    pub provisioned_throughput: Option<String>,
    /// JSON of `OnDemandThroughput`.
    pub on_demand_throughput: Option<String>,
    /// `TableClass`, by its name on the wire.
    pub table_class: Option<String>,
    /// JSON object of everything that has no column: `WarmThroughput`, `SSESpecification`, `VectorIndexes`, points in time, imports, policies.
    pub other_settings: Option<String>,
    /// Whether the stream is enabled.
    pub stream_enabled: bool,
    /// View type of the stream, by its name on the wire, while it is enabled.
    pub stream_view_type: Option<String>,
    /// Label of the latest stream.
    pub stream_label: Option<String>,
    /// `DeletionProtectionEnabled`.
    pub deletion_protection: bool,
    /// The time-to-live attribute, while it is enabled.
    pub ttl_attribute: Option<String>,
}

const WARM_THROUGHPUT: &str = "WarmThroughput";
const SSE: &str = "SSESpecification";
const VECTOR_INDEXES: &str = "VectorIndexes";
const ON_DEMAND_SINCE: &str = "OnDemandSince";
const TABLE_CLASS_CHANGED_AT: &str = "TableClassChangedAt";
const TTL_CHANGED_AT: &str = "TtlChangedAt";
const IMPORTS: &str = "Imports";
const CACHE_MAX_ITEMS: &str = "CacheMaxItems";
const POLICIES: &str = "ResourcePolicies";

impl TableDefinition {
    /// The definition as storage keeps it.
    pub fn to_stored(&self) -> StoredDefinition {
        StoredDefinition {
            table_name: self.name.to_string(),
            table_id: self.id.clone(),
            created_at: self.created_at,
            key_schema: text(|out| self.key_schema.write_json(out)),
            attribute_definitions: text(|out| self.attribute_definitions.write_json(out)),
            gsi_definitions: list_text(&self.global_indexes, |out, index| index.write_stored(out)),
            lsi_definitions: list_text(&self.local_indexes, |out, index| index.write_stored(out)),
            billing_mode: self.billing_mode.name().to_owned(),
            provisioned_throughput: self.throughput.map(|units| text(|out| units.write_json(out))),
            on_demand_throughput: self.on_demand_throughput.map(|limits| text(|out| limits.write_json(out))),
            table_class: self.table_class.map(|class| class.name().to_owned()),
            other_settings: self.other_settings(),
            stream_enabled: self.stream.is_some(),
            stream_view_type: self.stream.as_ref().map(|stream| stream.view.name().to_owned()),
            stream_label: self.latest_stream_label.clone(),
            deletion_protection: self.deletion_protection,
            ttl_attribute: self.ttl.as_ref().map(|ttl| ttl.attribute.clone()),
        }
    }

    /// JSON object of everything that has no column of its own.
    pub fn other_settings(&self) -> Option<String> {
        let written = text(|out| {
            let mut object = ObjectWriter::begin(out);
            if let Some(warm) = self.warm_throughput {
                warm.write_json(object.name(WARM_THROUGHPUT));
            }
            if let Some(sse) = &self.sse {
                sse.write_json(object.name(SSE));
            }
            if !self.vector_indexes.is_empty() {
                object.array(VECTOR_INDEXES, &self.vector_indexes, |out, index| index.write_stored(out));
            }
            if let Some(since) = self.on_demand_since {
                object.integer(ON_DEMAND_SINCE, since);
            }
            if let Some(changed) = self.table_class_changed_at {
                object.integer(TABLE_CLASS_CHANGED_AT, changed);
            }
            if let Some(changed) = self.ttl_changed_at {
                object.integer(TTL_CHANGED_AT, changed);
            }
            if !self.imports.is_empty() {
                object.array(IMPORTS, &self.imports, |out, import| import.write_stored(out));
            }
            if let Some(most) = self.cache_max_items {
                object.integer(CACHE_MAX_ITEMS, most);
            }
            if !self.policies.is_empty() {
                object.array(POLICIES, &self.policies, |out, policy| policy.write_stored(out));
            }
            object.end();
        });
        (written != "{}").then_some(written)
    }

    /// Reads a definition back; the table is ACTIVE. A part that cannot be read is an error, never a guess.
    pub fn from_stored(stored: &StoredDefinition) -> Result<Self, CorruptDefinition> {
        let attribute_definitions = read(
            "AttributeDefinitions",
            &stored.attribute_definitions,
            AttributeDefinitions::from_stored,
        )?;
        let indexes = |text: &Option<String>, kind| {
            read_list("indexes", text.as_deref(), |value| {
                IndexDefinition::from_stored(value, kind, &attribute_definitions)
            })
        };
        let stream = match (stored.stream_enabled, &stored.stream_view_type, &stored.stream_label) {
            (false, _, _) => None,
            (true, Some(view), Some(label)) => {
                let view = StreamViewType::from_name(view).ok_or(CorruptDefinition("StreamViewType"))?;
                Some(StreamSpec {
                    view,
                    label: label.clone(),
                })
            }
            (true, _, _) => return Err(CorruptDefinition("StreamSpecification")),
        };
        let others = stored.other_settings.as_deref().unwrap_or("{}");
        let others = Document::parse(others.as_bytes()).map_err(|_| CorruptDefinition("other settings"))?;
        let other = |name| others.root().get(name);
        let class = |name: &String| TableClass::from_name(name).ok_or(CorruptDefinition("TableClass"));
        Ok(Self {
            name: TableName::resolve(&stored.table_name).ok_or(CorruptDefinition("TableName"))?,
            id: stored.table_id.clone(),
            status: TableStatus::Active,
            created_at: stored.created_at,
            key_schema: read("KeySchema", &stored.key_schema, |value| {
                KeySchema::from_stored(value, &attribute_definitions)
            })?,
            global_indexes: indexes(&stored.gsi_definitions, IndexKind::Global)?,
            local_indexes: indexes(&stored.lsi_definitions, IndexKind::Local)?,
            vector_indexes: (other(VECTOR_INDEXES).into_iter().flat_map(Value::elements))
                .map(VectorIndexDefinition::from_stored)
                .collect::<Result<_, _>>()?,
            billing_mode: BillingMode::from_name(&stored.billing_mode).ok_or(CorruptDefinition("BillingMode"))?,
            on_demand_since: other(ON_DEMAND_SINCE).and_then(Value::as_i64),
            throughput: optional(
                "ProvisionedThroughput",
                stored.provisioned_throughput.as_deref(),
                Throughput::from_stored,
            )?,
            on_demand_throughput: optional("OnDemandThroughput", stored.on_demand_throughput.as_deref(), |value| {
                Ok(OnDemandThroughput::from_stored(value))
            })?,
            warm_throughput: other(WARM_THROUGHPUT).map(WarmThroughput::from_stored).transpose()?,
            table_class: stored.table_class.as_ref().map(class).transpose()?,
            table_class_changed_at: other(TABLE_CLASS_CHANGED_AT).and_then(Value::as_i64),
            stream,
            latest_stream_label: stored.stream_label.clone(),
            sse: other(SSE).map(SseSpec::from_stored).transpose()?,
            deletion_protection: stored.deletion_protection,
            deletion_protection_changed_at: None,
            tag_lock: None,
            policies: (other(POLICIES).into_iter().flat_map(Value::elements))
                .map(ResourcePolicy::from_stored)
                .collect::<Result<_, _>>()?,
            ttl: stored.ttl_attribute.clone().map(|attribute| TtlSpec { attribute }),
            ttl_changed_at: other(TTL_CHANGED_AT).and_then(Value::as_i64),
            imports: (other(IMPORTS).into_iter().flat_map(Value::elements))
                .map(ImportProgress::from_stored)
                .collect::<Result<_, _>>()?,
            cache_max_items: other(CACHE_MAX_ITEMS).and_then(Value::as_i64),
            attribute_definitions,
        })
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    into_text(out)
}

fn list_text<T>(elements: &[T], write: impl FnMut(&mut Vec<u8>, &T)) -> Option<String> {
    (!elements.is_empty()).then(|| text(|out| write_array(out, elements, write)))
}

fn read<T>(part: &'static str, text: &str, read: impl FnOnce(Value<'_>) -> Result<T, CorruptDefinition>) -> Result<T, CorruptDefinition> {
    let document = Document::parse(text.as_bytes()).map_err(|_| CorruptDefinition(part))?;
    read(document.root())
}

fn optional<T>(
    part: &'static str,
    text: Option<&str>,
    from: impl FnOnce(Value<'_>) -> Result<T, CorruptDefinition>,
) -> Result<Option<T>, CorruptDefinition> {
    text.map(|text| read(part, text, from)).transpose()
}

fn read_list<T>(
    part: &'static str,
    text: Option<&str>,
    mut from: impl FnMut(Value<'_>) -> Result<T, CorruptDefinition>,
) -> Result<Vec<T>, CorruptDefinition> {
    let list = optional(part, text, |value| value.elements().map(&mut from).collect())?;
    Ok(list.unwrap_or_default())
}
