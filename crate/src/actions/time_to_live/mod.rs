//! Time to live: `UpdateTimeToLive`, `DescribeTimeToLive`, and the sweep that deletes what has expired (rules 96-98).

mod sweep;

pub use sweep::sweep;

use super::update_table::check_not_busy;
use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{DescribeTimeToLiveRequest, UpdateTimeToLiveRequest};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::{TableDefinition, TableStatus, TtlSpec};
use crate::storage_backend::StorageBackend;

/// How long after a change no other is allowed, about an hour (rule 97). Where tables take no time to be created, neither does this.
const CHANGE_INTERVAL_MILLIS: i64 = 60 * 60 * 1000;

/// Enables time to live on an attribute, or disables it.
#[waits]
pub async fn update<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = UpdateTimeToLiveRequest::parse(request)?;
    let table = cx.any_table(&request.table_name)?;
    check_not_busy(&table)?;
    // messages-tables 72-75
    let message = match (&table.ttl, request.enabled) {
        (Some(ttl), _) if ttl.attribute != request.attribute => Some(format!(
            "TimeToLive is active on a different AttributeName: current AttributeName is {}",
            ttl.attribute
        )),
        (Some(_), true) => Some("TimeToLive is already enabled".into()),
        (None, false) => Some("TimeToLive is already disabled".into()),
        _ if changed_within(&table, cx, CHANGE_INTERVAL_MILLIS) && cx.lifecycle.update_ms > 0 => {
            Some("Time to live has been modified multiple times within a fixed interval".into())
        }
        _ => None,
    };
    if let Some(message) = message {
        return Err(ApiError::validation(message));
    }
    let mut changed = (*table).clone();
    changed.ttl_changed_at = Some(cx.now());
    changed.ttl = request.enabled.then(|| TtlSpec {
        attribute: request.attribute.clone(),
    });
    cx.transact(async || {
        let attribute = changed.ttl.as_ref().map(|ttl| ttl.attribute.as_str());
        let name = table.name.as_str();
        let configured = cx.backend.update_ttl_config(name, attribute, request.enabled).await;
        configured.map_err(storage_error)?;
        let settings = changed.other_settings();
        let noted = cx.backend.update_other_settings(name, settings.as_deref()).await;
        noted.map_err(storage_error)
    })
    .await?;
    cx.catalog.borrow_mut().insert(changed);
    let mut reply = ObjectWriter::begin(out);
    reply.object("TimeToLiveSpecification", |specification| {
        specification.boolean("Enabled", request.enabled);
        specification.string("AttributeName", &request.attribute);
    });
    reply.end();
    Ok(())
}

/// Says whether time to live is enabled, and on which attribute.
pub fn describe<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = DescribeTimeToLiveRequest::parse(request)?;
    let table = cx.any_table(&request.table_name)?;
    if let TableStatus::Creating | TableStatus::Deleting = table.status {
        // messages-tables 76
        let state = table.status.name();
        return Err(ApiError::validation(format!(
            "Cannot describe time to live while table is in {state} state: Current table state is {state}"
        )));
    }
    let changing = changed_within(&table, cx, cx.lifecycle.update_ms);
    let status = match (&table.ttl, changing) {
        (Some(_), true) => "ENABLING",
        (Some(_), false) => "ENABLED",
        (None, true) => "DISABLING",
        (None, false) => "DISABLED",
    };
    let mut reply = ObjectWriter::begin(out);
    reply.object("TimeToLiveDescription", |description| {
        description.string("TimeToLiveStatus", status);
        description.optional_string("AttributeName", table.ttl.as_ref().map(|ttl| ttl.attribute.as_str()));
    });
    reply.end();
    Ok(())
}

fn changed_within<B: StorageBackend>(table: &TableDefinition, cx: &Context<'_, B>, milliseconds: i64) -> bool {
    table.ttl_changed_at.is_some_and(|changed| cx.now() - changed < milliseconds)
}
