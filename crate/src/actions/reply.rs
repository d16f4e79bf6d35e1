//! Parts of replies that several operations write.

use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::api::response::write_item_collection;
use crate::model::Item;
use crate::schema::TableDefinition;
use crate::schema::describe::{DescriptionContext, ItemCounts, write_table_description};
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::storage_backend::StorageBackend;

/// A table's description with its present item counts.
#[waits]
pub async fn write_description<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let all = cx.backend.table_stats().await.map_err(storage_error)?;
    let stats = all.iter().find(|stats| stats.table_name == table.name.as_str());
    let counts = |items: u64, bytes: u64| ItemCounts {
        items: i64::try_from(items).unwrap_or(i64::MAX),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
    };
    let index = |name: &str| {
        let index = stats.and_then(|stats| stats.indexes.iter().find(|index| index.index_name == name));
        index.map_or(ItemCounts::default(), |index| counts(index.item_count, index.size_bytes))
    };
    let context = DescriptionContext {
        region: cx.region,
        table: stats.map_or(ItemCounts::default(), |stats| counts(stats.item_count, stats.size_bytes)),
        index: &index,
    };
    write_table_description(out, table, &context);
    Ok(())
}

/// An item collection that a batch or a transaction has changed.
pub struct ChangedCollection<'r> {
    /// The table as the request names it.
    pub table_name: &'r str,
    /// The table.
    pub table: &'r TableDefinition,
    /// The partition key, as storage keeps it.
    pub pk: &'r str,
    /// The attributes of the key, perhaps among others.
    pub key_item: &'r Item,
}

/// Writes the `ItemCollectionMetrics` of several writes: by table, each collection once; tables without local indexes have none, and
/// where no table has any there is no member (rule 69).
pub fn write_item_collections<'r>(reply: &mut ObjectWriter<'_>, changed: impl Iterator<Item = ChangedCollection<'r>>) {
    let mut by_table: Vec<(&str, Vec<ChangedCollection<'r>>)> = Vec::new();
    for collection in changed.filter(|collection| !collection.table.local_indexes.is_empty()) {
        let at = by_table.iter().position(|(name, _)| *name == collection.table_name);
        match at.and_then(|at| by_table.get_mut(at)) {
            None => by_table.push((collection.table_name, vec![collection])),
            Some((_, others)) if others.iter().all(|other| other.pk != collection.pk) => others.push(collection),
            Some(_) => {}
        }
    }
    if by_table.is_empty() {
        return;
    }
    reply.object("ItemCollectionMetrics", |metrics| {
        for (name, collections) in by_table {
            write_array(metrics.name(name), collections, |out, collection| {
                let mut object = ObjectWriter::begin(out);
                write_item_collection(&mut object, &collection.table.key_schema, collection.key_item, 0);
                object.end();
            });
        }
    });
}
