/** A driver under which statements can be made to fail, as SQLite would report it. */
import type { Pointer, SqliteApi, SqliteDriver } from "../../src/drivers/driver.ts";

/** What becomes of a statement. */
export type StatementFault =
  /** It does not run; this is its result code. */
  | { readonly code: number; readonly ran: false }
  /** It runs, and this is the result code all the same. */
  | { readonly code: number; readonly ran: true };

/** Asked before each run of a statement, by the first word of its text. */
export type FaultOf = (word: string) => StatementFault | undefined;

const FIRST_WORD_BYTES = 8;

/** The driver with faults. What the driver itself does (opening, checkpoints, closing) is spared. */
export class FaultyDriver implements SqliteDriver {
  readonly api: SqliteApi;
  readonly #driver: SqliteDriver;
  readonly #reopened: () => void;
  readonly #words = new Map<Pointer, string>();

  constructor(driver: SqliteDriver, faultOf: FaultOf, reopened: () => void) {
    this.#driver = driver;
    this.#reopened = reopened;
    this.api = {
      ...driver.api,
      prepare: (db, sql, length, statementOut, tailOut) => {
        const code = driver.api.prepare(db, sql, length, statementOut, tailOut);
        const start = new Uint8Array(driver.memory.buffer, sql, Math.min(length, FIRST_WORD_BYTES));
        const statement = new DataView(driver.memory.buffer).getUint32(statementOut, true);
        this.#words.set(statement, new TextDecoder().decode(start).split(" ")[0]!);
        return code;
      },
      step: (statement) => {
        const fault = faultOf(this.#words.get(statement) ?? "");
        if (fault === undefined) return driver.api.step(statement);
        if (fault.ran) driver.api.step(statement);
        return fault.code;
      },
    };
  }

  get name() {
    return this.#driver.name;
  }
  get persistence() {
    return this.#driver.persistence;
  }
  get capabilities() {
    return this.#driver.capabilities;
  }
  get db() {
    return this.#driver.db;
  }
  get memory() {
    return this.#driver.memory;
  }
  get usable() {
    return this.#driver.usable;
  }
  get checkpointDue() {
    return this.#driver.checkpointDue;
  }
  walBytes() {
    return this.#driver.walBytes();
  }
  checkpoint() {
    return this.#driver.checkpoint();
  }
  reopen() {
    this.#reopened();
    this.#driver.reopen();
  }
  close() {
    this.#driver.close();
  }
}
