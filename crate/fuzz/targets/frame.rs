//! Any bytes as a frame for the native executor: answered or refused, never a panic, and an answer can be opened.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use dynatab::storage::Storage;
use dynatab::storage_backend::framed::FrameCarrier;
use libfuzzer_sys::fuzz_target;

/// Statements that reach beyond the database in memory, or that never end.
const KEPT_OUT: [&[u8]; 4] = [b"attach", b"vacuum", b"pragma", b"recursive"];

fn keeps_out(frame: &[u8]) -> bool {
    let frame = frame.to_ascii_lowercase();
    KEPT_OUT.iter().any(|word| frame.windows(word.len()).any(|window| window == *word))
}

fuzz_target!(|frame: &[u8]| {
    if keeps_out(frame) {
        return;
    }
    let storage = Storage::open_in_memory().expect("an empty database in memory opens");
    // Natively every frame is answered at once.
    let answer = match pin!(storage.carrier().carry(frame, Vec::new())).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("the native carrier waits for nobody"),
    };
    if let Err(error) = answer {
        let _ = error.to_string();
    }
});
