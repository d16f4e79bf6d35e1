//! The trait's methods, each handed to the room that knows it.

use std::ops::Range;
use std::rc::Rc;

use super::streams::info_params;
use super::{FrameCarrier, FramedBackend, Transaction};
use crate::storage::{
    CreateTableMetadata, DatabaseInfo, QueryParams, ScanParams, StreamInfo, StreamPosition, StreamRecord, TableMetadata, TableStats, Tag,
};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::clock::Clock;
use crate::storage_backend::error::BackendError;
use crate::storage_backend::frame::RowPage;
use crate::storage_backend::rows::{
    BaseItemRow, ExpiredRow, GsiItemRow, IndexWriteOp, ItemWrite, LedgerRow, ReadSpec, RequestToken, RowQuery, RowScan, Source,
    StoredLedger, StoredRow, StreamAppend,
};
use crate::storage_backend::sql_builders::catalog::CatalogSql;
use crate::storage_backend::sql_builders::{EntryKeyColumns, SqlParam};

#[waits]
impl<C: FrameCarrier> StorageBackend for FramedBackend<C> {
    fn clock(&self) -> &dyn Clock {
        self
    }

    fn set_time(&self, millis: Option<i64>) {
        let shift = millis.map_or(0, |millis| millis.saturating_sub(self.carrier().clock().now_millis()));
        self.time_shift.set(shift);
    }

    async fn insert_table_metadata(&self, m: &CreateTableMetadata<'_>) -> Result<(), BackendError> {
        self.insert_metadata(m).await
    }

    async fn get_table_metadata(&self, table_name: &str) -> Result<Option<TableMetadata>, BackendError> {
        self.metadata(table_name).await
    }

    async fn delete_table_metadata(&self, table_name: &str) -> Result<bool, BackendError> {
        self.delete_metadata(table_name).await
    }

    async fn update_table_metadata(
        &self,
        table_name: &str,
        attribute_definitions: &str,
        gsi_definitions: Option<&str>,
    ) -> Result<(), BackendError> {
        let params = [SqlParam::Text(attribute_definitions), SqlParam::optional_text(gsi_definitions)];
        self.update_table(table_name, CatalogSql::UpdateDefinitions, &params).await
    }

    async fn update_provisioned_throughput(&self, table_name: &str, provisioned_throughput: &str) -> Result<(), BackendError> {
        self.update_table(
            table_name,
            CatalogSql::UpdateProvisionedThroughput,
            &[SqlParam::Text(provisioned_throughput)],
        )
        .await
    }

    async fn clear_provisioned_throughput(&self, table_name: &str) -> Result<(), BackendError> {
        self.update_table(table_name, CatalogSql::UpdateProvisionedThroughput, &[SqlParam::Null])
            .await
    }

    async fn update_billing_mode(&self, table_name: &str, billing_mode: &str) -> Result<(), BackendError> {
        self.update_table(table_name, CatalogSql::UpdateBillingMode, &[SqlParam::Text(billing_mode)])
            .await
    }

    async fn update_table_class(&self, table_name: &str, table_class: &str) -> Result<(), BackendError> {
        self.update_table(table_name, CatalogSql::UpdateTableClass, &[SqlParam::Text(table_class)])
            .await
    }

    async fn update_other_settings(&self, table_name: &str, other_settings: Option<&str>) -> Result<(), BackendError> {
        let params = [SqlParam::optional_text(other_settings)];
        self.update_table(table_name, CatalogSql::UpdateOtherSettings, &params).await
    }

    async fn update_on_demand_throughput(&self, table_name: &str, on_demand_throughput: &str) -> Result<(), BackendError> {
        self.update_table(
            table_name,
            CatalogSql::UpdateOnDemandThroughput,
            &[SqlParam::Text(on_demand_throughput)],
        )
        .await
    }

    async fn get_tags(&self, table_name: &str) -> Result<Vec<Tag>, BackendError> {
        self.read_tags(table_name).await
    }

    async fn set_tags(&self, table_name: &str, new_tags: &[Tag]) -> Result<(), BackendError> {
        self.write_tags(table_name, new_tags).await
    }

    async fn update_deletion_protection(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        self.update_table(table_name, CatalogSql::UpdateDeletionProtection, &[SqlParam::flag(enabled)])
            .await
    }

    async fn remove_tags(&self, table_name: &str, keys: &[String]) -> Result<(), BackendError> {
        self.delete_tags(table_name, keys).await
    }

    async fn list_table_names(&self) -> Result<Vec<String>, BackendError> {
        Ok(self.table_names())
    }

    async fn table_exists(&self, table_name: &str) -> Result<bool, BackendError> {
        Ok(self.table(table_name).is_ok())
    }

    async fn create_data_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.create_base(table_name).await
    }

    async fn drop_data_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.drop_base(table_name).await
    }

    async fn create_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.create_index(table_name, index_name, EntryKeyColumns::Gsi).await
    }

    async fn drop_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.drop_index(table_name, index_name, EntryKeyColumns::Gsi).await
    }

    async fn create_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.create_index(table_name, index_name, EntryKeyColumns::Lsi).await
    }

    async fn drop_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.drop_index(table_name, index_name, EntryKeyColumns::Lsi).await
    }

    async fn insert_gsi_item(
        &self,
        table_name: &str,
        index_name: &str,
        gsi_pk: &str,
        gsi_sk: &str,
        table_pk: &str,
        table_sk: &str,
        item_json: &str,
    ) -> Result<(), BackendError> {
        self.insert_entry(
            [table_name, index_name],
            EntryKeyColumns::Gsi,
            [gsi_pk, gsi_sk],
            [table_pk, table_sk],
            item_json,
        )
        .await
    }

    async fn insert_gsi_items(&self, table_name: &str, index_name: &str, rows: &[GsiItemRow]) -> Result<(), BackendError> {
        self.insert_many(table_name, index_name, rows).await
    }

    async fn delete_gsi_item(&self, table_name: &str, index_name: &str, table_pk: &str, table_sk: &str) -> Result<(), BackendError> {
        self.delete_entry([table_name, index_name], EntryKeyColumns::Gsi, [table_pk, table_sk])
            .await
    }

    async fn query_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        gsi_pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.table(table_name)?.index(index_name, Some(EntryKeyColumns::Gsi))?;
        self.query_list(table_name, Source::Index(index_name), gsi_pk, params).await
    }

    async fn scan_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.table(table_name)?.index(index_name, Some(EntryKeyColumns::Gsi))?;
        self.scan_list(table_name, Source::Index(index_name), params).await
    }

    async fn insert_lsi_item(
        &self,
        table_name: &str,
        index_name: &str,
        pk: &str,
        sk: &str,
        base_pk: &str,
        base_sk: &str,
        item_json: &str,
    ) -> Result<(), BackendError> {
        self.insert_entry(
            [table_name, index_name],
            EntryKeyColumns::Lsi,
            [pk, sk],
            [base_pk, base_sk],
            item_json,
        )
        .await
    }

    async fn delete_lsi_item(&self, table_name: &str, index_name: &str, base_pk: &str, base_sk: &str) -> Result<(), BackendError> {
        self.delete_entry([table_name, index_name], EntryKeyColumns::Lsi, [base_pk, base_sk])
            .await
    }

    async fn query_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.table(table_name)?.index(index_name, Some(EntryKeyColumns::Lsi))?;
        self.query_list(table_name, Source::Index(index_name), pk, params).await
    }

    async fn scan_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.table(table_name)?.index(index_name, Some(EntryKeyColumns::Lsi))?;
        self.scan_list(table_name, Source::Index(index_name), params).await
    }

    async fn apply_index_writes(&self, ops: &[IndexWriteOp]) -> Result<(), BackendError> {
        self.apply_ops(ops).await
    }

    async fn begin_transaction(&self) -> Result<(), BackendError> {
        self.begin()
    }

    async fn commit(&self) -> Result<(), BackendError> {
        self.commit_transaction().await
    }

    async fn rollback(&self) -> Result<(), BackendError> {
        self.roll_back().await
    }

    async fn begin_group(&self) -> Result<(), BackendError> {
        self.open_group()
    }

    async fn end_group(&self) -> Result<(), BackendError> {
        self.close_group().await
    }

    async fn abort_group(&self) -> Result<(), BackendError> {
        self.drop_group().await
    }

    fn group_failed(&self) -> bool {
        self.transaction.get() == Transaction::Failed
    }

    fn writes(&self) -> u64 {
        self.writes.get()
    }

    async fn enable_bulk_loading(&self) -> Result<(), BackendError> {
        self.start_bulk_loading().await
    }

    async fn disable_bulk_loading(&self) -> Result<(), BackendError> {
        self.end_bulk_loading().await
    }

    async fn put_item(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        item_json: &str,
        item_size: usize,
    ) -> Result<Option<String>, BackendError> {
        self.put(table_name, pk, sk, item_json, item_size).await
    }

    async fn put_item_with_hash(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        item_json: &str,
        item_size: usize,
        hash_prefix: &str,
    ) -> Result<Option<String>, BackendError> {
        self.put_hashed(table_name, pk, sk, item_json, item_size, hash_prefix).await
    }

    async fn put_base_items(&self, table_name: &str, rows: &[BaseItemRow]) -> Result<(), BackendError> {
        self.put_many(table_name, rows).await
    }

    async fn get_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        self.get(table_name, pk, sk).await
    }

    async fn get_partition_size(&self, table_name: &str, pk: &str) -> Result<i64, BackendError> {
        let table = self.table(table_name)?;
        self.partition_size(Self::base(&table), pk).await
    }

    async fn get_lsi_partition_size(&self, table_name: &str, index_name: &str, pk: &str) -> Result<i64, BackendError> {
        let rows = self.table(table_name)?.index(index_name, Some(EntryKeyColumns::Lsi))?;
        self.partition_size(rows, pk).await
    }

    async fn delete_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        self.delete(table_name, pk, sk).await
    }

    async fn query_items(
        &self,
        table_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.query_list(table_name, Source::Base, pk, params).await
    }

    async fn scan_items(&self, table_name: &str, params: &ScanParams<'_>) -> Result<Vec<(String, String, String)>, BackendError> {
        self.scan_list(table_name, Source::Base, params).await
    }

    async fn count_items(&self, table_name: &str) -> Result<i64, BackendError> {
        Ok(self.table(table_name)?.counters.borrow().base.items)
    }

    async fn db_size_bytes(&self) -> Result<u64, BackendError> {
        self.size_bytes().await
    }

    async fn table_count(&self) -> Result<usize, BackendError> {
        Ok(self.tables.borrow().len())
    }

    async fn table_stats(&self) -> Result<Vec<TableStats>, BackendError> {
        Ok(self.stats())
    }

    async fn database_info(&self) -> Result<DatabaseInfo, BackendError> {
        self.info().await
    }

    async fn vacuum(&self) -> Result<(), BackendError> {
        self.rebuild().await
    }

    async fn update_cache_config(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        self.configure_cache(table_name, enabled).await
    }

    async fn vacuum_step(&self, most_pages: usize) -> Result<u64, BackendError> {
        self.shrink(most_pages).await
    }

    async fn discard_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.hide_table(table_name).await
    }

    async fn discard_gsi(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.hide_index(table_name, index_name, EntryKeyColumns::Gsi).await
    }

    fn has_discarded(&self) -> bool {
        !self.discarded.borrow().is_empty()
    }

    async fn free_discarded(&self, most_rows: usize, most_bytes: usize) -> Result<bool, BackendError> {
        self.free_some(most_rows, most_bytes).await
    }

    async fn enable_stream(&self, table_name: &str, view_type: &str, label: &str) -> Result<(), BackendError> {
        self.open_stream(table_name, view_type, label).await
    }

    async fn disable_stream(&self, table_name: &str) -> Result<(), BackendError> {
        self.close_stream(table_name).await
    }

    async fn insert_stream_record(
        &self,
        table_name: &str,
        event_name: &str,
        keys_json: &str,
        new_image: Option<&str>,
        old_image: Option<&str>,
        sequence_number: &str,
        shard_id: &str,
        created_at: i64,
    ) -> Result<(), BackendError> {
        self.insert_stream_record_with_identity(
            table_name,
            event_name,
            keys_json,
            new_image,
            old_image,
            sequence_number,
            shard_id,
            created_at,
            None,
        )
        .await
    }

    async fn insert_stream_record_with_identity(
        &self,
        table_name: &str,
        event_name: &str,
        keys_json: &str,
        new_image: Option<&str>,
        old_image: Option<&str>,
        sequence_number: &str,
        shard_id: &str,
        created_at: i64,
        user_identity: Option<&str>,
    ) -> Result<(), BackendError> {
        let record = StreamAppend {
            event_name,
            keys_json,
            new_image,
            old_image,
            shard_id,
            created_at,
            user_identity,
        };
        self.append_record(table_name, &record, sequence_number).await
    }

    async fn next_stream_sequence_number(&self, table_name: &str) -> Result<i64, BackendError> {
        self.next_sequence(table_name).await
    }

    async fn get_stream_records(
        &self,
        table_name: &str,
        shard_id: &str,
        after_sequence: i64,
        limit: usize,
    ) -> Result<Vec<StreamRecord>, BackendError> {
        self.records(table_name, shard_id, after_sequence, limit).await
    }

    async fn list_stream_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError> {
        self.metadata_rows(CatalogSql::StreamTables, &[]).await
    }

    async fn update_ttl_config(&self, table_name: &str, attribute_name: Option<&str>, enabled: bool) -> Result<(), BackendError> {
        self.configure_ttl(table_name, attribute_name, enabled).await
    }

    async fn list_ttl_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError> {
        self.metadata_rows(CatalogSql::TtlTables, &[]).await
    }

    async fn get_shard_sequence_range(&self, table_name: &str, shard_id: &str) -> Result<(Option<String>, Option<String>), BackendError> {
        self.shard_range(table_name, shard_id).await
    }

    async fn touch_cached_at(&self, table_name: &str, pk: &str, sk: &str, timestamp: f64) -> Result<(), BackendError> {
        self.touch(table_name, pk, sk, timestamp).await
    }

    async fn get_lru_items(&self, table_name: &str, limit: usize) -> Result<Vec<(String, String, i64)>, BackendError> {
        self.least_recently_used(table_name, limit).await
    }

    async fn list_table_metadata(&self) -> Result<Vec<TableMetadata>, BackendError> {
        self.metadata_rows(CatalogSql::AllMetadata, &[]).await
    }

    async fn read_for_write(&self, specs: &[ReadSpec<'_>]) -> Result<Vec<Option<StoredRow>>, BackendError> {
        self.read_rows(specs).await
    }

    async fn apply_writes(&self, writes: &[ItemWrite<'_>]) -> Result<(), BackendError> {
        self.write_items(writes).await
    }

    async fn get_row(&self, table_name: &str, pk: &str, sk: &str) -> Result<RowPage, BackendError> {
        self.row(table_name, pk, sk).await
    }

    async fn query_rows(&self, query: &RowQuery<'_>) -> Result<RowPage, BackendError> {
        self.query_page(query).await
    }

    async fn scan_rows(&self, scan: &RowScan<'_>) -> Result<RowPage, BackendError> {
        self.scan_page(scan).await
    }

    async fn list_expired(&self, table_name: &str, dates: Range<i64>, limit: usize) -> Result<Vec<ExpiredRow>, BackendError> {
        self.expired(table_name, dates, limit).await
    }

    fn take_changed_streams(&self) -> Vec<Rc<str>> {
        self.changed_streams.take()
    }

    fn recycle(&self, page: RowPage) {
        self.keep_buffer(page.into_buffer());
    }

    async fn get_request_token(&self, token: &str, since: i64) -> Result<Option<String>, BackendError> {
        self.read_request_token(token, since).await
    }

    async fn put_request_token(&self, token: &RequestToken<'_>, since: i64) -> Result<(), BackendError> {
        self.write_request_token(token, since).await
    }

    async fn get_ledger(&self) -> Result<StoredLedger, BackendError> {
        self.read_ledger().await
    }

    async fn put_ledger_rows(&self, rows: &[LedgerRow<'_>], used_at: i64) -> Result<(), BackendError> {
        self.write_ledger(rows, used_at).await
    }

    async fn trim_ledger(&self, before: i64) -> Result<(), BackendError> {
        self.sweep_ledger(before).await
    }

    fn put_receipt(&self, replies: &[u8]) {
        let mut receipt = self.receipt.borrow_mut();
        receipt.clear();
        receipt.extend_from_slice(replies);
    }

    async fn list_streams(&self, table_name: Option<&str>, at: &StreamPosition<'_>, limit: usize) -> Result<Vec<StreamInfo>, BackendError> {
        let [shard, horizon, table, label] = info_params(at);
        let only = SqlParam::optional_text(table_name);
        let params = [shard, horizon, only, table, label, SqlParam::count(limit)];
        self.stream_infos(CatalogSql::ListStreams, &params).await
    }

    async fn read_stream(
        &self,
        at: &StreamPosition<'_>,
        after: i64,
        limit: usize,
        bytes: usize,
    ) -> Result<Option<(StreamInfo, Vec<StreamRecord>)>, BackendError> {
        self.stream_page(at, after, limit, bytes).await
    }

    async fn stream_position_at(&self, at: &StreamPosition<'_>, time: i64) -> Result<Option<i64>, BackendError> {
        self.stream_at_time(at, time).await
    }

    async fn trim_streams(&self, before: i64, limit: usize) -> Result<usize, BackendError> {
        self.trim(before, limit).await
    }
}
