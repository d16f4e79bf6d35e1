//! The hot path's pages: bounded by rows and by bytes, with the items' sizes, and LSI entries joined with their items.

use std::ops::Bound::{self, Excluded, Included, Unbounded};

use super::check::{CaseResult, Failure, equal, holds, refused};
use super::samples::{GSI, LSI, TABLE, create_indexed, megabyte, noted, put, put_noted};
use crate::model::hash::{hash_prefix, segment_range};
use crate::storage::StartAfter;
use crate::storage_backend::StorageBackend;
use crate::storage_backend::error::BackendError::{Corrupt, IndexNotFound, TableNotFound};
use crate::storage_backend::frame::RowPage;
use crate::storage_backend::rows::{RowQuery, RowScan, Source};

fn base_query<'a>(pk: &'a str, most_rows: u32, most_bytes: u32) -> RowQuery<'a> {
    let (lower, upper): (Bound<&'a str>, _) = (Unbounded, Unbounded);
    RowQuery {
        table_name: TABLE,
        source: Source::Base,
        pk,
        lower,
        upper,
        forward: true,
        start: None,
        most_rows,
        most_bytes,
    }
}

fn base_scan<'a>(most_rows: u32, most_bytes: u32) -> RowScan<'a> {
    RowScan {
        table_name: TABLE,
        source: Source::Base,
        hashes: None,
        start: None,
        most_rows,
        most_bytes,
    }
}

/// A page's rows as texts and sizes, read twice: reading consumes nothing.
fn read(page: &RowPage) -> Result<(Vec<String>, Vec<usize>), Failure> {
    let (mut texts, mut sizes) = (Vec::new(), Vec::new());
    for row in page.rows() {
        let row = row?;
        texts.push(String::from_utf8_lossy(row.json).into_owned());
        sizes.push(row.size);
    }
    equal!(page.len(), texts.len(), "the page's length");
    equal!(page.is_empty(), texts.is_empty(), "whether the page is empty");
    equal!(page.rows().count(), texts.len(), "rows at the second reading");
    Ok((texts, sizes))
}

/// Ten items of one partition, each larger than the one before.
async fn ladder<B: StorageBackend>(backend: &B) -> Result<(Vec<String>, Vec<usize>), Failure> {
    create_indexed(backend, TABLE).await?;
    let (mut texts, mut sizes) = (Vec::new(), Vec::new());
    for n in 0..10 {
        let sample = put_noted(backend, "a", &n.to_string(), &"x".repeat(n * 10)).await?;
        put_noted(backend, "other", &n.to_string(), "x").await?;
        texts.push(sample.json);
        sizes.push(sample.size);
    }
    Ok((texts, sizes))
}

pub(super) async fn one_row_is_a_page_of_one<B: StorageBackend>(backend: &B) -> CaseResult {
    refused!(backend.get_row(TABLE, "a", "1").await.map(drop), TableNotFound(_), "no table");
    create_indexed(backend, TABLE).await?;
    let sample = put_noted(backend, "a\0", "1", "x\0").await?;
    let page = backend.get_row(TABLE, "a\0", "1").await?;
    equal!(read(&page)?, (vec![sample.json], vec![sample.size]), "the row");
    backend.recycle(page);
    for (pk, sk) in [("a", "1"), ("a\0", ""), ("a\0", "2")] {
        let page = backend.get_row(TABLE, pk, sk).await?;
        equal!(read(&page)?.0.len(), 0, "rows of {pk:?} {sk:?}");
        backend.recycle(page);
    }
    let big = megabyte("b", "1");
    put(backend, "b", "1", &big).await?;
    let page = backend.get_row(TABLE, "b", "1").await?;
    equal!(read(&page)?, (vec![big.json], vec![big.size]), "a row of a megabyte");
    Ok(())
}

pub(super) async fn a_page_ends_at_its_rows<B: StorageBackend>(backend: &B) -> CaseResult {
    let (texts, sizes) = ladder(backend).await?;
    for (most_rows, expected, ended) in [(0, 10, true), (1, 1, false), (9, 9, false), (10, 10, false), (11, 10, true)] {
        let page = backend.query_rows(&base_query("a", most_rows, 0)).await?;
        equal!(
            read(&page)?,
            (texts[..expected].to_vec(), sizes[..expected].to_vec()),
            "a page of {most_rows}"
        );
        equal!(page.ended(), ended, "whether a page of {most_rows} is the last");
        backend.recycle(page);
    }
    Ok(())
}

pub(super) async fn a_page_ends_with_the_row_that_reaches_its_bytes<B: StorageBackend>(backend: &B) -> CaseResult {
    let (texts, sizes) = ladder(backend).await?;
    for n in 1..=10 {
        let sum: usize = sizes[..n].iter().sum();
        for (most_bytes, expected) in [(sum - 1, n), (sum, n), (sum + 1, (n + 1).min(10))] {
            let page = backend.query_rows(&base_query("a", 0, most_bytes as u32)).await?;
            equal!(read(&page)?.0, texts[..expected], "a page of {most_bytes} bytes");
            equal!(
                page.ended(),
                most_bytes > sizes.iter().sum(),
                "whether a page of {most_bytes} bytes is the last"
            );
            backend.recycle(page);
        }
    }
    // Whichever bound is reached first.
    let two: usize = sizes[..2].iter().sum();
    equal!(
        read(&backend.query_rows(&base_query("a", 5, two as u32)).await?)?.0.len(),
        2,
        "bytes before rows"
    );
    equal!(
        read(&backend.query_rows(&base_query("a", 1, two as u32)).await?)?.0.len(),
        1,
        "rows before bytes"
    );
    Ok(())
}

pub(super) async fn a_page_counts_sizes_and_not_texts<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let big = megabyte("a", "1");
    for sk in ["1", "2", "3"] {
        put(backend, "a", sk, &big).await?;
    }
    let page = backend.query_rows(&base_query("a", 0, 1 << 20)).await?;
    equal!(
        read(&page)?.1,
        [big.size],
        "one item of more than a megabyte fills a page of a megabyte"
    );
    backend.recycle(page);
    let page = backend.query_rows(&base_query("a", 0, 4 << 20)).await?;
    equal!(read(&page)?.1, [big.size; 3], "three of them fit into four megabytes");
    Ok(())
}

pub(super) async fn a_page_follows_bounds_direction_and_start<B: StorageBackend>(backend: &B) -> CaseResult {
    let (texts, _) = ladder(backend).await?;
    let start = |sk| {
        Some(StartAfter {
            sk,
            ..StartAfter::default()
        })
    };
    let (lower, upper) = (Included("2"), Excluded("8"));
    let forward = RowQuery {
        lower,
        upper,
        start: start("3"),
        ..base_query("a", 3, 0)
    };
    equal!(read(&backend.query_rows(&forward).await?)?.0, texts[4..7], "forward");
    let backward = RowQuery {
        forward: false,
        start: start("7"),
        ..forward
    };
    let mut expected = texts[4..7].to_vec();
    expected.reverse();
    equal!(read(&backend.query_rows(&backward).await?)?.0, expected, "backward");
    let past = RowQuery {
        start: start("7"),
        ..forward
    };
    let page = backend.query_rows(&past).await?;
    equal!((page.len(), page.ended()), (0, true), "behind the last row");
    equal!(
        read(&backend.query_rows(&base_query("absent", 0, 0)).await?)?.0.len(),
        0,
        "of no partition"
    );
    refused!(
        backend
            .query_rows(&RowQuery {
                table_name: "none",
                ..forward
            })
            .await
            .map(drop),
        TableNotFound(_),
        "no table"
    );
    let index = RowQuery {
        source: Source::Index("none"),
        ..forward
    };
    refused!(backend.query_rows(&index).await.map(drop), IndexNotFound { .. }, "no index");
    Ok(())
}

pub(super) async fn pages_of_an_index_hold_its_entries<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let whole = put_noted(backend, "a", "1", "the whole item").await?;
    let (in_gsi, in_lsi) = (noted("a", "1", "g"), noted("a", "1", "l"));
    backend.insert_gsi_item(TABLE, GSI, "rock", "x", "a", "1", &in_gsi.json).await?;
    backend.insert_lsi_item(TABLE, LSI, "a", "1999", "a", "1", &in_lsi.json).await?;
    for (source, pk, sample) in [
        (Source::Index(GSI), "rock", &in_gsi),
        (Source::Index(LSI), "a", &in_lsi),
        (Source::Base, "a", &whole),
    ] {
        let expected = (vec![sample.json.clone()], vec![sample.size]);
        let page = backend
            .query_rows(&RowQuery {
                source,
                ..base_query(pk, 0, 0)
            })
            .await?;
        equal!(read(&page)?, expected, "query of {source:?}");
        backend.recycle(page);
        let page = backend.scan_rows(&RowScan { source, ..base_scan(0, 0) }).await?;
        equal!(read(&page)?, expected, "scan of {source:?}");
        backend.recycle(page);
    }
    let start = Some(StartAfter {
        sk: "x",
        base_pk: "a",
        base_sk: "1",
    });
    let page = backend
        .query_rows(&RowQuery {
            source: Source::Index(GSI),
            start,
            ..base_query("rock", 0, 0)
        })
        .await?;
    equal!(page.len(), 0, "behind the only entry");
    Ok(())
}

pub(super) async fn an_lsi_page_brings_whole_items<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let (mut items, mut item_size) = (Vec::new(), 0);
    for (pk, sk, year) in [("a", "1", "2003"), ("a", "2", "2001"), ("a", "3\0", "2002"), ("b", "1", "2001")] {
        let whole = put_noted(backend, pk, sk, "the whole item").await?;
        backend
            .insert_lsi_item(TABLE, LSI, pk, year, pk, sk, &noted(pk, sk, "").json)
            .await?;
        items.push(whole.json);
        item_size = whole.size;
    }
    let joined = RowQuery {
        source: Source::IndexJoined(LSI),
        ..base_query("a", 0, 0)
    };
    let by_year = [items[1].clone(), items[2].clone(), items[0].clone()];
    let (texts, sizes) = read(&backend.query_rows(&joined).await?)?;
    equal!(texts, by_year, "in the order of the index");
    equal!(sizes, [item_size, item_size + 1, item_size], "the sizes are the items'");
    let bounded = RowQuery {
        most_bytes: u32::try_from(item_size + 1).unwrap_or(0),
        ..joined
    };
    equal!(read(&backend.query_rows(&bounded).await?)?.0, by_year[..2], "and so is the bound");
    let bounded = RowQuery {
        lower: Excluded("2001"),
        most_rows: 1,
        ..joined
    };
    equal!(
        read(&backend.query_rows(&bounded).await?)?.0,
        by_year[1..2],
        "bounded by the index's sort key"
    );
    let start = Some(StartAfter {
        sk: "2002",
        base_pk: "a",
        base_sk: "3\0",
    });
    equal!(
        read(&backend.query_rows(&RowQuery { start, ..joined }).await?)?.0,
        by_year[2..],
        "behind an entry"
    );
    let scanned = backend
        .scan_rows(&RowScan {
            source: Source::IndexJoined(LSI),
            ..base_scan(0, 0)
        })
        .await?;
    equal!(read(&scanned)?.0.len(), 4, "a scan");
    let gsi = RowQuery {
        source: Source::IndexJoined(GSI),
        ..joined
    };
    refused!(
        backend.query_rows(&gsi).await.map(drop),
        IndexNotFound { .. },
        "a GSI has no items to join"
    );
    backend.delete_item(TABLE, "a", "2").await?;
    let page = backend.query_rows(&joined).await?;
    refused!(
        page.rows().collect::<Result<Vec<_>, _>>().map(drop),
        Corrupt(_),
        "an entry without its item is damage"
    );
    Ok(())
}

pub(super) async fn pages_of_a_scan_go_in_hash_order<B: StorageBackend>(backend: &B) -> CaseResult {
    create_indexed(backend, TABLE).await?;
    let mut keys: Vec<_> = (0..40).map(|n| format!("key-{n}")).collect();
    for pk in &keys {
        put_noted(backend, pk, "1", "x").await?;
    }
    keys.sort_by_key(|pk| hash_prefix(pk));
    let json = |pk: &String| noted(pk, "1", "x").json;
    let page = backend.scan_rows(&base_scan(0, 0)).await?;
    equal!(read(&page)?.0, keys.iter().map(json).collect::<Vec<_>>(), "all");
    equal!(page.ended(), true, "a page without bounds is the last");
    backend.recycle(page);
    let start = Some((
        keys[6].as_str(),
        StartAfter {
            sk: "1",
            ..StartAfter::default()
        },
    ));
    let page = backend.scan_rows(&RowScan { start, ..base_scan(5, 0) }).await?;
    equal!(
        read(&page)?.0,
        keys[7..12].iter().map(json).collect::<Vec<_>>(),
        "five behind the seventh"
    );
    equal!(page.ended(), false, "a bounded page");
    let sizes = read(&page)?.1;
    backend.recycle(page);
    let most_bytes = (sizes[0] + sizes[1]) as u32;
    equal!(
        backend
            .scan_rows(&RowScan {
                start,
                ..base_scan(0, most_bytes)
            })
            .await?
            .len(),
        2,
        "bounded by bytes"
    );
    let mut walked = Vec::new();
    for segment in 0..4 {
        let hashes = Some(segment_range(segment, 4));
        let page = backend.scan_rows(&RowScan { hashes, ..base_scan(0, 0) }).await?;
        holds!(page.ended(), "a segment without bounds ends");
        walked.extend(read(&page)?.0);
        backend.recycle(page);
    }
    equal!(walked, keys.iter().map(json).collect::<Vec<_>>(), "four segments");
    refused!(
        backend
            .scan_rows(&RowScan {
                table_name: "none",
                ..base_scan(0, 0)
            })
            .await
            .map(drop),
        TableNotFound(_),
        "no table"
    );
    Ok(())
}

pub(super) async fn a_recycled_buffer_shows_nothing_of_its_past<B: StorageBackend>(backend: &B) -> CaseResult {
    let (texts, _) = ladder(backend).await?;
    for n in [9, 0, 5, 1] {
        let page = backend.get_row(TABLE, "a", &n.to_string()).await?;
        equal!(read(&page)?.0, texts[n..=n], "row {n}");
        backend.recycle(page);
        let none = backend.get_row(TABLE, "a", "none").await?;
        equal!(read(&none)?.0.len(), 0, "no row after row {n}");
        backend.recycle(none);
    }
    // Two pages at once: the second does not write into the first's buffer.
    let first = backend.get_row(TABLE, "a", "9").await?;
    let second = backend.get_row(TABLE, "a", "8").await?;
    equal!(read(&first)?.0, texts[9..], "the first page while a second is held");
    equal!(read(&second)?.0, texts[8..9], "the second page");
    Ok(())
}

pub(super) async fn a_page_reads_what_the_transaction_wrote<B: StorageBackend>(backend: &B) -> CaseResult {
    let (texts, _) = ladder(backend).await?;
    backend.begin_transaction().await?;
    let sample = noted("a", "05", "new");
    put(backend, "a", "05", &sample).await?;
    backend.delete_item(TABLE, "a", "1").await?;
    let page = backend.query_rows(&base_query("a", 3, 0)).await?;
    equal!(
        read(&page)?.0,
        [texts[0].clone(), sample.json, texts[2].clone()],
        "inside the transaction"
    );
    backend.rollback().await?;
    equal!(
        read(&backend.query_rows(&base_query("a", 3, 0)).await?)?.0,
        texts[..3],
        "after the rollback"
    );
    Ok(())
}
