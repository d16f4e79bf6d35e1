/**
 * wa-sqlite's C functions, as its script exposes them and as a driver wants them.
 */
import { type Pointer, SQLITE_MISUSE, SQLITE_OK, SQLITE_ROW, SQLITE_STATIC, type SqliteApi, SqliteError } from "./driver.ts";
import { type FrameExports, frameFunctions } from "./frame-functions.ts";

/** The functions of wa-sqlite 1.0's module object that we call. 64-bit integers are passed in halves. */
export interface WaSqliteExports extends FrameExports {
  vfs_register(vfs: object, makeDefault: boolean): number;
  getTempRet0(): number;
  _sqlite3_open_v2(name: Pointer, dbOut: Pointer, flags: number, vfs: Pointer): number;
  _sqlite3_close_v2(db: Pointer): number;
  _sqlite3_extended_result_codes(db: Pointer, on: number): number;
  /** `settings` points to what the C function takes as its variable arguments. */
  _sqlite3_db_config(db: Pointer, operation: number, settings: Pointer): number;
  _sqlite3_next_stmt(db: Pointer, after: Pointer): Pointer;
  _sqlite3_bind_int64(statement: Pointer, index: number, low: number, high: number): number;
  _sqlite3_column_int64(statement: Pointer, column: number): number;
}

const PROBE = "SELECT ?1, ?2, ?3, ?4, ?5";
const PROBE_LOW = 0x1234567;
const PROBE_HIGH = -0x7654321;

/**
 * The functions a frame needs. The script puts a wrapper in front of every export that replaces itself by the export when first called, so
 * each is called once here, on a statement that also proves that 64-bit integers still travel in halves; then the exports are taken.
 */
export function callThrough(exports: WaSqliteExports, memory: WebAssembly.Memory, db: Pointer): SqliteApi {
  const text = new TextEncoder().encode(PROBE);
  const scratch = exports._malloc(text.length + 8);
  new Uint8Array(memory.buffer).set(text, scratch + 8);
  let same = exports._sqlite3_prepare_v2(db, scratch + 8, text.length, scratch, 0) === SQLITE_OK;
  const statement = new DataView(memory.buffer).getUint32(scratch, true);
  exports._sqlite3_bind_int(statement, 1, 7);
  exports._sqlite3_bind_int64(statement, 2, PROBE_LOW, PROBE_HIGH);
  exports._sqlite3_bind_double(statement, 3, 0.5);
  exports._sqlite3_bind_text(statement, 4, scratch + 8, text.length, SQLITE_STATIC);
  exports._sqlite3_bind_blob(statement, 5, scratch + 8, text.length, SQLITE_STATIC);
  same = exports._sqlite3_step(statement) === SQLITE_ROW && same;
  same = exports._sqlite3_column_count(statement) === 5 && same;
  same = exports._sqlite3_column_type(statement, 0) === 1 && same;
  same = exports._sqlite3_column_int64(statement, 1) === PROBE_LOW && exports.getTempRet0() === PROBE_HIGH && same;
  same = exports._sqlite3_column_double(statement, 2) === 0.5 && same;
  same = exports._sqlite3_column_text(statement, 3) !== 0 && same;
  same = exports._sqlite3_column_blob(statement, 4) !== 0 && same;
  same = exports._sqlite3_column_bytes(statement, 4) === text.length && same;
  exports._sqlite3_changes(db);
  exports._sqlite3_errmsg(db);
  exports._sqlite3_reset(statement);
  exports._sqlite3_finalize(statement);
  exports._free(scratch);
  if (!same) throw new SqliteError(SQLITE_MISUSE, "this build of SQLite passes its arguments differently");
  return frameFunctions(exports, {
    bind: exports._sqlite3_bind_int64,
    columnLow: exports._sqlite3_column_int64,
    high: exports.getTempRet0,
  });
}
