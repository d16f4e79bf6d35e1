/** Opens a database in a worker of this page, or in that of the tab that leads. */

import type { TabMessage, ToBroker } from "../protocol.ts";
import { newRequestId } from "../request-id.ts";
import type { TabChannel, TabPlatform } from "../tabs/platform.ts";
import { type OpenWish, TabTransport } from "../tabs/tab-transport.ts";
import type { Transport } from "../transport.ts";
import { type AssetOptions, startBroker, startWorker } from "./assets.ts";
import { joinChannel } from "./channel.ts";
import { clientLock, databaseLock, guest, hold, isHeldAlone, lockManager, mayBeLed, watchLife } from "./locks.ts";

/** The channel of a database, and the lock of this client's life: both as long as the database is open here. */
function join(wish: OpenWish, hear: (message: TabMessage) => void): TabChannel {
  const channel = joinChannel(databaseLock(wish.name, wish.persistence), hear);
  const living = hold(clientLock(wish.name, wish.client));
  return {
    post: (message) => channel.post(message),
    close() {
      channel.close();
      void living.then((release) => release());
    },
  };
}

/** A fresh way to the broker: the last one may have ended with the process it ran in. */
function broker(assets: AssetOptions): MessagePort | undefined {
  return startBroker(assets)?.port;
}

function connect(assets: AssetOptions, leader: string): MessagePort | undefined {
  const toBroker = broker(assets);
  if (!toBroker) return undefined;
  const { port1, port2 } = new MessageChannel();
  toBroker.postMessage({ type: "connect", leader, port: port2 } satisfies ToBroker, [port2]);
  return port1;
}

/** Whether there can be workers here: not in a service worker, nor in a shared one. */
export const hasWorkers = (): boolean => typeof Worker === "function";

/** Whether a database is shared. Tabs have nothing to do with one another where none can tell whether another lives. */
export function isShared({ multiTab, persistence }: Pick<OpenWish, "multiTab" | "persistence">): boolean {
  return lockManager() !== undefined && typeof BroadcastChannel === "function" && (multiTab ?? persistence !== "memory");
}

function platform(wish: OpenWish, assets: AssetOptions): TabPlatform {
  const locks = lockManager() !== undefined;
  const shared = isShared(wish);
  const start = async () => ({ worker: await startWorker(assets), id: locks ? `dynatab-worker:${newRequestId()}` : null });
  return {
    startWorker: hasWorkers() ? start : undefined,
    join: (hear) => (shared ? join(wish, hear) : undefined),
    connect: (leader) => connect(assets, leader),
    brokerPort: () => (shared ? broker(assets) : undefined),
    watchLife,
    isHeldAlone: () => isHeldAlone(wish.name),
    mayBeLed: () => mayBeLed(wish.name, wish.persistence),
    now: Date.now,
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Opens it. Rejects with one of the package's errors. */
export async function openInTabs(wish: Omit<OpenWish, "client">, assets: AssetOptions, patience: number): Promise<Transport> {
  const id = newRequestId();
  const complete = { ...wish, client: hasWorkers() ? id : guest(id) };
  const transport = await TabTransport.open(platform(complete, assets), complete, patience);
  if (typeof document === "undefined") return transport;
  // A page that is frozen has frozen workers, which hold their locks: another tab could not lead.
  document.addEventListener("freeze", () => transport.freeze());
  document.addEventListener("resume", () => transport.resume());
  // Where there are no such events, a page that may come back says so as it goes.
  addEventListener("pagehide", (event) => (event as PageTransitionEvent).persisted && transport.freeze());
  addEventListener("pageshow", (event) => (event as PageTransitionEvent).persisted && transport.resume());
  return transport;
}
