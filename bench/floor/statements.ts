/** Prepared statements straight on a driver's C functions: what the floor has instead of frames. */
import {
  type Pointer,
  SQLITE_DONE,
  SQLITE_OK,
  SQLITE_ROW,
  SQLITE_STATIC,
  type SqliteApi,
  type SqliteDriver,
} from "../../js/src/drivers/driver.ts";
import { MemoryViews } from "../../js/src/drivers/memory-views.ts";
import { lastError, querySql } from "../../js/src/drivers/statement.ts";
import type { Row } from "./rows.ts";

/** What the floor needs of a connection. */
export type FloorConnection = Pick<SqliteDriver, "api" | "db" | "memory">;

/** Room for the parameters of one statement in SQLite's memory. */
const PARAMETER_BYTES = 1 << 20;

/** A connection's statements, one for each SQL text, and a buffer that receives every byte read. */
export class Statements {
  readonly #connection: FloorConnection;
  readonly #api: SqliteApi;
  readonly #views: MemoryViews;
  readonly #prepared = new Map<string, Pointer>();
  readonly #parameters: Pointer;
  /** What has been read since `rewind`, back to back. */
  readonly out = new Uint8Array(32 << 20);
  outLength = 0;

  constructor(connection: FloorConnection) {
    this.#connection = connection;
    this.#api = connection.api;
    this.#views = new MemoryViews(() => connection.memory);
    this.#parameters = connection.api.malloc(PARAMETER_BYTES);
    this.#views.refresh();
  }

  /** Runs a text once. */
  execute(sql: string): void {
    querySql(this.#connection, sql);
  }

  /** The statement of a text, prepared when it is first asked for. */
  prepare(sql: string): Pointer {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      const text = new TextEncoder().encode(sql);
      const at = this.#api.malloc(text.length + 4);
      this.#views.refresh();
      this.#views.bytes.set(text, at + 4);
      this.#check(this.#api.prepare(this.#connection.db, at + 4, text.length, at, 0));
      this.#views.refresh();
      statement = this.#views.data.getUint32(at, true);
      this.#api.free(at);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** Runs a statement without parameters. */
  run(statement: Pointer): void {
    const code = this.#api.step(statement);
    this.#api.reset(statement);
    if (code !== SQLITE_DONE) this.#fail(code);
  }

  /** Binds a row's hash and keys; for a write also its size and item, the latter at `itemAt` (an expiry date stays NULL). */
  bind(statement: Pointer, row: Row, itemAt = 0): void {
    const api = this.#api;
    this.#views.refresh();
    this.#views.bytes.set(row.texts, this.#parameters);
    let code = api.bindInt(statement, 1, row.hash);
    const keys = itemAt === 0 ? row.ends.length : row.ends.length - 1;
    let from = 0;
    for (let key = 0; key < keys; key += 1) {
      const end = row.ends[key]!;
      code |= api.bindText(statement, key + 2, this.#parameters + from, end - from, SQLITE_STATIC);
      from = end;
    }
    if (itemAt !== 0) {
      code |= api.bindInt(statement, keys + 2, row.size);
      code |= api.bindText(statement, itemAt, this.#parameters + from, row.ends[keys]! - from, SQLITE_STATIC);
    }
    this.#check(code);
  }

  /** Binds numbers alone. */
  bindNumbers(statement: Pointer, numbers: readonly number[]): void {
    for (const [n, number] of numbers.entries()) this.#check(this.#api.bindInt(statement, n + 1, number));
  }

  /** Runs a bound statement that selects (size, item) to its end and copies every item out. Gives the number of rows. */
  read(statement: Pointer): number {
    const api = this.#api;
    let rows = 0;
    for (;;) {
      const code = api.step(statement);
      if (code !== SQLITE_ROW) {
        api.reset(statement);
        if (code !== SQLITE_DONE) this.#fail(code);
        return rows;
      }
      const text = api.columnText(statement, 1);
      const length = api.columnBytes(statement, 1);
      this.#views.refresh();
      this.out.set(this.#views.bytes.subarray(text, text + length), this.outLength);
      this.outLength += length;
      rows += 1;
    }
  }

  /** The statements are gone with the connection that closes; those of a connection that stays are finalised here. */
  close(): void {
    for (const statement of this.#prepared.values()) this.#api.finalize(statement);
    this.#prepared.clear();
    this.#api.free(this.#parameters);
  }

  #check(code: number): void {
    if (code !== SQLITE_OK) this.#fail(code);
  }

  #fail(code: number): never {
    throw lastError(this.#connection, code);
  }
}
