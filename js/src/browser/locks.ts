/**
 * Web Locks: one named after each durable database, so that two tabs never open its files at once, and one for each worker's life, so that
 * its page notices its end. Where there are no Web Locks (insecure contexts) there is no private file system either, and nothing to lock.
 */
import { DatabaseBusyError } from "../errors.ts";

/** A reload finds its own page's last worker on its way out: it is given this long. */
const BUSY_AFTER_MS = 3000;

/** The lock manager, where there is one. */
export function lockManager(): LockManager | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.locks;
}

/** Lets a lock go. */
export type Release = () => void;

/** Takes a lock and keeps it until it is released or this thread ends. */
function hold(locks: LockManager, name: string, options: LockOptions): Promise<Release> {
  return new Promise((resolve, reject) => {
    locks.request(name, options, () => new Promise<void>((release) => resolve(() => release()))).catch(reject);
  });
}

/** Takes the lock of a database. Rejects with `DatabaseBusyError` when somebody else keeps it. */
export async function holdDatabase(name: string, waitMs: number = BUSY_AFTER_MS): Promise<Release> {
  const locks = lockManager();
  if (!locks) return () => {};
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  try {
    return await hold(locks, `dynatab:${name}`, { signal: waiting.signal });
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    throw new DatabaseBusyError(
      `The database ${JSON.stringify(name)} is open elsewhere: in another tab, or a second time on this page. Close it there, or use the database object that is open.`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Takes a worker's life lock; its end is the worker's. */
export async function holdLife(name: string): Promise<void> {
  const locks = lockManager();
  if (locks) await hold(locks, name, {});
}

/** Calls back when whoever holds a life lock has ended. The signal ends the watch. */
export function watchLife(name: string, signal: AbortSignal, ended: () => void): void {
  lockManager()
    ?.request(name, { signal }, () => ended())
    .catch(() => {
      // Aborted: nobody watches any more.
    });
}
