/** Bytes on their way between files and blobs, a few at a time: a browser keeps a large blob outside the memory of whoever makes it. */
import type { SyncFile } from "../drivers/vfs/sync-file.ts";

const PART_BYTES = 4 << 20;
/** Where a file's header says that it belongs to a write-ahead log: versions of its readers and writers, 2 with a log and 1 without. */
const WAL_VERSIONS = 18;

/** The media type SQLite's files have. */
const TYPE = "application/vnd.sqlite3";

/**
 * The first `size` bytes of a database file that needs nothing of its log. The header no longer speaks of one, so that programs can read the
 * file where they may not write beside it.
 */
export function blobOf(file: Pick<SyncFile, "read">, size: number): Blob {
  const parts: Blob[] = [];
  const bytes = new Uint8Array(Math.min(size, PART_BYTES));
  for (let at = 0; at < size; at += PART_BYTES) {
    const part = bytes.subarray(0, Math.min(PART_BYTES, size - at));
    file.read(part, at);
    if (at === 0) part.fill(1, WAL_VERSIONS, WAL_VERSIONS + 2);
    parts.push(new Blob([part]));
  }
  return new Blob(parts, { type: TYPE });
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
