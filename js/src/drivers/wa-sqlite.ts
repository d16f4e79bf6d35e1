/**
 * The wa-sqlite driver: databases in files, over our own VFS, in a dedicated worker or in Node.
 *
 * Write-ahead log with exclusive locking, temporary data in memory, checkpoints only when asked for.
 */
import { WA_SQLITE } from "../generated/sqlite-builds.ts";
import {
  type CheckpointOutcome,
  type Pointer,
  SQLITE_MISUSE,
  SQLITE_NOMEM,
  SQLITE_OK,
  type SqliteApi,
  type SqliteDriver,
  SqliteError,
} from "./driver.ts";
import { MemoryViews } from "./memory-views.ts";
import { startSqlite } from "./sqlite-module.ts";
import { querySql } from "./statement.ts";
import { type DatabaseFiles, FILE_NAMES } from "./vfs/sync-file.ts";
import { DatabaseVfs, VFS_NAME } from "./vfs/vfs.ts";
import { registerVfs, vfsMethod, type WaSqliteExports, waSqliteFunctions } from "./wa-sqlite-exports.ts";

/** How much a commit promises: `strict` survives a power loss, `relaxed` may lose the last commits in one and is never corrupted. */
export type Durability = "strict" | "relaxed";

/** The page size new databases get; existing ones keep theirs. */
export const DEFAULT_PAGE_BYTES = 8192;
/**
 * When the log is this large it is checkpointed at once, not at the next idle moment. A checkpoint of scattered writes takes some 3 ms for
 * each megabyte of log, and whoever writes next waits for it.
 */
export const CHECKPOINT_BYTES = 2 * 1024 * 1024;
const CACHE_KILOBYTES = 64 * 1024;
/** SQLite's own limit: none of ours. */
const MOST_PAGES = 4294967294;

const OPEN_READWRITE_CREATE = 0x2 | 0x4;
/**
 * The planner's stability guarantee: a plan never depends on bound values. Without it this build prepares a statement with a range anew
 * whenever its bounds are bound, at 16 µs.
 */
const DBCONFIG_ENABLE_QPSG = 1007;

/** What opening needs, brought by the caller. */
export interface WaSqliteAssets {
  /** `wa-sqlite.wasm` of the package, compiled once and shared by all databases. */
  readonly module: WebAssembly.Module;
}

export interface WaSqliteOptions {
  /** The database's files. The driver owns them from here on, and lets go of them if opening fails. */
  readonly files: DatabaseFiles;
  /** Default `strict`. May differ from what the database was opened with before. */
  readonly durability?: Durability;
  /** Default `DEFAULT_PAGE_BYTES`; only a new database takes it. */
  readonly pageBytes?: number;
}

/** Opens a database over its files, recovering what an unclean end left. */
export async function openWaSqlite(assets: WaSqliteAssets, options: WaSqliteOptions): Promise<SqliteDriver> {
  const { files } = options;
  try {
    // SQLite calls the methods only when the file system has been registered.
    const { exports, memory } = await startSqlite<WaSqliteExports>(assets.module, WA_SQLITE, (name) => vfsMethod(vfs, name));
    const vfs: DatabaseVfs = new DatabaseVfs(files, new MemoryViews(() => memory));
    exports._main(0, 0);
    if (registerVfs(exports, memory, vfs) !== SQLITE_OK) throw new SqliteError(SQLITE_MISUSE, "SQLite refused the file system");
    const driver = new WaSqliteDriver(exports, memory, vfs, options);
    driver.open();
    return driver;
  } catch (error) {
    files.release();
    throw error;
  }
}

function openConnection(exports: WaSqliteExports, memory: WebAssembly.Memory): Pointer {
  const names = new TextEncoder().encode(`${FILE_NAMES.database}\0${VFS_NAME}\0`);
  const scratch = exports._malloc(names.length + 8);
  if (scratch === 0) throw new SqliteError(SQLITE_NOMEM, "out of memory");
  const name = scratch + 8;
  new Uint8Array(memory.buffer).set(names, name);
  const code = exports._sqlite3_open_v2(name, scratch, OPEN_READWRITE_CREATE, name + FILE_NAMES.database.length + 1);
  const db = new DataView(memory.buffer).getUint32(scratch, true);
  if (code === SQLITE_OK) {
    exports._sqlite3_extended_result_codes(db, 1);
    // On, and no pointer for the state it had.
    new Uint32Array(memory.buffer, scratch, 2).set([1, 0]);
    exports._sqlite3_db_config(db, DBCONFIG_ENABLE_QPSG, scratch);
  }
  exports._free(scratch);
  if (code !== SQLITE_OK) throw new SqliteError(code, `SQLite could not open the database (code ${code})`);
  return db;
}

class WaSqliteDriver implements SqliteDriver {
  readonly name = "wa-sqlite";
  readonly persistence = "file";
  readonly capabilities = { int64: true, extendedCodes: true } as const;
  readonly api: SqliteApi;
  /** 0 while there is no connection. */
  #db: Pointer = 0;
  #closed = false;

  constructor(
    private readonly exports: WaSqliteExports,
    readonly memory: WebAssembly.Memory,
    private readonly vfs: DatabaseVfs,
    private readonly options: WaSqliteOptions,
  ) {
    this.api = waSqliteFunctions(exports);
  }

  get db(): Pointer {
    return this.#db;
  }

  get usable(): boolean {
    return this.#db !== 0 && this.vfs.failure === undefined;
  }

  /** Opens the connection. */
  open(): void {
    this.#db = openConnection(this.exports, this.memory);
    try {
      this.#configure();
    } catch (error) {
      this.#end();
      // The file system's own error says more than the code SQLite made of it.
      throw this.vfs.failure ?? error;
    }
  }

  reopen(): void {
    this.#end();
    this.vfs.restart();
    this.open();
  }

  /** Exclusive locking comes before the first access, and before the journal mode: that is what makes WAL work without shared memory. */
  #configure(): void {
    const { durability = "strict", pageBytes = DEFAULT_PAGE_BYTES } = this.options;
    querySql(this, "PRAGMA locking_mode=EXCLUSIVE");
    querySql(this, "PRAGMA temp_store=MEMORY");
    querySql(this, `PRAGMA cache_size=-${CACHE_KILOBYTES}`);
    querySql(this, `PRAGMA page_size=${pageBytes}`);
    // Kept from the beginning, so that a file can be made smaller a little at a time. An existing one would be written to.
    if (querySql(this, "PRAGMA page_count")[0]?.[0] === "0") querySql(this, "PRAGMA auto_vacuum=INCREMENTAL");
    const mode = querySql(this, "PRAGMA journal_mode=WAL")[0]?.[0];
    if (mode !== "wal") throw new SqliteError(SQLITE_MISUSE, `SQLite chose journal mode ${mode} instead of wal`);
    querySql(this, `PRAGMA synchronous=${durability === "strict" ? "FULL" : "NORMAL"}`);
    querySql(this, "PRAGMA wal_autocheckpoint=0");
    this.#limitGrowth();
    // A commit whose flush failed, or that nobody was told of, is seen by whoever reads now: it must not be gone after that.
    if (durability === "strict") this.vfs.flushLog();
  }

  walBytes(): number {
    return this.vfs.wal.used;
  }

  get checkpointDue(): boolean {
    return this.vfs.wal.used >= CHECKPOINT_BYTES || this.vfs.wal.refused;
  }

  checkpoint(): CheckpointOutcome {
    let complete = false;
    try {
      complete = this.usable && this.#copyLog();
      if (complete) {
        this.vfs.wal.restarted();
        this.#limitGrowth();
      }
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      // The log still holds everything; whoever opens the database again finds it.
      this.vfs.failure ??= error;
    }
    return { complete, walBytes: this.walBytes() };
  }

  #copyLog(): boolean {
    try {
      const row = querySql(this, "PRAGMA wal_checkpoint(PASSIVE)")[0];
      // Not busy, and as many frames copied as there are.
      return row !== undefined && row[0] === "0" && row[1] === row[2];
    } catch (error) {
      // No room, or a lost connection, which `usable` tells.
      if (error instanceof SqliteError) return false;
      throw error;
    }
  }

  /** Without room for more, writes may only use pages the database file has: at its end, and what deletes have freed. */
  #limitGrowth(): void {
    const { wal, database } = this.vfs;
    if (!database.renew(wal.size())) return;
    const { exhausted, allocated } = database;
    const pageBytes = Number(querySql(this, "PRAGMA page_size")[0]?.[0]);
    querySql(this, `PRAGMA max_page_count=${exhausted ? Math.floor(allocated / pageBytes) : MOST_PAGES}`);
  }

  /** Copies the log into the database file and ends it, if the storage still works; if not, the next open recovers from the log. */
  #end(): void {
    const db = this.#db;
    if (db === 0) return;
    this.#db = 0;
    for (;;) {
      const statement = this.exports._sqlite3_next_stmt(db, 0);
      if (statement === 0) break;
      this.api.finalize(statement);
    }
    this.exports._sqlite3_close_v2(db);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#end();
    } finally {
      this.options.files.release();
    }
  }
}
