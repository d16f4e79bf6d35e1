//! The database as a whole: the catalog's owner, and the one door for requests, [`Database::dispatch`].
//!
//! [`batch`] is the packed form in which many requests come and many replies go at once.

mod background;
pub mod batch;
mod target;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use batch::{Replies, ReplyMark, Request, Requests};
use target::Target;

pub use crate::actions::Lifecycle;
use crate::actions::import::Imports;
use crate::actions::{self, Context};
use crate::api::error::ApiError;
use crate::expression::{CacheCounts, ExpressionCache};
use crate::model::json::{Document, Tape};
use crate::schema::{Catalog, StoredDefinition, TableDefinition};
use crate::storage::TableMetadata;
use crate::storage_backend::{BackendError, StorageBackend};

/// What a database is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The region in ARNs.
    pub region: String,
    /// How long changes of tables take.
    pub lifecycle: Lifecycle,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            region: "eu-west-2".into(),
            lifecycle: Lifecycle::default(),
        }
    }
}

/// Most bytes of a request's body (rule 23).
const MOST_REQUEST_BYTES: usize = 16 << 20;

/// A target of test builds only: the request panics, as a defect would.
#[cfg(feature = "contract-suite")]
const PROVOKED_TRAP: &str = "DynatabTest.Trap";

/// One open database.
pub struct Database<B> {
    backend: B,
    catalog: RefCell<Catalog>,
    expressions: ExpressionCache,
    options: Options,
    random: Box<dyn Fn() -> f64>,
    schedule: background::Schedule,
    imports: Imports,
    /// What the latest request was parsed onto.
    tape: Cell<Tape>,
}

impl<B: StorageBackend> Database<B> {
    /// Opens a database on a backend: reads every table's definition once. `random` gives numbers in [0, 1).
    pub async fn open(backend: B, options: Options, random: Box<dyn Fn() -> f64>) -> Result<Self, BackendError> {
        let mut catalog = Catalog::default();
        for metadata in backend.list_table_metadata().await? {
            let definition = TableDefinition::from_stored(&stored(metadata));
            catalog.insert(definition.map_err(|error| BackendError::Corrupt(error.to_string()))?);
        }
        Ok(Self {
            schedule: background::Schedule::new(backend.clock().now_millis()),
            backend,
            catalog: RefCell::new(catalog),
            imports: Imports::default(),
            expressions: ExpressionCache::default(),
            options,
            random,
            tape: Cell::default(),
        })
    }

    /// The backend.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// What the cache of parsed expressions holds and did.
    pub fn expression_cache(&self) -> CacheCounts {
        self.expressions.counts()
    }

    /// Answers one request: the reply's body is appended to `out`, the status returned. `target` is the `X-Amz-Target` header's value. A
    /// request over 16 MB is answered 413 and nothing.
    pub async fn dispatch(&self, target: &str, body: &[u8], out: &mut Vec<u8>) -> u16 {
        let parsed = Target::parse(target);
        self.settle_import(&parsed).await;
        self.reply(parsed, target, body, out).await
    }

    /// What an import has loaded becomes durable before anybody else is answered.
    async fn settle_import(&self, next: &Result<Target, ApiError>) {
        if !next.as_ref().is_ok_and(|target| target.is_of_import()) {
            // A storage that fails says so to the request itself.
            let _ = self.imports.end_bulk_loading(&self.backend).await;
        }
    }

    async fn reply(&self, parsed: Result<Target, ApiError>, target: &str, body: &[u8], out: &mut Vec<u8>) -> u16 {
        if body.len() > MOST_REQUEST_BYTES {
            // Nobody looks further, and the answer has no body.
            return 413;
        }
        let start = out.len();
        let answered = match parsed {
            Ok(parsed) => self.answer(parsed, body, out).await,
            Err(error) => {
                provoke_trap(target);
                Err(error)
            }
        };
        match answered {
            Ok(()) => 200,
            Err(error) => {
                out.truncate(start);
                error.write_body(out);
                error.status()
            }
        }
    }

    async fn answer(&self, target: Target, body: &[u8], out: &mut Vec<u8>) -> Result<(), ApiError> {
        let (body, piece) = target.split(body);
        let request = Document::parse_on(self.tape.take(), body).map_err(|_| ApiError::unparseable())?;
        self.catalog.borrow_mut().settle(self.backend.clock().now_millis());
        let cx = self.context();
        let answered = match target {
            Target::Service(operation) => actions::run(operation, &cx, &request, out).await,
            Target::Database(operation) => actions::database::run(operation, &cx, &request, piece, out).await,
        };
        self.tape.set(request.into_tape());
        answered
    }

    /// The tables to whose streams the latest batch, or step of work, may have written; asked once.
    pub fn take_changed_streams(&self) -> Vec<Rc<str>> {
        self.backend.take_changed_streams()
    }

    fn context(&self) -> Context<'_, B> {
        Context {
            backend: &self.backend,
            catalog: &self.catalog,
            expressions: &self.expressions,
            region: &self.options.region,
            lifecycle: self.options.lifecycle,
            imports: &self.imports,
            random: &*self.random,
        }
    }

    /// Answers a packed batch in order; the replies are packed into `buffer`. Item operations that follow one another are committed
    /// together, and none of them is answered before they are durable.
    pub async fn run_batch(&self, requests: &[u8], buffer: Vec<u8>) -> Vec<u8> {
        // What nobody has asked about by now concerns nobody.
        self.take_changed_streams();
        let mut replies = Replies::new(buffer);
        let mut group = Group {
            mark: replies.mark(),
            requests: Vec::new(),
        };
        for request in Requests::new(requests) {
            let target = Target::parse(request.target);
            if !target.as_ref().is_ok_and(|target| target.joins_group()) {
                self.end(&mut group, &mut replies).await;
                self.settle_import(&target).await;
                self.run_alone(target, &request, &mut replies).await;
                group.mark = replies.mark();
                continue;
            }
            if group.requests.is_empty() {
                self.settle_import(&target).await;
                // A backend in a state in which no group can begin fails the requests too, one by one.
                let _ = self.backend.begin_group().await;
            }
            self.run_alone(target, &request, &mut replies).await;
            group.requests.push(request);
            if self.backend.group_failed() {
                self.run_again(&mut group, &mut replies).await;
            }
        }
        self.end(&mut group, &mut replies).await;
        replies.finish()
    }

    async fn run_alone(&self, target: Result<Target, ApiError>, request: &Request<'_>, replies: &mut Replies) {
        let (at, out) = replies.open(request.id);
        let status = self.reply(target, request.target, request.body, out).await;
        replies.close(at, status);
    }

    /// Makes the group durable.
    async fn end(&self, group: &mut Group<'_>, replies: &mut Replies) {
        if !group.requests.is_empty() {
            match self.backend.end_group().await {
                Ok(()) => {}
                Err(unknown @ BackendError::CommitInDoubt(_)) => refuse(group, &actions::storage_error(unknown), replies),
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
        replies.rewind(group.mark);
        for request in group.requests.drain(..) {
            self.run_alone(Target::parse(request.target), &request, replies).await;
        }
        group.mark = replies.mark();
    }
}

/// Requests that were answered and are not durable yet, and where their replies begin.
struct Group<'a> {
    mark: ReplyMark,
    requests: Vec<Request<'a>>,
}

/// Answers every request of the group with the error, the ones that only read too: they may have seen what is in doubt.
fn refuse(group: &Group<'_>, error: &ApiError, replies: &mut Replies) {
    replies.rewind(group.mark);
    for request in &group.requests {
        let (at, out) = replies.open(request.id);
        error.write_body(out);
        replies.close(at, error.status());
    }
}

#[cfg(feature = "contract-suite")]
fn provoke_trap(target: &str) {
    assert!(target != PROVOKED_TRAP, "a trap was asked for");
}

#[cfg(not(feature = "contract-suite"))]
fn provoke_trap(_: &str) {}

fn stored(metadata: TableMetadata) -> StoredDefinition {
    StoredDefinition {
        table_name: metadata.table_name,
        table_id: metadata.table_id,
        created_at: metadata.created_at,
        key_schema: metadata.key_schema,
        attribute_definitions: metadata.attribute_definitions,
        gsi_definitions: metadata.gsi_definitions,
        lsi_definitions: metadata.lsi_definitions,
        billing_mode: metadata.billing_mode,
        provisioned_throughput: metadata.provisioned_throughput,
        on_demand_throughput: metadata.on_demand_throughput,
        table_class: metadata.table_class,
        other_settings: metadata.other_settings,
        stream_enabled: metadata.stream_enabled,
        stream_view_type: metadata.stream_view_type,
        stream_label: metadata.stream_label,
        deletion_protection: metadata.deletion_protection,
        ttl_attribute: metadata.ttl_attribute,
    }
}
