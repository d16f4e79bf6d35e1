/**
 * Plain SQL text on a connection: for opening, closing and checkpoints. Requests never come this way; they travel in frames.
 */
import { SQLITE_DONE, SQLITE_MISUSE, SQLITE_NOMEM, SQLITE_OK, SQLITE_ROW, type SqliteDriver, SqliteError } from "./driver.ts";

/** The part of a driver that running a text needs, so that a driver can use it while it is being opened. */
export type Connection = Pick<SqliteDriver, "api" | "db" | "memory">;

/** Reads the NUL-terminated UTF-8 text at a pointer. */
export function readCString(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const bytes = new Uint8Array(memory.buffer);
  let end = pointer;
  while (bytes[end] !== 0) end += 1;
  return new TextDecoder().decode(bytes.subarray(pointer, end));
}

/** The connection's last error as an exception. */
export function lastError(connection: Connection, code: number): SqliteError {
  return new SqliteError(code, readCString(connection.memory, connection.api.errmsg(connection.db)));
}

/** Runs one statement and gives its rows, every value as text (`null` for NULL). */
export function querySql(connection: Connection, sql: string): (string | null)[][] {
  const { api, db, memory } = connection;
  const text = new TextEncoder().encode(sql);
  const scratch = api.malloc(text.length + 8);
  if (scratch === 0) throw new SqliteError(SQLITE_NOMEM, "out of memory");
  let statement = 0;
  try {
    new Uint8Array(memory.buffer).set(text, scratch + 8);
    const prepared = api.prepare(db, scratch + 8, text.length, scratch, 0);
    if (prepared !== SQLITE_OK) throw lastError(connection, prepared);
    statement = new DataView(memory.buffer).getUint32(scratch, true);
    if (statement === 0) throw new SqliteError(SQLITE_MISUSE, "the text holds no statement");
    const rows: (string | null)[][] = [];
    for (;;) {
      const code = api.step(statement);
      if (code === SQLITE_DONE) return rows;
      if (code !== SQLITE_ROW) throw lastError(connection, code);
      const row: (string | null)[] = [];
      for (let column = 0; column < api.columnCount(statement); column += 1) {
        const pointer = api.columnText(statement, column);
        const length = api.columnBytes(statement, column);
        row.push(pointer === 0 ? null : new TextDecoder().decode(new Uint8Array(memory.buffer, pointer, length)));
      }
      rows.push(row);
    }
  } finally {
    if (statement !== 0) api.finalize(statement);
    api.free(scratch);
  }
}
