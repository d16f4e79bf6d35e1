/**
 * Replacing a database as a whole, so that a crash at any moment leaves the old one or the new one.
 *
 * The new one is written into a file beside the database's, and when it is whole and checked it is **sealed**: its bytes are flushed, then a
 * seal is appended and flushed. That is the moment of replacement. Whoever opens the database next finds the sealed file and copies it over
 * the old one, again from the beginning if that was interrupted; a file without a seal was never finished and is removed. No file is renamed:
 * not every browser can.
 */
import type { DatabaseFiles, SyncFile } from "./sync-file.ts";

/** The file's name, beside the database's own. */
export const INCOMING_NAME = "data.sqlite-incoming";

/** The new database's file, before it is sealed. */
export interface IncomingFile {
  readonly file: SyncFile;
  /** Closes the file; the next one who opens the database takes it in if it is sealed. */
  close(): void;
  /** Closes and removes it: it is not wanted. */
  discard(): void | Promise<void>;
}

const MARK = new TextEncoder().encode("dynatab: whole\n\n");
const SEAL_BYTES = MARK.length + 8;
const COPY_BYTES = 1 << 20;

/** Seals a file of which the first `size` bytes are the new database. From here on it counts. */
export function seal(file: SyncFile, size: number): void {
  file.truncate(size);
  file.flush();
  const bytes = new Uint8Array(SEAL_BYTES);
  bytes.set(MARK);
  new DataView(bytes.buffer).setBigUint64(MARK.length, BigInt(size), true);
  file.write(bytes, size);
  file.flush();
}

/** The new database's size, if the file is sealed. */
export function sealedSize(file: SyncFile): number | undefined {
  const size = file.size() - SEAL_BYTES;
  const bytes = new Uint8Array(SEAL_BYTES);
  if (size < 0 || file.read(bytes, size) < SEAL_BYTES) return undefined;
  const marked = MARK.every((byte, at) => bytes[at] === byte);
  return marked && new DataView(bytes.buffer).getBigUint64(MARK.length, true) === BigInt(size) ? size : undefined;
}

/** Copies a sealed file over a database's files, and makes that durable; the file can be removed then. An unsealed one changes nothing. */
export function takeIn({ database, journal, wal }: Omit<DatabaseFiles, "release">, incoming: SyncFile): void {
  const size = sealedSize(incoming);
  if (size === undefined) return;
  for (const log of [journal, wal]) {
    log.truncate(0);
    log.flush();
  }
  const piece = new Uint8Array(COPY_BYTES);
  for (let at = 0; at < size; at += COPY_BYTES) {
    const got = incoming.read(piece, at);
    database.write(piece.subarray(0, Math.min(got, size - at)), at);
  }
  database.truncate(size);
  database.flush();
}
