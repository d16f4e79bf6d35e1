/** The engine in this thread of a browser. Loaded only when it is asked for: a page with a worker needs none of it. */
import { InProcessTransport } from "../in-process.ts";
import type { EngineSettings } from "../options.ts";
import type { Transport } from "../transport.ts";
import { openHost, takeAlone } from "./host.ts";
import type { StorageWish } from "./storage.ts";

/** Opens the database here. `reason`: why it is in memory, where that was decided before. */
export async function openInProcess(wish: StorageWish, engine: EngineSettings, now?: () => number, reason?: string): Promise<Transport> {
  const { host, opened, close } = await openHost(wish, engine, takeAlone(wish.name), now);
  return new InProcessTransport(host, reason === undefined ? opened : { ...opened, reason }, close);
}
