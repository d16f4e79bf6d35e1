//! Billing mode and the three kinds of throughput settings, of tables and of global indexes.

use super::error::{CorruptDefinition, Of, SchemaError};
use super::json_text::ObjectWriter;
use crate::model::json::Value;

/// How a table is billed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BillingMode {
    /// By the capacity set aside.
    Provisioned,
    /// By request.
    PayPerRequest,
}

impl BillingMode {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provisioned => "PROVISIONED",
            Self::PayPerRequest => "PAY_PER_REQUEST",
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Provisioned, Self::PayPerRequest]
            .into_iter()
            .find(|mode| mode.name() == name)
    }
}

/// Provisioned capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Throughput {
    /// `ReadCapacityUnits`
    pub read: i64,
    /// `WriteCapacityUnits`
    pub write: i64,
}

/// Most units the service takes (messages-tables 37).
const MOST_UNITS: i64 = 1_000_000_000_000;

impl Throughput {
    pub(super) fn from_request(value: Value<'_>) -> Result<Self, SchemaError> {
        let units = |name: &'static str| match integer(value, name) {
            Some(units) if units > MOST_UNITS => Err(SchemaError::ThroughputOutOfBounds(name, units)),
            Some(units) => Ok(units),
            None => Err(SchemaError::ThroughputMissing),
        };
        Ok(Self {
            read: units("ReadCapacityUnits")?,
            write: units("WriteCapacityUnits")?,
        })
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        Self::from_request(value).map_err(|_| CorruptDefinition("ProvisionedThroughput"))
    }

    /// Writes it as in requests.
    pub fn write_json(self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.integer("ReadCapacityUnits", self.read);
        object.integer("WriteCapacityUnits", self.write);
        object.end();
    }
}

/// Upper limits of an on-demand table or index.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OnDemandThroughput {
    /// `MaxReadRequestUnits`
    pub max_read: Option<i64>,
    /// `MaxWriteRequestUnits`
    pub max_write: Option<i64>,
}

const MAX_READ: &str = "MaxReadRequestUnits";
const MAX_WRITE: &str = "MaxWriteRequestUnits";

impl OnDemandThroughput {
    /// Reads it from a `CreateTable` request, where `-1` removes nothing and is out of range (rule A4).
    pub(super) fn from_request(value: Value<'_>, billing: BillingMode, of: &Of) -> Result<Option<Self>, SchemaError> {
        let limits = Self {
            max_read: integer(value, MAX_READ),
            max_write: integer(value, MAX_WRITE),
        };
        for (name, limit) in [(MAX_READ, limits.max_read), (MAX_WRITE, limits.max_write)] {
            let Some(limit) = limit else { continue };
            if billing == BillingMode::Provisioned {
                return Err(SchemaError::OnDemandThroughputWhenProvisioned(name));
            }
            if limit < 1 {
                return Err(SchemaError::OnDemandThroughputOutOfRange(name, of.clone()));
            }
        }
        Ok((limits != Self::default()).then_some(limits))
    }

    pub(super) fn from_stored(value: Value<'_>) -> Self {
        Self {
            max_read: integer(value, MAX_READ),
            max_write: integer(value, MAX_WRITE),
        }
    }

    /// Writes it as on the wire; limits that are not set are absent.
    pub fn write_json(self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        if let Some(units) = self.max_read {
            object.integer(MAX_READ, units);
        }
        if let Some(units) = self.max_write {
            object.integer(MAX_WRITE, units);
        }
        object.end();
    }
}

/// Throughput that is available at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WarmThroughput {
    /// `ReadUnitsPerSecond`
    pub read: i64,
    /// `WriteUnitsPerSecond`
    pub write: i64,
}

const WARM_READ: &str = "ReadUnitsPerSecond";
const WARM_WRITE: &str = "WriteUnitsPerSecond";

impl WarmThroughput {
    /// What an on-demand table starts with, and the least it can ask for (rule A4).
    pub const ON_DEMAND: Self = Self {
        read: 12_000,
        write: 4_000,
    };

    /// Reads it from a request; a unit left out is filled from the baseline, and none may be below it (messages-tables 45).
    pub(super) fn from_request(value: Value<'_>, baseline: Self, of: &Of) -> Result<Self, SchemaError> {
        let units = |name, least| match integer(value, name) {
            Some(units) if units < least => Err(SchemaError::WarmThroughputTooLow(name, of.clone())),
            Some(units) => Ok(units),
            None => Ok(least),
        };
        Ok(Self {
            read: units(WARM_READ, baseline.read)?,
            write: units(WARM_WRITE, baseline.write)?,
        })
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        let units = |name| integer(value, name).ok_or(CorruptDefinition("WarmThroughput"));
        Ok(Self {
            read: units(WARM_READ)?,
            write: units(WARM_WRITE)?,
        })
    }

    /// Writes it as in requests.
    pub fn write_json(self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        self.write_members(&mut object);
        object.end();
    }

    pub(super) fn write_members(self, object: &mut ObjectWriter<'_>) {
        object.integer(WARM_READ, self.read);
        object.integer(WARM_WRITE, self.write);
    }
}

fn integer(value: Value<'_>, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}
