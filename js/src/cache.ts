/** `db.cache()`: a table as a cache of so many items, out of which the ones not used for longest go. */
import type { CallOptions } from "./database.ts";
import { InvalidOptionError } from "./errors.ts";
import type { AskOwn } from "./own-operations.ts";

/** How a table is used as a cache. */
export interface CacheOptions {
  /**
   * How many items it keeps. Where there are more, the ones not used for longest are deleted a few at a time behind the requests, index
   * entries and all. An item is used when it is written, or read by its key: GetItem, BatchGetItem and TransactGetItems count, Query and Scan
   * do not. Reads are noted in memory and written with the next change of the database, so a read stays as cheap as it was; of a process that
   * ends in between the latest may be forgotten.
   *
   * In the table's stream an eviction is a REMOVE record whose `userIdentity` is `{ PrincipalId: "dynatab", Type: "Service" }`, as an expiry
   * is one of `dynamodb.amazonaws.com`.
   */
  maxItems: number;
}

/** Sets or takes away a table's bound. */
export async function updateCache(ask: AskOwn, tableName: string, cache: CacheOptions | null, options?: CallOptions): Promise<void> {
  const maxItems = cache === null ? null : cache.maxItems;
  if (maxItems !== null && !(Number.isSafeInteger(maxItems) && maxItems > 0)) {
    throw new InvalidOptionError(`maxItems must be a whole number of at least 1, not ${JSON.stringify(maxItems)}.`);
  }
  await ask("UpdateCache", { tableName, maxItems }, options);
}
