/**
 * The one interface between the frame executor and SQLite.
 *
 * A driver is an opened connection seen through SQLite's own C functions: plain numbers in, plain numbers out, pointers into the driver's
 * WebAssembly memory. The packages' ordinary JavaScript interfaces cost five times more a statement, so nothing here wraps a statement or a
 * value in an object. Nothing is fetched implicitly either: whoever opens a driver brings the compiled module.
 */

/** A position in a WebAssembly memory. */
export type Pointer = number;

/** SQLite's primary result codes the drivers name; an extended code carries the primary one in its low byte. */
export const SQLITE_OK = 0;
export const SQLITE_ERROR = 1;
export const SQLITE_NOMEM = 7;
export const SQLITE_MISUSE = 21;
export const SQLITE_ROW = 100;
export const SQLITE_DONE = 101;

/** SQLite's value types, as `sqlite3_column_type` gives them. */
export const SQLITE_INTEGER = 1;
export const SQLITE_FLOAT = 2;
export const SQLITE_TEXT = 3;
export const SQLITE_BLOB = 4;

/** Destructor argument of the binding functions: the bytes stay where they are until the statement is reset. */
export const SQLITE_STATIC = 0;

/** 64-bit integers in halves, where a build has them; sql.js has none and gets decimal text instead. */
export interface Int64Api {
  bind(statement: Pointer, index: number, low: number, high: number): number;
  /** The low half of the column; `high` is then the high half of the same value. */
  columnLow(statement: Pointer, column: number): number;
  high(): number;
}

/** SQLite's C functions, named after the originals without their prefix. */
export interface SqliteApi {
  malloc(size: number): Pointer;
  free(pointer: Pointer): void;
  prepare(db: Pointer, sql: Pointer, length: number, statementOut: Pointer, tailOut: Pointer): number;
  bindInt(statement: Pointer, index: number, value: number): number;
  bindDouble(statement: Pointer, index: number, value: number): number;
  bindText(statement: Pointer, index: number, text: Pointer, length: number, destructor: number): number;
  bindBlob(statement: Pointer, index: number, blob: Pointer, length: number, destructor: number): number;
  step(statement: Pointer): number;
  reset(statement: Pointer): number;
  finalize(statement: Pointer): number;
  columnCount(statement: Pointer): number;
  columnType(statement: Pointer, column: number): number;
  columnDouble(statement: Pointer, column: number): number;
  columnText(statement: Pointer, column: number): Pointer;
  columnBlob(statement: Pointer, column: number): Pointer;
  columnBytes(statement: Pointer, column: number): number;
  changes(db: Pointer): number;
  errmsg(db: Pointer): Pointer;
  /** The text of a statement. */
  sql(statement: Pointer): Pointer;
  /** Absent where the build has no 64-bit functions. */
  readonly int64: Int64Api | undefined;
}

/** What differs between builds of SQLite and must be known to those above. */
export interface DriverCapabilities {
  /** 64-bit integers are bound and read natively. Without it they travel as decimal text. */
  readonly int64: boolean;
  /** Result codes are extended (`SQLITE_CONSTRAINT_PRIMARYKEY`), not only primary (`SQLITE_CONSTRAINT`). */
  readonly extendedCodes: boolean;
}

/** What a checkpoint did. */
export interface CheckpointOutcome {
  /** Every frame of the WAL is in the database file, so the next write starts the WAL again from its beginning. */
  readonly complete: boolean;
  /** Bytes of the WAL in use after it: what the next one would have to copy. */
  readonly walBytes: number;
}

/** An opened SQLite connection. One connection owns one WebAssembly instance and one heap. */
export interface SqliteDriver {
  /** The package behind it, for messages and reports. */
  readonly name: "sql.js" | "wa-sqlite";
  /** Whether what is written outlives this driver. */
  readonly persistence: "memory" | "file";
  readonly capabilities: DriverCapabilities;
  readonly api: SqliteApi;
  /** The `sqlite3*` of the connection. */
  readonly db: Pointer;
  /** SQLite's memory. It grows: a view of it is good until the next call into SQLite, and empty (length 0) once it is stale. */
  readonly memory: WebAssembly.Memory;
  /** False once closed, or once the storage underneath has failed in a way that only opening again can mend. */
  readonly usable: boolean;
  /** Bytes of write-ahead log waiting to be copied into the database file; 0 for a database in memory. */
  walBytes(): number;
  /** Whether a checkpoint should not wait for an idle moment: the log is large, or has run out of room. */
  readonly checkpointDue: boolean;
  /**
   * Copies the write-ahead log into the database file. For idle moments between transactions, and when `checkpointDue` says so. A storage
   * that is full or fails makes it incomplete; it does not throw.
   */
  checkpoint(): CheckpointOutcome;
  /**
   * A new connection over the same files, which alone tell what has become of a commit that failed half done. Throws if none can be had; the
   * driver is not usable then. Statements must have been finalised.
   */
  reopen(): void;
  /** Closes connection and files. A second call does nothing. Statements must have been finalised (the executor's `reset`). */
  close(): void;
}

/** An error of SQLite outside a frame: at open, at a checkpoint, at close. Inside a frame, errors travel in the answer. */
export class SqliteError extends Error {
  override readonly name: string = "SqliteError";

  constructor(
    /** SQLite's result code, extended where the driver has extended codes. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
