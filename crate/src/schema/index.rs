//! Secondary indexes: their definitions, in and out of storage.

use super::attribute_definitions::AttributeDefinitions;
use super::capacity::{OnDemandThroughput, Throughput, WarmThroughput};
use super::error::CorruptDefinition;
use super::json_text::ObjectWriter;
use super::key_schema::KeySchema;
use super::projection::Projection;
use crate::model::hash_prefix;
use crate::model::json::{Value, write_json_string};

/// Whether an index is global or local.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IndexKind {
    /// `GlobalSecondaryIndex`: any key.
    Global,
    /// `LocalSecondaryIndex`: the table's partition key and another sort key.
    Local,
}

/// Where an index is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // the model's own names
pub enum IndexStatus {
    Creating,
    Updating,
    Deleting,
    Active,
}

impl IndexStatus {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Updating => "UPDATING",
            Self::Deleting => "DELETING",
            Self::Active => "ACTIVE",
        }
    }

    /// The `IndexStatus` of a stored index; one that was made with its table has none stored and is as the table.
    pub(super) fn from_stored(index: Value<'_>) -> Result<Self, CorruptDefinition> {
        let Some(value) = index.get("IndexStatus") else {
            return Ok(Self::Active);
        };
        let name = value.as_str();
        [Self::Creating, Self::Updating, Self::Deleting, Self::Active]
            .into_iter()
            .find(|status| Some(status.name()) == name.as_deref())
            .ok_or(CorruptDefinition("IndexStatus"))
    }
}

/// A secondary index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IndexDefinition {
    /// Name of the index.
    pub name: String,
    /// Global or local.
    pub kind: IndexKind,
    /// Its key.
    pub key_schema: KeySchema,
    /// What its entries hold beside the keys.
    pub projection: Projection,
    /// Provisioned capacity of a global index on a provisioned table.
    pub throughput: Option<Throughput>,
    /// On-demand limits of a global index.
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// Warm throughput of a global index, where it was asked for.
    pub warm_throughput: Option<WarmThroughput>,
    /// Where a global index is in its life; a local one is as its table.
    pub status: IndexStatus,
    /// `Some` while the index is being made by `UpdateTable`: whether it is being filled (rule 91).
    pub backfilling: Option<bool>,
    /// While the index is being filled: the key of the last item of the table that was looked at, in the order of a scan.
    pub filled_to: Option<[String; 2]>,
}

/// A place stored by [`IndexDefinition::write_stored`].
fn read_place(place: Option<Value<'_>>) -> Result<Option<[String; 2]>, CorruptDefinition> {
    let Some(place) = place else { return Ok(None) };
    let texts: Option<Vec<String>> = place.elements().map(|text| Some(text.as_str()?.into_owned())).collect();
    let place = texts.and_then(|texts| texts.try_into().ok());
    place.map(Some).ok_or(CorruptDefinition("FilledTo"))
}

impl IndexDefinition {
    /// Whether the index has to do with the table's item of that key: one that is being filled only with what lies before the place it has
    /// got to.
    pub fn knows(&self, [pk, sk]: [&str; 2]) -> bool {
        match (self.backfilling, &self.filled_to) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some([last_pk, last_sk])) => (hash_prefix(pk), pk, sk) <= (hash_prefix(last_pk), last_pk, last_sk),
        }
    }

    pub(super) fn from_stored(value: Value<'_>, kind: IndexKind, definitions: &AttributeDefinitions) -> Result<Self, CorruptDefinition> {
        let part = |name: &'static str| value.get(name).ok_or(CorruptDefinition(name));
        Ok(Self {
            name: part("IndexName")?.as_str().ok_or(CorruptDefinition("IndexName"))?.into_owned(),
            kind,
            key_schema: KeySchema::from_stored(part("KeySchema")?, definitions)?,
            projection: Projection::from_stored(part("Projection")?)?,
            throughput: value.get("ProvisionedThroughput").map(Throughput::from_stored).transpose()?,
            on_demand_throughput: value.get("OnDemandThroughput").map(OnDemandThroughput::from_stored),
            warm_throughput: value.get("WarmThroughput").map(WarmThroughput::from_stored).transpose()?,
            status: IndexStatus::from_stored(value)?,
            // Whatever it waited for when the database was closed, it can be filled now.
            backfilling: value.get("Backfilling").map(|_| true),
            filled_to: read_place(value.get("FilledTo"))?,
        })
    }

    pub(super) fn write_stored(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.string("IndexName", &self.name);
        self.key_schema.write_json(object.name("KeySchema"));
        self.projection.write_json(object.name("Projection"));
        // Only what UpdateTable has begun must be taken up again when the database is opened.
        if self.backfilling.is_some() {
            object.string("IndexStatus", self.status.name());
        }
        if let Some(backfilling) = self.backfilling {
            object.boolean("Backfilling", backfilling);
        }
        if let Some(place) = &self.filled_to {
            object.array("FilledTo", place, |out, text| write_json_string(out, text));
        }
        if let Some(throughput) = self.throughput {
            throughput.write_json(object.name("ProvisionedThroughput"));
        }
        if let Some(limits) = self.on_demand_throughput {
            limits.write_json(object.name("OnDemandThroughput"));
        }
        if let Some(warm) = self.warm_throughput {
            warm.write_json(object.name("WarmThroughput"));
        }
        object.end();
    }
}
