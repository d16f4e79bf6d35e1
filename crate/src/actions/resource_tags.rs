//! TagResource, UntagResource, ListTagsOfResource (rule 95).

use std::rc::Rc;

use super::{Context, storage_error};
use crate::api::error::{ApiError, ErrorKind, ModelledError};
use crate::api::request::{ListTagsRequest, TagRequest, TaggedResource, UntagRequest};
use crate::model::json::Document;
use crate::schema::ACCOUNT;
use crate::schema::TableDefinition;
use crate::schema::check_tag_count;
use crate::schema::json_text::ObjectWriter;
use crate::storage::Tag;
use crate::storage_backend::StorageBackend;

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
pub async fn tag<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>) -> Result<(), ApiError> {
    let request = TagRequest::parse(request)?;
    let table = table(cx, &request.resource)?;
    cx.transact(async {
        let present = cx.backend.get_tags(&table.name).await.map_err(storage_error)?;
        let is_new = |key: &str| present.iter().all(|tag| tag.key != key);
        let added = request.tags.iter().filter(|tag| is_new(&tag.key)).count();
        check_tag_count(present.len() + added)?;
        let tags: Vec<Tag> = request
            .tags
            .into_iter()
            .map(|tag| Tag {
                key: tag.key,
                value: tag.value,
            })
            .collect();
        cx.backend.set_tags(&table.name, &tags).await.map_err(storage_error)
    })
    .await
}

/// Removes tags; one that is not there is no error. The reply has no body.
pub async fn untag<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>) -> Result<(), ApiError> {
    let request = UntagRequest::parse(request)?;
    let table = table(cx, &request.resource)?;
    cx.backend.remove_tags(&table.name, &request.keys).await.map_err(storage_error)
}

/// Lists the tags, ordered by key.
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
