/** Opens a database in this thread of a browser: what the dedicated worker does, and a page or a worker of the user's own in process. */
import { instantiateEngine } from "dynatab:glue";
import { runCall } from "../calls.ts";
import { EngineHost } from "../engine-host.ts";
import type { EngineSettings } from "../options.ts";
import type { Answer } from "../tabs/leadership.ts";
import type { TakeLock } from "../tabs/tab-worker.ts";
import type { OpenResult } from "../transport.ts";
import { holdAlone } from "./locks.ts";
import { chooseStorage, type StorageWish } from "./storage.ts";
import { loadWasm } from "./wasm.ts";

/** An open database and what is known of it. */
export interface OpenedHost {
  host: EngineHost;
  opened: OpenResult;
  /** Answers what is asked beside requests. */
  answer: Answer;
  /** Closes the database and lets its lock go. */
  close(): Promise<void>;
}

const hops = new MessageChannel();
const waiting: (() => void)[] = [];
hops.port1.onmessage = () => waiting.shift()?.();

/** Runs something after the messages that have arrived by now; a timer would wait for milliseconds. */
function hop(run: () => void): void {
  waiting.push(run);
  hops.port2.postMessage(null);
}

/** The lock of a database that is not shared. */
export function takeAlone(name: string): TakeLock {
  return async (durable) => (durable ? holdAlone(name) : () => {});
}

/** Opens it. Rejects with one of the package's errors; nothing is left open or locked then. */
export async function openHost(wish: StorageWish, engine: EngineSettings, take: TakeLock, now?: () => number): Promise<OpenedHost> {
  const storage = await chooseStorage(wish, take);
  try {
    const host = await EngineHost.open({
      module: await loadWasm(wish.wasm.engine),
      instantiate: instantiateEngine,
      connect: () => storage.connect(),
      engine,
      now,
      // A commit in memory costs too little to wait a message for more requests.
      hop: storage.opened.persistence === "memory" ? (run) => queueMicrotask(run) : hop,
    });
    const close = async () => {
      try {
        await host.close();
      } finally {
        storage.release();
      }
    };
    return { host, opened: storage.opened, answer: (asked) => runCall(host, asked), close };
  } catch (error) {
    storage.release();
    throw error;
  }
}
