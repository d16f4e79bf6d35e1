//! Request tokens.

use super::check::{CaseResult, equal};
use super::samples::MEGABYTE;
use super::snapshot::undone;
use crate::storage_backend::{RequestToken, StorageBackend};

fn used<'a>(token: &'a str, digest: &'a str, used_at: i64) -> RequestToken<'a> {
    RequestToken { token, digest, used_at }
}

pub(super) async fn request_tokens_are_known_until_they_are_too_old<B: StorageBackend>(backend: &B) -> CaseResult {
    equal!(backend.get_request_token("t", 0).await?, None, "nobody used it");
    backend.put_request_token(&used("t", "first", 1000), 0).await?;
    backend.put_request_token(&used("T", "other", 2000), 0).await?;
    equal!(
        backend.get_request_token("t", 1000).await?,
        Some("first".to_owned()),
        "used at that time"
    );
    equal!(backend.get_request_token("t", 1001).await?, None, "used before");
    equal!(
        backend.get_request_token("T", 1001).await?,
        Some("other".to_owned()),
        "tokens are case-sensitive"
    );
    backend.put_request_token(&used("t", "second", 3000), 0).await?;
    equal!(
        backend.get_request_token("t", 3000).await?,
        Some("second".to_owned()),
        "the newer use replaces the older"
    );
    backend.put_request_token(&used("n", "new", 9000), 3000).await?;
    equal!(backend.get_request_token("T", 0).await?, None, "what is too old is forgotten");
    equal!(
        backend.get_request_token("t", 0).await?,
        Some("second".to_owned()),
        "what is not is kept"
    );
    Ok(())
}

pub(super) async fn request_tokens_hold_a_megabyte_and_nul<B: StorageBackend>(backend: &B) -> CaseResult {
    let token = format!("a\0b{}", "x".repeat(MEGABYTE));
    backend.put_request_token(&used(&token, "d\0d", 1), 0).await?;
    equal!(
        backend.get_request_token(&token, 0).await?,
        Some("d\0d".to_owned()),
        "token and digest whole"
    );
    equal!(backend.get_request_token("a", 0).await?, None, "not cut at the NUL");
    Ok(())
}

pub(super) async fn changes_of_request_tokens_are_undone<B: StorageBackend>(backend: &B) -> CaseResult {
    backend.put_request_token(&used("old", "old", 1), 0).await?;
    undone(backend, async {
        backend.put_request_token(&used("new", "new", 5), 2).await?;
        equal!(
            backend.get_request_token("new", 0).await?,
            Some("new".to_owned()),
            "seen inside its transaction"
        );
        equal!(backend.get_request_token("old", 0).await?, None, "forgotten inside the transaction");
        Ok(())
    })
    .await?;
    equal!(backend.get_request_token("new", 0).await?, None, "after the rollback");
    equal!(
        backend.get_request_token("old", 0).await?,
        Some("old".to_owned()),
        "after the rollback"
    );
    Ok(())
}
