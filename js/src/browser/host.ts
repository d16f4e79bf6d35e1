/** Opens a database in this thread of a browser: what the dedicated worker does, and a page or a worker of the user's own in process. */
import { instantiateEngine } from "dynatab:glue";
import { EngineHost } from "../engine-host.ts";
import type { EngineSettings } from "../options.ts";
import type { OpenResult } from "../transport.ts";
import { chooseStorage, type StorageWish } from "./storage.ts";
import { loadWasm } from "./wasm.ts";

/** An open database and what is known of it. */
export interface OpenedHost {
  host: EngineHost;
  opened: OpenResult;
  /** Closes the database and lets its lock go. */
  close(): Promise<void>;
}

const hops = new MessageChannel();
const waiting: (() => void)[] = [];
hops.port1.onmessage = () => waiting.shift()?.();

/** Runs something after the messages that have arrived by now; a timer would wait for milliseconds. */
export function hop(run: () => void): void {
  waiting.push(run);
  hops.port2.postMessage(null);
}

/** Opens it. Rejects with one of the package's errors; nothing is left open or locked then. */
export async function openHost(
  wish: StorageWish,
  engine: EngineSettings,
  later: (run: () => void) => void,
  now?: () => number,
): Promise<OpenedHost> {
  const module = loadWasm(wish.wasm.engine);
  // Awaited below; a refusal of the storage must not leave a second rejection unheard.
  module.catch(() => {});
  const storage = await chooseStorage(wish);
  try {
    const host = await EngineHost.open({
      module: await module,
      instantiate: instantiateEngine,
      connect: () => storage.connect(),
      engine,
      now,
      // A commit in memory costs too little to wait a message for more requests.
      hop: storage.opened.persistence === "memory" ? (run) => queueMicrotask(run) : later,
    });
    const close = async () => {
      try {
        await host.close();
      } finally {
        storage.release();
      }
    };
    return { host, opened: storage.opened, close };
  } catch (error) {
    storage.release();
    throw error;
  }
}
