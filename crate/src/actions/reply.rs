//! Parts of replies that several operations write.

use super::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::TableDefinition;
use crate::schema::describe::{DescriptionContext, ItemCounts, write_table_description};
use crate::storage_backend::StorageBackend;

/// A table's description with its present item counts.
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
