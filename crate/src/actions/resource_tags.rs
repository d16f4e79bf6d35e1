//! TagResource, UntagResource, ListTagsOfResource (rule 95).

use std::rc::Rc;

use super::{Context, storage_error};
use crate::api::error::{ApiError, ErrorKind, ModelledError};
use crate::api::request::{ListTagsRequest, TagRequest, TaggedResource, UntagRequest};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::{self, ACCOUNT, TableDefinition, TagLock, check_tag_count};
use crate::storage::Tag;
use crate::storage_backend::StorageBackend;

/// How long a change of tags is being applied. Where tables take no time to be changed, neither does this.
const LOCK_MILLIS: i64 = 1700;

/// The table, if it is there.
fn find<B: StorageBackend>(cx: &Context<'_, B>, resource: &TaggedResource) -> Option<Rc<TableDefinition>> {
    cx.catalog.borrow().get(resource.table_name.as_deref()?)
}

/// messages-tables 62
fn table<B: StorageBackend>(cx: &Context<'_, B>, resource: &TaggedResource) -> Result<Rc<TableDefinition>, ApiError> {
    find(cx, resource).ok_or_else(|| {
        ApiError::modelled(
            ModelledError::ResourceNotFound,
            format!("Requested resource not found: ResourcArn: {} not found", resource.arn),
        )
    })
}

/// Sets tags. The reply has no body.
#[waits]
pub async fn tag<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>) -> Result<(), ApiError> {
    let TagRequest { resource, tags } = TagRequest::parse(request)?;
    change(cx, &*table(cx, &resource)?, tags, &[]).await
}

/// Removes tags; one that is not there is no error. The reply has no body.
#[waits]
pub async fn untag<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>) -> Result<(), ApiError> {
    let UntagRequest { resource, keys } = UntagRequest::parse(request)?;
    change(cx, &*table(cx, &resource)?, Vec::new(), &keys).await
}

/// Sets some tags, or removes some.
#[waits]
async fn change<B: StorageBackend>(
    cx: &Context<'_, B>,
    table: &TableDefinition,
    tags: Vec<schema::Tag>,
    removed: &[String],
) -> Result<(), ApiError> {
    let changes = cx.transact(async || {
        let present = cx.backend.get_tags(&table.name).await.map_err(storage_error)?;
        let find = |key: &str| present.iter().find(|tag| tag.key == key);
        let added = tags.iter().filter(|tag| find(&tag.key).is_none()).count();
        check_tag_count(present.len() + added)?;
        check_lock(cx, table, &tags)?;
        if removed.is_empty() {
            let set = tags.iter().cloned().map(|schema::Tag { key, value }| Tag { key, value });
            let set: Vec<Tag> = set.collect();
            cx.backend.set_tags(&table.name, &set).await.map_err(storage_error)?;
        } else {
            cx.backend.remove_tags(&table.name, removed).await.map_err(storage_error)?;
        }
        let sets = tags.iter().any(|tag| find(&tag.key).is_none_or(|set| set.value != tag.value));
        Ok(sets || removed.iter().any(|key| find(key).is_some()))
    });
    if changes.await? {
        lock(cx, table, tags);
    }
    Ok(())
}

/// Whether the table's tags are being changed: nothing else changes them meanwhile, and the table is not deleted.
pub fn is_locked<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition) -> bool {
    table.tag_lock.as_ref().is_some_and(|lock| cx.now() < lock.until)
}

/// messages-tables 68. A request that sets what is being set, and perhaps more, is not refused.
fn check_lock<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, tags: &[schema::Tag]) -> Result<(), ApiError> {
    let repeats = |lock: &TagLock| !lock.setting.is_empty() && lock.setting.iter().all(|tag| tags.contains(tag));
    if !is_locked(cx, table) || table.tag_lock.as_ref().is_some_and(repeats) {
        return Ok(());
    }
    Err(ApiError::modelled(
        ModelledError::LimitExceeded,
        format!("Subscriber limit exceeded: Table tags are being updated: {}", table.name),
    ))
}

fn lock<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, setting: Vec<schema::Tag>) {
    if cx.lifecycle.update_ms > 0 {
        let mut locked = table.clone();
        let until = cx.now() + LOCK_MILLIS;
        locked.tag_lock = Some(TagLock { until, setting });
        cx.catalog.borrow_mut().insert(locked);
    }
}

/// Lists the tags, ordered by key.
#[waits]
pub async fn list<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ListTagsRequest::parse(request)?;
    let Some(table) = find(cx, &request.resource) else {
        // messages-tables 62a
        return Err(ApiError::new(
            ErrorKind::AccessDenied,
            format!(
                "User: arn:aws:iam::{ACCOUNT}:root is not authorized to perform: dynamodb:ListTagsOfResource on resource: {}",
                request.resource.arn
            ),
        ));
    };
    let tags = cx.backend.get_tags(&table.name).await.map_err(storage_error)?;
    let mut reply = ObjectWriter::begin(out);
    reply.array("Tags", &tags, |out, tag| {
        let mut object = ObjectWriter::begin(out);
        object.string("Key", &tag.key);
        object.string("Value", &tag.value);
        object.end();
    });
    reply.end();
    Ok(())
}
