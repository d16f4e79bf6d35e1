/**
 * Web Locks, by name: one for each database that more than one tab may want, held by the worker that has it open; one for the life of each
 * worker and each client, so that others notice its end. Where there are no Web Locks (insecure contexts) there is no private file system
 * either, and nothing to lock.
 */
import type { PersistenceChoice } from "../options.ts";
import { busyError } from "../tabs/refusals.ts";
import type { Release } from "../tabs/tab-worker.ts";

/** A reload finds its own page's last worker on its way out: it is given this long. */
const BUSY_AFTER_MS = 3000;

/** The lock manager, where there is one. */
export function lockManager(): LockManager | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.locks;
}

/** The lock of a database, and the name of the channel its tabs hear. One in memory is another database than a durable one of its name. */
export function databaseLock(name: string, persistence: PersistenceChoice): string {
  return persistence === "memory" ? `dynatab-memory:${name}` : `dynatab:${name}`;
}

/** Held beside a durable database's lock by whoever does not share it. */
const aloneLock = (name: string) => `dynatab-alone:${name}`;

/** The lock of a client's life; that of another client has the same beginning. */
export const clientLock = (name: string, client: string) => `dynatab-client:${name}:${client}`;

/** The id of a client that can never lead, so that nobody waits for it to. */
export const guest = (id: string) => `guest-${id}`;

/** Takes a lock and keeps it until it is released or this thread ends. */
export function hold(name: string, signal?: AbortSignal): Promise<Release> {
  const locks = lockManager();
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const holding = () => new Promise<void>((release) => resolve(() => release()));
    locks.request(name, signal ? { signal } : {}, holding).catch(reject);
  });
}

/** Takes the lock of a database that is not shared. Rejects with `DatabaseBusyError` when somebody else keeps it. */
export async function holdAlone(name: string, waitMs: number = BUSY_AFTER_MS): Promise<Release> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  try {
    const release = await hold(databaseLock(name, "auto"), waiting.signal);
    const shown = await hold(aloneLock(name));
    return () => {
      shown();
      release();
    };
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    throw busyError(name, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls back when whoever holds a life's lock has ended. The signal ends the watch. */
export function watchLife(name: string, signal: AbortSignal, ended: () => void): void {
  lockManager()
    // Shared, so that all who wait hear of it at once.
    ?.request(name, { signal, mode: "shared" }, () => ended())
    .catch(() => {
      // Aborted: nobody watches any more.
    });
}

const namesOf = (locks: readonly LockInfo[] = []) => locks.flatMap(({ name }) => (name === undefined ? [] : [name]));

async function heldLocks(): Promise<string[]> {
  return namesOf((await lockManager()?.query())?.held);
}

/** Whether a shared database is open somewhere, or about to be. */
export async function mayBeLed(name: string, persistence: PersistenceChoice): Promise<boolean> {
  const { held, pending } = (await lockManager()?.query()) ?? {};
  const tab = (lock: string) => lock.startsWith(clientLock(name, "")) && !lock.startsWith(clientLock(name, guest("")));
  const database = databaseLock(name, persistence);
  return [...namesOf(held), ...namesOf(pending)].some((lock) => lock === database || tab(lock));
}

/** Whether somebody has a database open who does not share it. */
export async function isHeldAlone(name: string): Promise<boolean> {
  return (await heldLocks()).includes(aloneLock(name));
}

/** Whether a database has a client beside this one. */
export async function hasOtherClients(name: string, client: string): Promise<boolean> {
  const own = clientLock(name, client);
  return (await heldLocks()).some((held) => held !== own && held.startsWith(clientLock(name, "")));
}
