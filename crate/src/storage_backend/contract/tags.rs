//! Tags of a table.

use super::check::{CaseResult, equal};
use super::samples::{self, MEGABYTE, TABLE, create};
use super::snapshot::undone;
use crate::storage::Tag;
use crate::storage_backend::StorageBackend;

fn tags(pairs: &[(&str, &str)]) -> Vec<Tag> {
    pairs
        .iter()
        .map(|(key, value)| Tag {
            key: (*key).into(),
            value: (*value).into(),
        })
        .collect()
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

pub(super) async fn tags_are_added_replaced_and_listed_by_key<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    create(backend, "Other").await?;
    equal!(backend.get_tags(TABLE).await?, [], "none at first");
    backend
        .set_tags(TABLE, &tags(&[("owner", "me"), ("Owner", "you"), ("env", "test")]))
        .await?;
    backend.set_tags("Other", &tags(&[("env", "prod")])).await?;
    equal!(
        backend.get_tags(TABLE).await?,
        tags(&[("Owner", "you"), ("env", "test"), ("owner", "me")]),
        "by key, in byte order"
    );
    backend.set_tags(TABLE, &tags(&[("env", "live"), ("z", ""), ("z", "last")])).await?;
    let expected = tags(&[("Owner", "you"), ("env", "live"), ("owner", "me"), ("z", "last")]);
    equal!(backend.get_tags(TABLE).await?, expected, "a key that is there gets the new value");
    backend.set_tags(TABLE, &[]).await?;
    equal!(backend.get_tags(TABLE).await?, expected, "no tag to add");
    equal!(backend.get_tags("Other").await?, tags(&[("env", "prod")]), "another table");
    Ok(())
}

pub(super) async fn tags_are_removed_by_key<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.set_tags(TABLE, &tags(&[("a", "1"), ("b", "2"), ("c", "3")])).await?;
    backend.remove_tags(TABLE, &keys(&["b", "absent", "B"])).await?;
    equal!(backend.get_tags(TABLE).await?, tags(&[("a", "1"), ("c", "3")]), "after removing b");
    backend.remove_tags(TABLE, &[]).await?;
    backend.remove_tags(TABLE, &keys(&["a", "a", "c"])).await?;
    equal!(backend.get_tags(TABLE).await?, [], "after removing all");
    Ok(())
}

pub(super) async fn changes_of_tags_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    backend.set_tags(TABLE, &tags(&[("a", "1"), ("b", "2")])).await?;
    undone(backend, async {
        backend.set_tags(TABLE, &tags(&[("a", "9"), ("n", "9")])).await?;
        backend.remove_tags(TABLE, &keys(&["b"])).await?;
        equal!(
            backend.get_tags(TABLE).await?,
            tags(&[("a", "9"), ("n", "9")]),
            "inside the transaction"
        );
        Ok(())
    })
    .await
}

pub(super) async fn tags_hold_a_megabyte_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    create(backend, TABLE).await?;
    let long = "v".repeat(MEGABYTE);
    let given = tags(&[("a", "v\0w"), ("a\0", "\0"), ("a\0b", &long)]);
    backend.set_tags(TABLE, &given).await?;
    equal!(backend.get_tags(TABLE).await?, given, "tags");
    backend.remove_tags(TABLE, &keys(&["a"])).await?;
    equal!(backend.get_tags(TABLE).await?, given[1..], "only the key that was named goes");
    Ok(())
}

pub(super) async fn tags_go_with_their_table<B: StorageBackend>(backend: &B) -> CaseResult {
    samples::create_indexed(backend, TABLE).await?;
    backend.set_tags(TABLE, &tags(&[("a", "1")])).await?;
    samples::drop_indexed(backend, TABLE).await?;
    create(backend, TABLE).await?;
    equal!(backend.get_tags(TABLE).await?, [], "tags of the table created again");
    Ok(())
}
