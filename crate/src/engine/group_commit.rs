//! Group commit: item operations of a batch that follow one another become durable together, everything else by itself.
//!
//! Where the batch says whose requests these are, every reply to a request that changed something is noted in the [ledger](super::ledger),
//! in the same transaction. A reply is whole only when its request is done, so a request that commits alone is a group of one then.

use super::Database;
use super::batch::{Replies, ReplyMark, Request, Requests};
use super::ledger::{Origin, Senders};
use super::target::Target;
use crate::actions::cache::Filled;
use crate::actions::{self, cache};
use crate::api::error::ApiError;
use crate::storage_backend::{BackendError, StorageBackend};

/// Requests that were answered and are not durable yet, and where their replies begin.
struct Group<'a> {
    mark: ReplyMark,
    requests: Vec<(Request<'a>, Option<Origin>)>,
    /// The caches, as full as they were when the group began.
    caches: Vec<Filled>,
}

#[waits]
impl<B: StorageBackend> Database<B> {
    /// Answers a packed batch in order; the replies are packed into `buffer`. Item operations that follow one another are committed
    /// together, and none of them is answered before they are durable.
    pub async fn run_batch(&self, requests: &[u8], buffer: Vec<u8>) -> Vec<u8> {
        self.run_batch_of(&[], requests, buffer).await
    }

    /// [`Self::run_batch`] of the clients that `senders` names (see `ledger`): what they have sent before and was applied is answered as it was then.
    pub async fn run_batch_of(&self, senders: &[u8], requests: &[u8], buffer: Vec<u8>) -> Vec<u8> {
        // What nobody has asked about by now concerns nobody.
        self.take_changed_streams();
        let mut replies = Replies::new(buffer);
        let mut senders = Senders::open(senders, &mut self.ledger.borrow_mut());
        if let Err(error) = self.load_ledger(&senders).await {
            for request in Requests::new(requests) {
                refuse(&request, &actions::storage_error(error.clone()), &mut replies);
            }
            return replies.finish();
        }
        let mut group = Group {
            mark: replies.mark(),
            requests: Vec::new(),
            caches: Vec::new(),
        };
        for request in Requests::new(requests) {
            let origin = senders.origin(request.id, &mut self.ledger.borrow_mut());
            if self.is_known(origin) {
                // It may be of this very group, which must be durable first, and may then not have happened.
                self.end(&mut group, &mut replies).await;
                if self.repeat(&request, origin, &mut replies) {
                    group.mark = replies.mark();
                    continue;
                }
            }
            let target = Target::parse(request.target);
            if !target.as_ref().is_ok_and(|target| target.joins_group()) {
                self.end(&mut group, &mut replies).await;
                self.settle_import(&target).await;
                self.run_alone(target, &request, origin, &mut replies).await;
                group.mark = replies.mark();
                continue;
            }
            if group.requests.is_empty() {
                self.settle_import(&target).await;
                // A backend in a state in which no group can begin fails the requests too, one by one.
                let _ = self.backend.begin_group().await;
                group.caches = cache::filled(&self.context()).await;
            }
            self.run(target, &request, origin, &mut replies).await;
            group.requests.push((request, origin));
            if self.backend.group_failed() {
                self.run_again(&mut group, &mut replies).await;
            }
        }
        self.end(&mut group, &mut replies).await;
        replies.finish()
    }

    async fn load_ledger(&self, senders: &Senders<'_>) -> Result<(), BackendError> {
        if !senders.is_empty() && !self.ledger.borrow().is_loaded() {
            let stored = self.backend.get_ledger().await?;
            self.ledger.borrow_mut().load(&stored);
        }
        Ok(())
    }

    /// Whether a request that is sent again was applied.
    fn is_known(&self, origin: Option<Origin>) -> bool {
        let again = origin.filter(|origin| origin.again);
        again.is_some_and(|origin| self.ledger.borrow().find(origin).is_some())
    }

    /// Answers a request from the ledger, if it is there.
    fn repeat(&self, request: &Request<'_>, origin: Option<Origin>, replies: &mut Replies) -> bool {
        let ledger = self.ledger.borrow();
        let Some((status, body)) = origin.and_then(|origin| ledger.find(origin)) else {
            return false;
        };
        let (at, out) = replies.open(request.id);
        out.extend_from_slice(body);
        replies.close(at, status);
        true
    }

    /// Runs a request, and notes its reply if it has changed something.
    async fn run(&self, target: Result<Target, ApiError>, request: &Request<'_>, origin: Option<Origin>, replies: &mut Replies) {
        let before = self.backend.writes();
        let (at, out) = replies.open(request.id);
        let body_at = out.len();
        let status = self.reply(target, request.target, request.body, out).await;
        if let Some(origin) = origin.filter(|_| self.backend.writes() != before) {
            self.ledger.borrow_mut().note(origin, status, &out[body_at..]);
        }
        replies.close(at, status);
    }

    /// Runs a request in a transaction of its own.
    async fn run_alone(&self, target: Result<Target, ApiError>, request: &Request<'_>, origin: Option<Origin>, replies: &mut Replies) {
        // The package's own operations may do what no transaction can hold.
        if origin.is_none() || !matches!(target, Ok(Target::Service(_))) {
            return self.run(target, request, None, replies).await;
        }
        let mark = replies.mark();
        let _ = self.backend.begin_group().await;
        self.run(target, request, origin, replies).await;
        if self.backend.group_failed() {
            // Its reply says so.
            let _ = self.backend.abort_group().await;
            self.ledger.borrow_mut().undo();
        } else if let Err(error) = self.end_group().await {
            replies.rewind(mark);
            refuse(request, &actions::storage_error(error), replies);
            // What the request did to the catalog has not happened.
            let _ = self.reload_catalog().await;
        }
    }

    /// Makes the group durable, the ledger with it.
    #[allow(clippy::await_holding_refcell_ref)] // one batch at a time, and saving calls nothing that comes back here
    async fn end_group(&self) -> Result<(), BackendError> {
        let saved = self.ledger.borrow().save(&self.backend).await;
        let ended = match saved {
            Ok(()) => self.backend.end_group().await,
            Err(error) => self.backend.abort_group().await.and(Err(error)),
        };
        let mut ledger = self.ledger.borrow_mut();
        if ended.is_ok() {
            ledger.keep();
        } else {
            ledger.undo();
        }
        ended
    }

    /// Makes the group durable, whatever that takes.
    async fn end(&self, group: &mut Group<'_>, replies: &mut Replies) {
        if !group.requests.is_empty() {
            // Should it fail, so does the group, whose requests then run without it.
            let _ = cache::evict_far_excess(&self.context(), &group.caches).await;
            match self.end_group().await {
                Ok(()) => {}
                Err(unknown @ BackendError::CommitInDoubt(_)) => {
                    // Those that only read too: they may have seen what is in doubt.
                    let error = actions::storage_error(unknown);
                    replies.rewind(group.mark);
                    for (request, _) in &group.requests {
                        refuse(request, &error, replies);
                    }
                }
                Err(_) => self.run_again(group, replies).await,
            }
        }
        group.requests.clear();
        group.mark = replies.mark();
    }

    /// An error inside SQLite undid the whole group: its requests run again one by one, so that only the culprit fails.
    async fn run_again(&self, group: &mut Group<'_>, replies: &mut Replies) {
        // Should undoing fail, each request meets the connection's state by itself and says so.
        let _ = self.backend.abort_group().await;
        self.ledger.borrow_mut().undo();
        replies.rewind(group.mark);
        for (request, origin) in group.requests.drain(..) {
            self.run_alone(Target::parse(request.target), &request, origin, replies).await;
        }
        group.mark = replies.mark();
    }
}

/// Answers a request with an error.
fn refuse(request: &Request<'_>, error: &ApiError, replies: &mut Replies) {
    let (at, out) = replies.open(request.id);
    error.write_body(out);
    replies.close(at, error.status());
}
