//! Query bounds: every combination, both directions, start keys, limits, ties in a GSI.

use std::ops::Bound::{self, Excluded, Included, Unbounded};

use super::check::{CaseResult, Failure, equal, holds};
use super::samples::{GSI, LSI, Rows, TABLE, create_indexed, noted, sort_keys};
use crate::storage::{QueryParams, StartAfter};
use crate::storage_backend::StorageBackend;

/// Sort keys in byte order, with neighbours of every kind.
const SORT_KEYS: [&str; 9] = ["", "\0", "A", "a", "a\0", "a\0b", "ab", "é", "😀"];

/// Where the rows of a query come from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Base,
    Gsi,
    Lsi,
}

const SOURCES: [Side; 3] = [Side::Base, Side::Gsi, Side::Lsi];

async fn query<B: StorageBackend>(backend: &B, from: Side, pk: &str, params: &QueryParams<'_>) -> Result<Rows, Failure> {
    Ok(match from {
        Side::Base => backend.query_items(TABLE, pk, params).await?,
        Side::Gsi => backend.query_gsi_items(TABLE, GSI, pk, params).await?,
        Side::Lsi => backend.query_lsi_items(TABLE, LSI, pk, params).await?,
    })
}

/// One item per sort key in the table, the GSI and the LSI, and rows of other partitions around them.
async fn fill<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    backend.begin_transaction().await?;
    for pk in ["p", "p\0", "o", "q"] {
        for sk in SORT_KEYS {
            let sample = noted(pk, sk, "x");
            backend.put_item(TABLE, pk, sk, &sample.json, sample.size).await?;
            backend.insert_gsi_item(TABLE, GSI, pk, sk, "base", sk, &sample.json).await?;
            backend.insert_lsi_item(TABLE, LSI, pk, sk, pk, "base", &sample.json).await?;
        }
    }
    Ok(backend.commit().await?)
}

fn within(sk: &str, lower: Bound<&str>, upper: Bound<&str>) -> bool {
    let above = match lower {
        Unbounded => true,
        Included(bound) => sk >= bound,
        Excluded(bound) => sk > bound,
    };
    above
        && match upper {
            Unbounded => true,
            Included(bound) => sk <= bound,
            Excluded(bound) => sk < bound,
        }
}

/// Base keys the sources' rows were written with.
fn start_of(from: Side, sk: &str) -> StartAfter<'_> {
    match from {
        Side::Base => StartAfter {
            sk,
            ..StartAfter::default()
        },
        Side::Gsi => StartAfter {
            sk,
            base_pk: "base",
            base_sk: sk,
        },
        Side::Lsi => StartAfter {
            sk,
            base_pk: "p",
            base_sk: "base",
        },
    }
}

pub(super) async fn bounds_select_what_lies_between_them<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    let edges = ["", "\0", "a", "a\0a", "zz", "\u{10ffff}"];
    let bounds = |edge| [Included(edge), Excluded(edge)];
    let mut all = vec![Unbounded];
    all.extend(edges.into_iter().flat_map(bounds));
    for from in SOURCES {
        for &lower in &all {
            for &upper in &all {
                for forward in [true, false] {
                    let params = QueryParams {
                        lower,
                        upper,
                        forward,
                        ..QueryParams::default()
                    };
                    let rows = query(backend, from, "p", &params).await?;
                    let mut expected: Vec<_> = SORT_KEYS.into_iter().filter(|sk| within(sk, lower, upper)).collect();
                    if !forward {
                        expected.reverse();
                    }
                    equal!(sort_keys(&rows), expected, "{from:?} {lower:?}..{upper:?} forward {forward}");
                }
            }
        }
    }
    Ok(())
}

pub(super) async fn a_query_starts_behind_any_row<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    for from in SOURCES {
        for forward in [true, false] {
            // Rows that are there, and a place between rows.
            for start in SORT_KEYS.into_iter().chain(["aa"]) {
                let params = QueryParams {
                    lower: Included("\0"),
                    upper: Excluded("😀"),
                    forward,
                    limit: 3,
                    start: Some(start_of(from, start)),
                };
                let rows = query(backend, from, "p", &params).await?;
                let inside = SORT_KEYS.into_iter().filter(|sk| within(sk, params.lower, params.upper));
                let mut expected: Vec<_> = inside.filter(|sk| if forward { *sk > start } else { *sk < start }).collect();
                if !forward {
                    expected.reverse();
                }
                expected.truncate(3);
                equal!(sort_keys(&rows), expected, "{from:?} behind {start:?}, forward {forward}");
            }
        }
    }
    Ok(())
}

pub(super) async fn a_limit_of_zero_is_none<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    for from in SOURCES {
        for (limit, expected) in [(0, 9), (1, 1), (8, 8), (9, 9), (1000, 9)] {
            let rows = query(
                backend,
                from,
                "p",
                &QueryParams {
                    limit,
                    ..QueryParams::default()
                },
            )
            .await?;
            equal!(rows.len(), expected, "{from:?} with limit {limit}");
        }
    }
    Ok(())
}

pub(super) async fn a_partition_that_is_not_there_is_empty<B: StorageBackend>(backend: &B) -> CaseResult {
    fill(backend).await?;
    for from in SOURCES {
        for pk in ["absent", "P", "p ", "", "p\0\0"] {
            equal!(query(backend, from, pk, &QueryParams::default()).await?, [], "{from:?} {pk:?}");
        }
        let rows = query(backend, from, "p\0", &QueryParams::default()).await?;
        holds!(rows.iter().all(|(pk, _, _)| pk == "p\0"), "{from:?}: rows of another partition");
        equal!(rows.len(), 9, "{from:?} of a partition with NUL");
    }
    Ok(())
}

/// Index keys need not be unique: entries of one key are ordered by their items' keys, and a page may end among them.
pub(super) async fn ties_in_an_index_are_walked_once<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let mut bases = Vec::new();
    for (base_pk, base_sk) in [("a", "1"), ("a", "2"), ("a", "2\0"), ("b", "0"), ("b", "1"), ("c", ""), ("c", "\0")] {
        for sk in ["x", "y"] {
            let sample = noted(base_pk, base_sk, sk);
            backend
                .insert_gsi_item(TABLE, GSI, "rock", sk, base_pk, base_sk, &sample.json)
                .await?;
            let lsi_base = format!("{base_pk}{base_sk}");
            backend
                .insert_lsi_item(TABLE, LSI, "rock", sk, "rock", &lsi_base, &sample.json)
                .await?;
            bases.push((sk, base_pk, base_sk, lsi_base, sample.json));
        }
    }
    bases.sort_unstable();
    for from in [Side::Gsi, Side::Lsi] {
        for forward in [true, false] {
            let mut expected: Vec<_> = bases.clone();
            if !forward {
                expected.reverse();
            }
            for limit in 1..=4 {
                let (mut walked, mut start) = (Vec::new(), None);
                loop {
                    let rows = query(
                        backend,
                        from,
                        "rock",
                        &QueryParams {
                            forward,
                            limit,
                            start,
                            ..QueryParams::default()
                        },
                    )
                    .await?;
                    walked.extend(rows.iter().map(|(_, _, json)| json.clone()));
                    holds!(walked.len() <= bases.len(), "{from:?}: a row came twice");
                    let last = walked.len().checked_sub(1).and_then(|at| expected.get(at));
                    let Some((sk, base_pk, base_sk, lsi_base, _)) = last else { break };
                    if rows.len() < limit {
                        break;
                    }
                    let base_sk = if from == Side::Gsi { *base_sk } else { lsi_base.as_str() };
                    start = Some(StartAfter { sk, base_pk, base_sk });
                }
                let texts: Vec<_> = expected.iter().map(|(_, _, _, _, json)| json.clone()).collect();
                equal!(walked, texts, "{from:?} in pages of {limit}, forward {forward}");
            }
        }
    }
    Ok(())
}
