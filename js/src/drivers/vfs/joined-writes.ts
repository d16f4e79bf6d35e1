/**
 * Writes that continue one another, gathered and written as one: on the private file system calls cost and bytes hardly do.
 *
 * Whoever uses this says when the bytes must be in the file, by `drain`.
 */
import type { SyncFile } from "./sync-file.ts";

const FIRST_BUFFER_BYTES = 64 * 1024;
/** More than this is written in several pieces. */
const MOST_BUFFER_BYTES = 1024 * 1024;

export class JoinedWrites {
  readonly #file: Pick<SyncFile, "write">;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  /** Where the gathered bytes belong in the file, and how many there are. */
  #start = 0;
  #length = 0;

  constructor(file: Pick<SyncFile, "write">) {
    this.#file = file;
  }

  /** Gathers a write; writes first what it does not continue, and may fail by that. */
  write(from: Uint8Array, at: number): void {
    const offset = at - this.#start;
    if (this.#length !== 0 && (offset < 0 || offset > this.#length || offset + from.length > MOST_BUFFER_BYTES)) this.drain();
    if (this.#length === 0) {
      if (from.length > MOST_BUFFER_BYTES) {
        this.#file.write(from, at);
        return;
      }
      this.#start = at;
    }
    this.#put(from, at - this.#start);
  }

  /** Whether any of these bytes of the file are gathered here. */
  touch(at: number, length: number): boolean {
    return this.#length !== 0 && at < this.#start + this.#length && at + length > this.#start;
  }

  /** Writes what is gathered. If that fails it is dropped: nothing that relies on it may stand. */
  drain(): void {
    if (this.#length === 0) return;
    const bytes = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    this.#file.write(bytes, this.#start);
  }

  /** Forgets what is gathered. */
  drop(): void {
    this.#length = 0;
  }

  #put(from: Uint8Array, offset: number): void {
    const end = offset + from.length;
    if (end > this.#buffer.length) {
      let room = this.#buffer.length;
      while (room < end) room *= 2;
      const grown = new Uint8Array(room);
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(from, offset);
    if (end > this.#length) this.#length = end;
  }
}
