/**
 * A database that is not there any more must not be made anew: somebody would believe that it was empty.
 *
 * All files are made when a database is, the database's own first. So a log without a database file, and a log that still holds pages of a
 * database file that is empty, tell that something was lost.
 */
import { DatabaseCorruptError } from "../../errors.ts";
import { FILE_NAMES, type SyncFile } from "./sync-file.ts";

/** The first bytes of a write-ahead log, by the order of its checksums. */
const LOG_MAGIC = new Set([0x377f0682, 0x377f0683]);
const LOG_HEADER_BYTES = 32;

/** What is said where the database's file is gone and its log is not. */
export function missingDatabase(): DatabaseCorruptError {
  return new DatabaseCorruptError(
    `The database's file ${FILE_NAMES.database} is missing: its log is there without it. Nothing was made anew. Dynatab.salvage() gives what is left; put the file back, or make room for a new database with Dynatab.delete().`,
  );
}

/** Refuses files of which the database is empty and the log is not. Throws `DatabaseCorruptError`. */
export function refuseEmptied(database: SyncFile, wal: SyncFile): void {
  if (database.size() > 0) return;
  const header = new Uint8Array(LOG_HEADER_BYTES);
  // A whole frame at least: a header alone says nothing of pages.
  if (wal.size() <= LOG_HEADER_BYTES || wal.read(header, 0) < LOG_HEADER_BYTES) return;
  if (LOG_MAGIC.has(new DataView(header.buffer).getUint32(0))) throw missingDatabase();
}
