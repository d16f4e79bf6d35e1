//! Billing mode and throughput of a table and its global indexes.

use super::super::capacity::{BillingMode, OnDemandThroughput, Throughput, WarmThroughput};
use super::super::error::{Of, SchemaError};
use super::super::index::IndexDefinition;
use super::super::table::{TableDefinition, default_warm};
use super::error::UpdateError;
use super::indexes::IndexUpdate;
use crate::model::json::Value;

/// The members of a request that set capacity.
#[derive(Clone, Copy)]
pub(super) struct CapacityUpdate<'d> {
    billing_mode: Option<BillingMode>,
    throughput: Option<Throughput>,
    on_demand: Option<Value<'d>>,
    warm: Option<Value<'d>>,
}

fn member<'d>(value: Value<'d>, name: &str) -> Option<Value<'d>> {
    value.get(name).filter(|value| !value.is_null())
}

impl<'d> CapacityUpdate<'d> {
    /// What a request wants; what it says that cannot be, whatever the table.
    pub(super) fn from_request(request: Value<'d>) -> Result<Self, UpdateError> {
        let mode = member(request, "BillingMode").and_then(Value::as_str);
        let billing_mode = mode.and_then(|mode| BillingMode::from_name(&mode));
        let throughput = member(request, "ProvisionedThroughput").map(Throughput::from_request).transpose()?;
        match (billing_mode, throughput) {
            (Some(BillingMode::PayPerRequest), Some(_)) => return Err(SchemaError::ThroughputOnDemand.into()),
            (Some(BillingMode::Provisioned), None) => return Err(UpdateError::ThroughputMissing),
            _ => {}
        }
        Ok(Self {
            billing_mode,
            throughput,
            on_demand: member(request, "OnDemandThroughput"),
            warm: member(request, "WarmThroughput"),
        })
    }

    /// Sets the capacity of the table and of the indexes that stay.
    pub(super) fn apply(&self, table: &mut TableDefinition, indexes: &[IndexUpdate<'_>], now: i64) -> Result<(), UpdateError> {
        let before = table.billing_mode;
        table.billing_mode = self.billing_mode.unwrap_or(before);
        match (table.billing_mode, self.throughput) {
            (BillingMode::PayPerRequest, Some(_)) => return Err(SchemaError::ThroughputOnDemand.into()),
            (BillingMode::PayPerRequest, None) => {
                table.throughput = None;
                if before == BillingMode::Provisioned {
                    table.on_demand_since = Some(now);
                }
            }
            (BillingMode::Provisioned, None) => {}
            (BillingMode::Provisioned, Some(units)) if table.throughput == Some(units) && before == BillingMode::Provisioned => {
                return Err(UpdateError::ThroughputUnchanged(None, units));
            }
            (BillingMode::Provisioned, Some(units)) => table.throughput = Some(units),
        }
        if let Some(limits) = self.on_demand {
            table.on_demand_throughput = merged(limits, table.on_demand_throughput, table.billing_mode, &Of::Table)?;
        }
        if let Some(warm) = self.warm {
            let current = table.effective_warm_throughput();
            table.warm_throughput = Some(increased(warm, current, "table")?);
        }
        for index in &mut table.global_indexes {
            let update = indexes.iter().find_map(|update| update.capacity_of(&index.name));
            update_index(index, table.billing_mode, before, update)?;
        }
        Ok(())
    }
}

/// The capacity of an index that stays (messages-tables 82, 83).
fn update_index(index: &mut IndexDefinition, mode: BillingMode, before: BillingMode, update: Option<Value<'_>>) -> Result<(), UpdateError> {
    let part = |name: &str| update.and_then(|update| member(update, name));
    let requested = part("ProvisionedThroughput").map(Throughput::from_request).transpose()?;
    match (mode, requested) {
        (BillingMode::PayPerRequest, Some(_)) => return Err(UpdateError::IndexThroughputOnDemand(index.name.clone())),
        (BillingMode::PayPerRequest, None) => index.throughput = None,
        (BillingMode::Provisioned, None) if before == BillingMode::PayPerRequest => {
            return Err(UpdateError::IndexThroughputMissing(index.name.clone()));
        }
        (BillingMode::Provisioned, Some(units)) if index.throughput == Some(units) => {
            return Err(UpdateError::ThroughputUnchanged(Some(index.name.clone()), units));
        }
        (BillingMode::Provisioned, Some(units)) => index.throughput = Some(units),
        (BillingMode::Provisioned, None) => {}
    }
    if let Some(limits) = part("OnDemandThroughput") {
        let of = Of::Index(index.name.clone());
        index.on_demand_throughput = merged(limits, index.on_demand_throughput, mode, &of)?;
    }
    if let Some(warm) = part("WarmThroughput") {
        let current = index.warm_throughput.unwrap_or_else(|| default_warm(index.throughput));
        index.warm_throughput = Some(increased(warm, current, &Of::Index(index.name.clone()).to_string())?);
    }
    Ok(())
}

/// Rule A4: a limit that is not named stays, and -1 removes one.
fn merged(
    limits: Value<'_>,
    current: Option<OnDemandThroughput>,
    mode: BillingMode,
    of: &Of,
) -> Result<Option<OnDemandThroughput>, UpdateError> {
    let current = current.unwrap_or_default();
    let limit = |name: &'static str, current: Option<i64>| match member(limits, name).and_then(Value::as_i64) {
        None => Ok(current),
        Some(_) if mode == BillingMode::Provisioned => Err(UpdateError::OnDemandThroughputWhenProvisioned(name)),
        Some(-1) => Ok(None),
        Some(units) if units < 1 => Err(SchemaError::OnDemandThroughputOutOfRange(name, of.clone()).into()),
        Some(units) => Ok(Some(units)),
    };
    let merged = OnDemandThroughput {
        max_read: limit("MaxReadRequestUnits", current.max_read)?,
        max_write: limit("MaxWriteRequestUnits", current.max_write)?,
    };
    Ok((merged != OnDemandThroughput::default()).then_some(merged))
}

/// Rule A4: warm throughput grows only (messages-tables 46).
fn increased(warm: Value<'_>, current: WarmThroughput, of: &str) -> Result<WarmThroughput, UpdateError> {
    let units = |name: &'static str, current: i64| match member(warm, name).and_then(Value::as_i64) {
        Some(units) if units < current => Err(UpdateError::WarmThroughputDecreased(name, of.to_owned())),
        units => Ok(units.unwrap_or(current)),
    };
    Ok(WarmThroughput {
        read: units("ReadUnitsPerSecond", current.read)?,
        write: units("WriteUnitsPerSecond", current.write)?,
    })
}
