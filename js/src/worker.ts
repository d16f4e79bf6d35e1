/** The script of a page's worker: `tabs/tab-worker.ts` in a browser. Speaks `protocol.ts`. */

import { joinChannel } from "./browser/channel.ts";
import { openHost, takeAlone } from "./browser/host.ts";
import { databaseLock, hasOtherClients, hold } from "./browser/locks.ts";
import type { ToWorker } from "./protocol.ts";
import { TabWorker } from "./tabs/tab-worker.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

const worker = new TabWorker({
  say: (message, transfer) => scope.postMessage(message, transfer),
  end: () => scope.close(),
  hold: (lock) => hold(lock),
  lockOf: ({ name, persistence }) => databaseLock(name, persistence),
  takeAlone: ({ name }, durable) => takeAlone(name)(durable),
  join: joinChannel,
  open: ({ name, persistence, durability, wasm, engine }, take) => openHost({ name, persistence, durability, wasm }, engine, take),
  hasOtherClients: ({ name, client }) => hasOtherClients(name, client),
});

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => worker.hear(data);
