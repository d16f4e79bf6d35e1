//! What the engine is at work on, which may have to wait for an asynchronous driver.

#[cfg(feature = "asynchronous")]
pub use waiting::Work;

#[cfg(not(feature = "asynchronous"))]
pub use at_once::Work;

#[cfg(feature = "asynchronous")]
mod waiting {
    use std::cell::RefCell;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    type Waiting = Pin<Box<dyn Future<Output = Vec<u8>>>>;

    /// Work that waits, if some does.
    #[derive(Default)]
    pub struct Work(RefCell<Option<Waiting>>);

    impl Work {
        /// Begins work: its outcome, or none while it waits.
        pub fn start(&self, work: impl AsyncFnOnce() -> Vec<u8> + 'static) -> Option<Vec<u8>> {
            *self.0.borrow_mut() = Some(Box::pin(async move { work().await }));
            self.resume()
        }

        /// Carries on what waits, since what it waited for has come.
        pub fn resume(&self) -> Option<Vec<u8>> {
            let mut work = self.0.take()?;
            match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(outcome) => Some(outcome),
                Poll::Pending => {
                    *self.0.borrow_mut() = Some(work);
                    None
                }
            }
        }
    }
}

#[cfg(not(feature = "asynchronous"))]
mod at_once {
    /// Work that never waits.
    #[derive(Default)]
    pub struct Work {}

    #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // called as that which waits
    impl Work {
        /// Does work, and gives its outcome.
        pub fn start(&self, work: impl FnOnce() -> Vec<u8>) -> Option<Vec<u8>> {
            Some(work())
        }

        /// Nothing ever waits.
        pub fn resume(&self) -> Option<Vec<u8>> {
            None
        }
    }
}
