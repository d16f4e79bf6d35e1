//! One database file holding one table in one layout.

use std::error::Error;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ToSql, ffi, params};

use crate::layout::Layout;
use crate::workload::Key;

/// What all measurements return.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Opens an empty database as the product opens its own: exclusive WAL, checkpoints by hand, 64 MB of cache. `synchronous` is
/// NORMAL because the flush of a commit costs the same in every layout and would hide what differs.
pub fn open_database(path: &Path, page_bytes: usize) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(&format!(
        "PRAGMA page_size = {page_bytes}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -64000;"
    ))?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Bytes of the write-ahead log beside the database at `path`.
pub fn wal_bytes(path: &Path) -> std::io::Result<u64> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    Ok(std::fs::metadata(PathBuf::from(name))?.len())
}

/// Moves the log into the database and empties it.
pub fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// Bytes of pages in use.
pub fn stored_bytes(connection: &Connection) -> rusqlite::Result<f64> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let pages = number("PRAGMA page_count")? - number("PRAGMA freelist_count")?;
    Ok((pages * number("PRAGMA page_size")?) as f64)
}

/// An open table.
#[derive(Debug)]
pub struct Table {
    /// Its layout.
    pub layout: Layout,
    /// Its database.
    pub connection: Connection,
    /// The database's file.
    pub path: PathBuf,
    threshold: usize,
    next_big: i64,
    get: String,
    range: String,
    scan: String,
}

impl Table {
    /// Creates the table, empty, in a new file of `dir`.
    pub fn create(dir: &Path, layout: Layout, page_bytes: usize) -> Outcome<Self> {
        let path = dir.join(format!("{}.db", layout.name().replace([' ', '/', ','], "_")));
        let connection = open_database(&path, page_bytes)?;
        connection.execute_batch(layout.create())?;
        Ok(Self {
            layout,
            connection,
            path,
            threshold: layout.threshold(page_bytes),
            next_big: 1,
            get: layout.get(),
            range: layout.range(),
            scan: layout.scan(),
        })
    }

    /// Inserts or replaces an item.
    pub fn put(&mut self, key: &Key, item: &str) -> rusqlite::Result<()> {
        let big = item.len() > self.threshold;
        let statements = if big { Layout::put_big() } else { self.layout.put() };
        for sql in statements {
            let mut statement = self.connection.prepare_cached(sql)?;
            let parameters = statement.parameter_count();
            statement.raw_bind_parameter(1, key.h)?;
            statement.raw_bind_parameter(2, key.pk.as_str())?;
            statement.raw_bind_parameter(3, key.sk.as_str())?;
            if parameters >= 4 {
                statement.raw_bind_parameter(4, item.len())?;
            }
            // The main row of a big item has a parameter 6 but does not use 5: binding it would only copy the item.
            if parameters == 5 {
                statement.raw_bind_parameter(5, item)?;
            }
            if parameters == 6 {
                statement.raw_bind_parameter(6, self.next_big)?;
            }
            statement.raw_execute()?;
        }
        self.next_big += i64::from(big);
        Ok(())
    }

    /// Deletes an item by its full key.
    pub fn delete(&self, key: &Key) -> rusqlite::Result<()> {
        for sql in self.layout.delete() {
            self.connection.prepare_cached(sql)?.execute(params![key.h, key.pk, key.sk])?;
        }
        Ok(())
    }

    /// Reads an item by its full key; returns the bytes of its text (0: absent).
    pub fn get(&self, key: &Key) -> rusqlite::Result<usize> {
        self.bytes_of(&self.get, params![key.h, key.pk, key.sk])
    }

    /// Reads up to `limit` items of the partition of `key`.
    pub fn range(&self, key: &Key, limit: usize) -> rusqlite::Result<usize> {
        self.bytes_of(&self.range, params![key.h, key.pk, "", limit])
    }

    /// Reads up to `limit` items that follow `key` in hash order.
    pub fn scan(&self, key: &Key, limit: usize) -> rusqlite::Result<usize> {
        self.bytes_of(&self.scan, params![key.h, key.pk, key.sk, limit])
    }

    fn bytes_of(&self, sql: &str, parameters: &[&dyn ToSql]) -> rusqlite::Result<usize> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            bytes += row.get_ref(1)?.as_str()?.len();
        }
        Ok(bytes)
    }

    /// Drops all clean pages, so that what follows reads the file.
    pub fn cool(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("PRAGMA shrink_memory")
    }

    /// Reads everything once, so that what follows finds its pages in the cache (as far as they fit).
    pub fn warm(&self) -> rusqlite::Result<()> {
        let sql = "SELECT sum(hex(substr(item, -1)) > '') FROM t";
        self.connection.query_row(sql, [], |_| Ok(()))?;
        self.connection
            .query_row("SELECT count(*) FROM t WHERE h >= 0 AND pk > ''", [], |_| Ok(()))
    }

    /// Pages read from the file since the last call.
    pub fn take_pages_read(&self) -> i32 {
        let (mut now, mut high) = (0, 0);
        // SAFETY: the handle is open for as long as `self.connection` lives, and both out-pointers are valid.
        unsafe {
            ffi::sqlite3_db_status(
                self.connection.handle(),
                ffi::SQLITE_DBSTATUS_CACHE_MISS,
                &raw mut now,
                &raw mut high,
                1,
            );
        }
        now
    }
}
