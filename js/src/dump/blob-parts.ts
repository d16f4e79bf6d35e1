/** Bytes on their way between files and blobs, a few at a time: a browser keeps a large blob outside the memory of whoever makes it. */
import type { SyncFile } from "../drivers/vfs/sync-file.ts";

const PART_BYTES = 4 << 20;
/** Where a file's header says that it belongs to a write-ahead log: versions of its readers and writers, 2 with a log and 1 without. */
const WAL_VERSIONS = 18;

/** The media type SQLite's files have. */
const TYPE = "application/vnd.sqlite3";

/**
 * One part of a database file of `size` bytes that needs nothing of its log; `bytes` is where it is put. The header no longer speaks of a log, so
 * that programs can read the file where they may not write beside it.
 */
function readPart(file: Pick<SyncFile, "read">, at: number, size: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const part = bytes.subarray(0, Math.min(PART_BYTES, size - at));
  file.read(part, at);
  if (at === 0) part.fill(1, WAL_VERSIONS, WAL_VERSIONS + 2);
  return part;
}

const roomFor = (size: number) => new Uint8Array(Math.min(size, PART_BYTES));

/** The file as a blob. */
export function blobOf(file: Pick<SyncFile, "read">, size: number): Blob {
  const parts: Blob[] = [];
  const bytes = roomFor(size);
  for (let at = 0; at < size; at += PART_BYTES) parts.push(new Blob([readPart(file, at, size, bytes)]));
  return new Blob(parts, { type: TYPE });
}

/** The same of a file in memory that nobody needs any more: it is cut as it is read, from its end, so that nothing is there twice. */
export function spentAsBlob(file: Pick<SyncFile, "read" | "truncate">, size: number): Blob {
  const parts: Blob[] = [];
  const bytes = roomFor(size);
  for (let at = size - 1 - ((size - 1) % PART_BYTES); at >= 0; at -= PART_BYTES) {
    parts.unshift(new Blob([readPart(file, at, size, bytes)]));
    file.truncate(at);
  }
  return new Blob(parts, { type: TYPE });
}

/** Has a whole file's header no longer speak of a log. */
export function forgetLog(file: Pick<SyncFile, "write">): void {
  file.write(new Uint8Array([1, 1]), WAL_VERSIONS);
}

/** Copies the file into another. */
export function copyFile(file: Pick<SyncFile, "read">, size: number, into: Pick<SyncFile, "write">): void {
  const bytes = roomFor(size);
  for (let at = 0; at < size; at += PART_BYTES) into.write(readPart(file, at, size, bytes), at);
}

/** Writes a blob into a file, from its beginning. */
export async function writeBlob(blob: Blob, file: Pick<SyncFile, "write">): Promise<void> {
  const reader = blob.stream().getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    file.write(value, at);
    at += value.length;
  }
}
