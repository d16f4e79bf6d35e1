/**
 * The sql.js driver: databases in memory, in the browser and in Node.
 *
 * The database is opened as `:memory:` through the C function. The package's own `new Database()` makes a file in an emulated file system
 * instead, which costs 15 times as much a commit.
 */
import { SQL_JS } from "../generated/sqlite-builds.ts";
import { type Pointer, SQLITE_MISUSE, SQLITE_NOMEM, SQLITE_OK, type SqliteApi, type SqliteDriver, SqliteError } from "./driver.ts";
import { type FrameExports, frameFunctions } from "./frame-functions.ts";
import { startSqlite } from "./sqlite-module.ts";
import { querySql, readCString } from "./statement.ts";

/** The C functions sql.js 1.16 exports and we call. */
interface SqlJsExports extends FrameExports {
  _sqlite3_open(name: Pointer, dbOut: Pointer): number;
  _sqlite3_close_v2(db: Pointer): number;
}

/** What opening needs, brought by the caller. */
export interface SqlJsAssets {
  /** `sql-wasm-browser.wasm` of the package, compiled once and shared by all databases. */
  readonly module: WebAssembly.Module;
}

/** Opens an empty database in memory, with a heap of its own. */
export async function openSqlJs(assets: SqlJsAssets): Promise<SqliteDriver> {
  const { exports, memory } = await startSqlite<SqlJsExports>(assets.module, SQL_JS);
  return new SqlJsDriver(exports, memory, openMemoryDatabase(exports, memory));
}

function openMemoryDatabase(exports: SqlJsExports, memory: WebAssembly.Memory): Pointer {
  const name = new TextEncoder().encode(":memory:\0");
  const scratch = exports._malloc(name.length + 4);
  if (scratch === 0) throw new SqliteError(SQLITE_NOMEM, "out of memory");
  new Uint8Array(memory.buffer).set(name, scratch + 4);
  const code = exports._sqlite3_open(scratch + 4, scratch);
  const db = new DataView(memory.buffer).getUint32(scratch, true);
  exports._free(scratch);
  if (code !== SQLITE_OK) throw new SqliteError(code, readCString(memory, exports._sqlite3_errmsg(db)));
  return db;
}

class SqlJsDriver implements SqliteDriver {
  readonly name = "sql.js";
  readonly persistence = "memory";
  readonly capabilities = { int64: false, extendedCodes: false } as const;
  readonly api: SqliteApi;
  readonly checkpointDue = false;
  usable = true;

  constructor(
    private readonly exports: SqlJsExports,
    readonly memory: WebAssembly.Memory,
    readonly db: Pointer,
  ) {
    this.api = frameFunctions(exports, undefined);
    // Savepoints and sorts would otherwise spill into files, and there are none.
    querySql(this, "PRAGMA temp_store=MEMORY");
    querySql(this, "PRAGMA auto_vacuum=INCREMENTAL");
  }

  walBytes(): number {
    return 0;
  }

  checkpoint(): { complete: true; walBytes: 0 } {
    return { complete: true, walBytes: 0 };
  }

  reopen(): void {
    throw new SqliteError(SQLITE_MISUSE, "what is in memory ends with its connection");
  }

  close(): void {
    if (!this.usable) return;
    this.usable = false;
    this.exports._sqlite3_close_v2(this.db);
  }
}
