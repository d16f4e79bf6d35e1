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
    /// While the index is being filled: the key of the last item of the table, in the order of a scan, up to which every item is in it.
    pub filled_to: Option<[String; 2]>,
    /// The items behind that place whose entries are being written.
    pub filling: Option<FillingRun>,
}

/// A run of items, next to one another in the order of a scan, whose entries are being written in the order of the index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FillingRun {
    /// The key of its last item.
    pub to: [String; 2],
    /// The place of the entry that was written last: keys of the index, then of the table.
    pub written_to: [String; 4],
}

impl FillingRun {
    /// Whether the entry of that place was to be written by now: keys of the index, then of the table.
    pub fn has(&self, place: [&str; 4]) -> bool {
        Known::UpTo(&self.written_to).has(place)
    }
}

/// Which entries of an item are in an index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known<'d> {
    /// All that there are.
    Everything,
    /// Those up to a place in the index.
    UpTo(&'d [String; 4]),
    /// None.
    Nothing,
}

impl Known<'_> {
    /// Whether the entry of that place is among them: keys of the index, then of the table.
    pub fn has(self, place: [&str; 4]) -> bool {
        match self {
            Self::Everything => true,
            Self::UpTo(last) => (hash_prefix(place[0]), place) <= (hash_prefix(&last[0]), last.each_ref().map(String::as_str)),
            Self::Nothing => false,
        }
    }
}

/// Where a key lies in the order of a scan.
pub fn place_of([pk, sk]: [&str; 2]) -> (u32, &str, &str) {
    (hash_prefix(pk), pk, sk)
}

/// Whether an item of the first key comes no later in a scan than one of the second.
fn reaches(key: [&str; 2], last: &[String; 2]) -> bool {
    place_of(key) <= place_of([&last[0], &last[1]])
}

/// A place stored by [`IndexDefinition::write_stored`].
fn read_place<const TEXTS: usize>(value: Value<'_>, name: &'static str) -> Result<Option<[String; TEXTS]>, CorruptDefinition> {
    let Some(place) = value.get(name) else { return Ok(None) };
    let texts: Option<Vec<String>> = place.elements().map(|text| Some(text.as_str()?.into_owned())).collect();
    let place = texts.and_then(|texts| texts.try_into().ok());
    place.map(Some).ok_or(CorruptDefinition(name))
}

impl IndexDefinition {
    /// Which entries of the table's item of that key are in the index: of one that is being filled it depends on where that has got to.
    pub fn known(&self, key: [&str; 2]) -> Known<'_> {
        match (self.backfilling, &self.filled_to, &self.filling) {
            (None, _, _) => Known::Everything,
            (Some(_), Some(last), _) if reaches(key, last) => Known::Everything,
            (Some(_), _, Some(run)) if reaches(key, &run.to) => Known::UpTo(&run.written_to),
            _ => Known::Nothing,
        }
    }

    /// Whether there is no item yet whose entry is in the index.
    pub fn knows_nothing(&self) -> bool {
        self.backfilling.is_some() && self.filled_to.is_none() && self.filling.is_none()
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
            filled_to: read_place(value, "FilledTo")?,
            filling: match (read_place(value, "RunTo")?, read_place(value, "WrittenTo")?) {
                (Some(to), Some(written_to)) => Some(FillingRun { to, written_to }),
                _ => None,
            },
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
        if let Some(run) = &self.filling {
            object.array("RunTo", &run.to, |out, text| write_json_string(out, text));
            object.array("WrittenTo", &run.written_to, |out, text| write_json_string(out, text));
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
