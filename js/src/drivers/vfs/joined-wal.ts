/**
 * The write-ahead log with adjacent writes joined.
 *
 * SQLite writes a commit as a header and a page, a header and a page, each a call of its own; here they reach the file as one. Nothing
 * stays behind: what is gathered is drained before a flush, before a read that touches it, before the file is cut, and before COMMIT
 * returns (see `vfs.ts`).
 */
import { JoinedWrites } from "./joined-writes.ts";
import type { ReservedDatabase } from "./reserved-database.ts";
import { StorageFullError, type SyncFile } from "./sync-file.ts";

/** The file grows in steps, ahead of the writes, and is never cut by a checkpoint: at the quota only overwriting still works. */
const GROWTH_BYTES = 1024 * 1024;
const HEADER_BYTES = 32;
/** A WAL's first four bytes, big-endian; the last bit tells the checksums' byte order. */
const MAGIC = 0x377f0682;

export class JoinedWal {
  readonly #database: ReservedDatabase;
  readonly #file: SyncFile;
  readonly #joined: JoinedWrites;
  #allocated: number;
  #used: number;
  #exists: boolean;
  #refused = false;

  /** `database` keeps room for what the log holds. */
  constructor(file: SyncFile, database: ReservedDatabase) {
    this.#database = database;
    this.#file = file;
    this.#joined = new JoinedWrites(file);
    this.#allocated = file.size();
    const head = new Uint8Array(4);
    file.read(head, 0);
    this.#exists = (new DataView(head.buffer).getUint32(0) & ~1) === MAGIC;
    this.#used = this.#exists ? this.#allocated : 0;
  }

  /** Whether the file holds a log. Its bytes outlive the log: a deleted one leaves the space for the next. */
  get exists(): boolean {
    return this.#exists;
  }

  /** Bytes of the log since it was last started from its beginning; after opening an existing one, at most the file's size. */
  get used(): number {
    return this.#used;
  }

  /** Whether it could not grow since it was last started from its beginning. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Grows between transactions, so that running out of room shows as `refused` before it fails one. */
  growAhead(): void {
    if (this.#refused || this.#used < this.#allocated - GROWTH_BYTES / 4) return;
    try {
      this.#grow(this.#allocated + GROWTH_BYTES, this.#allocated);
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
      this.#refused = true;
    }
  }

  /** Tells that a checkpoint has copied everything: the log starts again with its next write. */
  restarted(): void {
    this.#used = 0;
    this.#refused = false;
  }

  write(from: Uint8Array, at: number): void {
    const end = at + from.length;
    // Room first, so that a full storage is noticed here, where SQLite can still roll back, and not at the drain.
    if (end > this.#allocated) this.#allocate(end);
    if (at === 0) {
      this.#exists = true;
      this.#used = end;
    } else if (end > this.#used) {
      this.#used = end;
    }
    this.#joined.write(from, at);
  }

  read(into: Uint8Array, at: number): number {
    if (this.#joined.touch(at, into.length)) this.drain();
    return this.#file.read(into, at);
  }

  /** Writes what is gathered. If that fails it is dropped: the caller must not let the commit stand. */
  drain(): void {
    this.#joined.drain();
  }

  flush(): void {
    this.drain();
    this.#file.flush();
  }

  truncate(size: number): void {
    this.drain();
    this.#file.truncate(size);
    this.#allocated = size;
    this.#used = Math.min(this.#used, size);
    if (size < HEADER_BYTES) this.#exists = false;
  }

  /** Ends the log and keeps its space: without a header no frame behind it counts. */
  delete(): void {
    this.#joined.drop();
    this.#used = 0;
    if (!this.#exists) return;
    this.#file.write(new Uint8Array(HEADER_BYTES), 0);
    this.#exists = false;
  }

  size(): number {
    return this.#allocated;
  }

  #allocate(end: number): void {
    try {
      this.#grow(Math.ceil(end / GROWTH_BYTES) * GROWTH_BYTES, end);
    } catch (error) {
      this.#refused = error instanceof StorageFullError;
      throw error;
    }
  }

  /**
   * Makes the file so long. What no write is about to fill, from `unused` on, is filled with zeros: a file that is only cut longer has no
   * blocks, and the flush of a commit that is the first to need them takes a third longer, or finds the disk full.
   */
  #grow(size: number, unused: number): void {
    this.#database.reserve(size);
    this.#file.truncate(size);
    if (unused < size) this.#file.write(new Uint8Array(size - unused), unused);
    this.#allocated = size;
  }
}
