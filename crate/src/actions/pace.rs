//! How much work behind the requests is done at a time: as much as a step may take, by how long the steps before it took.

use std::cell::Cell;

use super::Context;
use crate::storage_backend::StorageBackend;

/// A step that took so long, in milliseconds, was too large: whoever asks for something meanwhile waits for its end (`docs/design.md` allows 5).
const LONG_MILLIS: i64 = 4;
/// One that took no longer than this could have been larger.
const SHORT_MILLIS: i64 = 2;

/// How many pieces of one kind of work make a step.
#[derive(Debug)]
pub struct Pace {
    amount: Cell<u32>,
    least: u32,
    most: u32,
}

impl Pace {
    /// Begins with `amount`, and stays between a quarter of it and `most`.
    const fn new(amount: u32, most: u32) -> Self {
        Self {
            amount: Cell::new(amount),
            least: amount.div_ceil(4),
            most,
        }
    }

    /// How many pieces the next step is to do.
    pub fn amount(&self) -> usize {
        self.amount.get() as usize
    }

    /// Learns from a step. One that found less to do than it might have done tells only when it took too long.
    fn learn(&self, done: usize, millis: i64) {
        let amount = self.amount.get();
        let next = match millis {
            LONG_MILLIS.. => amount - amount / 4,
            0..=SHORT_MILLIS if done >= self.amount() => amount + amount.div_ceil(8),
            _ => amount,
        };
        self.amount.set(next.clamp(self.least, self.most));
    }
}

/// The paces of all work behind the requests.
#[derive(Debug)]
pub struct Paces {
    /// Items evicted from a cache.
    pub eviction: Pace,
    /// Expired items that are deleted.
    pub sweep: Pace,
    /// Old stream records that are removed.
    pub trimming: Pace,
    /// Rows of deleted tables and indexes that are freed.
    pub freeing: Pace,
    /// Free pages that are given back to the file system.
    pub vacuum: Pace,
    /// Items read for an index that is being filled.
    pub gathering: Pace,
    /// Entries written into it.
    pub filling: Pace,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            eviction: Pace::new(25, 400),
            sweep: Pace::new(25, 400),
            trimming: Pace::new(100, 2000),
            freeing: Pace::new(100, 2000),
            vacuum: Pace::new(24, 400),
            gathering: Pace::new(200, 2000),
            filling: Pace::new(100, 2000),
        }
    }
}

impl<B: StorageBackend> Context<'_, B> {
    /// Lets a pace learn from a step that began at that time and did so many pieces of work.
    pub fn learn(&self, pace: &Pace, began: i64, done: usize) {
        pace.learn(done, self.now() - began);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_grow_until_they_take_long_and_shrink_again() {
        let pace = Pace::new(100, 300);
        pace.learn(100, 1);
        assert_eq!(pace.amount(), 113);
        pace.learn(113, 3);
        assert_eq!(pace.amount(), 113, "long enough");
        pace.learn(113, 6);
        assert_eq!(pace.amount(), 85);
        for _ in 0..100 {
            pace.learn(pace.amount(), 0);
        }
        assert_eq!(pace.amount(), 300, "never more than the bound");
        for _ in 0..100 {
            pace.learn(pace.amount(), 50);
        }
        assert_eq!(pace.amount(), 25, "never so few that nothing gets done");
    }

    #[test]
    fn a_step_that_had_little_to_do_is_no_reason_to_do_more() {
        let pace = Pace::new(100, 300);
        pace.learn(3, 0);
        assert_eq!(pace.amount(), 100);
        pace.learn(3, 9);
        assert_eq!(pace.amount(), 75);
    }

    #[test]
    fn a_clock_that_is_set_back_changes_nothing() {
        let pace = Pace::new(100, 300);
        pace.learn(100, -5000);
        assert_eq!(pace.amount(), 100);
    }
}
