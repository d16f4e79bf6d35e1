//! Where the time comes from. The standard clock panics on wasm32, so time is always injected through a [`Clock`].

use std::cell::Cell;

/// Wall-clock time for creation dates, streams and TTL.
pub trait Clock {
    /// Milliseconds since the Unix epoch.
    fn now_millis(&self) -> i64;

    /// Whole seconds since the Unix epoch, rounded down.
    fn now_seconds(&self) -> i64 {
        self.now_millis().div_euclid(1000)
    }
}

/// The operating system's clock. Not for wasm32, where it would panic; the bridge supplies its own clock there.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_millis(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that moves only when told to: for tests of TTL, streams and lifecycles.
#[derive(Debug, Default)]
pub struct ManualClock {
    millis: Cell<i64>,
}

impl ManualClock {
    /// A clock that shows `millis` since the Unix epoch.
    pub fn new(millis: i64) -> Self {
        Self { millis: Cell::new(millis) }
    }

    /// Sets the time.
    pub fn set(&self, millis: i64) {
        self.millis.set(millis);
    }

    /// Moves the time on (or back, with a negative number).
    pub fn advance(&self, millis: i64) {
        self.millis.set(self.millis.get().saturating_add(millis));
    }
}

impl Clock for ManualClock {
    fn now_millis(&self) -> i64 {
        self.millis.get()
    }
}

impl<C: Clock + ?Sized> Clock for std::rc::Rc<C> {
    fn now_millis(&self) -> i64 {
        (**self).now_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(1_999);
        assert_eq!(clock.now_millis(), clock.now_millis());
        assert_eq!(clock.now_seconds(), 1);
        clock.advance(1);
        assert_eq!(clock.now_seconds(), 2);
        clock.set(-1);
        assert_eq!(clock.now_seconds(), -1, "rounded down before the epoch too");
    }

    #[test]
    fn the_system_clock_is_past_2025() {
        assert!(SystemClock.now_seconds() > 1_735_689_600);
    }
}
