//! The storage contract over rusqlite: every case of the suite, in memory and on a file.
#![cfg(feature = "contract-suite")]

mod scratch;

use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use dynatab::storage::{Storage, TableStats};
use dynatab::storage_backend::contract::{Outcome, case_names, run_case};
use dynatab::storage_backend::frame::Answer;
use dynatab::storage_backend::framed::{Durability, FrameCarrier, FramedBackend};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::rusqlite_impl::RusqliteCarrier;
use dynatab::storage_backend::{BackendError, Clock, StorageBackend, SystemClock};
use scratch::Scratch;

/// Runs every case and names all that fail.
fn run_all(run: impl Fn(&str) -> Outcome) {
    let names = case_names();
    let mut failures = Vec::new();
    for name in &names {
        if let Err(why) = run(name) {
            failures.push(format!("{name}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases failed:\n{}",
        failures.len(),
        names.len(),
        failures.join("\n")
    );
}

fn ready(name: &str, storage: &Storage) -> Outcome {
    now_or_never(run_case(name, storage)).unwrap_or_else(|| Err("waits for ever".into()))
}

fn integrity(storage: &Storage) -> String {
    storage.conn().query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap()
}

fn stats(storage: &Storage) -> Vec<TableStats> {
    now_or_never(storage.table_stats()).unwrap().unwrap()
}

fn open(path: &Path) -> Storage {
    Storage::open(path, Rc::new(SystemClock), Durability::Relaxed).unwrap()
}

#[test]
fn the_contract_holds_in_memory() {
    run_all(|name| ready(name, &Storage::open_in_memory().unwrap()));
}

/// After each case the file is sound, and opened again it counts what it counted before.
#[test]
fn the_contract_holds_on_a_file() {
    run_all(|name| {
        let scratch = Scratch::new();
        let storage = open(&scratch.file());
        ready(name, &storage)?;
        let before = stats(&storage);
        drop(storage);
        let again = open(&scratch.file());
        match (integrity(&again).as_str(), stats(&again)) {
            ("ok", after) if after == before => Ok(()),
            ("ok", after) => Err(format!("opened again it counts {after:?}, not {before:?}")),
            (damage, _) => Err(format!("the file is damaged: {damage}")),
        }
    });
}

/// A carrier whose every answer has to be waited for.
struct Waiting(RusqliteCarrier);

impl FrameCarrier for Waiting {
    async fn carry(&self, frame: &[u8], buffer: Vec<u8>) -> Result<Answer, BackendError> {
        let mut asked = false;
        poll_fn(|_| {
            if std::mem::replace(&mut asked, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.0.carry(frame, buffer).await
    }

    fn clock(&self) -> &dyn Clock {
        self.0.clock()
    }

    fn durability(&self) -> Durability {
        self.0.durability()
    }

    fn volatile(&self) -> bool {
        self.0.volatile()
    }

    async fn reopen(&self) -> Result<(), BackendError> {
        self.0.reopen().await
    }
}

/// Polls until the future is ready; says how often it was not.
fn wait<F: Future>(future: F) -> (F::Output, usize) {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    let mut pauses = 0;
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return (output, pauses),
            Poll::Pending => pauses += 1,
        }
    }
}

/// The way an asynchronous driver takes: each case is suspended at every crossing and goes on from there.
#[test]
fn the_contract_holds_over_a_carrier_that_waits() {
    run_all(|name| {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").unwrap();
        let carrier = Waiting(RusqliteCarrier::new(connection, Rc::new(SystemClock), Durability::Strict));
        let (backend, pauses) = wait(FramedBackend::connect(carrier));
        assert!(pauses > 0, "the carrier does not wait");
        wait(run_case(name, &backend.unwrap())).0
    });
}

#[test]
fn a_name_that_is_no_case_fails() {
    let storage = Storage::open_in_memory().unwrap();
    assert!(ready("items::no_such_case", &storage).is_err());
    let mut names = case_names();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), case_names().len(), "a case has two names");
}
