//! The native carrier: executes frames on a rusqlite connection, and [`Storage`], the backend made of it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::clock::{Clock, SystemClock};
use super::error::{BackendError, from_rusqlite};
use super::frame::{self, Answer, AnswerWriter, Cursor, SqlValue};
use super::framed::{Durability, FileKind, FrameCarrier, FramedBackend};

/// The native storage: the contract over rusqlite.
pub type Storage = FramedBackend<RusqliteCarrier>;

/// What has crossed to SQLite since the connection was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Crossings {
    /// Frames.
    pub frames: u64,
    /// Statements in them.
    pub statements: u64,
}

/// Opens a database's file once more.
type Reopener = Box<dyn Fn() -> Result<Connection, BackendError>>;

/// Runs frames on a rusqlite connection.
pub struct RusqliteCarrier {
    connection: RefCell<Connection>,
    /// None for a database in memory.
    reopener: Option<Reopener>,
    /// The last attempt to open the database again has failed.
    lost: Cell<bool>,
    texts: RefCell<HashMap<u32, Rc<str>>>,
    clock: Rc<dyn Clock>,
    crossings: Cell<Crossings>,
    durability: Durability,
}

impl Storage {
    /// An empty database in memory.
    pub fn open_in_memory() -> Result<Self, BackendError> {
        Self::open_in_memory_with(Rc::new(SystemClock))
    }

    /// An empty database in memory, on a clock of the caller's.
    pub fn open_in_memory_with(clock: Rc<dyn Clock>) -> Result<Self, BackendError> {
        let connection = Connection::open_in_memory().map_err(from_rusqlite)?;
        make_shrinkable(&connection)?;
        Self::over(RusqliteCarrier::new(connection, clock, Durability::Strict))
    }

    /// Opens or creates a database file (write-ahead log).
    pub fn open(path: &std::path::Path, clock: Rc<dyn Clock>, durability: Durability) -> Result<Self, BackendError> {
        let path = path.to_owned();
        Self::open_file(Box::new(move || Connection::open(&path).map_err(from_rusqlite)), clock, durability)
    }

    /// Opens or creates an encrypted database file (`SQLCipher`).
    #[cfg(feature = "_has-encryption")]
    pub fn open_encrypted(path: &std::path::Path, key: &str, clock: Rc<dyn Clock>, durability: Durability) -> Result<Self, BackendError> {
        let (path, key) = (path.to_owned(), key.to_owned());
        let opener = move || {
            let connection = Connection::open(&path).map_err(from_rusqlite)?;
            connection.pragma_update(None, "key", &key).map_err(from_rusqlite)?;
            Ok(connection)
        };
        Self::open_file(Box::new(opener), clock, durability)
    }

    fn open_file(opener: Reopener, clock: Rc<dyn Clock>, durability: Durability) -> Result<Self, BackendError> {
        Self::over(RusqliteCarrier::on_file(opener, clock, durability)?)
    }

    fn over(carrier: RusqliteCarrier) -> Result<Self, BackendError> {
        super::poll::now_or_never(Self::connect(carrier)).unwrap_or(Err(BackendError::ConnectionLost))
    }

    /// The connection under the storage, for tests and tools. Not part of the contract.
    pub fn conn(&self) -> std::cell::Ref<'_, Connection> {
        self.carrier().connection.borrow()
    }

    /// The connection under the storage, mutable.
    pub fn conn_mut(&self) -> std::cell::RefMut<'_, Connection> {
        self.carrier().connection.borrow_mut()
    }

    /// What has crossed so far.
    pub fn crossings(&self) -> Crossings {
        self.carrier().crossings.get()
    }

    /// How many statements the executor keeps.
    pub fn kept_statements(&self) -> usize {
        self.carrier().texts.borrow().len()
    }
}

impl FrameCarrier for RusqliteCarrier {
    async fn carry(&self, frame: &[u8], buffer: Vec<u8>) -> Result<Answer, BackendError> {
        if self.lost.get() {
            return Err(BackendError::ConnectionLost);
        }
        let mut out = AnswerWriter::new(buffer);
        self.run(frame, &mut out)?;
        let bytes = out.finish();
        let length = bytes.len();
        Answer::new(bytes, length)
    }

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn durability(&self) -> Durability {
        self.durability
    }

    fn volatile(&self) -> bool {
        self.reopener.is_none()
    }

    async fn reopen(&self) -> Result<(), BackendError> {
        let reopener = self.reopener.as_ref().ok_or(BackendError::ConnectionLost)?;
        self.lost.set(true);
        self.texts.borrow_mut().clear();
        // The old connection goes first: SQLite recovers a file when nobody has it open. An empty one holds its place.
        *self.connection.borrow_mut() = Connection::open_in_memory().map_err(from_rusqlite)?;
        let connection = reopener()?;
        prepare_file(&connection, self.durability)?;
        *self.connection.borrow_mut() = with_statement_cache(connection);
        self.lost.set(false);
        Ok(())
    }
}

fn with_statement_cache(connection: Connection) -> Connection {
    connection.set_prepared_statement_cache_capacity(512);
    connection
}

/// Has a new database keep what `PRAGMA incremental_vacuum` needs.
fn make_shrinkable(connection: &Connection) -> Result<(), BackendError> {
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(from_rusqlite)
}

/// Refuses a file that is not ours, and sets the connection up.
fn prepare_file(connection: &Connection, durability: Durability) -> Result<(), BackendError> {
    // Before the first pragma that writes: a file that is refused stays as it was.
    let read = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0)).map_err(from_rusqlite);
    let empty = read("SELECT NOT EXISTS(SELECT 1 FROM sqlite_schema)")? != 0;
    FileKind::of(read("PRAGMA application_id")?, read("PRAGMA user_version")?, empty)?;
    connection
        .pragma_update(None, "page_size", super::framed::PAGE_SIZE)
        .map_err(from_rusqlite)?;
    if empty {
        make_shrinkable(connection)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL").map_err(from_rusqlite)?;
    connection
        .pragma_update(None, "synchronous", durability.synchronous())
        .map_err(from_rusqlite)
}

impl RusqliteCarrier {
    /// A carrier to a connection, whatever its database holds; the database lives and dies with it.
    pub fn new(connection: Connection, clock: Rc<dyn Clock>, durability: Durability) -> Self {
        Self {
            connection: RefCell::new(with_statement_cache(connection)),
            reopener: None,
            lost: Cell::default(),
            texts: RefCell::default(),
            clock,
            crossings: Cell::default(),
            durability,
        }
    }

    /// A carrier to a database file, which is refused if it is not ours. `opener` opens it, now and whenever it must be opened again.
    pub fn on_file(
        opener: impl Fn() -> Result<Connection, BackendError> + 'static,
        clock: Rc<dyn Clock>,
        durability: Durability,
    ) -> Result<Self, BackendError> {
        let connection = opener()?;
        prepare_file(&connection, durability)?;
        Ok(Self {
            reopener: Some(Box::new(opener)),
            ..Self::new(connection, clock, durability)
        })
    }

    /// Runs a frame; statements before a failing one have run.
    fn run(&self, frame: &[u8], out: &mut AnswerWriter) -> Result<(), BackendError> {
        let mut cursor = Cursor::new(frame, 0);
        let version = cursor.u8()?;
        cursor.take(3)?;
        if version != frame::VERSION {
            return Err(BackendError::Frame("the frame has another version"));
        }
        let count = cursor.u32()?;
        let mut crossings = self.crossings.get();
        crossings.frames += 1;
        crossings.statements += u64::from(count);
        self.crossings.set(crossings);
        for index in 0..count {
            self.statement(frame, &mut cursor, out)?;
            out.ran(index + 1);
        }
        if cursor.at() == frame.len() {
            Ok(())
        } else {
            Err(BackendError::Frame("bytes after the last statement"))
        }
    }

    fn statement(&self, frame: &[u8], cursor: &mut Cursor<'_>, out: &mut AnswerWriter) -> Result<(), BackendError> {
        let id = cursor.u32()?;
        let want = cursor.u8()?;
        let flags = cursor.u8()?;
        let params = cursor.u16()?;
        let sql: Rc<str> = if flags & (frame::FLAG_SQL | frame::FLAG_ONCE) != 0 {
            let text = std::str::from_utf8(cursor.run()?).map_err(|_| BackendError::Frame("SQL is not UTF-8"))?;
            if flags & frame::FLAG_SQL != 0 {
                self.texts.borrow_mut().insert(id, text.into());
            }
            text.into()
        } else {
            let texts = self.texts.borrow();
            match texts.get(&id) {
                Some(text) => text.clone(),
                None if want == 5 => "".into(),
                None => return Err(BackendError::Frame("unknown statement id")),
            }
        };
        let (weight_column, most_rows, most_weight) = match want {
            0 | 1 | 3 => (0, 0, 0),
            2 => (0, 1, 0),
            4 => (cursor.u16()?, cursor.u32()?, cursor.u32()?),
            5 if flags != 0 || params != 0 => {
                return Err(BackendError::Frame("a forgotten statement takes neither text nor parameters"));
            }
            5 => {
                self.texts.borrow_mut().remove(&id);
                return Ok(());
            }
            _ => return Err(BackendError::Frame("unknown want")),
        };

        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(&sql).map_err(from_rusqlite)?;
        for n in 1..=usize::from(params) {
            let value = match cursor.u8()? {
                frame::TAG_NULL => ValueRef::Null,
                frame::TAG_INTEGER => ValueRef::Integer(cursor.i64()?),
                frame::TAG_REAL => ValueRef::Real(cursor.f64()?),
                frame::TAG_TEXT => ValueRef::Text(cursor.run()?),
                frame::TAG_BLOB => ValueRef::Blob(cursor.run()?),
                frame::TAG_SHARED => {
                    // Within what stands before this value's tag.
                    let earlier = frame.get(..cursor.at() - 1).unwrap_or_default();
                    let (offset, length) = (cursor.u32()? as usize, cursor.u32()? as usize);
                    ValueRef::Text(Cursor::new(earlier, offset).take(length)?)
                }
                _ => return Err(BackendError::Frame("unknown parameter tag")),
            };
            statement
                .raw_bind_parameter(n, ToSqlOutput::Borrowed(value))
                .map_err(from_rusqlite)?;
        }

        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let header = (want >= 2).then(|| out.open_rows());
        let (mut count, mut weight, mut ended) = (0u32, 0i64, true);
        while let Some(row) = rows.next().map_err(from_rusqlite)? {
            if header.is_none() {
                continue;
            }
            for column in 0..columns {
                let value = match row.get_ref(column).map_err(from_rusqlite)? {
                    ValueRef::Null => SqlValue::Null,
                    ValueRef::Integer(value) => SqlValue::Integer(value),
                    ValueRef::Real(value) => SqlValue::Real(value),
                    ValueRef::Text(bytes) => SqlValue::Text(bytes),
                    ValueRef::Blob(bytes) => SqlValue::Blob(bytes),
                };
                if let (SqlValue::Integer(value), true) = (value, column == usize::from(weight_column)) {
                    weight = weight.saturating_add(value);
                }
                out.value(value);
            }
            count += 1;
            if (most_rows != 0 && count >= most_rows) || (most_weight != 0 && weight >= i64::from(most_weight)) {
                ended = false;
                break;
            }
        }
        drop(rows);
        if let Some(at) = header {
            out.close_rows(at, count, ended, columns as u16);
        }
        if want == 1 {
            out.changes(u32::try_from(connection.changes()).unwrap_or(u32::MAX));
        }
        Ok(())
    }
}
