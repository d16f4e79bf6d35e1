/** The dedicated worker: one database, one page. Speaks `protocol.ts`. */

import { hop, type OpenedHost, openHost } from "./browser/host.ts";
import { holdLife } from "./browser/locks.ts";
import type { StreamListener } from "./changes/listener.ts";
import { dumpDatabase, loadDatabase } from "./dump/dump.ts";
import type { EngineHost } from "./engine-host.ts";
import { errorToMessage, VersionMismatchError } from "./errors.ts";
import {
  type CalledMessage,
  type CallMessage,
  type Calls,
  type FromWorker,
  type OpenMessage,
  PROTOCOL_VERSION,
  type ToWorker,
} from "./protocol.ts";
import type { ReplySink } from "./reply-sink.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

function say(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

const page: ReplySink & StreamListener = {
  replies: ({ buffer, length }) => say({ type: "replies", packed: buffer, length }, [buffer]),
  failed: (ids, error) => say({ type: "failed", ids: [...ids], error: errorToMessage(error) }),
  // The host of this worker never loses its page's requests at large; its page notices the worker's end by itself.
  lost: () => {},
  changed: (tables) => say(tables ? { type: "changed", tables } : { type: "changed" }),
};

async function open(message: OpenMessage): Promise<OpenedHost> {
  if (message.version !== PROTOCOL_VERSION) {
    throw new VersionMismatchError(
      `The page speaks version ${message.version} of dynatab's worker protocol, its worker version ${PROTOCOL_VERSION}: a cache holds files of two releases. Reload, or serve the files of one release.`,
    );
  }
  if (message.lifeLock !== null) {
    await holdLife(message.lifeLock);
    say({ type: "alive" });
  }
  const { name, persistence, durability, wasm } = message;
  return openHost({ name, persistence, durability, wasm }, message.engine, hop);
}

let opening: Promise<OpenedHost> | undefined;
let database: OpenedHost | undefined;

async function answerOpen(message: OpenMessage): Promise<void> {
  opening = open(message);
  try {
    database = await opening;
    say({ type: "opened", version: PROTOCOL_VERSION, ...database.opened });
  } catch (error) {
    say({ type: "openFailed", error: errorToMessage(error) });
    scope.close();
  }
}

async function answerCall(host: EngineHost, { call, what, input }: CallMessage): Promise<void> {
  try {
    say({ type: "called", call, output: await run(host, what, input) });
  } catch (error) {
    say({ type: "called", call, error: errorToMessage(error) });
  }
}

function run(host: EngineHost, what: keyof Calls, input: CallMessage["input"]): CalledMessage["output"] | Promise<CalledMessage["output"]> {
  if (what === "counters") return host.counters;
  return what === "dump" ? dumpDatabase(host) : loadDatabase(host, input as Blob).then(() => undefined);
}

async function answerClose(): Promise<void> {
  try {
    await (await opening)?.close();
    say({ type: "closed" });
  } catch (error) {
    say({ type: "closed", error: errorToMessage(error) });
  }
  scope.close();
}

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "batch":
      // A page sends its first batch after `opened`.
      database?.host.submit(new Uint8Array(data.packed, 0, data.length), page);
      break;
    case "call":
      if (database) void answerCall(database.host, data);
      break;
    case "watch":
      database?.host.watch(data.tables, page);
      break;
    case "open":
      void answerOpen(data);
      break;
    case "close":
      void answerClose();
      break;
  }
};
