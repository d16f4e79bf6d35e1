/**
 * The virtual file system SQLite runs on: three files that were opened before it started, and nothing else.
 *
 * Locks are no-ops, since the file handles exclude everyone else; the connection uses exclusive locking, so that the WAL needs no shared
 * memory. An exception never passes through SQLite: it becomes a result code here and is kept for the driver to report.
 *
 * What makes a commit durable. Strict: SQLite syncs the WAL inside COMMIT, which drains the joined writes and flushes; if either fails the
 * transaction is rolled back. Relaxed: SQLite does not sync, and announces the commit with COMMIT_PHASETWO, on which the joined writes are
 * drained, so that they survive the process. SQLite believes in the commit by then, so if that drain fails the connection is unusable.
 */
import type { Pointer } from "../driver.ts";
import type { MemoryViews } from "../memory-views.ts";
import { JoinedWal } from "./joined-wal.ts";
import { ReservedDatabase } from "./reserved-database.ts";
import { type DatabaseFiles, FILE_NAMES, StorageFullError, type SyncFile } from "./sync-file.ts";

export const VFS_NAME = "dynatab";

const SQLITE_OK = 0;
const SQLITE_NOTFOUND = 12;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_IOERR = 10;
const SQLITE_IOERR_READ = SQLITE_IOERR | (1 << 8);
const SQLITE_IOERR_SHORT_READ = SQLITE_IOERR | (2 << 8);
const SQLITE_IOERR_WRITE = SQLITE_IOERR | (3 << 8);
const SQLITE_IOERR_FSYNC = SQLITE_IOERR | (4 << 8);
const SQLITE_IOERR_TRUNCATE = SQLITE_IOERR | (6 << 8);
const SQLITE_IOERR_FSTAT = SQLITE_IOERR | (7 << 8);
const SQLITE_IOERR_DELETE = SQLITE_IOERR | (10 << 8);

const FCNTL_COMMIT_PHASETWO = 22;
const SECTOR_BYTES = 4096;
/**
 * Bytes beside a write are never harmed by it, and nobody can delete our files. Sequential writing is not claimed, though it would save a
 * flush when the WAL restarts: no file system promises it across a power loss, and frames that reach the disk before the header in front of
 * them would bring old pages back.
 */
const DEVICE_CHARACTERISTICS = 0x1000 | 0x800;

/** What the VFS needs of a file. */
type OpenedFile = Pick<SyncFile, "read" | "write" | "truncate" | "flush" | "size">;

/** The methods wa-sqlite calls; pointers and 64-bit integers in halves come in raw. */
export class DatabaseVfs {
  readonly name = VFS_NAME;
  readonly mxPathname = 64;
  database: ReservedDatabase;
  wal: JoinedWal;
  /** The first failure after which nothing SQLite believes can be trusted. Every call fails from then on. */
  failure: unknown;

  readonly #files: DatabaseFiles;
  readonly #heap: MemoryViews;
  readonly #opened = new Map<Pointer, OpenedFile>();

  constructor(files: DatabaseFiles, heap: MemoryViews) {
    this.#files = files;
    this.#heap = heap;
    this.database = new ReservedDatabase(files.database);
    this.wal = new JoinedWal(files.wal, this.database);
  }

  /** Begins anew with what stands in the files, for a new connection. */
  restart(): void {
    this.#opened.clear();
    this.database = new ReservedDatabase(this.#files.database);
    this.wal = new JoinedWal(this.#files.wal, this.database);
    this.failure = undefined;
  }

  /** Makes durable what stands in the log. */
  flushLog(): void {
    if (this.wal.size() > 0) this.#files.wal.flush();
  }

  xOpen(_vfs: Pointer, name: Pointer, file: Pointer, flags: number, flagsOut: Pointer): number {
    const opened = name === 0 ? undefined : this.#named(this.#text(name));
    // Temporary files never come here: `temp_store=MEMORY` keeps them in SQLite's heap.
    if (opened === undefined) return SQLITE_CANTOPEN;
    this.#opened.set(file, opened);
    if (flagsOut !== 0) this.#setInt(flagsOut, flags);
    return SQLITE_OK;
  }

  xClose(file: Pointer): number {
    this.#opened.delete(file);
    return SQLITE_OK;
  }

  xDelete(_vfs: Pointer, name: Pointer, syncDirectory: number): number {
    return this.#guard(SQLITE_IOERR_DELETE, () => {
      const file = this.#named(this.#text(name));
      if (file === this.wal) this.wal.delete();
      else if (file !== undefined) this.#cut(file, 0);
      if (syncDirectory !== 0) file?.flush();
      return SQLITE_OK;
    });
  }

  xAccess(_vfs: Pointer, name: Pointer, _flags: number, resultOut: Pointer): number {
    return this.#guard(SQLITE_IOERR, () => {
      const file = this.#named(this.#text(name));
      // All three files are always there; an empty one is what SQLite calls absent.
      const exists = file === this.wal ? this.wal.exists : file !== undefined && file.size() > 0;
      this.#setInt(resultOut, exists ? 1 : 0);
      return SQLITE_OK;
    });
  }

  xFullPathname(_vfs: Pointer, name: Pointer, room: number, out: Pointer): number {
    const { bytes } = this.#views();
    for (let index = 0; index < room; index += 1) {
      const byte = bytes[name + index] as number;
      bytes[out + index] = byte;
      if (byte === 0) return SQLITE_OK;
    }
    return SQLITE_CANTOPEN;
  }

  xRead(file: Pointer, into: Pointer, amount: number, low: number, high: number): number {
    return this.#guard(SQLITE_IOERR_READ, () => {
      const target = this.#views().bytes.subarray(into, into + amount);
      const got = this.#file(file).read(target, position(low, high));
      if (got === amount) return SQLITE_OK;
      target.fill(0, got);
      return SQLITE_IOERR_SHORT_READ;
    });
  }

  xWrite(file: Pointer, from: Pointer, amount: number, low: number, high: number): number {
    return this.#guard(SQLITE_IOERR_WRITE, () => {
      const opened = this.#file(file);
      // The log comes before what it logs, whatever SQLite did in between.
      if (opened !== this.wal) this.wal.drain();
      opened.write(this.#views().bytes.subarray(from, from + amount), position(low, high));
      return SQLITE_OK;
    });
  }

  xTruncate(file: Pointer, low: number, high: number): number {
    return this.#guard(SQLITE_IOERR_TRUNCATE, () => {
      this.#cut(this.#file(file), position(low, high));
      return SQLITE_OK;
    });
  }

  xSync(file: Pointer, _flags: number): number {
    return this.#guard(SQLITE_IOERR_FSYNC, () => {
      this.#file(file).flush();
      return SQLITE_OK;
    });
  }

  xFileSize(file: Pointer, sizeOut: Pointer): number {
    return this.#guard(SQLITE_IOERR_FSTAT, () => {
      const size = this.#file(file).size();
      const { data } = this.#views();
      data.setUint32(sizeOut, size, true);
      data.setUint32(sizeOut + 4, Math.floor(size / 2 ** 32), true);
      return SQLITE_OK;
    });
  }

  xLock(): number {
    return SQLITE_OK;
  }

  xUnlock(): number {
    return SQLITE_OK;
  }

  xCheckReservedLock(_file: Pointer, resultOut: Pointer): number {
    this.#setInt(resultOut, 0);
    return SQLITE_OK;
  }

  xFileControl(_file: Pointer, operation: number, _argument: Pointer): number {
    if (operation !== FCNTL_COMMIT_PHASETWO) return SQLITE_NOTFOUND;
    return this.#guard(SQLITE_IOERR_WRITE, () => {
      try {
        this.wal.drain();
      } catch (error) {
        // The commit stands in SQLite's memory and not in the file.
        this.failure ??= error;
        throw error;
      }
      this.wal.growAhead();
      return SQLITE_OK;
    });
  }

  xSectorSize(): number {
    return SECTOR_BYTES;
  }

  xDeviceCharacteristics(): number {
    return DEVICE_CHARACTERISTICS;
  }

  /**
   * Runs an operation and turns its exception into a result code. A full storage is an error like another: SQLite rolls back and goes on.
   * A failed read, write or flush is not: after it nobody knows what the disk holds, so the connection must be opened again.
   */
  #guard(code: number, operation: () => number): number {
    if (this.failure !== undefined) return code;
    try {
      return operation();
    } catch (error) {
      if (error instanceof StorageFullError) return SQLITE_FULL;
      this.failure ??= error;
      return code;
    }
  }

  /**
   * Cuts a file. An emptied journal stays emptied: SQLite thinks of its end as the commit and goes on in other files, and if a power loss
   * brought the journal back, it would be played back over all that was committed since.
   */
  #cut(file: OpenedFile, size: number): void {
    file.truncate(size);
    if (file === this.#files.journal) file.flush();
  }

  #named(name: string): OpenedFile | undefined {
    if (name === FILE_NAMES.database) return this.database;
    if (name === FILE_NAMES.journal) return this.#files.journal;
    if (name === FILE_NAMES.wal) return this.wal;
    return undefined;
  }

  #file(pointer: Pointer): OpenedFile {
    const file = this.#opened.get(pointer);
    if (file === undefined) throw new Error("SQLite used a file it had not opened");
    return file;
  }

  #views(): MemoryViews {
    this.#heap.refresh();
    return this.#heap;
  }

  #setInt(at: Pointer, value: number): void {
    this.#views().data.setInt32(at, value, true);
  }

  #text(at: Pointer): string {
    const { bytes } = this.#views();
    let end = at;
    while (bytes[end] !== 0) end += 1;
    return String.fromCharCode(...bytes.subarray(at, end));
  }
}

/** A file position from its halves; wa-sqlite passes the low one signed. */
function position(low: number, high: number): number {
  return high * 2 ** 32 + (low >>> 0);
}
