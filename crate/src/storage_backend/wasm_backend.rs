//! The bridge carrier: brings frames to the SQLite module that JavaScript holds, and [`WasmBridgeBackend`], the backend made of it.
//!
//! The crossing itself is a plain synchronous call. While it runs, JavaScript may call one thing back: [`dynatab_answer_reserve`], a free
//! function that grows the answer buffer, so no borrow is ever taken twice. Over a synchronous driver the answer is there when the call
//! returns; where the engine is compiled for them, an asynchronous driver answers "pending" and the engine is resumed later.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::arrivals::Arrivals;
use super::clock::Clock;
use super::error::BackendError;
use super::frame::Answer;
use super::framed::{Durability, FrameCarrier, FramedBackend};

/// The product's storage: the contract over the JavaScript bridge.
pub type WasmBridgeBackend = FramedBackend<BridgeCarrier>;

#[wasm_bindgen]
extern "C" {
    /// What JavaScript gives the engine: SQLite, the time and entropy.
    pub type Bridge;

    /// Runs a frame; see `docs/frame.md`, "The call".
    #[wasm_bindgen(method)]
    fn execute(this: &Bridge, frame: *const u8, frame_length: usize, answer: *mut u8, answer_capacity: usize) -> i32;

    /// Whether the data lives and dies with the connection.
    #[wasm_bindgen(method, getter)]
    fn volatile(this: &Bridge) -> bool;

    /// Closes the connection and opens the database anew; see `docs/frame.md`, "The call".
    #[wasm_bindgen(method)]
    fn reopen(this: &Bridge) -> i32;

    /// Milliseconds since the epoch.
    #[wasm_bindgen(method)]
    fn now(this: &Bridge) -> f64;

    /// A random number in [0, 1).
    #[wasm_bindgen(method)]
    fn random(this: &Bridge) -> f64;
}

thread_local! {
    /// The buffer the current answer is written into, always at its full length.
    static ANSWER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Makes the answer buffer at least so large, keeps what is written in it, and says where it is now.
#[wasm_bindgen]
pub fn dynatab_answer_reserve(at_least: usize) -> *mut u8 {
    let mut buffer = ANSWER.take();
    if buffer.len() < at_least {
        buffer.resize(at_least.max(buffer.len() * 2), 0);
    }
    let pointer = buffer.as_mut_ptr();
    ANSWER.set(buffer);
    pointer
}

/// The time and entropy of the page, shared by the carrier and the engine.
#[derive(Clone)]
pub struct BridgeHandle(Rc<Bridge>);

impl BridgeHandle {
    /// Wraps what JavaScript gave.
    pub fn new(bridge: Bridge) -> Self {
        Self(Rc::new(bridge))
    }

    /// A random number in [0, 1).
    pub fn random(&self) -> f64 {
        self.0.random()
    }
}

impl Clock for BridgeHandle {
    fn now_millis(&self) -> i64 {
        self.0.now() as i64
    }
}

/// Carries frames over the bridge.
pub struct BridgeCarrier {
    bridge: BridgeHandle,
    arrivals: Arrivals,
    durability: Durability,
    volatile: bool,
}

impl BridgeCarrier {
    /// A carrier; `arrivals` is where an outcome that is pending is put when it comes.
    pub fn new(bridge: BridgeHandle, arrivals: Arrivals, durability: Durability) -> Self {
        let volatile = bridge.0.volatile();
        Self {
            bridge,
            arrivals,
            durability,
            volatile,
        }
    }
}

#[waits]
impl FrameCarrier for BridgeCarrier {
    async fn carry(&self, frame: &[u8], buffer: Vec<u8>) -> Result<Answer, BackendError> {
        ANSWER.set(buffer);
        let answer = dynatab_answer_reserve(1024);
        let capacity = {
            let buffer = ANSWER.take();
            let capacity = buffer.len();
            ANSWER.set(buffer);
            capacity
        };
        let answered = self.bridge.0.execute(frame.as_ptr(), frame.len(), answer, capacity);
        let length = self.arrivals.outcome(answered).await;
        let buffer = ANSWER.take();
        let length = usize::try_from(length).map_err(|_| BackendError::ConnectionLost)?;
        Answer::new(buffer, length)
    }

    fn clock(&self) -> &dyn Clock {
        &self.bridge
    }

    fn durability(&self) -> Durability {
        self.durability
    }

    fn volatile(&self) -> bool {
        self.volatile
    }

    async fn reopen(&self) -> Result<(), BackendError> {
        let outcome = self.arrivals.outcome(self.bridge.0.reopen()).await;
        if outcome < 0 { Err(BackendError::ConnectionLost) } else { Ok(()) }
    }
}
