//! UpdateTable (rules 90, 91, A4).

use super::stream_label::{self, LabelTaken};
use super::{Context, in_transition, in_use, reply};
use crate::api::error::{ApiError, ModelledError};
use crate::api::request::UpdateTableRequest;
use crate::model::json::Document;
use crate::schema::{BillingMode, TableDefinition, TableStatus, UpdateError, UpdatedTable, utc_time};
use crate::storage_backend::{BackendError, StorageBackend};

/// Changes a table: its settings at once, a new index in steps behind the reply (`backfill`).
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = UpdateTableRequest::parse(request)?;
    let table = cx.any_table(&request.table_name)?;
    if let Err(busy) = check_not_busy(&table) {
        // An index that is being allocated has a sentence of its own (rule A2).
        return Err(match request.update.apply(&table, cx.now()) {
            Err(allocating @ UpdateError::IndexAllocating) => allocating.into(),
            _ => busy,
        });
    }
    let UpdatedTable {
        mut definition,
        created_index,
        deleted_index,
    } = request.update.apply(&table, cx.now())?;
    check_protection_interval(cx, &table, &definition)?;
    let [created, deleted] = [created_index.as_deref(), deleted_index.as_deref()];
    let change = async |after: &TableDefinition, label: &LabelTaken| {
        store_indexes(cx.backend, after, created, deleted).await?;
        store_settings(cx.backend, &table, after, label).await
    };
    stream_label::store(cx, &mut definition, change).await?;
    if !request.only_warm_throughput {
        definition.status = TableStatus::Updating;
    }
    out.extend_from_slice(b"{\"TableDescription\":");
    reply::write_description(cx, &definition, out).await?;
    out.push(b'}');
    let mut catalog = cx.catalog.borrow_mut();
    let takes = if created.is_some() {
        cx.lifecycle.index_creation_ms
    } else {
        cx.lifecycle.update_ms
    };
    catalog.settle_at(&table.name, cx.now() + takes);
    catalog.insert(definition);
    Ok(())
}

/// How long after deletion protection was switched it is not switched again. Where tables take no time to be changed, neither does this.
const PROTECTION_INTERVAL_MILLIS: i64 = 15_000;

/// messages-tables, section 2 on rule 94
fn check_protection_interval<B: StorageBackend>(
    cx: &Context<'_, B>,
    before: &TableDefinition,
    after: &TableDefinition,
) -> Result<(), ApiError> {
    let again = before
        .deletion_protection_changed_at
        .map(|changed| changed + PROTECTION_INTERVAL_MILLIS);
    let switches = before.deletion_protection != after.deletion_protection;
    match again.filter(|again| switches && cx.lifecycle.update_ms > 0 && cx.now() < *again) {
        None => Ok(()),
        Some(again) => Err(ApiError::modelled(
            ModelledError::Throttling,
            format!(
                "Deletion protection setting for table {} modified within the previous {PROTECTION_INTERVAL_MILLIS} milliseconds. Please \
                 try again after {}",
                before.name,
                utc_time(again)
            ),
        )),
    }
}

/// A table changes when it is ACTIVE (messages-tables 96).
pub fn check_not_busy(table: &TableDefinition) -> Result<(), ApiError> {
    if let Some(error) = in_transition(table) {
        return Err(error);
    }
    if table.status == TableStatus::Updating {
        return Err(in_use(&format!(
            "Table: {} is in the process of being updated.",
            table.name.as_str()
        )));
    }
    Ok(())
}

/// Makes the new index, or drops the one that goes: for storage it is gone at once.
#[waits]
async fn store_indexes<B: StorageBackend>(
    backend: &B,
    table: &TableDefinition,
    created: Option<&str>,
    deleted: Option<&str>,
) -> Result<(), BackendError> {
    let name = table.name.as_str();
    if let Some(index) = deleted {
        backend.discard_gsi(name, index).await?;
    }
    if let Some(index) = created {
        backend.create_gsi_table(name, index).await?;
    }
    Ok(())
}

/// Writes what has changed of the definition.
#[waits]
async fn store_settings<B: StorageBackend>(
    backend: &B,
    before: &TableDefinition,
    after: &TableDefinition,
    label: &LabelTaken,
) -> Result<(), BackendError> {
    let name = before.name.as_str();
    let mut left = after.clone();
    left.drop_deleted_indexes();
    let (old, new) = (before.to_stored(), left.to_stored());
    if (&old.attribute_definitions, &old.gsi_definitions) != (&new.attribute_definitions, &new.gsi_definitions) {
        backend
            .update_table_metadata(name, &new.attribute_definitions, new.gsi_definitions.as_deref())
            .await?;
    }
    if old.billing_mode != new.billing_mode {
        backend.update_billing_mode(name, &new.billing_mode).await?;
    }
    match &new.provisioned_throughput {
        Some(units) if old.provisioned_throughput.as_ref() != Some(units) => backend.update_provisioned_throughput(name, units).await?,
        None if after.billing_mode == BillingMode::PayPerRequest && old.provisioned_throughput.is_some() => {
            backend.clear_provisioned_throughput(name).await?;
        }
        _ => {}
    }
    if old.on_demand_throughput != new.on_demand_throughput {
        let limits = new.on_demand_throughput.as_deref().unwrap_or("{}");
        backend.update_on_demand_throughput(name, limits).await?;
    }
    if let (Some(class), true) = (&new.table_class, old.table_class != new.table_class) {
        backend.update_table_class(name, class).await?;
    }
    if old.deletion_protection != new.deletion_protection {
        backend.update_deletion_protection(name, new.deletion_protection).await?;
    }
    if old.other_settings != new.other_settings {
        backend.update_other_settings(name, new.other_settings.as_deref()).await?;
    }
    match (&before.stream, &after.stream) {
        (None, Some(_)) => label.enable(backend, after).await,
        (Some(_), None) => backend.disable_stream(name).await,
        _ => Ok(()),
    }
}
