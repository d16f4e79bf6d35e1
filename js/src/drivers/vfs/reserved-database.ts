/**
 * The database file, kept longer than the database: its tail is room for the log.
 *
 * At the storage's limit a log could fill what is left, and then neither could the database file grow to take it in nor could a delete be
 * written: nothing would ever work again. So the file always has room behind the database's last page for all the log may hold. When
 * there is no more room for that, the database may not grow beyond the file (the driver sees to it), and logs fit all the same. The room
 * is in this file because a browser gives back what another file was cut by only when its handle is closed.
 *
 * A longer file is a valid SQLite file: the number of pages stands in its header.
 *
 * Only checkpoints write to it, pages in ascending order; those that adjoin reach the file as one write. What is gathered is drained before
 * the file is flushed, cut or read there: a checkpoint that was told to be complete is.
 */
import { JoinedWrites } from "./joined-writes.ts";
import { StorageFullError, type SyncFile } from "./sync-file.ts";

/** Room is taken and given back in steps. */
const STEP_BYTES = 1024 * 1024;
const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";

export class ReservedDatabase {
  readonly #file: SyncFile;
  readonly #joined: JoinedWrites;
  /** Where the database ends, and where the file does. */
  #size: number;
  #allocated: number;
  /** Room kept behind the database. */
  #reserved = 0;
  #exhausted = false;

  constructor(file: SyncFile) {
    this.#file = file;
    this.#joined = new JoinedWrites(file);
    this.#allocated = file.size();
    this.#size = Math.min(sizeInHeader(file) ?? this.#allocated, this.#allocated);
  }

  /** Whether the room asked for could not be had: the database may then not grow beyond `allocated`. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** The file's length. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Keeps room for a log of so many bytes. Throws `StorageFullError` if there is none, unless that is known already. */
  reserve(bytes: number): void {
    this.#reserved = Math.max(this.#reserved, bytes);
    if (!this.#exhausted) this.#makeRoom();
  }

  /** Tries again to have the room, between transactions. Gives whether `exhausted` changed. */
  renew(bytes: number): boolean {
    const before = this.#exhausted;
    this.#reserved = Math.max(this.#reserved, bytes);
    try {
      this.#makeRoom();
      this.#exhausted = false;
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
      this.#exhausted = true;
    }
    return before !== this.#exhausted;
  }

  read(into: Uint8Array, at: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - at));
    if (this.#joined.touch(at, length)) this.#joined.drain();
    return length === 0 ? 0 : this.#file.read(length === into.length ? into : into.subarray(0, length), at);
  }

  write(from: Uint8Array, at: number): void {
    this.#joined.write(from, at);
    const end = at + from.length;
    if (end > this.#allocated) {
      // The file grows by this write, and whether there is room for it must show now.
      this.#joined.drain();
      this.#allocated = end;
    }
    this.#size = Math.max(this.#size, end);
  }

  truncate(size: number): void {
    this.#joined.drain();
    this.#size = size;
    // An emptied database leaves nothing behind: an empty file is a new database, a file of zeros is none.
    const most = size === 0 ? 0 : size + this.#reserved + STEP_BYTES;
    if (this.#allocated < size || this.#allocated > most) this.#resize(Math.min(most, size + this.#reserved));
  }

  flush(): void {
    this.#joined.drain();
    this.#file.flush();
  }

  size(): number {
    return this.#size;
  }

  #makeRoom(): void {
    const needed = this.#size + this.#reserved;
    if (needed > this.#allocated) this.#resize(Math.ceil(needed / STEP_BYTES) * STEP_BYTES);
  }

  #resize(allocated: number): void {
    this.#file.truncate(allocated);
    this.#allocated = allocated;
  }
}

/** The database's length by its header; undefined if there is none, or it was left by a version that did not keep it. */
export function sizeInHeader(file: Pick<SyncFile, "read">): number | undefined {
  const header = new Uint8Array(HEADER_BYTES);
  if (file.read(header, 0) < HEADER_BYTES) return undefined;
  if (new TextDecoder("latin1").decode(header.subarray(0, MAGIC.length)) !== MAGIC) return undefined;
  const view = new DataView(header.buffer);
  // The page count counts while the change counter is the one it was written with.
  if (view.getUint32(24) !== view.getUint32(92)) return undefined;
  const pageBytes = view.getUint16(16) === 1 ? 65536 : view.getUint16(16);
  return view.getUint32(28) * pageBytes;
}
