//! The frame codec: batches of statements as bytes, and their answers (the layout is `docs/frame.md`).
//!
//! Knows nothing of SQLite or JavaScript: the native and the bridge carrier both speak these bytes.

mod answer;
mod answer_writer;
mod cursor;
mod writer;

pub use answer::{Answer, PageRow, PageRows, Row, RowPage, RowSet, SqlValue};
pub use answer_writer::AnswerWriter;
pub(crate) use cursor::Cursor;
pub use writer::FrameWriter;

/// The version of the frame layout this build speaks.
pub const VERSION: u8 = 1;

pub(crate) const TAG_NULL: u8 = 0;
pub(crate) const TAG_INTEGER: u8 = 1;
pub(crate) const TAG_REAL: u8 = 2;
pub(crate) const TAG_TEXT: u8 = 3;
pub(crate) const TAG_BLOB: u8 = 4;
pub(crate) const TAG_SHARED: u8 = 5;

pub(crate) const FLAG_SQL: u8 = 1;
pub(crate) const FLAG_ONCE: u8 = 2;
pub(crate) const FLAG_ITEM_ROWS: u8 = 4;

/// What a statement wants back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Nothing: the statement can be queued.
    Nothing,
    /// The number of rows changed.
    Changes,
    /// At most one row.
    FirstRow,
    /// Every row.
    AllRows,
    /// Rows that are a size and an item, up to a number of rows or a sum of sizes.
    Page {
        /// Most rows; 0 for no bound.
        most_rows: u32,
        /// The page ends after the row that reaches this sum; 0 for no bound.
        most_weight: u32,
    },
    /// Finalise the statement of this id.
    Forget,
}

impl Want {
    fn code(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Changes => 1,
            Self::FirstRow => 2,
            Self::AllRows => 3,
            Self::Page { .. } => 4,
            Self::Forget => 5,
        }
    }
}

/// How a statement's SQL reaches the executor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlText<'a> {
    /// The executor knows the id already.
    Known,
    /// First use of the id on this connection.
    New(&'a str),
    /// Run once and forget.
    Once(&'a str),
}
