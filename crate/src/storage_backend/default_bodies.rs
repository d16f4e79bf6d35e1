//! The hot-path methods made of the contract's other methods: what a backend gets that overrides none of them.

use super::StorageBackend;
use super::error::BackendError;
use super::expiry::expiry_of;
use super::frame::{Answer, AnswerWriter, RowPage, SqlValue};
use super::rows::{ExpiredRow, IndexWriteOp, ItemWrite, ReadSpec, RowQuery, RowScan, Source, StoredRow};
use crate::model::Item;
use crate::storage::{QueryParams, ScanParams, StartAfter, TableMetadata};

/// Rows read at a time while a table is searched.
const STEP: usize = 500;

fn size_of(json: &str) -> Result<usize, BackendError> {
    Item::size_of_canonical(json).map_err(|_| BackendError::Corrupt("a stored item is unreadable".into()))
}

#[waits]
pub(super) async fn list_table_metadata<B: StorageBackend + ?Sized>(backend: &B) -> Result<Vec<TableMetadata>, BackendError> {
    let mut tables = Vec::new();
    for name in backend.list_table_names().await? {
        tables.extend(backend.get_table_metadata(&name).await?);
    }
    Ok(tables)
}

#[waits]
pub(super) async fn read_for_write<B: StorageBackend + ?Sized>(
    backend: &B,
    specs: &[ReadSpec<'_>],
) -> Result<Vec<Option<StoredRow>>, BackendError> {
    let mut rows = Vec::with_capacity(specs.len());
    for spec in specs {
        rows.push(match backend.get_item(spec.table_name, spec.pk, spec.sk).await? {
            None => None,
            Some(json) => Some(StoredRow {
                size: size_of(&json)?,
                json: if spec.with_item { json } else { String::new() },
            }),
        });
    }
    Ok(rows)
}

#[waits]
pub(super) async fn apply_writes<B: StorageBackend + ?Sized>(backend: &B, writes: &[ItemWrite<'_>]) -> Result<(), BackendError> {
    for write in writes {
        match &write.put {
            Some(put) => {
                backend.put_item(write.table_name, write.pk, write.sk, put.json, put.size).await?;
            }
            None => {
                backend.delete_item(write.table_name, write.pk, write.sk).await?;
            }
        }
        let metadata = backend.get_table_metadata(write.table_name).await?;
        let local = metadata.and_then(|metadata| metadata.lsi_definitions).unwrap_or_default();
        let mut ops = Vec::new();
        for entry in &write.index_writes {
            let is_local = local.contains(&format!("\"IndexName\":\"{}\"", entry.index_name));
            let names = (write.table_name.to_owned(), entry.index_name.to_owned());
            let base = (write.pk.to_owned(), write.sk.to_owned());
            if entry.delete.is_some() {
                ops.push(if is_local {
                    IndexWriteOp::DeleteLsi {
                        table_name: names.0.clone(),
                        index_name: names.1.clone(),
                        base_pk: base.0.clone(),
                        base_sk: base.1.clone(),
                    }
                } else {
                    IndexWriteOp::DeleteGsi {
                        table_name: names.0.clone(),
                        index_name: names.1.clone(),
                        table_pk: base.0.clone(),
                        table_sk: base.1.clone(),
                    }
                });
            }
            if let Some(put) = &entry.put {
                let (pk, sk, item_json) = (put.key.pk.to_owned(), put.key.sk.to_owned(), put.json.to_owned());
                ops.push(if is_local {
                    IndexWriteOp::InsertLsi {
                        table_name: names.0,
                        index_name: names.1,
                        pk,
                        sk,
                        base_pk: base.0,
                        base_sk: base.1,
                        item_json,
                    }
                } else {
                    IndexWriteOp::InsertGsi {
                        table_name: names.0,
                        index_name: names.1,
                        gsi_pk: pk,
                        gsi_sk: sk,
                        table_pk: base.0,
                        table_sk: base.1,
                        item_json,
                    }
                });
            }
        }
        backend.apply_index_writes(&ops).await?;
        if let Some(record) = &write.stream {
            let sequence = backend.next_stream_sequence_number(write.table_name).await?;
            backend
                .insert_stream_record_with_identity(
                    write.table_name,
                    record.event_name,
                    record.keys_json,
                    record.new_image,
                    record.old_image,
                    &format!("{sequence:021}"),
                    record.shard_id,
                    record.created_at,
                    record.user_identity,
                )
                .await?;
        }
    }
    Ok(())
}

/// A page made of items that were read as strings.
pub(super) fn page_of(items: impl Iterator<Item = String>, ended: bool) -> Result<RowPage, BackendError> {
    let mut writer = AnswerWriter::new(Vec::new());
    let at = writer.open_rows();
    let mut rows = 0;
    for json in items {
        writer.value(SqlValue::Integer(i64::try_from(size_of(&json)?).unwrap_or(i64::MAX)));
        writer.value(SqlValue::Text(json.as_bytes()));
        rows += 1;
    }
    writer.close_rows(at, rows, ended, 2);
    let bytes = writer.finish();
    let length = bytes.len();
    Answer::new(bytes, length)?.into_page()
}

type Triples = Vec<(String, String, String)>;

/// Ends a list of rows where a page's bounds end it.
fn bounded(rows: Triples, most_rows: u32, most_bytes: u32) -> Result<RowPage, BackendError> {
    let mut taken = Vec::new();
    let (mut bytes, mut ended) = (0, true);
    for (_, _, json) in rows {
        bytes += size_of(&json)?;
        taken.push(json);
        if (most_rows != 0 && taken.len() >= most_rows as usize) || (most_bytes != 0 && bytes >= most_bytes as usize) {
            ended = false;
            break;
        }
    }
    page_of(taken.into_iter(), ended)
}

#[waits]
pub(super) async fn query_rows<B: StorageBackend + ?Sized>(backend: &B, query: &RowQuery<'_>) -> Result<RowPage, BackendError> {
    let params = QueryParams {
        lower: query.lower,
        upper: query.upper,
        forward: query.forward,
        limit: query.most_rows as usize,
        start: query.start,
    };
    let rows = match query.source {
        Source::Base => backend.query_items(query.table_name, query.pk, &params).await?,
        Source::Index(index) => match backend.query_gsi_items(query.table_name, index, query.pk, &params).await {
            Err(BackendError::IndexNotFound { .. }) => backend.query_lsi_items(query.table_name, index, query.pk, &params).await?,
            rows => rows?,
        },
        Source::IndexJoined(_) => return Err(BackendError::InvalidArgument("this backend does not join".into())),
    };
    bounded(rows, query.most_rows, query.most_bytes)
}

#[waits]
pub(super) async fn scan_rows<B: StorageBackend + ?Sized>(backend: &B, scan: &RowScan<'_>) -> Result<RowPage, BackendError> {
    let params = ScanParams {
        limit: scan.most_rows as usize,
        hashes: scan.hashes.clone(),
        start: scan.start,
    };
    let rows = match scan.source {
        Source::Base => backend.scan_items(scan.table_name, &params).await?,
        Source::Index(index) => match backend.scan_gsi_items(scan.table_name, index, &params).await {
            Err(BackendError::IndexNotFound { .. }) => backend.scan_lsi_items(scan.table_name, index, &params).await?,
            rows => rows?,
        },
        Source::IndexJoined(_) => return Err(BackendError::InvalidArgument("this backend does not join".into())),
    };
    bounded(rows, scan.most_rows, scan.most_bytes)
}

#[waits]
pub(super) async fn list_expired<B: StorageBackend + ?Sized>(
    backend: &B,
    table_name: &str,
    dates: std::ops::Range<i64>,
    limit: usize,
) -> Result<Vec<ExpiredRow>, BackendError> {
    let metadata = backend.get_table_metadata(table_name).await?;
    let metadata = metadata.ok_or_else(|| BackendError::TableNotFound(table_name.to_owned()))?;
    let Some(attribute) = metadata.ttl_attribute else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut last: Option<(String, String)> = None;
    loop {
        let start = last.as_ref().map(|(pk, sk)| {
            (
                pk.as_str(),
                StartAfter {
                    sk,
                    ..StartAfter::default()
                },
            )
        });
        let page = backend
            .scan_items(
                table_name,
                &ScanParams {
                    limit: STEP,
                    hashes: None,
                    start,
                },
            )
            .await?;
        let read = page.len();
        last = page.last().map(|(pk, sk, _)| (pk.clone(), sk.clone()));
        for (pk, sk, json) in page {
            let item = Item::from_canonical(&json).map_err(|_| BackendError::Corrupt("a stored item is unreadable".into()))?;
            let expires_at = expiry_of(&item, &attribute);
            if let Some(expires_at) = expires_at.filter(|at| dates.contains(at)) {
                found.push(ExpiredRow {
                    pk,
                    sk,
                    expires_at,
                    size: item.size(),
                    json,
                });
            }
        }
        if read < STEP {
            found.sort_by_key(|row| row.expires_at);
            found.truncate(limit);
            return Ok(found);
        }
    }
}
