//! Outcomes of the bridge that come later, as those of an asynchronous driver do.

use std::cell::Cell;
use std::rc::Rc;

/// Where the outcome that is waited for is put when it comes: the length of an answer, or how reopening went.
#[derive(Clone, Default)]
pub struct Arrivals(Rc<Cell<Option<i32>>>);

impl Arrivals {
    /// Puts it there.
    pub fn put(&self, outcome: i32) {
        self.0.set(Some(outcome));
    }

    /// What the bridge answered, or what comes later.
    #[cfg(feature = "asynchronous")]
    pub async fn outcome(&self, answered: i32) -> i32 {
        use std::task::Poll;

        /// The bridge answers this when the outcome comes later.
        const PENDING: i32 = -1;

        if answered != PENDING {
            return answered;
        }
        std::future::poll_fn(|_| self.0.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// What the bridge answered. Nobody waits for a driver that would answer later: it is as good as lost.
    #[cfg(not(feature = "asynchronous"))]
    pub fn outcome(&self, answered: i32) -> i32 {
        answered
    }
}
