/** Whole databases, out and in: what a connection can do with them. A database outside is one SQLite file in a `Blob`. */
import type { Connection, DriverConnection } from "../connection.ts";
import type { SyncFile } from "../drivers/vfs/sync-file.ts";

/** A database that is to replace the one there is. Until it is accepted nothing has happened. */
export interface Incoming {
  /** Opens it by itself, to be looked at. Closed before it is accepted. */
  connect(): Promise<DriverConnection>;
  /**
   * Makes it the database: from here on a crash leaves it, and no longer the old one. Gives the connection to go on with, or none where the
   * next connection that is opened is one to it.
   */
  accept(): Promise<Connection | undefined>;
  /** It is not wanted. Not called after `accept` has succeeded. */
  discard(): void | Promise<void>;
}

/** What a connection needs for that; called only between batches of requests, except `receive`. */
export interface Exchange {
  /** The database as it stands. */
  dump(): Promise<Blob>;
  /** The same into a file, which is empty: no more than a few megabytes of it are in memory at a time. */
  dumpInto(file: SyncFile): Promise<void>;
  /** Takes a file in beside the database. */
  receive(file: Blob): Promise<Incoming>;
}
