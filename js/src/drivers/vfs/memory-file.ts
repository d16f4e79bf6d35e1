/** Files in memory: a database on its way in or out, or one that is only looked at. */
import type { DatabaseFiles, SyncFile } from "./sync-file.ts";

/** Pieces of one size, so that a file that grows is never copied. */
const PIECE_BYTES = 1 << 20;

export class MemoryFile implements SyncFile {
  readonly #pieces: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  read(into: Uint8Array, at: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - at));
    this.#each(at, length, (piece, start, end, done) => into.set(piece.subarray(start, end), done));
    return length;
  }

  write(from: Uint8Array, at: number): void {
    this.#reserve(at + from.length);
    this.#each(at, from.length, (piece, start, end, done) => piece.set(from.subarray(done, done + end - start), start));
    this.#size = Math.max(this.#size, at + from.length);
  }

  truncate(size: number): void {
    this.#reserve(size);
    if (size < this.#size) {
      this.#pieces.length = Math.ceil(size / PIECE_BYTES);
      // What grows again grows with zeros.
      this.#pieces.at(-1)?.fill(0, size % PIECE_BYTES || PIECE_BYTES);
    }
    this.#size = size;
  }

  flush(): void {}

  size(): number {
    return this.#size;
  }

  close(): void {}

  #reserve(size: number): void {
    while (this.#pieces.length * PIECE_BYTES < size) this.#pieces.push(new Uint8Array(PIECE_BYTES));
  }

  /** Goes through the parts of pieces that a stretch covers; `done` counts the bytes before. */
  #each(at: number, length: number, visit: (piece: Uint8Array, start: number, end: number, done: number) => void): void {
    for (let done = 0; done < length; ) {
      const start = (at + done) % PIECE_BYTES;
      const end = Math.min(PIECE_BYTES, start + length - done);
      visit(this.#pieces[Math.floor((at + done) / PIECE_BYTES)]!, start, end, done);
      done += end - start;
    }
  }
}

/** A database's files around one that is there; journal and log are in memory, so they end with the connection. */
export function filesAround(database: SyncFile, wal: SyncFile = new MemoryFile()): DatabaseFiles {
  return { database, journal: new MemoryFile(), wal, release: () => {} };
}
