//! The tables and items the cases work on.

use super::check::Failure;
use crate::model::{AttributeValue, Item, Number, hash};
use crate::storage::{CreateTableMetadata, QueryParams};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::rows::{BaseItemRow, GsiItemRow};

/// The name most cases give their table.
pub(super) const TABLE: &str = "Music";
/// Its global secondary index.
pub(super) const GSI: &str = "ByGenre";
/// Its local secondary index.
pub(super) const LSI: &str = "ByYear";
/// A megabyte.
pub(super) const MEGABYTE: usize = 1 << 20;

/// Rows as the contract's lists give them: partition key, sort key, JSON.
pub(super) type Rows = Vec<(String, String, String)>;

/// An item in both forms the methods take: its canonical JSON, and its size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) json: String,
    pub(super) size: usize,
}

/// An item with a string key and one attribute more.
pub(super) fn item(pk: &str, sk: &str, name: &str, value: AttributeValue) -> Sample {
    let attributes = [
        ("pk", AttributeValue::S(pk.into())),
        ("sk", AttributeValue::S(sk.into())),
        (name, value),
    ];
    let item: Item = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Sample {
        json: String::from_utf8_lossy(&item.to_json()).into_owned(),
        size: item.size(),
    }
}

/// An item whose attribute `note` is a text.
pub(super) fn noted(pk: &str, sk: &str, note: &str) -> Sample {
    item(pk, sk, "note", AttributeValue::S(note.into()))
}

/// An item whose attribute `expires` is a number.
pub(super) fn expiring(pk: &str, sk: &str, seconds: u64) -> Sample {
    item(pk, sk, "expires", AttributeValue::N(Number::from_u64(seconds)))
}

/// An item of more than a megabyte.
pub(super) fn megabyte(pk: &str, sk: &str) -> Sample {
    noted(pk, sk, &"x".repeat(MEGABYTE))
}

/// The metadata of a table with one GSI and one LSI.
pub(super) fn metadata(table_name: &str) -> CreateTableMetadata<'_> {
    CreateTableMetadata {
        table_name,
        table_id: "0e1b2c3d-0000-4000-8000-000000000001",
        key_schema: r#"[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]"#,
        attribute_definitions: r#"[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}]"#,
        gsi_definitions: Some(r#"[{"IndexName":"ByGenre"}]"#),
        lsi_definitions: Some(r#"[{"IndexName":"ByYear"}]"#),
        provisioned_throughput: Some(r#"{"ReadCapacityUnits":5,"WriteCapacityUnits":5}"#),
        billing_mode: "PROVISIONED",
        table_class: Some("STANDARD"),
        on_demand_throughput: None,
        other_settings: Some(r#"{"SSESpecification":{"Enabled":true}}"#),
        deletion_protection: false,
        created_at: 1_700_000_000_123,
    }
}

/// Creates a table without physical indexes.
pub(super) async fn create<B: StorageBackend>(backend: &B, table: &str) -> Result<(), Failure> {
    backend.insert_table_metadata(&metadata(table)).await?;
    Ok(backend.create_data_table(table).await?)
}

/// Creates a table with its GSI and LSI.
pub(super) async fn create_indexed<B: StorageBackend>(backend: &B, table: &str) -> Result<(), Failure> {
    create(backend, table).await?;
    backend.create_gsi_table(table, GSI).await?;
    Ok(backend.create_lsi_table(table, LSI).await?)
}

/// Drops a table with its indexes.
pub(super) async fn drop_indexed<B: StorageBackend>(backend: &B, table: &str) -> Result<(), Failure> {
    backend.drop_gsi_table(table, GSI).await?;
    backend.drop_lsi_table(table, LSI).await?;
    backend.drop_data_table(table).await?;
    backend.delete_table_metadata(table).await?;
    Ok(())
}

/// A size as the methods give sums of sizes.
pub(super) fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Puts an item.
pub(super) async fn put<B: StorageBackend>(backend: &B, pk: &str, sk: &str, sample: &Sample) -> Result<Option<String>, Failure> {
    Ok(backend.put_item(TABLE, pk, sk, &sample.json, sample.size).await?)
}

/// Puts an item with a short note.
pub(super) async fn put_noted<B: StorageBackend>(backend: &B, pk: &str, sk: &str, note: &str) -> Result<Sample, Failure> {
    let sample = noted(pk, sk, note);
    put(backend, pk, sk, &sample).await?;
    Ok(sample)
}

/// A row for the bulk put.
pub(super) fn base_row(pk: &str, sk: &str, sample: &Sample, cached_at: Option<f64>) -> BaseItemRow {
    BaseItemRow {
        pk: pk.into(),
        sk: sk.into(),
        item_json: sample.json.clone(),
        item_size: sample.size,
        cached_at,
        hash_prefix: hash_text(pk),
    }
}

/// A row for the bulk insert into a GSI.
pub(super) fn gsi_row(key: [&str; 2], base: [&str; 2], sample: &Sample) -> GsiItemRow {
    GsiItemRow {
        gsi_pk: key[0].into(),
        gsi_sk: key[1].into(),
        table_pk: base[0].into(),
        table_sk: base[1].into(),
        item_json: sample.json.clone(),
    }
}

/// The hash prefix of a key text, as the methods take it.
pub(super) fn hash_text(pk: &str) -> String {
    format!("{:06x}", hash::hash_prefix(pk))
}

/// Every item of a partition.
pub(super) async fn partition<B: StorageBackend>(backend: &B, pk: &str) -> Result<Rows, Failure> {
    Ok(backend.query_items(TABLE, pk, &QueryParams::default()).await?)
}

/// The sort keys of rows.
pub(super) fn sort_keys(rows: &[(String, String, String)]) -> Vec<&str> {
    rows.iter().map(|(_, sk, _)| sk.as_str()).collect()
}

/// Their JSON texts.
pub(super) fn texts(rows: &[(String, String, String)]) -> Vec<&str> {
    rows.iter().map(|(_, _, json)| json.as_str()).collect()
}
