//! What can go wrong below the operations: one enum, each variant with the sentence a user reads.

use std::fmt;

/// An error of the storage layer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BackendError {
    /// No table of this name.
    TableNotFound(String),
    /// The table has no index of this name (and kind).
    IndexNotFound {
        /// The table.
        table: String,
        /// The index that is not there.
        index: String,
    },
    /// A table, index or row that was to be new is there already.
    AlreadyExists(String),
    /// A caller's hash prefix is not the hash of the key it came with.
    HashMismatch {
        /// What the caller gave.
        given: String,
        /// What `model::hash` computes.
        expected: String,
    },
    /// An argument no storage operation can be made of.
    InvalidArgument(String),
    /// Transactions do not nest, and only an open one can end.
    TransactionState(&'static str),
    /// A constraint of the physical schema was violated (`SQLITE_CONSTRAINT`).
    Constraint(String),
    /// Another connection holds the database (`SQLITE_BUSY`, `SQLITE_LOCKED`).
    Busy(String),
    /// The disk or the origin's quota is full (`SQLITE_FULL`).
    Full(String),
    /// Reading or writing the file failed (`SQLITE_IOERR` and kin); the extended code says where.
    Io {
        /// SQLite's extended result code.
        code: i32,
        /// SQLite's message.
        message: String,
    },
    /// The file, or a row in it, is damaged (`SQLITE_CORRUPT`, `SQLITE_NOTADB`, unreadable stored JSON).
    Corrupt(String),
    /// The file is an SQLite database, but not one of ours.
    ForeignDatabase {
        /// The application id found in the file's header.
        application_id: i64,
    },
    /// A newer version wrote this database.
    SchemaTooNew {
        /// The schema version of the file.
        found: i64,
        /// The newest schema version this build can use.
        supported: i64,
    },
    /// Any other SQLite error.
    Sqlite {
        /// SQLite's extended result code.
        code: i32,
        /// SQLite's message.
        message: String,
    },
    /// A frame or an answer does not follow `docs/frame.md`.
    Frame(&'static str),
    /// The connection to SQLite is gone.
    ConnectionLost,
    /// A commit failed and the database could not be opened again to see whether it holds it: says why.
    CommitInDoubt(String),
}

impl BackendError {
    /// The error for an SQLite result code and message.
    pub fn from_sqlite(code: i32, message: &str) -> Self {
        let message = message.to_owned();
        match code & 0xff {
            19 => Self::Constraint(message),
            5 | 6 => Self::Busy(message),
            13 => Self::Full(message),
            10 | 14 => Self::Io { code, message },
            11 | 26 => Self::Corrupt(message),
            _ => Self::Sqlite { code, message },
        }
    }

    /// Whether the connection itself is still fit for use after this error.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::ConnectionLost | Self::Corrupt(_) | Self::Frame(_) | Self::CommitInDoubt(_)
        )
    }

    /// Whether after this error the file may hold a commit that SQLite did not report: it was written, and then a flush failed, or there was no
    /// memory to note it.
    pub fn leaves_doubt(&self) -> bool {
        const NOMEM: i32 = 7;
        match self {
            Self::Io { .. } | Self::ConnectionLost | Self::Frame(_) => true,
            Self::Sqlite { code, .. } => code & 0xff == NOMEM,
            _ => false,
        }
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TableNotFound(name) => write!(f, "no table named {name}"),
            Self::IndexNotFound { table, index } => write!(f, "table {table} has no index named {index}"),
            Self::AlreadyExists(what) => write!(f, "{what} already exists"),
            Self::HashMismatch { given, expected } => {
                write!(f, "hash prefix {given} is not the hash of its key, which is {expected}")
            }
            Self::InvalidArgument(why) => write!(f, "invalid argument: {why}"),
            Self::TransactionState(why) => write!(f, "{why}"),
            Self::Constraint(message) => write!(f, "a constraint was violated: {message}"),
            Self::Busy(message) => write!(f, "the database is held by another connection: {message}"),
            Self::Full(message) => write!(f, "the disk or the storage quota is full: {message}"),
            Self::Io { code, message } => write!(f, "reading or writing the database failed ({code}): {message}"),
            Self::Corrupt(message) => write!(f, "the database is damaged: {message}"),
            Self::ForeignDatabase { application_id } => {
                write!(f, "the file is an SQLite database of another application (id {application_id:#x})")
            }
            Self::SchemaTooNew { found, supported } => {
                write!(
                    f,
                    "the database has schema version {found}; this build knows versions up to {supported}: use a newer dynatab"
                )
            }
            Self::Sqlite { code, message } => write!(f, "SQLite error {code}: {message}"),
            Self::Frame(why) => write!(f, "malformed frame: {why}"),
            Self::ConnectionLost => write!(f, "the connection to SQLite is lost"),
            Self::CommitInDoubt(why) => write!(
                f,
                "a commit failed and the database could not be opened again ({why}): whether this request was carried out is unknown"
            ),
        }
    }
}

impl std::error::Error for BackendError {}

/// The storage error for a rusqlite error.
#[cfg(any(feature = "native-sqlite", feature = "_has-encryption"))]
pub fn from_rusqlite(error: rusqlite::Error) -> BackendError {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            let message = message.unwrap_or_else(|| failure.to_string());
            BackendError::from_sqlite(failure.extended_code, &message)
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => BackendError::from_sqlite(error.extended_code, &msg),
        other => BackendError::Sqlite {
            code: 1,
            message: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_codes_become_the_variant_that_says_what_to_do() {
        assert!(matches!(BackendError::from_sqlite(2067, "UNIQUE"), BackendError::Constraint(_)));
        assert!(matches!(BackendError::from_sqlite(5, "locked"), BackendError::Busy(_)));
        assert!(matches!(BackendError::from_sqlite(13, "full"), BackendError::Full(_)));
        assert!(matches!(
            BackendError::from_sqlite(778, "disk I/O error"),
            BackendError::Io { code: 778, .. }
        ));
        assert!(matches!(BackendError::from_sqlite(11, "malformed"), BackendError::Corrupt(_)));
        assert!(matches!(
            BackendError::from_sqlite(1, "syntax"),
            BackendError::Sqlite { code: 1, .. }
        ));
    }

    #[cfg(feature = "native-sqlite")]
    #[test]
    fn rusqlite_errors_keep_their_extended_code_and_message() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1)").unwrap();
        let error = from_rusqlite(db.execute("INSERT INTO t VALUES (1)", ()).unwrap_err());
        assert_eq!(error, BackendError::Constraint("UNIQUE constraint failed: t.a".into()));
        let error = from_rusqlite(db.prepare("SELEC").unwrap_err());
        assert!(matches!(error, BackendError::Sqlite { code: 1, .. }), "{error}");
    }
}
