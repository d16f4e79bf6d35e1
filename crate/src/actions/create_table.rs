//! CreateTable.

use super::stream_label::{self, LabelTaken};
use super::{Context, in_transition, reply};
use crate::api::error::ApiError;
use crate::api::request::CreateTableRequest;
use crate::model::json::Document;
use crate::schema::TableDefinition;
use crate::storage::{CreateTableMetadata, Tag};
use crate::storage_backend::{BackendError, StorageBackend};

/// A random UUID (version 4).
#[allow(clippy::cast_sign_loss)] // random numbers are in [0, 1)
fn uuid(random: &dyn Fn() -> f64) -> String {
    let mut text = String::with_capacity(36);
    for at in 0..36 {
        text.push(match at {
            8 | 13 | 18 | 23 => '-',
            14 => '4',
            _ => {
                // The variant's digit is one of four.
                let (digits, count) = if at == 19 {
                    (b"89ab".as_slice(), 4.0)
                } else {
                    (b"0123456789abcdef".as_slice(), 16.0)
                };
                char::from(digits.get((random() * count) as usize).copied().unwrap_or(b'0'))
            }
        });
    }
    text
}

/// Creates a table: its row in the catalog, its physical tables, its stream and tags, all or nothing.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = CreateTableRequest::parse(request)?;
    let mut new = request.table;
    let tags: Vec<Tag> = std::mem::take(&mut new.tags)
        .into_iter()
        .map(|tag| Tag {
            key: tag.key,
            value: tag.value,
        })
        .collect();
    let mut table = new.into_definition(uuid(cx.random), cx.now());
    if let Some(taken) = cx.catalog.borrow().get(&table.name) {
        return Err(in_transition(&taken).unwrap_or_else(|| ApiError::table_exists(&table.name)));
    }
    stream_label::store(cx, &mut table, async |table, label| create(cx.backend, table, &tags, label).await).await?;

    let name = table.name.to_string();
    out.extend_from_slice(b"{\"TableDescription\":");
    reply::write_description(cx, &table, out).await?;
    out.push(b'}');
    let mut catalog = cx.catalog.borrow_mut();
    catalog.insert(table);
    catalog.settle_at(&name, cx.now() + cx.lifecycle.creation_ms);
    Ok(())
}

#[waits]
async fn create<B: StorageBackend>(backend: &B, table: &TableDefinition, tags: &[Tag], label: &LabelTaken) -> Result<(), BackendError> {
    let name = table.name.as_str();
    let stored = table.to_stored();
    backend
        .insert_table_metadata(&CreateTableMetadata {
            table_name: name,
            table_id: &stored.table_id,
            key_schema: &stored.key_schema,
            attribute_definitions: &stored.attribute_definitions,
            gsi_definitions: stored.gsi_definitions.as_deref(),
            lsi_definitions: stored.lsi_definitions.as_deref(),
            provisioned_throughput: stored.provisioned_throughput.as_deref(),
            billing_mode: &stored.billing_mode,
            table_class: stored.table_class.as_deref(),
            on_demand_throughput: stored.on_demand_throughput.as_deref(),
            other_settings: stored.other_settings.as_deref(),
            deletion_protection: stored.deletion_protection,
            created_at: stored.created_at,
        })
        .await?;
    backend.create_data_table(name).await?;
    for index in &table.global_indexes {
        backend.create_gsi_table(name, &index.name).await?;
    }
    for index in &table.local_indexes {
        backend.create_lsi_table(name, &index.name).await?;
    }
    label.enable(backend, table).await?;
    if !tags.is_empty() {
        backend.set_tags(name, tags).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_version_four_and_the_usual_variant() {
        assert_eq!(uuid(&|| 0.0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(&|| 0.999), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
