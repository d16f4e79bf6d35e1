//! Every SQL statement of the project, as data.
//!
//! A statement is a value of [`Sql`]: the backend keeps one statement id per value, and its text is made once, the first time the value is
//! used on a connection. Physical tables are named by numbers, never by user text, so nothing is ever quoted.
//!
//! * [`rows`]: items and index entries: put, delete, get, query, scan.
//! * [`catalog`]: the schema, metadata, tags, counters, streams.

pub mod catalog;
pub mod rows;

pub use rows::{EntryKeyColumns, QueryShape, RowSql, RowTable, ScanShape};

/// A statement parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SqlParam<'a> {
    /// NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text; NUL bytes allowed.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> SqlParam<'a> {
    /// Text, or NULL.
    pub fn optional_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    /// An integer, or NULL.
    pub fn optional_integer(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Integer)
    }

    /// A size or count.
    pub fn count(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// A truth value, as 0 or 1.
    pub fn flag(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

/// A statement that is prepared once and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sql {
    /// `BEGIN`, taking the write lock at once.
    Begin,
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
    /// A statement on a physical table.
    Rows(RowTable, RowSql),
    /// A statement on the catalog.
    Catalog(catalog::CatalogSql),
}

impl Sql {
    /// The statement's text.
    pub fn text(self) -> String {
        match self {
            Self::Begin => "BEGIN IMMEDIATE".into(),
            Self::Commit => "COMMIT".into(),
            Self::Rollback => "ROLLBACK".into(),
            Self::Rows(table, sql) => sql.text(table),
            Self::Catalog(sql) => sql.text().into(),
        }
    }
}
