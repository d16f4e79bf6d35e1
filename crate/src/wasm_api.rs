//! What JavaScript sees of the engine.
//!
//! Every export is a plain synchronous function: a request either finishes before it returns, or it waits for an asynchronous driver and
//! [`Engine::resume`] carries it on. A panic is a trap: the module is dead from then on, and JavaScript discards it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

mod work;

use wasm_bindgen::prelude::*;
use work::Work;

use crate::engine::{Database, Lifecycle, Options};
use crate::storage_backend::BackendError;
use crate::storage_backend::arrivals::Arrivals;
use crate::storage_backend::framed::Durability;
use crate::storage_backend::wasm_backend::{Bridge, BridgeCarrier, BridgeHandle, WasmBridgeBackend};

/// The work is done; the reply buffer holds its outcome.
const DONE: u32 = 0;
/// The driver is asynchronous and has not answered yet.
const PENDING: u32 = 1;

#[wasm_bindgen]
extern "C" {
    /// What JavaScript opens the engine with: the package's `EngineSettings`, which it has checked.
    pub type EngineSettings;

    #[wasm_bindgen(method, getter)]
    fn region(this: &EngineSettings) -> Option<String>;

    #[wasm_bindgen(method, getter, js_name = tableActivationMs)]
    fn table_activation_ms(this: &EngineSettings) -> Option<f64>;

    #[wasm_bindgen(method, getter, js_name = tableUpdateMs)]
    fn table_update_ms(this: &EngineSettings) -> Option<f64>;

    #[wasm_bindgen(method, getter, js_name = tableDeletionMs)]
    fn table_deletion_ms(this: &EngineSettings) -> Option<f64>;

    #[wasm_bindgen(method, getter, js_name = indexCreationMs)]
    fn index_creation_ms(this: &EngineSettings) -> Option<f64>;

    #[wasm_bindgen(method, getter)]
    fn durability(this: &EngineSettings) -> Option<String>;
}

/// The first request buffer: most batches fit.
const FIRST_REQUEST: usize = 4096;
/// A request buffer larger than this is not kept for the next batch.
const KEPT_REQUEST: usize = 1 << 20;

thread_local! {
    /// The buffer the next batch is written into, always at its full length.
    static REQUEST: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A buffer of at least so many bytes for the next batch; valid until it is submitted or asked for again.
#[wasm_bindgen]
pub fn dynatab_request_reserve(at_least: usize) -> *mut u8 {
    let mut buffer = REQUEST.take();
    if buffer.len() < at_least {
        // What the last batch left in it is of no use: nothing is copied.
        buffer = vec![0; at_least.max(FIRST_REQUEST).next_power_of_two()];
    }
    let pointer = buffer.as_mut_ptr();
    REQUEST.set(buffer);
    pointer
}

/// One database's engine.
#[wasm_bindgen]
pub struct Engine {
    bridge: BridgeHandle,
    options: Options,
    durability: Durability,
    arrivals: Arrivals,
    database: Rc<RefCell<Option<Rc<Database<WasmBridgeBackend>>>>>,
    work: Work,
    reply: RefCell<Vec<u8>>,
}

#[waits]
#[wasm_bindgen]
impl Engine {
    /// An engine over a bridge; nothing is read before [`Engine::open`].
    #[wasm_bindgen(constructor)]
    pub fn new(bridge: Bridge, settings: &EngineSettings) -> Engine {
        console_error_panic_hook::set_once();
        let defaults = Options::default();
        Self {
            bridge: BridgeHandle::new(bridge),
            options: Options {
                region: settings.region().unwrap_or(defaults.region),
                lifecycle: lifecycle(settings),
            },
            durability: if settings.durability().as_deref() == Some("relaxed") {
                Durability::Relaxed
            } else {
                Durability::Strict
            },
            arrivals: Arrivals::default(),
            database: Rc::default(),
            work: Work::default(),
            reply: RefCell::default(),
        }
    }

    /// Opens the database. The reply is empty when it went well, otherwise a JSON object with `name` and `message`.
    pub fn open(&self) -> u32 {
        let carrier = BridgeCarrier::new(self.bridge.clone(), self.arrivals.clone(), self.durability);
        let (database, options, bridge) = (self.database.clone(), self.options.clone(), self.bridge.clone());
        self.start(async move || {
            let opened = async || {
                let backend = WasmBridgeBackend::connect(carrier).await?;
                Database::open(backend, options, Box::new(move || bridge.random())).await
            };
            match opened().await {
                Ok(opened) => {
                    *database.borrow_mut() = Some(Rc::new(opened));
                    Vec::new()
                }
                Err(error) => open_error(&error),
            }
        })
    }

    /// Answers the packed batch of requests that stands in the buffer of [`dynatab_request_reserve`]: so many bytes long, of which the first
    /// `senders` say whose requests they are. One batch at a time.
    pub fn submit(&self, senders: usize, length: usize) -> u32 {
        let Some(database) = self.database.borrow().clone() else {
            *self.reply.borrow_mut() = Vec::new();
            return DONE;
        };
        let batch = REQUEST.take();
        let buffer = self.reply.take();
        self.start(async move || {
            let (senders, requests) = batch
                .get(..length)
                .and_then(|all| all.split_at_checked(senders))
                .unwrap_or_default();
            let reply = database.run_batch_of(senders, requests, buffer).await;
            if batch.len() <= KEPT_REQUEST {
                REQUEST.set(batch);
            }
            reply
        })
    }

    /// Does one small step of the work behind the requests. The reply is the number of milliseconds after which there may be more, as text.
    pub fn work(&self) -> u32 {
        let Some(database) = self.database.borrow().clone() else {
            *self.reply.borrow_mut() = Vec::new();
            return DONE;
        };
        self.start(async move || database.work().await.to_string().into_bytes())
    }

    /// Replies with the names of the tables to whose streams the last batch or step of work may have written, separated by blanks. Asked once.
    pub fn changed_streams(&self) {
        let database = self.database.borrow();
        let names = database
            .as_ref()
            .map(|database| database.take_changed_streams())
            .unwrap_or_default();
        let mut reply = self.reply.borrow_mut();
        reply.clear();
        reply.extend_from_slice(names.join(" ").as_bytes());
    }

    /// Carries pending work on: the driver's answer of this length has been written (negative: the connection is lost).
    pub fn resume(&self, answer_length: i32) -> u32 {
        self.arrivals.put(answer_length);
        self.note(self.work.resume())
    }

    /// Whether the database could not be opened again when it had to be: this engine is to be discarded.
    pub fn lost(&self) -> bool {
        self.database.borrow().as_ref().is_some_and(|database| database.backend().lost())
    }

    /// Where the reply stands in memory; valid until the next call.
    pub fn reply_ptr(&self) -> *const u8 {
        self.reply.borrow().as_ptr()
    }

    /// How long it is.
    pub fn reply_len(&self) -> usize {
        self.reply.borrow().len()
    }

    fn start(&self, work: impl AsyncFnOnce() -> Vec<u8> + 'static) -> u32 {
        self.note(self.work.start(work))
    }

    fn note(&self, outcome: Option<Vec<u8>>) -> u32 {
        let Some(reply) = outcome else { return PENDING };
        *self.reply.borrow_mut() = reply;
        DONE
    }
}

/// What is not said takes as long as a table takes to become ACTIVE.
fn lifecycle(settings: &EngineSettings) -> Lifecycle {
    let creation = settings.table_activation_ms().unwrap_or(0.0);
    let millis = |ms: Option<f64>| ms.unwrap_or(creation) as i64;
    Lifecycle {
        creation_ms: creation as i64,
        update_ms: millis(settings.table_update_ms()),
        deletion_ms: millis(settings.table_deletion_ms()),
        index_creation_ms: millis(settings.index_creation_ms()),
    }
}

/// The name JavaScript's error class goes by, and the message.
fn open_error(error: &BackendError) -> Vec<u8> {
    let name = match error {
        BackendError::SchemaTooNew { .. } => "VersionMismatchError",
        BackendError::ForeignDatabase { .. } => "ForeignDatabaseError",
        BackendError::Corrupt(_) => "DatabaseCorruptError",
        BackendError::Busy(_) => "DatabaseBusyError",
        BackendError::Full(_) => "QuotaExceededError",
        _ => "StorageError",
    };
    let mut reply = b"{\"name\":\"".to_vec();
    reply.extend_from_slice(name.as_bytes());
    reply.extend_from_slice(b"\",\"message\":");
    crate::model::json::write_json_string(&mut reply, &error.to_string());
    reply.push(b'}');
    reply
}

/// The storage contract suite over the bridge. Test builds only.
#[cfg(feature = "contract-suite")]
mod contract {
    use super::{BridgeCarrier, Engine, WasmBridgeBackend, wasm_bindgen};
    use crate::storage_backend::contract;

    /// The names of the suite's cases, as a JSON list.
    #[wasm_bindgen]
    pub fn contract_cases() -> String {
        let names: Vec<String> = contract::case_names().iter().map(|name| format!("\"{name}\"")).collect();
        format!("[{}]", names.join(","))
    }

    #[wasm_bindgen]
    impl Engine {
        /// Runs one case on this engine's (empty) database. The reply is empty when it holds, otherwise says what is wrong.
        pub fn run_contract_case(&self, name: String) -> u32 {
            let carrier = BridgeCarrier::new(self.bridge.clone(), self.arrivals.clone(), self.durability);
            self.start(async move || {
                let outcome = match WasmBridgeBackend::connect(carrier).await {
                    Ok(backend) => contract::run_case(&name, &backend).await,
                    Err(error) => Err(error.to_string()),
                };
                outcome.err().unwrap_or_default().into_bytes()
            })
        }
    }
}
