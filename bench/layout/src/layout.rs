//! The candidate layouts, as SQL. Parameters: `?1` h, `?2` pk, `?3` sk, `?4` size, `?5` item, `?6` id of a side-table row.

/// A physical layout of one DynamoDB table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// A: `WITHOUT ROWID`, everything in the clustered index.
    WithoutRowid,
    /// B: a rowid table in order of insertion, and a unique index on the key.
    Rowid,
    /// C: as A, but items over the threshold (a fraction of the page, 1/n) live in a side rowid table.
    SideTable {
        /// The threshold is the page size divided by this.
        fraction: usize,
    },
    /// D: as B, but a new row's id starts with the hash, so that the rows of a partition are neighbours.
    RowidByHash,
}

/// All candidates, in the order of printing.
pub const LAYOUTS: [Layout; 5] = [
    Layout::WithoutRowid,
    Layout::Rowid,
    Layout::SideTable { fraction: 5 },
    Layout::SideTable { fraction: 10 },
    Layout::RowidByHash,
];

impl Layout {
    /// The name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::WithoutRowid => "A without rowid",
            Self::Rowid => "B rowid",
            Self::SideTable { fraction: 5 } => "C side, 1/5",
            Self::SideTable { .. } => "C side, 1/10",
            Self::RowidByHash => "D rowid by hash",
        }
    }

    /// Items of more bytes than this go to the side table.
    pub fn threshold(self, page_bytes: usize) -> usize {
        match self {
            Self::SideTable { fraction } => page_bytes / fraction,
            _ => usize::MAX,
        }
    }

    /// The statements that create the empty table.
    pub fn create(self) -> &'static str {
        match self {
            Self::WithoutRowid => {
                "CREATE TABLE t (h INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, cached_at REAL, expires INTEGER,
                   size INTEGER NOT NULL, prev INTEGER, item TEXT NOT NULL, PRIMARY KEY (h, pk, sk)) WITHOUT ROWID"
            }
            Self::Rowid | Self::RowidByHash => {
                "CREATE TABLE t (id INTEGER PRIMARY KEY, h INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, cached_at REAL,
                   expires INTEGER, size INTEGER NOT NULL, prev INTEGER, item TEXT NOT NULL);
                 CREATE UNIQUE INDEX t_key ON t (h, pk, sk)"
            }
            Self::SideTable { .. } => {
                "CREATE TABLE t (h INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, cached_at REAL, expires INTEGER,
                   size INTEGER NOT NULL, prev INTEGER, big INTEGER, item TEXT, PRIMARY KEY (h, pk, sk)) WITHOUT ROWID;
                 CREATE TABLE t_big (id INTEGER PRIMARY KEY, item TEXT NOT NULL)"
            }
        }
    }

    /// Writes an item that stays in the main table. Layout C first drops a side row the old item may have had: an unconditional
    /// put has not read the old item.
    pub fn put(self) -> &'static [&'static str] {
        match self {
            Self::WithoutRowid | Self::Rowid => &["INSERT INTO t (h, pk, sk, size, item) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (h, pk, sk) DO UPDATE SET prev = size, size = excluded.size, item = excluded.item"],
            Self::RowidByHash => &["INSERT INTO t (id, h, pk, sk, size, item) VALUES (
                   coalesce((SELECT max(id) FROM t WHERE id >= ?1 << 39 AND id < (?1 + 1) << 39), ?1 << 39) + 1, ?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (h, pk, sk) DO UPDATE SET prev = size, size = excluded.size, item = excluded.item"],
            Self::SideTable { .. } => &[
                "DELETE FROM t_big WHERE id = (SELECT big FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3)",
                "INSERT INTO t (h, pk, sk, size, item) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (h, pk, sk) DO UPDATE SET prev = size, size = excluded.size, big = NULL, item = excluded.item",
            ],
        }
    }

    /// Writes an item over the threshold (layout C only): the old side row is kept if there was one.
    pub fn put_big() -> &'static [&'static str] {
        &[
            "INSERT INTO t (h, pk, sk, size, big) VALUES (?1, ?2, ?3, ?4, ?6)
             ON CONFLICT (h, pk, sk) DO UPDATE SET prev = size, size = excluded.size, big = coalesce(big, excluded.big), item = NULL",
            "INSERT INTO t_big (id, item) SELECT big, ?5 FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3
             ON CONFLICT (id) DO UPDATE SET item = excluded.item",
        ]
    }

    /// Deletes by full key.
    pub fn delete(self) -> &'static [&'static str] {
        match self {
            Self::SideTable { .. } => &[
                "DELETE FROM t_big WHERE id = (SELECT big FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3)",
                "DELETE FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3",
            ],
            _ => &["DELETE FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3"],
        }
    }

    /// What a read answers: size and item. Layout C fetches side rows by a scalar subquery and not by the `LEFT JOIN` one would write
    /// first: SQLite prepares such a join anew whenever its bindings have been cleared, which rusqlite's cache does (7 to 14 µs).
    fn columns(self) -> &'static str {
        match self {
            Self::SideTable { .. } => "size, coalesce(item, (SELECT item FROM t_big WHERE id = t.big))",
            _ => "size, item",
        }
    }

    /// Reads one item by full key.
    pub fn get(self) -> String {
        format!("SELECT {} FROM t WHERE h = ?1 AND pk = ?2 AND sk = ?3", self.columns())
    }

    /// Reads `?4` items of a partition in order, from sort key `?3` on.
    pub fn range(self) -> String {
        format!(
            "SELECT {} FROM t WHERE h = ?1 AND pk = ?2 AND sk >= ?3 ORDER BY sk LIMIT ?4",
            self.columns()
        )
    }

    /// Reads `?4` items in the order of a Scan, from a key on.
    pub fn scan(self) -> String {
        format!(
            "SELECT {} FROM t WHERE (h, pk, sk) > (?1, ?2, ?3) ORDER BY h, pk, sk LIMIT ?4",
            self.columns()
        )
    }
}
