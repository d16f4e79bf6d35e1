/**
 * The five functions (and `close`) every kind of storage must have, and the files one database is made of.
 */

import type { IncomingFile } from "./incoming.ts";

/** A file that is read and written synchronously. Positions and sizes are bytes. Failures are exceptions; none may be swallowed. */
export interface SyncFile {
  /** Reads into all of `into`, or less at the end of the file. Gives the bytes read. */
  read(into: Uint8Array, at: number): number;
  /** Writes all of `from`, growing the file if need be. */
  write(from: Uint8Array, at: number): void;
  /** Cuts the file, or grows it with zeros. */
  truncate(size: number): void;
  /** Returns once everything written is durable. */
  flush(): void;
  size(): number;
  close(): void;
}

/** Names of a database's files, in its directory and for SQLite: its own convention, so that any SQLite can salvage them. */
export const FILE_NAMES = {
  database: "data.sqlite",
  journal: "data.sqlite-journal",
  wal: "data.sqlite-wal",
} as const;

/** The opened files of one database, held by this connection alone until `release`. */
export interface DatabaseFiles {
  readonly database: SyncFile;
  readonly journal: SyncFile;
  readonly wal: SyncFile;
  /** Closes all files and lets others open the database. A second call does nothing. */
  release(): void;
  /** Opens an empty file beside them for a database that is to replace this one (`incoming.ts`). Absent where nothing can be replaced. */
  receive?(): Promise<IncomingFile>;
}

/** Another tab, process or connection holds the database's files. */
export class DatabaseBusyError extends Error {
  override readonly name = "DatabaseBusyError";
}

/** The storage has no room (the origin's quota, or the disk). */
export class StorageFullError extends Error {
  override readonly name = "StorageFullError";
}

/** Closes each file, whatever the others do. */
export function closeAll(files: readonly SyncFile[]): void {
  for (const file of files) {
    try {
      file.close();
    } catch {
      // A handle that cannot be closed is gone already; the others must still be let go.
    }
  }
}
