//! What a case fails with, and the macros it checks with. A failure names the line that found it.

use std::fmt::{self, Debug, Write as _};
use std::panic::Location;

use crate::storage_backend::error::BackendError;

/// Why a case failed, with the place in its source.
#[derive(Debug)]
pub(super) struct Failure(pub(super) String);

/// How a case ends.
pub(super) type CaseResult = Result<(), Failure>;

/// A shown value is cut here: some are a megabyte long.
const SHOWN: usize = 400;

impl Failure {
    /// A failure of the line that calls this.
    #[track_caller]
    pub(super) fn new(why: &dyn fmt::Display) -> Self {
        let place = Location::caller();
        let file = place.file().rsplit('/').next().unwrap_or_default();
        Self(format!("{file}:{}: {why}", place.line()))
    }
}

/// `?` on a storage method: an error nobody expected.
impl From<BackendError> for Failure {
    #[track_caller]
    fn from(error: BackendError) -> Self {
        Self::new(&format_args!("unexpected error: {error}"))
    }
}

fn shown(value: &dyn Debug) -> String {
    let mut text = format!("{value:?}");
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        let length = text.len();
        text.truncate(end);
        let _ = write!(text, "... ({length} bytes)");
    }
    text
}

/// The check behind [`equal!`].
#[track_caller]
pub(super) fn must_equal<A, E>(actual: &A, expected: &E, why: fmt::Arguments<'_>) -> CaseResult
where
    A: PartialEq<E> + Debug + ?Sized,
    E: Debug + ?Sized,
{
    if actual == expected {
        return Ok(());
    }
    Err(Failure::new(&format_args!(
        "{why}: expected {}, found {}",
        shown(&expected),
        shown(&actual)
    )))
}

/// The check behind [`refused!`].
#[track_caller]
pub(super) fn not_refused<T: Debug>(outcome: &Result<T, BackendError>, expected: &str, why: fmt::Arguments<'_>) -> Failure {
    Failure::new(&format_args!("{why}: expected {expected}, found {}", shown(outcome)))
}

/// Ends the case unless both values are equal.
macro_rules! equal {
    ($actual:expr, $expected:expr, $($why:tt)+) => {
        $crate::storage_backend::contract::check::must_equal(&$actual, &$expected, format_args!($($why)+))?
    };
}

/// Ends the case unless the condition holds.
macro_rules! holds {
    ($condition:expr, $($why:tt)+) => {
        if !$condition {
            return Err($crate::storage_backend::contract::check::Failure::new(&format_args!($($why)+)));
        }
    };
}

/// Ends the case unless the outcome is an error of this shape.
macro_rules! refused {
    ($outcome:expr, $error:pat, $($why:tt)+) => {
        match $outcome {
            Err($error) => {}
            other => {
                let why = format_args!($($why)+);
                return Err($crate::storage_backend::contract::check::not_refused(&other, stringify!($error), why));
            }
        }
    };
}

pub(super) use {equal, holds, refused};
