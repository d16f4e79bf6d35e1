//! Statements on the physical tables that hold items and index entries.
//!
//! Every such table has a unique index on (hash of the partition key, partition key, sort key), an index's also on the base table's key, so that
//! a partition is one range of that index and a Scan runs in hash order (behaviour rule 59). The rows themselves are numbered by the hash in
//! the upper bits and a count below it, so that what a Query or a Scan reads together lies together (`docs/layout.md` has the measurements).
//! Sizes stand before the item, which is the last column, so that keys and sizes never walk an overflow chain.

use std::fmt::Write as _;

/// Which key columns of the base table an index entry carries beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKeyColumns {
    /// The table itself: none.
    Base,
    /// A global secondary index: partition and sort key.
    Gsi,
    /// A local secondary index: the sort key; the partition key is the same.
    Lsi,
}

/// A physical table: `t17`, `t17_g2`, `t17_l3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowTable {
    /// The table's number.
    pub table: u32,
    /// The index's number; 0 for the table itself.
    pub index: u32,
    /// What the rows are.
    pub kind: EntryKeyColumns,
}

impl RowTable {
    /// The table that holds the items.
    pub fn base(table: u32) -> Self {
        Self {
            table,
            index: 0,
            kind: EntryKeyColumns::Base,
        }
    }

    /// The physical name.
    pub fn name(self) -> String {
        match self.kind {
            EntryKeyColumns::Base => format!("t{}", self.table),
            EntryKeyColumns::Gsi => format!("t{}_g{}", self.table, self.index),
            EntryKeyColumns::Lsi => format!("t{}_l{}", self.table, self.index),
        }
    }

    /// The physical table of that name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.strip_prefix('t')?;
        let Some((table, index)) = name.split_once('_') else {
            return name.parse().ok().map(Self::base);
        };
        let kind = match index.as_bytes().first()? {
            b'g' => EntryKeyColumns::Gsi,
            b'l' => EntryKeyColumns::Lsi,
            _ => return None,
        };
        Some(Self {
            table: table.parse().ok()?,
            index: index.get(1..)?.parse().ok()?,
            kind,
        })
    }

    /// The key columns behind (h, pk), in order.
    fn tail(self) -> &'static [&'static str] {
        match self.kind {
            EntryKeyColumns::Base => &["sk"],
            EntryKeyColumns::Gsi => &["sk", "bpk", "bsk"],
            EntryKeyColumns::Lsi => &["sk", "bsk"],
        }
    }

    /// All key columns.
    fn key(self) -> String {
        format!("h, pk, {}", self.tail().join(", "))
    }

    /// `CREATE TABLE` and its unique index.
    pub fn create(self) -> [String; 2] {
        let name = self.name();
        let mut sql = format!("CREATE TABLE {name}(id INTEGER PRIMARY KEY, h INTEGER NOT NULL, pk TEXT NOT NULL");
        for column in self.tail() {
            let _ = write!(sql, ", {column} TEXT NOT NULL");
        }
        sql.push_str(", size INTEGER NOT NULL");
        if self.kind == EntryKeyColumns::Base {
            sql.push_str(", cached_at REAL, expires_at INTEGER");
        }
        sql.push_str(", item TEXT NOT NULL) STRICT");
        [sql, format!("CREATE UNIQUE INDEX {name}_key ON {name}({})", self.key())]
    }

    /// `DROP TABLE`.
    pub fn drop(self) -> String {
        format!("DROP TABLE {}", self.name())
    }

    /// Deletes the first rows in their physical order, so many or up to the one with which their sizes reach so many bytes.
    pub fn delete_first(self, most_rows: usize, most_bytes: usize) -> String {
        let name = self.name();
        format!(
            "DELETE FROM {name} WHERE id <= (SELECT max(id) FROM (SELECT id, \
             sum(size) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before \
             FROM (SELECT id, size FROM {name} ORDER BY id LIMIT {most_rows})) WHERE ifnull(bytes_before, 0) < {most_bytes})"
        )
    }

    /// The table of the uses of a cache's items, with the index that finds the oldest. It is made empty, however many items there are:
    /// those that were not used since are found in the table itself.
    pub fn create_uses(self) -> [String; 2] {
        let name = self.name();
        [
            format!("CREATE TABLE IF NOT EXISTS {name}_u(id INTEGER PRIMARY KEY, used_at REAL NOT NULL) STRICT"),
            format!("CREATE INDEX IF NOT EXISTS {name}_used ON {name}_u(used_at, id)"),
        ]
    }

    /// Drops it again.
    pub fn drop_uses(self) -> String {
        format!("DROP TABLE IF EXISTS {}_u", self.name())
    }

    /// The table whose index of uses has that name.
    pub fn parse_uses(name: &str) -> Option<Self> {
        Self::parse(name.strip_suffix("_used")?)
    }

    /// The partial index that finds expired items.
    pub fn create_expiry_index(self) -> String {
        let name = self.name();
        format!("CREATE INDEX IF NOT EXISTS {name}_expiry ON {name}(expires_at) WHERE expires_at IS NOT NULL")
    }

    /// Drops it again.
    pub fn drop_expiry_index(self) -> String {
        format!("DROP INDEX IF EXISTS {}_expiry", self.name())
    }

    /// Forgets every expiry date.
    pub fn clear_expiry(self) -> String {
        format!("UPDATE {} SET expires_at = NULL WHERE expires_at IS NOT NULL", self.name())
    }
}

/// How a query bounds the sort key and the page, and what it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::struct_excessive_bools)] // a statement's shape is a handful of independent switches
pub struct QueryShape {
    /// Lower bound: none, inclusive (`Some(true)`) or exclusive.
    pub lower: Option<bool>,
    /// Upper bound, likewise.
    pub upper: Option<bool>,
    /// Whether the page starts behind a given row.
    pub start: bool,
    /// Descending.
    pub descending: bool,
    /// Select the keys too, and take a LIMIT parameter.
    pub with_keys: bool,
    /// Take the items from the base table (entries of a local secondary index).
    pub joined: bool,
}

/// How a scan is bounded, and what it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::struct_excessive_bools)] // as above
pub struct ScanShape {
    /// Whether the hashes are bounded to a segment.
    pub segment: bool,
    /// Whether the page starts behind a given row.
    pub start: bool,
    /// Select the keys too, and take a LIMIT parameter.
    pub with_keys: bool,
    /// Take the items from the base table (entries of a local secondary index).
    pub joined: bool,
}

/// A kept statement on one physical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowSql {
    /// Writes a row, in one statement, and keeps `cached_at`. Base: h, pk, sk, size, expires, item; index: h, pk, tail..., size, item.
    Put,
    /// Writes a base row with `cached_at`: h, pk, sk, size, expires, item, cached.
    PutCached,
    /// Deletes a row by its full key.
    Delete,
    /// Deletes a GSI's entries by (base partition key, base sort key), an LSI's by (h, pk, base sort key); returns their sizes.
    DeleteByBase,
    /// The size and item of a row, by its full key.
    Get,
    /// The size of a row, by its full key.
    Size,
    /// The sum of sizes under (h, pk).
    PartitionSize,
    /// Rows of one partition.
    Query(QueryShape),
    /// Rows in hash order.
    Scan(ScanShape),
    /// Sets `cached_at`: h, pk, sk, time.
    Touch,
    /// The least recently used rows: limit.
    LeastRecentlyUsed,
    /// Notes a use in a cache's table of uses: h, pk, sk, time.
    NoteUse,
    /// Forgets the use of a row: h, pk, sk.
    ForgetUse,
    /// Rows of a cache in the order of a scan, behind a place, and whether each was never used: h, pk, sk, limit.
    Unused,
    /// The rows of a cache that were used, the oldest use first: limit.
    OldestUsed,
    /// Expired rows: now, limit, the earliest date that counts.
    Expired,
    /// Sets the expiry date: h, pk, sk, seconds.
    SetExpiry,
}

/// The bits of a row's id below the 24 of its hash.
const COUNT_BITS: u32 = 39;

/// `?1, ?2, ...`
fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
}

impl RowSql {
    /// The statement's text for a physical table.
    pub fn text(self, table: RowTable) -> String {
        let name = table.name();
        let base = table.kind == EntryKeyColumns::Base;
        let keys = 2 + table.tail().len();
        let full_key = || {
            let mut condition = "h = ?1 AND pk = ?2".to_owned();
            for (n, column) in table.tail().iter().enumerate() {
                let _ = write!(condition, " AND {column} = ?{}", n + 3);
            }
            condition
        };
        match self {
            Self::Put | Self::PutCached => {
                let cached = self == Self::PutCached;
                let columns = match (base, cached) {
                    (true, true) => "size, expires_at, item, cached_at",
                    (true, false) => "size, expires_at, item",
                    (false, _) => "size, item",
                };
                let updates: Vec<_> = columns.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
                format!(
                    "INSERT INTO {name}(id, {}, {columns}) VALUES(coalesce((SELECT max(id) FROM {name} WHERE id >= ?1 << {COUNT_BITS} \
                     AND id < (?1 + 1) << {COUNT_BITS}), ?1 << {COUNT_BITS}) + 1, {}) ON CONFLICT({}) DO UPDATE SET {}",
                    table.key(),
                    placeholders(1, keys + updates.len()),
                    table.key(),
                    updates.join(", ")
                )
            }
            Self::Delete => format!("DELETE FROM {name} WHERE {}", full_key()),
            Self::DeleteByBase if table.kind == EntryKeyColumns::Lsi => {
                format!("DELETE FROM {name} WHERE h = ?1 AND pk = ?2 AND bsk = ?3 RETURNING size")
            }
            Self::DeleteByBase => format!("DELETE FROM {name} WHERE bpk = ?1 AND bsk = ?2 RETURNING size"),
            Self::Get => format!("SELECT size, item FROM {name} WHERE {}", full_key()),
            Self::Size => format!("SELECT size FROM {name} WHERE {}", full_key()),
            Self::PartitionSize => format!("SELECT coalesce(sum(size), 0) FROM {name} WHERE h = ?1 AND pk = ?2"),
            Self::Query(shape) => query(table, shape),
            Self::Scan(shape) => scan(table, shape),
            Self::Touch => format!("UPDATE {name} SET cached_at = ?4 WHERE {}", full_key()),
            Self::LeastRecentlyUsed => format!("SELECT pk, sk, size FROM {name} ORDER BY cached_at, h, pk, sk LIMIT ?1"),
            Self::NoteUse => format!(
                "INSERT INTO {name}_u(id, used_at) SELECT id, ?4 FROM {name} WHERE {} \
                 ON CONFLICT(id) DO UPDATE SET used_at = excluded.used_at",
                full_key()
            ),
            Self::ForgetUse => format!("DELETE FROM {name}_u WHERE id = (SELECT id FROM {name} WHERE {})", full_key()),
            Self::Unused => {
                format!("SELECT pk, sk, size, cached_at IS NULL FROM {name} WHERE (h, pk, sk) > (?1, ?2, ?3) ORDER BY h, pk, sk LIMIT ?4")
            }
            Self::OldestUsed => format!(
                "SELECT pk, sk, size FROM {name}_u AS u CROSS JOIN {name} AS t ON t.id = u.id WHERE cached_at IS NOT NULL \
                 ORDER BY u.used_at, u.id LIMIT ?1"
            ),
            Self::Expired => format!(
                "SELECT pk, sk, expires_at, size, item FROM {name} WHERE expires_at >= ?3 AND expires_at < ?1 \
                 ORDER BY expires_at LIMIT ?2"
            ),
            Self::SetExpiry => format!("UPDATE {name} SET expires_at = ?4 WHERE {}", full_key()),
        }
    }
}

/// What a page selects; `joined` reaches into the base table in the same statement.
fn selection(table: RowTable, with_keys: bool, joined: bool) -> String {
    let keys = if with_keys { "pk, sk, " } else { "" };
    let name = table.name();
    if !joined {
        return format!("SELECT {keys}size, item FROM {name}");
    }
    let base = RowTable::base(table.table).name();
    let of_item = |column: &str| format!("(SELECT b.{column} FROM {base} AS b WHERE b.h = e.h AND b.pk = e.pk AND b.sk = e.bsk)");
    format!("SELECT {keys}{}, {} FROM {name} AS e", of_item("size"), of_item("item"))
}

/// Parameters: h, pk, lower?, upper?, start (tail columns)?, limit?
fn query(table: RowTable, shape: QueryShape) -> String {
    let mut sql = selection(table, shape.with_keys, shape.joined);
    sql.push_str(" WHERE h = ?1 AND pk = ?2");
    let mut next = 3;
    for (bound, open, closed) in [
        (shape.lower, " AND sk > ", " AND sk >= "),
        (shape.upper, " AND sk < ", " AND sk <= "),
    ] {
        if let Some(inclusive) = bound {
            let _ = write!(sql, "{}?{next}", if inclusive { closed } else { open });
            next += 1;
        }
    }
    let tail = table.tail();
    if shape.start {
        let side = if shape.descending { '<' } else { '>' };
        let _ = write!(sql, " AND ({}) {side} ({})", tail.join(", "), placeholders(next, tail.len()));
        next += tail.len();
    }
    let direction = if shape.descending { " DESC" } else { "" };
    let order: Vec<_> = tail.iter().map(|column| format!("{column}{direction}")).collect();
    let _ = write!(sql, " ORDER BY {}", order.join(", "));
    if shape.with_keys {
        let _ = write!(sql, " LIMIT ?{next}");
    }
    sql
}

/// Parameters: first hash and hash behind the last?, start (all key columns)?, limit?
fn scan(table: RowTable, shape: ScanShape) -> String {
    let mut sql = selection(table, shape.with_keys, shape.joined);
    let mut next = 1;
    let mut glue = " WHERE ";
    if shape.segment {
        let _ = write!(sql, "{glue}h >= ?1 AND h < ?2");
        next = 3;
        glue = " AND ";
    }
    if shape.start {
        let keys = 2 + table.tail().len();
        let _ = write!(sql, "{glue}({}) > ({})", table.key(), placeholders(next, keys));
        next += keys;
    }
    let _ = write!(sql, " ORDER BY {}", table.key());
    if shape.with_keys {
        let _ = write!(sql, " LIMIT ?{next}");
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    const GSI: RowTable = RowTable {
        table: 17,
        index: 2,
        kind: EntryKeyColumns::Gsi,
    };

    #[test]
    fn a_row_is_written_by_one_upsert_that_keeps_its_cache_time() {
        assert_eq!(
            RowSql::Put.text(RowTable::base(17)),
            "INSERT INTO t17(id, h, pk, sk, size, expires_at, item) VALUES(coalesce((SELECT max(id) FROM t17 WHERE id >= ?1 << 39 \
             AND id < (?1 + 1) << 39), ?1 << 39) + 1, ?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(h, pk, sk) DO UPDATE SET size = excluded.size, expires_at = excluded.expires_at, item = excluded.item"
        );
    }

    #[test]
    fn a_query_bounds_the_sort_key_and_starts_behind_a_row() {
        let shape = QueryShape {
            lower: Some(true),
            upper: Some(false),
            start: true,
            descending: true,
            ..QueryShape::default()
        };
        assert_eq!(
            RowSql::Query(shape).text(GSI),
            "SELECT size, item FROM t17_g2 WHERE h = ?1 AND pk = ?2 AND sk >= ?3 AND sk < ?4 AND (sk, bpk, bsk) < (?5, ?6, ?7) \
             ORDER BY sk DESC, bpk DESC, bsk DESC"
        );
    }

    #[cfg(feature = "native-sqlite")]
    #[test]
    fn pages_are_read_by_searching_the_tree_and_never_sorted() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let lsi = RowTable {
            table: 17,
            index: 3,
            kind: EntryKeyColumns::Lsi,
        };
        let all = [Some(true), Some(false), None];
        for table in [RowTable::base(17), GSI, lsi] {
            db.execute_batch(&table.create().join(";")).unwrap();
            let mut statements = Vec::new();
            for (lower, upper) in all.iter().flat_map(|lower| all.iter().map(move |upper| (*lower, *upper))) {
                for (start, descending) in [(false, false), (false, true), (true, false), (true, true)] {
                    let joined = table == lsi;
                    statements.push(RowSql::Query(QueryShape {
                        lower,
                        upper,
                        start,
                        descending,
                        with_keys: false,
                        joined,
                    }));
                }
            }
            for (segment, start) in [(false, false), (false, true), (true, false), (true, true)] {
                statements.push(RowSql::Scan(ScanShape {
                    segment,
                    start,
                    with_keys: true,
                    joined: false,
                }));
            }
            for sql in statements.iter().map(|sql| sql.text(table)) {
                let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let steps: Vec<String> = plan.raw_query().mapped(|row| row.get(3)).map(Result::unwrap).collect();
                assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{sql}: {steps:?}");
                let searched = steps[0].starts_with("SEARCH") || !sql.contains("WHERE");
                assert!(searched, "{sql}: {steps:?}");
            }
        }
    }
}
