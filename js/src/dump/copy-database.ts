/**
 * Copies a database from one SQLite to another, row by row: the way between a database in memory (sql.js) and a file (wa-sqlite), each of
 * which is a WebAssembly module with a memory of its own.
 *
 * The copy has the same tables, rows (with their row numbers), indexes and header fields, in fresh pages.
 */
import type { SqliteDriver } from "../drivers/driver.ts";
import { querySql } from "../drivers/statement.ts";
import { Prepared, type SqlValue } from "./prepared.ts";

/** Rows between two commits: what a log in memory holds stays small. */
const COMMIT_BYTES = 8 << 20;

/** The fields of a file's header that mean something to us. */
const HEADER_FIELDS = ["application_id", "user_version"] as const;

/** A name as SQL writes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Copies all of `from` into `to`, which is empty. Throws `SqliteError`. */
export function copyDatabase(from: SqliteDriver, to: SqliteDriver): void {
  for (const field of HEADER_FIELDS) querySql(to, `PRAGMA ${field} = ${querySql(from, `PRAGMA ${field}`)[0]?.[0] ?? 0}`);
  const schema = querySql(from, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
  const objects = schema.map(([type, name, sql]) => ({ type, name: name ?? "", sql: sql ?? "" }));
  const tables = objects.filter(({ type, name }) => type === "table" && !name.startsWith("sqlite_"));
  querySql(to, "BEGIN");
  for (const { sql } of tables) querySql(to, sql);
  for (const { name, sql } of tables) copyRows(from, to, name, columnsOf(from, name, sql));
  // SQLite makes this table itself, with the first table that counts its rows.
  if (objects.some(({ name }) => name === "sqlite_sequence")) {
    querySql(to, "DELETE FROM sqlite_sequence");
    copyRows(from, to, "sqlite_sequence", ["name", "seq"]);
  }
  // Indexes last: they are then made in their own order.
  for (const { type, sql } of objects) if (type !== "table") querySql(to, sql);
  querySql(to, "COMMIT");
  to.checkpoint();
}

/** A table's columns, its row numbers in front where no column is one. */
function columnsOf(from: SqliteDriver, table: string, sql: string): string[] {
  const info = querySql(from, `PRAGMA table_info(${quoted(table)})`);
  const columns = info.map(([, name, type, , , key]) => ({ name: quoted(name ?? ""), type, isKey: key !== "0" }));
  const keys = columns.filter(({ isKey }) => isKey);
  const numbered = keys.length === 1 && keys[0]?.type?.toUpperCase() === "INTEGER";
  const names = columns.map(({ name }) => name);
  return numbered || /WITHOUT\s+ROWID\s*$/i.test(sql) ? names : ["rowid", ...names];
}

function copyRows(from: SqliteDriver, to: SqliteDriver, table: string, columns: readonly string[]): void {
  const list = columns.join(", ");
  const read = new Prepared(from, `SELECT ${list} FROM ${quoted(table)}`);
  const write = new Prepared(to, `INSERT INTO ${quoted(table)}(${list}) VALUES (${columns.map(() => "?").join(", ")})`);
  try {
    let bytes = 0;
    for (let row = read.next(); row; row = read.next()) {
      write.start(row);
      write.next();
      bytes += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
      if (bytes < COMMIT_BYTES) continue;
      bytes = 0;
      querySql(to, "COMMIT");
      to.checkpoint();
      querySql(to, "BEGIN");
    }
  } finally {
    read.finalize();
    write.finalize();
  }
}

function sizeOf(value: SqlValue): number {
  if (value === null || typeof value !== "object" || "real" in value) return 8;
  return "text" in value ? value.text.length : value.blob.length;
}
