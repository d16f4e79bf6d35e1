/** What a worker answers beside requests: see `Calls` in `protocol.ts`. */
import { dumpDatabase, loadDatabase } from "./dump/dump.ts";
import type { EngineHost } from "./engine-host.ts";
import type { CalledMessage, CallMessage } from "./protocol.ts";

/** Carries one of them out. */
export async function runCall(host: EngineHost, { what, input }: Pick<CallMessage, "what" | "input">): Promise<CalledMessage["output"]> {
  if (what === "counters") return host.counters;
  if (what === "dump") return dumpDatabase(host);
  await loadDatabase(host, input as Blob);
  return undefined;
}
