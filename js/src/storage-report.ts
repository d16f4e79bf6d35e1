/** `db.storage()`: where the data is and what the browser says of the room for it. */
import type { Persistence } from "./options.ts";

/** What is known of the storage under a database. Bytes are the browser's estimates for the whole origin. */
export interface StorageReport {
  /** Where the data is. */
  persistence: Persistence;
  /** Why it is in memory, where something durable was wished for. */
  reason?: string;
  /**
   * Whether the browser has promised to keep the origin's data when the disk runs short. Where it has not, it may clear all of it, as it may
   * any page's: install the page, or ask the user. Absent where there is nothing to promise.
   */
  persisted?: boolean;
  /** Bytes the origin uses. */
  usage?: number;
  /** Bytes it may use. */
  quota?: number;
}

/** The browser's storage manager, where there is one. */
function storageManager(): StorageManager | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.storage;
}

/**
 * Asks the browser to keep the origin's data, which it does or not by its own rules, some after asking the user: nobody waits for it, and
 * `readStorage` tells the outcome. Workers cannot ask.
 */
export function askToPersist(): void {
  const manager = storageManager();
  if (!manager?.persist) return;
  manager.persist().catch(() => {
    // A browser that refuses to answer has not promised anything.
  });
}

/** Asks the browser how it stands now. */
export async function readStorage(persistence: Persistence, reason: string | undefined): Promise<StorageReport> {
  const report: StorageReport = reason === undefined ? { persistence } : { persistence, reason };
  const manager = storageManager();
  if (persistence !== "opfs" || !manager) return report;
  const [persisted, { usage, quota }] = await Promise.all([manager.persisted(), manager.estimate()]);
  return { ...report, persisted, ...(usage === undefined ? {} : { usage }), ...(quota === undefined ? {} : { quota }) };
}
