//! `PutResourcePolicy`, `GetResourcePolicy`, `DeleteResourcePolicy` (rule A6). A table and each of its streams have a policy of their own.

use std::rc::Rc;

use super::streams::exists;
use super::{Context, in_transition, in_use, storage_error};
use crate::api::Operation;
use crate::api::error::{ApiError, ModelledError};
use crate::api::request::{PolicyResource, ResourcePolicyRequest};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::{ResourcePolicy, TableDefinition, TableStatus, utc_time};
use crate::storage_backend::StorageBackend;

/// How long a change is being applied, and how long after it no other is allowed. Where tables take no time to be changed, neither does this.
const PENDING_MILLIS: i64 = 2000;
const CHANGE_INTERVAL_MILLIS: i64 = 15_000;

/// The revision that stands for no policy at all.
const NO_POLICY: &str = "NO_POLICY";

/// Attaches a policy; one that says the same as the one that is there changes nothing.
#[waits]
pub async fn put<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ResourcePolicyRequest::parse(Operation::PutResourcePolicy, request)?;
    let table = changeable(cx, &request.resource).await?;
    let present = find(&table, &request.resource);
    check_revision(&request, present)?;
    if let Some(present) = present.filter(|present| present.document.as_ref() == Some(&request.policy)) {
        write_revision(out, Some(present.revision));
        return Ok(());
    }
    check_interval(cx, &request.resource, present)?;
    let revision = store(cx, &table, request.resource, Some(request.policy)).await?;
    write_revision(out, Some(revision));
    Ok(())
}

/// Gives the policy back.
#[waits]
pub async fn get<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let ResourcePolicyRequest { resource, .. } = ResourcePolicyRequest::parse(Operation::GetResourcePolicy, request)?;
    let table = match (table(cx, &resource), &resource.stream) {
        (Err(missing), None) => return Err(missing),
        (table, _) => table.ok(),
    };
    check_stream(cx, &resource).await?;
    let present = table.as_deref().and_then(|table| find(table, &resource));
    let Some((policy, document)) = present.and_then(|policy| Some((policy, policy.document.as_deref()?))) else {
        return Err(not_found(&resource.arn));
    };
    let mut reply = ObjectWriter::begin(out);
    reply.string("Policy", document);
    reply.string("RevisionId", &policy.revision.to_string());
    reply.end();
    Ok(())
}

/// Takes the policy away; where there is none nothing happens.
#[waits]
pub async fn delete<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ResourcePolicyRequest::parse(Operation::DeleteResourcePolicy, request)?;
    let table = changeable(cx, &request.resource).await?;
    let present = find(&table, &request.resource);
    check_revision(&request, present)?;
    if present.is_some_and(|present| present.document.is_some()) {
        check_interval(cx, &request.resource, present)?;
        store(cx, &table, request.resource, None).await?;
    }
    // Of what was deleted before, the revision is that of its deletion.
    write_revision(out, present.map(|present| present.revision));
    Ok(())
}

/// The table whose policy, or whose stream's, is meant. One that is being created is not there yet.
fn table<B>(cx: &Context<'_, B>, resource: &PolicyResource) -> Result<Rc<TableDefinition>, ApiError> {
    let table = cx.catalog.borrow().get(&resource.table_name);
    table
        .filter(|table| table.status != TableStatus::Creating)
        .ok_or_else(|| ApiError::table_not_found(&resource.table_name))
}

/// The same, of a policy that is to be changed.
#[waits]
async fn changeable<B: StorageBackend>(cx: &Context<'_, B>, resource: &PolicyResource) -> Result<Rc<TableDefinition>, ApiError> {
    let table = table(cx, resource)?;
    if let Some(error) = in_transition(&table) {
        return Err(error);
    }
    check_stream(cx, resource).await?;
    Ok(table)
}

#[waits]
async fn check_stream<B: StorageBackend>(cx: &Context<'_, B>, resource: &PolicyResource) -> Result<(), ApiError> {
    let Some(label) = &resource.stream else { return Ok(()) };
    if exists(cx, &resource.table_name, label).await? {
        return Ok(());
    }
    Err(ApiError::modelled(
        ModelledError::ResourceNotFound,
        format!(
            "Requested resource not found: Stream: {label} not found for Table: {}",
            resource.table_name
        ),
    ))
}

fn find<'t>(table: &'t TableDefinition, resource: &PolicyResource) -> Option<&'t ResourcePolicy> {
    table.policies.iter().find(|policy| policy.stream == resource.stream)
}

fn not_found(what: &str) -> ApiError {
    ApiError::modelled(
        ModelledError::PolicyNotFound,
        format!("Resource-based policy not found for the provided ResourceArn: {what}"),
    )
}

/// The revision that is expected must be the one that is there.
fn check_revision(request: &ResourcePolicyRequest, present: Option<&ResourcePolicy>) -> Result<(), ApiError> {
    let Some(expected) = &request.expected_revision else {
        return Ok(());
    };
    let table = &request.resource.table_name;
    let revision = present
        .filter(|present| present.document.is_some())
        .map(|present| present.revision.to_string());
    match revision {
        None if expected == NO_POLICY => Ok(()),
        None => Err(not_found(&format!(
            "Requested update for policy with revision id {expected}, but table {table} has no associated policy."
        ))),
        Some(revision) if expected == NO_POLICY => Err(not_found(&format!(
            "Requested policy update expecting none to be present for table {table}, but a policy exists with revision id {revision}."
        ))),
        Some(revision) if *expected != revision => Err(not_found(&format!(
            "Requested update for policy with revision id {expected}, but the policy associated to target table {table} has revision id \
             {revision}."
        ))),
        Some(_) => Ok(()),
    }
}

/// Changes of one policy keep a distance.
fn check_interval<B: StorageBackend>(
    cx: &Context<'_, B>,
    resource: &PolicyResource,
    present: Option<&ResourcePolicy>,
) -> Result<(), ApiError> {
    let Some(present) = present.filter(|_| cx.lifecycle.update_ms > 0) else {
        return Ok(());
    };
    let (kind, name) = match &resource.stream {
        None => ("Table", resource.table_name.as_str()),
        Some(label) => ("Stream", label.as_str()),
    };
    match cx.now() - present.revision {
        ..PENDING_MILLIS => Err(in_use(&format!("{kind} is pending previous resource-based policy update: {name}"))),
        PENDING_MILLIS..CHANGE_INTERVAL_MILLIS => Err(ApiError::modelled(
            ModelledError::Throttling,
            format!(
                "Resource-based policy for {} {name} modified within the previous {CHANGE_INTERVAL_MILLIS} milliseconds. Please try again \
                 after {}Z.",
                kind.to_ascii_lowercase(),
                utc_time(present.revision + CHANGE_INTERVAL_MILLIS)
            ),
        )),
        _ => Ok(()),
    }
}

/// Keeps a policy, or that it is gone; says its revision.
#[waits]
async fn store<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    resource: PolicyResource,
    document: Option<String>,
) -> Result<i64, ApiError> {
    let mut changed = table.clone();
    let before = find(table, &resource).map_or(0, |policy| policy.revision);
    // Two changes within one millisecond are two revisions.
    let revision = cx.now().max(before + 1);
    changed.policies.retain(|policy| policy.stream != resource.stream);
    changed.policies.push(ResourcePolicy {
        stream: resource.stream,
        document,
        revision,
    });
    let settings = changed.other_settings();
    let noted = cx.backend.update_other_settings(&table.name, settings.as_deref());
    noted.await.map_err(storage_error)?;
    cx.catalog.borrow_mut().insert(changed);
    Ok(revision)
}

fn write_revision(out: &mut Vec<u8>, revision: Option<i64>) {
    let mut reply = ObjectWriter::begin(out);
    reply.optional_string("RevisionId", revision.map(|revision| revision.to_string()).as_deref());
    reply.end();
}
