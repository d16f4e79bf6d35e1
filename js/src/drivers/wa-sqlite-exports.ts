/**
 * wa-sqlite's C functions, and how a file system written in JavaScript is put under it.
 */
import { type Pointer, SQLITE_NOMEM, type SqliteApi } from "./driver.ts";
import { type FrameExports, frameFunctions } from "./frame-functions.ts";
import type { DatabaseVfs } from "./vfs/vfs.ts";

/** The functions of wa-sqlite 1.0's module that we call. 64-bit integers are passed in halves. */
export interface WaSqliteExports extends FrameExports {
  /** Initialises SQLite. */
  _main(argumentCount: number, argumentList: Pointer): number;
  /** Makes a file system of JavaScript's known to SQLite, which calls its methods by name from then on. */
  _libvfs_vfs_register(
    name: Pointer,
    longestPath: number,
    methods: number,
    asynchronousMethods: number,
    makeDefault: number,
    keyOut: Pointer,
  ): number;
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

/** The functions a frame needs. */
export function waSqliteFunctions(exports: WaSqliteExports): SqliteApi {
  return frameFunctions(exports, {
    bind: exports._sqlite3_bind_int64,
    columnLow: exports._sqlite3_column_int64,
    high: exports.getTempRet0,
  });
}

/** The methods of a file system in the order of their bits in wa-sqlite's mask. */
const VFS_METHODS = [
  "xOpen",
  "xDelete",
  "xAccess",
  "xFullPathname",
  "xRandomness",
  "xSleep",
  "xCurrentTime",
  "xGetLastError",
  "xCurrentTimeInt64",
  "xClose",
  "xRead",
  "xWrite",
  "xTruncate",
  "xSync",
  "xFileSize",
  "xLock",
  "xUnlock",
  "xCheckReservedLock",
  "xFileControl",
  "xSectorSize",
  "xDeviceCharacteristics",
] as const;

/** A method of the file system, as SQLite calls it. */
export function vfsMethod(vfs: DatabaseVfs, name: string): (...args: number[]) => number {
  const method = (vfs as unknown as Record<string, (...args: number[]) => number>)[name];
  if (method === undefined) throw new Error(`SQLite called ${name}, which the file system does not have`);
  return method.bind(vfs);
}

/** Registers the file system under its name, not as the default one. Gives SQLite's result code. */
export function registerVfs(exports: WaSqliteExports, memory: WebAssembly.Memory, vfs: DatabaseVfs): number {
  const methods = VFS_METHODS.reduce((mask, method, bit) => (method in vfs ? mask | (1 << bit) : mask), 0);
  const name = new TextEncoder().encode(`${vfs.name}\0`);
  const scratch = exports._malloc(name.length + 4);
  if (scratch === 0) return SQLITE_NOMEM;
  new Uint8Array(memory.buffer).set(name, scratch + 4);
  const code = exports._libvfs_vfs_register(scratch + 4, vfs.mxPathname, methods, 0, 0, scratch);
  exports._free(scratch);
  return code;
}
