//! Work behind the requests: indexes are filled, caches are kept within their bounds, expired items and old stream records go, what was
//! deleted is freed, a little at a time, between requests.

use std::cell::Cell;

use super::Database;
use crate::actions::database::vacuum;
use crate::actions::{backfill, cache, streams, time_to_live};
use crate::storage_backend::StorageBackend;

/// How soon expired items are looked for again, in milliseconds.
const SWEEP_MILLIS: i64 = 1000;

/// How soon old stream records are looked for again, in milliseconds.
const TRIM_MILLIS: i64 = 60_000;

/// How soon the ledger is looked through for clients that are gone, in milliseconds, and how long their replies are kept.
const LEDGER_MILLIS: i64 = 3_600_000;
const LEDGER_KEPT_MILLIS: i64 = 86_400_000;

/// When a step that failed is tried again, in milliseconds.
const RETRY_MILLIS: i64 = 1000;

/// When which work is due next, in milliseconds since the epoch.
#[derive(Debug)]
pub(super) struct Schedule {
    sweep: Cell<i64>,
    trim: Cell<i64>,
    ledger: Cell<i64>,
}

impl Schedule {
    /// That of a database that is opened now: what has expired meanwhile goes at once.
    pub(super) fn new(now: i64) -> Self {
        Self {
            sweep: Cell::new(now),
            trim: Cell::new(now + TRIM_MILLIS),
            ledger: Cell::new(now + LEDGER_MILLIS),
        }
    }
}

/// Whether the time has come; further off than it is ever planned it is where the clock was set back.
fn is_due(planned: &Cell<i64>, now: i64, interval: i64) -> bool {
    let planned = planned.get();
    planned <= now || planned > now + interval
}

#[waits]
impl<B: StorageBackend> Database<B> {
    /// Does one small step of what is due, and says in how many milliseconds there may be more to do. Must not run while a batch does.
    pub async fn work(&self) -> i64 {
        self.take_changed_streams();
        let now = self.backend.clock().now_millis();
        let cx = self.context();
        // A table that has been changed shows it though nobody asks.
        self.catalog.borrow_mut().settle(now);
        // An index that is to be filled goes before everything else.
        match backfill::step(&cx).await {
            Ok(false) => {}
            Ok(true) => return 0,
            Err(_) => return RETRY_MILLIS,
        }
        match cache::evict(&cx).await {
            Ok(false) => {}
            Ok(true) => return 0,
            Err(_) => return RETRY_MILLIS,
        }
        let held = backfill::held_until(&cx);
        let sweeps = self.catalog.borrow().tables().any(|table| table.ttl.is_some());
        // What fails here is tried again later; a storage that fails says so at the next request.
        if sweeps && is_due(&self.schedule.sweep, now, SWEEP_MILLIS) {
            let more = time_to_live::sweep(&cx).await.unwrap_or(false);
            self.schedule.sweep.set(if more { now } else { now + SWEEP_MILLIS });
        } else if is_due(&self.schedule.trim, now, TRIM_MILLIS) {
            let before = now - streams::RETENTION_MILLIS;
            let most = self.paces.trimming.amount();
            let removed = self.backend.trim_streams(before, most).await.unwrap_or(0);
            cx.learn(&self.paces.trimming, now, removed);
            let more = removed == most;
            self.schedule.trim.set(if more { now } else { now + TRIM_MILLIS });
        } else if self.schedule.ledger.get() <= now {
            let _ = self.backend.trim_ledger(now - LEDGER_KEPT_MILLIS).await;
            self.schedule.ledger.set(now + LEDGER_MILLIS);
        } else if vacuum::free_discarded(&cx).await.is_err() {
            return RETRY_MILLIS;
        }
        if self.backend.has_discarded() {
            return 0;
        }
        let sweep = sweeps.then(|| self.schedule.sweep.get());
        let next = [sweep, held, self.catalog.borrow().next_due(), Some(self.schedule.ledger.get())];
        let next = next.into_iter().flatten().fold(self.schedule.trim.get(), i64::min);
        (next - now).max(0)
    }
}
