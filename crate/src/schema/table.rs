//! A table's definition, whole.

use super::attribute_definitions::AttributeDefinitions;
use super::capacity::{BillingMode, OnDemandThroughput, Throughput, WarmThroughput};
use super::encryption::SseSpec;
use super::import_progress::{ImportProgress, remember};
use super::index::{IndexDefinition, IndexStatus};
use super::key_schema::KeySchema;
use super::resource_policy::ResourcePolicy;
use super::stream::{StreamSpec, StreamViewType, utc_time};
use super::table_name::TableName;
use super::tags::Tag;
use super::vector_index::VectorIndexDefinition;

/// Where a table is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // the model's own names
pub enum TableStatus {
    Creating,
    Updating,
    Deleting,
    Active,
}

impl TableStatus {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Updating => "UPDATING",
            Self::Deleting => "DELETING",
            Self::Active => "ACTIVE",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Creating, Self::Updating, Self::Deleting, Self::Active]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A storage class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TableClass {
    /// `STANDARD`
    Standard,
    /// `STANDARD_INFREQUENT_ACCESS`
    InfrequentAccess,
}

impl TableClass {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Standard, Self::InfrequentAccess]
            .into_iter()
            .find(|class| class.name() == name)
    }
}

/// A table's time to live while it is enabled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TtlSpec {
    /// The attribute that says when an item expires, in seconds since 1970.
    pub attribute: String,
}

/// Tags of a table that are being changed (messages-tables 68). Nothing of it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TagLock {
    /// Until when, in milliseconds since 1970.
    pub until: i64,
    /// The tags that are being set; none when tags are being removed.
    pub setting: Vec<Tag>,
}

/// Everything about a table but its items and tags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableDefinition {
    /// Name of the table.
    pub name: TableName,
    /// `TableId`, a UUID that never changes.
    pub id: String,
    /// Where it is in its life.
    pub status: TableStatus,
    /// When it was created, in milliseconds since 1970.
    pub created_at: i64,
    /// Its key.
    pub key_schema: KeySchema,
    /// The types of all key attributes, in the order they were given.
    pub attribute_definitions: AttributeDefinitions,
    /// Global indexes in the order they were given.
    pub global_indexes: Vec<IndexDefinition>,
    /// Local indexes in the order they were given.
    pub local_indexes: Vec<IndexDefinition>,
    /// Vector indexes in the order they were given.
    pub vector_indexes: Vec<VectorIndexDefinition>,
    /// How it is billed.
    pub billing_mode: BillingMode,
    /// When it was last switched to on-demand, in milliseconds since 1970; creation counts.
    pub on_demand_since: Option<i64>,
    /// Provisioned capacity, of a provisioned table.
    pub throughput: Option<Throughput>,
    /// On-demand limits, where they are set.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// Warm throughput, where it was asked for.
    pub warm_throughput: Option<WarmThroughput>,
    /// Storage class, where it was asked for.
    pub table_class: Option<TableClass>,
    /// When the class was changed, in milliseconds since 1970.
    pub table_class_changed_at: Option<i64>,
    /// The stream, while it is enabled.
    pub stream: Option<StreamSpec>,
    /// The label of the latest stream; stays when it is disabled.
    pub latest_stream_label: Option<String>,
    /// Encryption with a KMS key, while it is enabled.
    pub sse: Option<SseSpec>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// When that was changed last, in milliseconds since 1970; nobody remembers it when the database is closed.
    pub deletion_protection_changed_at: Option<i64>,
    /// While its tags are being changed.
    pub tag_lock: Option<TagLock>,
    /// Its resource policy, and those of its streams.
    pub policies: Vec<ResourcePolicy>,
    /// Time to live, while it is enabled.
    pub ttl: Option<TtlSpec>,
    /// When time to live was enabled or disabled last, in milliseconds since 1970.
    pub ttl_changed_at: Option<i64>,
    /// How far imports of items have got, the latest last.
    pub imports: Vec<ImportProgress>,
    /// How many items the table keeps at most, while it is used as a cache.
    pub cache_max_items: Option<i64>,
}

impl TableDefinition {
    /// The index of that name, global or local.
    pub fn index(&self, name: &str) -> Option<&IndexDefinition> {
        self.indexes().find(|index| index.name == name)
    }

    /// Global indexes, then local ones; not those that are being deleted.
    pub fn indexes(&self) -> impl Iterator<Item = &IndexDefinition> {
        let all = self.global_indexes.iter().chain(&self.local_indexes);
        all.filter(|index| index.status != IndexStatus::Deleting)
    }

    /// Warm throughput as `DescribeTable` shows it: what was asked for, or what the mode gives (rule A4).
    pub fn effective_warm_throughput(&self) -> WarmThroughput {
        self.warm_throughput.unwrap_or_else(|| default_warm(self.throughput))
    }

    /// The table has come to be, together with its indexes.
    pub fn activate(&mut self) {
        self.status = TableStatus::Active;
        for index in self.global_indexes.iter_mut().chain(&mut self.local_indexes) {
            index.status = IndexStatus::Active;
        }
        for index in &mut self.vector_indexes {
            index.status = IndexStatus::Active;
        }
    }

    /// The table has been changed: an index that was made can be filled, one that was deleted is gone.
    pub fn settle_update(&mut self) {
        self.status = TableStatus::Active;
        self.drop_deleted_indexes();
        for index in self.global_indexes.iter_mut().filter(|index| index.backfilling == Some(false)) {
            index.backfilling = Some(true);
        }
    }

    /// Indexes that are being deleted go, and with them the definitions no other key uses (rule 90).
    pub fn drop_deleted_indexes(&mut self) {
        self.global_indexes.retain(|index| index.status != IndexStatus::Deleting);
        self.drop_unused_definitions();
    }

    /// Has the global indexes filled anew behind an import (rule 91); said of an empty table.
    pub fn defer_indexes(&mut self) {
        for index in self.global_indexes.iter_mut().filter(|index| index.status == IndexStatus::Active) {
            index.status = IndexStatus::Creating;
            index.backfilling = Some(true);
            index.filled_to = None;
            index.filling = None;
        }
    }

    /// How far the import of that token has got.
    pub fn import(&self, token: &str) -> Option<&ImportProgress> {
        self.imports.iter().find(|import| import.token == token)
    }

    /// Notes how far an import has got.
    pub fn note_import(&mut self, progress: ImportProgress) {
        remember(&mut self.imports, progress);
    }

    /// Starts a stream at that time.
    pub fn enable_stream(&mut self, view: StreamViewType, now: i64) {
        let label = utc_time(now);
        self.latest_stream_label = Some(label.clone());
        self.stream = Some(StreamSpec { view, label });
    }
}

/// Warm throughput nobody asked for: the provisioned capacity, or what on-demand starts with.
pub(super) fn default_warm(throughput: Option<Throughput>) -> WarmThroughput {
    throughput.map_or(WarmThroughput::ON_DEMAND, |units| WarmThroughput {
        read: units.read,
        write: units.write,
    })
}
