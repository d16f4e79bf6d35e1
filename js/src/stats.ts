/** `db.stats()`: how large a database is, what is in it, and what it rests on. */
import type { CallOptions } from "./database.ts";
import type { Persistence } from "./options.ts";
import type { AskOwn } from "./own-operations.ts";

/** An index's figures. Sizes are DynamoDB's own, as `DescribeTable` gives them. */
export interface IndexStats {
  indexName: string;
  itemCount: number;
  sizeBytes: number;
}

/** A table's figures: counters, exact at every moment. Sizes are DynamoDB's own, as `DescribeTable` gives them. */
export interface TableStats {
  tableName: string;
  status: "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";
  itemCount: number;
  sizeBytes: number;
  /** How many items it keeps at most, where it is used as a cache (`db.cache`). */
  cacheMaxItems?: number;
  /** By name; one that is being filled counts what is in it. */
  indexes: IndexStats[];
}

/** What a database rests on. */
export interface StorageStats {
  /** Where the data is. */
  persistence: Persistence;
  sqliteVersion: string;
  /** The version of the database file's layout. */
  schemaVersion: number;
  /** SQLite's journal mode: `wal` where the data lasts. */
  journalMode: string;
  pageBytes: number;
}

/** The answer of `db.stats()`. */
export interface DatabaseStats {
  /** Bytes of the database file or, in memory, of its pages; without SQLite's log beside the file. */
  sizeBytes: number;
  /** Bytes of it that hold nothing: what comes next is written there, and `db.vacuum()` gives them back. */
  freeBytes: number;
  /** By name. */
  tables: TableStats[];
  storage: StorageStats;
}

/** Asks the engine, which answers from its counters and a single look at SQLite. */
export async function readStats(ask: AskOwn, persistence: Persistence, options?: CallOptions): Promise<DatabaseStats> {
  const stats = (await ask("DescribeDatabase", {}, options)) as DatabaseStats;
  return { ...stats, storage: { ...stats.storage, persistence } };
}
