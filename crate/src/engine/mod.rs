//! The database as a whole: the catalog's owner, and the one door for requests, [`Database::dispatch`].
//!
//! [`batch`] is the packed form in which many requests come and many replies go at once.

mod background;
pub mod batch;
mod group_commit;
mod ledger;
mod target;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ledger::Ledger;
use target::Target;

pub use crate::actions::Lifecycle;
use crate::actions::backfill::Filling;
use crate::actions::import::Imports;
use crate::actions::pace::Paces;
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
    filling: Filling,
    paces: Paces,
    /// What the latest request was parsed onto.
    tape: Cell<Tape>,
    ledger: RefCell<Ledger>,
}

#[waits]
impl<B: StorageBackend> Database<B> {
    /// Opens a database on a backend: reads every table's definition once. `random` gives numbers in [0, 1).
    pub async fn open(backend: B, options: Options, random: Box<dyn Fn() -> f64>) -> Result<Self, BackendError> {
        let catalog = read_catalog(&backend).await?;
        Ok(Self {
            schedule: background::Schedule::new(backend.clock().now_millis()),
            backend,
            catalog: RefCell::new(catalog),
            imports: Imports::default(),
            filling: Filling::default(),
            paces: Paces::default(),
            expressions: ExpressionCache::default(),
            options,
            random,
            tape: Cell::default(),
            ledger: RefCell::default(),
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

    /// Reads every table's definition again, after a commit that did not happen.
    async fn reload_catalog(&self) -> Result<(), BackendError> {
        let catalog = read_catalog(&self.backend).await?;
        *self.catalog.borrow_mut() = catalog;
        Ok(())
    }

    fn context(&self) -> Context<'_, B> {
        Context {
            backend: &self.backend,
            catalog: &self.catalog,
            expressions: &self.expressions,
            region: &self.options.region,
            lifecycle: self.options.lifecycle,
            imports: &self.imports,
            filling: &self.filling,
            paces: &self.paces,
            random: &*self.random,
        }
    }
}

#[waits]
async fn read_catalog<B: StorageBackend>(backend: &B) -> Result<Catalog, BackendError> {
    let mut catalog = Catalog::default();
    for metadata in backend.list_table_metadata().await? {
        let definition = TableDefinition::from_stored(&stored(metadata));
        catalog.insert(definition.map_err(|error| BackendError::Corrupt(error.to_string()))?);
    }
    Ok(catalog)
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
