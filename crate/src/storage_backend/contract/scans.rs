//! Scans: in the order of the partition keys' hashes, in pages, and in segments that cover everything once.

use super::check::{CaseResult, Failure, equal, holds, refused};
use super::samples::{GSI, LSI, Rows, TABLE, base_row, create_indexed, noted};
use crate::model::hash::{hash_prefix, segment_range};
use crate::storage::{ScanParams, StartAfter};
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::TableNotFound;
use crate::storage_backend::rows::{IndexWriteOp, Source};

const SOURCES: [Source<'static>; 3] = [Source::Base, Source::Index(GSI), Source::Index(LSI)];

async fn scan<B: StorageBackend>(backend: &B, source: Source<'_>, params: &ScanParams<'_>) -> Result<Rows, Failure> {
    Ok(match source {
        Source::Base => backend.scan_items(TABLE, params).await?,
        Source::Index(GSI) => backend.scan_gsi_items(TABLE, GSI, params).await?,
        Source::Index(index) | Source::IndexJoined(index) => backend.scan_lsi_items(TABLE, index, params).await?,
    })
}

/// Partition keys, NUL and astral ones among them, and the sort keys of each.
fn keys() -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for n in 0..90 {
        let pk = match n % 9 {
            0 => format!("{n}\0"),
            1 => format!("😀{n}"),
            _ => format!("key-{n}"),
        };
        for sk in 0..=n % 3 {
            keys.push((pk.clone(), format!("s{sk}")));
        }
    }
    keys
}

/// Every key as an item, a GSI entry (index key and item key swapped) and an LSI entry.
async fn fill<B: StorageBackend>(backend: &B) -> Result<Vec<(String, String)>, Failure> {
    create_indexed(backend, TABLE).await?;
    let keys = keys();
    let rows: Vec<_> = keys.iter().map(|(pk, sk)| base_row(pk, sk, &noted(pk, sk, "x"), None)).collect();
    let mut ops = Vec::new();
    for (pk, sk) in &keys {
        let (table_name, item_json) = (TABLE.to_owned(), noted(pk, sk, "x").json);
        ops.push(IndexWriteOp::InsertGsi {
            table_name: table_name.clone(),
            index_name: GSI.into(),
            gsi_pk: pk.clone(),
            gsi_sk: "tie".into(),
            table_pk: sk.clone(),
            table_sk: pk.clone(),
            item_json: item_json.clone(),
        });
        ops.push(IndexWriteOp::InsertLsi {
            table_name,
            index_name: LSI.into(),
            pk: pk.clone(),
            sk: "tie".into(),
            base_pk: pk.clone(),
            base_sk: sk.clone(),
            item_json,
        });
    }
    backend.begin_transaction().await?;
    backend.put_base_items(TABLE, &rows).await?;
    backend.apply_index_writes(&ops).await?;
    backend.commit().await?;
    Ok(keys)
}

/// The JSON of all rows, in scan order.
fn in_hash_order(mut keys: Vec<(String, String)>) -> Vec<String> {
    keys.sort_by_key(|(pk, sk)| (hash_prefix(pk), pk.clone(), sk.clone()));
    keys.iter().map(|(pk, sk)| noted(pk, sk, "x").json).collect()
}

fn start_of<'a>(source: Source<'_>, key: &'a (String, String)) -> (&'a str, StartAfter<'a>) {
    let (pk, sk) = (key.0.as_str(), key.1.as_str());
    let start = match source {
        Source::Base => StartAfter {
            sk,
            ..StartAfter::default()
        },
        Source::Index(GSI) => StartAfter {
            sk: "tie",
            base_pk: sk,
            base_sk: pk,
        },
        Source::Index(_) | Source::IndexJoined(_) => StartAfter {
            sk: "tie",
            base_pk: pk,
            base_sk: sk,
        },
    };
    (pk, start)
}

pub(super) async fn a_scan_goes_in_hash_order<B: StorageBackend>(backend: &B) -> CaseResult {
    let expected = in_hash_order(fill(backend).await?);
    for source in SOURCES {
        let rows = scan(backend, source, &ScanParams::default()).await?;
        let texts: Vec<_> = rows.into_iter().map(|(_, _, json)| json).collect();
        equal!(texts, expected, "{source:?}");
    }
    Ok(())
}

pub(super) async fn pages_of_a_scan_cover_everything_once<B: StorageBackend>(backend: &B) -> CaseResult {
    let keys = fill(backend).await?;
    let expected = in_hash_order(keys.clone());
    for source in SOURCES {
        for limit in [1, 7, 180, 500] {
            let (mut walked, mut last): (Vec<String>, Option<(String, String)>) = (Vec::new(), None);
            loop {
                let start = last.as_ref().map(|key| start_of(source, key));
                let rows = scan(
                    backend,
                    source,
                    &ScanParams {
                        limit,
                        hashes: None,
                        start,
                    },
                )
                .await?;
                let full = rows.len() == limit;
                walked.extend(rows.into_iter().map(|(_, _, json)| json));
                holds!(walked.len() <= expected.len(), "{source:?}: a row came twice");
                let at = walked.last();
                last = keys.iter().find(|(pk, sk)| Some(&noted(pk, sk, "x").json) == at).cloned();
                if !full {
                    break;
                }
            }
            equal!(walked, expected, "{source:?} in pages of {limit}");
        }
    }
    Ok(())
}

pub(super) async fn segments_cover_everything_once<B: StorageBackend>(backend: &B) -> CaseResult {
    let expected = in_hash_order(fill(backend).await?);
    for source in SOURCES {
        for total in [1, 2, 3, 16, 4096] {
            let mut walked = Vec::new();
            // Of 4096 segments most are empty: only those that hold a key are read, and one that does not.
            for segment in 0..total {
                let hashes = segment_range(segment, total);
                if total > 16 && segment != 0 && !keys().iter().any(|(pk, _)| hashes.contains(&hash_prefix(pk))) {
                    continue;
                }
                let params = ScanParams {
                    hashes: Some(hashes),
                    ..ScanParams::default()
                };
                walked.extend(scan(backend, source, &params).await?.into_iter().map(|(_, _, json)| json));
            }
            equal!(walked, expected, "{source:?} in {total} segments");
        }
    }
    Ok(())
}

pub(super) async fn a_segment_ends_before_its_upper_hash<B: StorageBackend>(backend: &B) -> CaseResult {
    let (pk, sk) = fill(backend).await?.swap_remove(40);
    let hash = hash_prefix(&pk);
    for source in SOURCES {
        for (hashes, inside) in [
            (hash..hash + 1, true),
            (0..hash, false),
            (hash + 1..1 << 24, false),
            (hash..hash, false),
        ] {
            let params = ScanParams {
                hashes: Some(hashes.clone()),
                ..ScanParams::default()
            };
            let rows = scan(backend, source, &params).await?;
            let json = noted(&pk, &sk, "x").json;
            let found = rows.iter().any(|(_, _, text)| *text == json);
            equal!(found, inside, "{source:?}: hash {hash} in {hashes:?}");
        }
    }
    Ok(())
}

pub(super) async fn a_segment_is_read_in_pages<B: StorageBackend>(backend: &B) -> CaseResult {
    let mut keys = fill(backend).await?;
    keys.sort_by_key(|(pk, sk)| (hash_prefix(pk), pk.clone(), sk.clone()));
    for source in SOURCES {
        for segment in 0..4 {
            let hashes = segment_range(segment, 4);
            let inside: Vec<_> = keys.iter().filter(|(pk, _)| hashes.contains(&hash_prefix(pk))).collect();
            holds!(inside.len() > 5, "the sample is too small");
            let params = ScanParams {
                limit: 3,
                hashes: Some(hashes.clone()),
                start: Some(start_of(source, inside[1])),
            };
            let rows = scan(backend, source, &params).await?;
            let expected: Vec<_> = inside[2..5].iter().map(|(pk, sk)| noted(pk, sk, "x").json).collect();
            let texts: Vec<_> = rows.into_iter().map(|(_, _, json)| json).collect();
            equal!(texts, expected, "{source:?}, segment {segment}, behind its second row");
            let past = ScanParams {
                start: inside.last().map(|key| start_of(source, key)),
                ..params
            };
            equal!(
                scan(backend, source, &past).await?,
                [],
                "{source:?}, segment {segment}, behind its last row"
            );
        }
    }
    Ok(())
}

pub(super) async fn an_empty_table_scans_to_nothing<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    for source in SOURCES {
        for hashes in [None, Some(segment_range(1, 3)), Some(0..0)] {
            let params = ScanParams {
                hashes,
                start: Some(("x", StartAfter::default())),
                ..ScanParams::default()
            };
            equal!(scan(backend, source, &params).await?, [], "{source:?}");
        }
    }
    refused!(
        backend.scan_items("none", &ScanParams::default()).await,
        TableNotFound(_),
        "no table"
    );
    Ok(())
}
