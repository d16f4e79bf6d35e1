//! `Dynatab.DescribeDatabase`: how large the database is, what is in it, and what it rests on.

use crate::actions::{Context, storage_error};
use crate::api::error::ApiError;
use crate::schema::json_text::ObjectWriter;
use crate::storage::{IndexStats, TableStats};
use crate::storage_backend::StorageBackend;

/// Describes the database: counters and pragmas, in one crossing whatever it holds.
#[waits]
pub async fn run<B: StorageBackend>(cx: &Context<'_, B>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let info = cx.backend.database_info().await.map_err(storage_error)?;
    let stats = cx.backend.table_stats().await.map_err(storage_error)?;
    let catalog = cx.catalog.borrow();
    let mut reply = ObjectWriter::begin(out);
    write_count(&mut reply, "sizeBytes", info.page_count.saturating_mul(info.page_size));
    write_count(&mut reply, "freeBytes", info.free_pages.saturating_mul(info.page_size));
    reply.array("tables", catalog.tables(), |out, table| {
        let mut written = ObjectWriter::begin(out);
        written.string("tableName", table.name.as_str());
        written.string("status", table.status.name());
        // A table that is being deleted holds nothing any more.
        let found = stats.iter().find(|stats| stats.table_name == table.name.as_str());
        write_figures(&mut written, found);
        if let Some(most) = table.cache_max_items {
            written.integer("cacheMaxItems", most);
        }
        written.end();
    });
    reply.object("storage", |storage| {
        storage.string("sqliteVersion", &info.sqlite_version);
        storage.integer("schemaVersion", info.schema_version);
        storage.string("journalMode", &info.journal_mode);
        write_count(storage, "pageBytes", info.page_size);
    });
    reply.end();
    Ok(())
}

fn write_figures(table: &mut ObjectWriter<'_>, stats: Option<&TableStats>) {
    write_count(table, "itemCount", stats.map_or(0, |stats| stats.item_count));
    write_count(table, "sizeBytes", stats.map_or(0, |stats| stats.size_bytes));
    let indexes = stats.map_or(&[][..], |stats| &stats.indexes);
    table.array("indexes", indexes, |out, index: &IndexStats| {
        let mut written = ObjectWriter::begin(out);
        written.string("indexName", &index.index_name);
        write_count(&mut written, "itemCount", index.item_count);
        write_count(&mut written, "sizeBytes", index.size_bytes);
        written.end();
    });
}

fn write_count(object: &mut ObjectWriter<'_>, name: &str, count: u64) {
    object.integer(name, i64::try_from(count).unwrap_or(i64::MAX));
}
