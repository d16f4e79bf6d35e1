/**
 * One prepared statement whose rows and parameters are JavaScript values: for databases that are copied or looked at as a whole. Requests never
 * come this way; they travel in frames.
 */
import {
  type Pointer,
  SQLITE_BLOB,
  SQLITE_DONE,
  SQLITE_FLOAT,
  SQLITE_INTEGER,
  SQLITE_NOMEM,
  SQLITE_OK,
  SQLITE_ROW,
  SQLITE_STATIC,
  SQLITE_TEXT,
  type SqliteDriver,
  SqliteError,
} from "../drivers/driver.ts";
import { lastError } from "../drivers/statement.ts";

/** A value as SQLite has it; texts stay bytes, since most are only passed on. Integers beyond a double's are `bigint`. */
export type SqlValue = null | number | bigint | { real: number } | { text: Uint8Array } | { blob: Uint8Array };

export class Prepared {
  readonly #driver: SqliteDriver;
  readonly #statement: Pointer;
  /** SQLite's memory for the bytes of one row's values. */
  #room: Pointer = 0;
  #roomBytes = 0;

  /** Prepares a text. Throws `SqliteError`. */
  constructor(driver: SqliteDriver, sql: string) {
    this.#driver = driver;
    const text = new TextEncoder().encode(sql);
    const at = this.#reserve(text.length + 4);
    this.#bytes().set(text, at + 4);
    const code = driver.api.prepare(driver.db, at + 4, text.length, at, 0);
    this.#statement = new DataView(driver.memory.buffer).getUint32(at, true);
    if (code !== SQLITE_OK) {
      this.finalize();
      throw lastError(driver, code);
    }
  }

  /** Goes to the next row; undefined behind the last. Throws `SqliteError`. */
  next(): SqlValue[] | undefined {
    const { api } = this.#driver;
    const code = api.step(this.#statement);
    if (code === SQLITE_DONE) return undefined;
    if (code !== SQLITE_ROW) throw lastError(this.#driver, code);
    return Array.from({ length: api.columnCount(this.#statement) }, (_, column) => this.#value(column));
  }

  /** Runs the statement from its beginning with these parameters; its rows come from `next`. Throws `SqliteError`. */
  start(parameters: readonly SqlValue[]): void {
    this.#driver.api.reset(this.#statement);
    const bytes = parameters.map(bytesOf);
    let at = this.#reserve(bytes.reduce((sum, each) => sum + (each?.length ?? 0), 1));
    for (const [place, value] of parameters.entries()) {
      const own = bytes[place];
      if (own) this.#bytes().set(own, at);
      const code = this.#bind(place + 1, value, at, own?.length ?? 0);
      if (code !== SQLITE_OK) throw lastError(this.#driver, code);
      at += own?.length ?? 0;
    }
  }

  finalize(): void {
    const { api } = this.#driver;
    api.finalize(this.#statement);
    if (this.#room !== 0) api.free(this.#room);
    this.#room = 0;
  }

  #bind(index: number, value: SqlValue, at: Pointer, length: number): number {
    const { api } = this.#driver;
    const statement = this.#statement;
    // The null pointer as a text is NULL; not every build exports a function for it.
    if (value === null) return api.bindText(statement, index, 0, 0, SQLITE_STATIC);
    if (typeof value === "object") {
      if ("real" in value) return api.bindDouble(statement, index, value.real);
      if ("blob" in value) return api.bindBlob(statement, index, at, length, SQLITE_STATIC);
      return api.bindText(statement, index, at, length, SQLITE_STATIC);
    }
    if (Number(value) === (Number(value) | 0)) return api.bindInt(statement, index, Number(value));
    const integer = BigInt(value);
    // As text where there are no 64-bit functions: the column's type makes an integer of it.
    if (!api.int64) return api.bindText(statement, index, at, length, SQLITE_STATIC);
    return api.int64.bind(statement, index, Number(BigInt.asIntN(32, integer)), Number(integer >> 32n));
  }

  #value(column: number): SqlValue {
    const { api } = this.#driver;
    const type = api.columnType(this.#statement, column);
    if (type === SQLITE_TEXT) return { text: this.#copied(api.columnText(this.#statement, column), column) };
    if (type === SQLITE_BLOB) return { blob: this.#copied(api.columnBlob(this.#statement, column), column) };
    const number = type === SQLITE_INTEGER || type === SQLITE_FLOAT ? api.columnDouble(this.#statement, column) : null;
    if (type === SQLITE_FLOAT) return { real: Number(number) };
    if (number === null || Number.isSafeInteger(number)) return number;
    return BigInt(new TextDecoder().decode(this.#copied(api.columnText(this.#statement, column), column)));
  }

  #copied(at: Pointer, column: number): Uint8Array {
    return this.#bytes().slice(at, at + this.#driver.api.columnBytes(this.#statement, column));
  }

  #reserve(bytes: number): Pointer {
    if (this.#roomBytes < bytes) {
      const { api } = this.#driver;
      if (this.#room !== 0) api.free(this.#room);
      this.#room = api.malloc(bytes * 2);
      this.#roomBytes = bytes * 2;
      if (this.#room === 0) throw new SqliteError(SQLITE_NOMEM, "out of memory");
    }
    return this.#room;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#driver.memory.buffer);
  }
}

/** The bytes a value is bound by, if it may need any. */
function bytesOf(value: SqlValue): Uint8Array | undefined {
  if (value === null) return undefined;
  if (typeof value !== "object") return new TextEncoder().encode(String(value));
  if ("text" in value) return value.text;
  return "blob" in value ? value.blob : undefined;
}
