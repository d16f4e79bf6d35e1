//! A backend that overrides no hot-path method: the trait's default bodies, run through the same cases.

use std::rc::Rc;

use crate::storage::{
    CreateTableMetadata, DatabaseInfo, QueryParams, ScanParams, StreamInfo, StreamPosition, StreamRecord, TableMetadata, TableStats, Tag,
};
use crate::storage_backend::{BackendError, BaseItemRow, Clock, GsiItemRow, LedgerRow, RequestToken, StorageBackend, StoredLedger};

/// Another backend's own methods, and nothing more.
pub(super) struct Plain<'a, B>(pub(super) &'a B);

impl<B: StorageBackend> StorageBackend for Plain<'_, B> {
    fn clock(&self) -> &dyn Clock {
        self.0.clock()
    }

    async fn insert_table_metadata(&self, m: &CreateTableMetadata<'_>) -> Result<(), BackendError> {
        self.0.insert_table_metadata(m).await
    }

    async fn get_table_metadata(&self, table_name: &str) -> Result<Option<TableMetadata>, BackendError> {
        self.0.get_table_metadata(table_name).await
    }

    async fn delete_table_metadata(&self, table_name: &str) -> Result<bool, BackendError> {
        self.0.delete_table_metadata(table_name).await
    }

    async fn update_table_metadata(
        &self,
        table_name: &str,
        attribute_definitions: &str,
        gsi_definitions: Option<&str>,
    ) -> Result<(), BackendError> {
        self.0
            .update_table_metadata(table_name, attribute_definitions, gsi_definitions)
            .await
    }

    async fn update_provisioned_throughput(&self, table_name: &str, provisioned_throughput: &str) -> Result<(), BackendError> {
        self.0.update_provisioned_throughput(table_name, provisioned_throughput).await
    }

    async fn clear_provisioned_throughput(&self, table_name: &str) -> Result<(), BackendError> {
        self.0.clear_provisioned_throughput(table_name).await
    }

    async fn update_billing_mode(&self, table_name: &str, billing_mode: &str) -> Result<(), BackendError> {
        self.0.update_billing_mode(table_name, billing_mode).await
    }

    async fn update_table_class(&self, table_name: &str, table_class: &str) -> Result<(), BackendError> {
        self.0.update_table_class(table_name, table_class).await
    }

    async fn update_other_settings(&self, table_name: &str, other_settings: Option<&str>) -> Result<(), BackendError> {
        self.0.update_other_settings(table_name, other_settings).await
    }

    async fn update_on_demand_throughput(&self, table_name: &str, on_demand_throughput: &str) -> Result<(), BackendError> {
        self.0.update_on_demand_throughput(table_name, on_demand_throughput).await
    }

    async fn get_tags(&self, table_name: &str) -> Result<Vec<Tag>, BackendError> {
        self.0.get_tags(table_name).await
    }

    async fn set_tags(&self, table_name: &str, new_tags: &[Tag]) -> Result<(), BackendError> {
        self.0.set_tags(table_name, new_tags).await
    }

    async fn update_deletion_protection(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        self.0.update_deletion_protection(table_name, enabled).await
    }

    async fn remove_tags(&self, table_name: &str, keys: &[String]) -> Result<(), BackendError> {
        self.0.remove_tags(table_name, keys).await
    }

    async fn list_table_names(&self) -> Result<Vec<String>, BackendError> {
        self.0.list_table_names().await
    }

    async fn table_exists(&self, table_name: &str) -> Result<bool, BackendError> {
        self.0.table_exists(table_name).await
    }

    async fn create_data_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.0.create_data_table(table_name).await
    }

    async fn drop_data_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.0.drop_data_table(table_name).await
    }

    async fn create_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.0.create_gsi_table(table_name, index_name).await
    }

    async fn drop_gsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.0.drop_gsi_table(table_name, index_name).await
    }

    async fn create_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.0.create_lsi_table(table_name, index_name).await
    }

    async fn drop_lsi_table(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.0.drop_lsi_table(table_name, index_name).await
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
        self.0
            .insert_gsi_item(table_name, index_name, gsi_pk, gsi_sk, table_pk, table_sk, item_json)
            .await
    }

    async fn insert_gsi_items(&self, table_name: &str, index_name: &str, rows: &[GsiItemRow]) -> Result<(), BackendError> {
        self.0.insert_gsi_items(table_name, index_name, rows).await
    }

    async fn delete_gsi_item(&self, table_name: &str, index_name: &str, table_pk: &str, table_sk: &str) -> Result<(), BackendError> {
        self.0.delete_gsi_item(table_name, index_name, table_pk, table_sk).await
    }

    async fn query_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        gsi_pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.query_gsi_items(table_name, index_name, gsi_pk, params).await
    }

    async fn scan_gsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.scan_gsi_items(table_name, index_name, params).await
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
        self.0
            .insert_lsi_item(table_name, index_name, pk, sk, base_pk, base_sk, item_json)
            .await
    }

    async fn delete_lsi_item(&self, table_name: &str, index_name: &str, base_pk: &str, base_sk: &str) -> Result<(), BackendError> {
        self.0.delete_lsi_item(table_name, index_name, base_pk, base_sk).await
    }

    async fn query_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.query_lsi_items(table_name, index_name, pk, params).await
    }

    async fn scan_lsi_items(
        &self,
        table_name: &str,
        index_name: &str,
        params: &ScanParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.scan_lsi_items(table_name, index_name, params).await
    }

    async fn begin_transaction(&self) -> Result<(), BackendError> {
        self.0.begin_transaction().await
    }

    async fn commit(&self) -> Result<(), BackendError> {
        self.0.commit().await
    }

    async fn rollback(&self) -> Result<(), BackendError> {
        self.0.rollback().await
    }

    async fn enable_bulk_loading(&self) -> Result<(), BackendError> {
        self.0.enable_bulk_loading().await
    }

    async fn disable_bulk_loading(&self) -> Result<(), BackendError> {
        self.0.disable_bulk_loading().await
    }

    async fn put_item(
        &self,
        table_name: &str,
        pk: &str,
        sk: &str,
        item_json: &str,
        item_size: usize,
    ) -> Result<Option<String>, BackendError> {
        self.0.put_item(table_name, pk, sk, item_json, item_size).await
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
        self.0
            .put_item_with_hash(table_name, pk, sk, item_json, item_size, hash_prefix)
            .await
    }

    async fn put_base_items(&self, table_name: &str, rows: &[BaseItemRow]) -> Result<(), BackendError> {
        self.0.put_base_items(table_name, rows).await
    }

    async fn get_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        self.0.get_item(table_name, pk, sk).await
    }

    async fn get_partition_size(&self, table_name: &str, pk: &str) -> Result<i64, BackendError> {
        self.0.get_partition_size(table_name, pk).await
    }

    async fn get_lsi_partition_size(&self, table_name: &str, index_name: &str, pk: &str) -> Result<i64, BackendError> {
        self.0.get_lsi_partition_size(table_name, index_name, pk).await
    }

    async fn delete_item(&self, table_name: &str, pk: &str, sk: &str) -> Result<Option<String>, BackendError> {
        self.0.delete_item(table_name, pk, sk).await
    }

    async fn query_items(
        &self,
        table_name: &str,
        pk: &str,
        params: &QueryParams<'_>,
    ) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.query_items(table_name, pk, params).await
    }

    async fn scan_items(&self, table_name: &str, params: &ScanParams<'_>) -> Result<Vec<(String, String, String)>, BackendError> {
        self.0.scan_items(table_name, params).await
    }

    async fn count_items(&self, table_name: &str) -> Result<i64, BackendError> {
        self.0.count_items(table_name).await
    }

    async fn db_size_bytes(&self) -> Result<u64, BackendError> {
        self.0.db_size_bytes().await
    }

    async fn table_count(&self) -> Result<usize, BackendError> {
        self.0.table_count().await
    }

    async fn table_stats(&self) -> Result<Vec<TableStats>, BackendError> {
        self.0.table_stats().await
    }

    async fn database_info(&self) -> Result<DatabaseInfo, BackendError> {
        self.0.database_info().await
    }

    async fn vacuum(&self) -> Result<(), BackendError> {
        self.0.vacuum().await
    }

    async fn update_cache_config(&self, table_name: &str, enabled: bool) -> Result<(), BackendError> {
        self.0.update_cache_config(table_name, enabled).await
    }

    async fn vacuum_step(&self, most_pages: usize) -> Result<u64, BackendError> {
        self.0.vacuum_step(most_pages).await
    }

    async fn discard_table(&self, table_name: &str) -> Result<(), BackendError> {
        self.0.discard_table(table_name).await
    }

    async fn discard_gsi(&self, table_name: &str, index_name: &str) -> Result<(), BackendError> {
        self.0.discard_gsi(table_name, index_name).await
    }

    fn set_time(&self, millis: Option<i64>) {
        self.0.set_time(millis);
    }

    fn has_discarded(&self) -> bool {
        self.0.has_discarded()
    }

    async fn free_discarded(&self, most_rows: usize, most_bytes: usize) -> Result<bool, BackendError> {
        self.0.free_discarded(most_rows, most_bytes).await
    }

    async fn enable_stream(&self, table_name: &str, view_type: &str, label: &str) -> Result<(), BackendError> {
        self.0.enable_stream(table_name, view_type, label).await
    }

    async fn disable_stream(&self, table_name: &str) -> Result<(), BackendError> {
        self.0.disable_stream(table_name).await
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
        self.0
            .insert_stream_record(
                table_name,
                event_name,
                keys_json,
                new_image,
                old_image,
                sequence_number,
                shard_id,
                created_at,
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
        self.0
            .insert_stream_record_with_identity(
                table_name,
                event_name,
                keys_json,
                new_image,
                old_image,
                sequence_number,
                shard_id,
                created_at,
                user_identity,
            )
            .await
    }

    async fn next_stream_sequence_number(&self, table_name: &str) -> Result<i64, BackendError> {
        self.0.next_stream_sequence_number(table_name).await
    }

    async fn get_stream_records(
        &self,
        table_name: &str,
        shard_id: &str,
        after_sequence: i64,
        limit: usize,
    ) -> Result<Vec<StreamRecord>, BackendError> {
        self.0.get_stream_records(table_name, shard_id, after_sequence, limit).await
    }

    async fn list_stream_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError> {
        self.0.list_stream_enabled_tables().await
    }

    async fn update_ttl_config(&self, table_name: &str, attribute_name: Option<&str>, enabled: bool) -> Result<(), BackendError> {
        self.0.update_ttl_config(table_name, attribute_name, enabled).await
    }

    async fn list_ttl_enabled_tables(&self) -> Result<Vec<TableMetadata>, BackendError> {
        self.0.list_ttl_enabled_tables().await
    }

    async fn get_shard_sequence_range(&self, table_name: &str, shard_id: &str) -> Result<(Option<String>, Option<String>), BackendError> {
        self.0.get_shard_sequence_range(table_name, shard_id).await
    }

    async fn touch_cached_at(&self, table_name: &str, pk: &str, sk: &str, timestamp: f64) -> Result<(), BackendError> {
        self.0.touch_cached_at(table_name, pk, sk, timestamp).await
    }

    async fn get_lru_items(&self, table_name: &str, limit: usize) -> Result<Vec<(String, String, i64)>, BackendError> {
        self.0.get_lru_items(table_name, limit).await
    }

    async fn get_request_token(&self, token: &str, since: i64) -> Result<Option<String>, BackendError> {
        self.0.get_request_token(token, since).await
    }

    async fn get_ledger(&self) -> Result<StoredLedger, BackendError> {
        self.0.get_ledger().await
    }

    async fn put_ledger_rows(&self, rows: &[LedgerRow<'_>], used_at: i64) -> Result<(), BackendError> {
        self.0.put_ledger_rows(rows, used_at).await
    }

    async fn trim_ledger(&self, before: i64) -> Result<(), BackendError> {
        self.0.trim_ledger(before).await
    }

    fn put_receipt(&self, receipt: &[u8]) {
        self.0.put_receipt(receipt);
    }

    fn writes(&self) -> u64 {
        self.0.writes()
    }

    async fn put_request_token(&self, token: &RequestToken<'_>, since: i64) -> Result<(), BackendError> {
        self.0.put_request_token(token, since).await
    }

    async fn list_streams(&self, table_name: Option<&str>, at: &StreamPosition<'_>, limit: usize) -> Result<Vec<StreamInfo>, BackendError> {
        self.0.list_streams(table_name, at, limit).await
    }

    async fn read_stream(
        &self,
        at: &StreamPosition<'_>,
        after: i64,
        limit: usize,
        bytes: usize,
    ) -> Result<Option<(StreamInfo, Vec<StreamRecord>)>, BackendError> {
        self.0.read_stream(at, after, limit, bytes).await
    }

    async fn stream_position_at(&self, at: &StreamPosition<'_>, time: i64) -> Result<Option<i64>, BackendError> {
        self.0.stream_position_at(at, time).await
    }

    fn take_changed_streams(&self) -> Vec<Rc<str>> {
        self.0.take_changed_streams()
    }

    async fn trim_streams(&self, before: i64, limit: usize) -> Result<usize, BackendError> {
        self.0.trim_streams(before, limit).await
    }
}
