/** The C functions every build of SQLite exports under Emscripten's names, as the executor wants them. */
import type { Pointer, SqliteApi } from "./driver.ts";

export interface FrameExports {
  _malloc(size: number): Pointer;
  _free(pointer: Pointer): void;
  _sqlite3_prepare_v2: SqliteApi["prepare"];
  _sqlite3_bind_int: SqliteApi["bindInt"];
  _sqlite3_bind_double: SqliteApi["bindDouble"];
  _sqlite3_bind_text: SqliteApi["bindText"];
  _sqlite3_bind_blob: SqliteApi["bindBlob"];
  _sqlite3_step: SqliteApi["step"];
  _sqlite3_reset: SqliteApi["reset"];
  _sqlite3_finalize: SqliteApi["finalize"];
  _sqlite3_column_count: SqliteApi["columnCount"];
  _sqlite3_column_type: SqliteApi["columnType"];
  _sqlite3_column_double: SqliteApi["columnDouble"];
  _sqlite3_column_text: SqliteApi["columnText"];
  _sqlite3_column_blob: SqliteApi["columnBlob"];
  _sqlite3_column_bytes: SqliteApi["columnBytes"];
  _sqlite3_changes: SqliteApi["changes"];
  _sqlite3_errmsg: SqliteApi["errmsg"];
  _sqlite3_sql: SqliteApi["sql"];
}

/** Takes the functions out of the exports; 64-bit integers are the driver's own matter. */
export function frameFunctions(exports: FrameExports, int64: SqliteApi["int64"]): SqliteApi {
  return {
    malloc: exports._malloc,
    free: exports._free,
    prepare: exports._sqlite3_prepare_v2,
    bindInt: exports._sqlite3_bind_int,
    bindDouble: exports._sqlite3_bind_double,
    bindText: exports._sqlite3_bind_text,
    bindBlob: exports._sqlite3_bind_blob,
    step: exports._sqlite3_step,
    reset: exports._sqlite3_reset,
    finalize: exports._sqlite3_finalize,
    columnCount: exports._sqlite3_column_count,
    columnType: exports._sqlite3_column_type,
    columnDouble: exports._sqlite3_column_double,
    columnText: exports._sqlite3_column_text,
    columnBlob: exports._sqlite3_column_blob,
    columnBytes: exports._sqlite3_column_bytes,
    changes: exports._sqlite3_changes,
    errmsg: exports._sqlite3_errmsg,
    sql: exports._sqlite3_sql,
    int64,
  };
}
