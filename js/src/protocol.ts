/**
 * Everything a page and its worker say to each other. One file, so that it can be read whole; one version, so that a page and a worker of
 * different builds notice at the first message. Requests and replies are packed (`batch.ts`) and their buffers transferred.
 */
import type { Counters } from "./counters.ts";
import type { ErrorMessage } from "./errors.ts";
import type { Durability, EngineSettings, Persistence, PersistenceChoice } from "./options.ts";

/** Changes with every incompatible change of this file. */
export const PROTOCOL_VERSION = 3;

/** A WebAssembly file: its absolute address, since the page knows it and a worker may have been moved by a bundler, or the compiled module. */
export type WasmSource = string | WebAssembly.Module;

/** The package's WebAssembly files. */
export interface WasmSources {
  engine: WasmSource;
  sqlJs: WasmSource;
  waSqlite: WasmSource;
}

/** The first message to a worker: open this database. Answered by `opened` or `openFailed`. */
export interface OpenMessage {
  type: "open";
  version: number;
  name: string;
  persistence: PersistenceChoice;
  durability: Durability;
  engine: EngineSettings;
  wasm: WasmSources;
  /** The Web Lock the worker holds as long as it lives, so that its page notices its end; null where there are no Web Locks. */
  lifeLock: string | null;
}

/** Requests, packed; `length` bytes of the buffer count. */
export interface BatchMessage {
  type: "batch";
  packed: ArrayBuffer;
  length: number;
}

/** What a worker is asked beside requests, and what it answers. */
export interface Calls {
  counters: { input: undefined; output: Counters };
  /** The whole database as one SQLite file. */
  dump: { input: undefined; output: Blob };
  /** The database is to be replaced by the one in this file. */
  load: { input: Blob; output: undefined };
}

/** Asks for one of them; answered by `called` with the same `call`. */
export interface CallMessage {
  type: "call";
  call: number;
  what: keyof Calls;
  input: Calls[keyof Calls]["input"];
}

/** Tell once of each of these tables that its stream has changed: by `changed`. */
export interface WatchMessage {
  type: "watch";
  tables: string[];
}

/** Finish what was sent, close the database; answered by `closed`. */
export interface CloseMessage {
  type: "close";
}

/** What a page says to its worker. */
export type ToWorker = OpenMessage | BatchMessage | CallMessage | WatchMessage | CloseMessage;

/** The worker runs and holds its life lock: its page can begin to watch it. */
export interface AliveMessage {
  type: "alive";
}

/** The database is open. */
export interface OpenedMessage {
  type: "opened";
  version: number;
  persistence: Persistence;
  /** Why the database is in memory although something durable was wished for. */
  reason?: string;
}

/** The database is not open, and this worker is of no further use. */
export interface OpenFailedMessage {
  type: "openFailed";
  error: ErrorMessage;
}

/** Replies, packed; `length` bytes of the buffer count. It is the one their requests came in, if they fit. */
export interface RepliesMessage {
  type: "replies";
  packed: ArrayBuffer;
  length: number;
}

/** These requests will have no reply. */
export interface FailedMessage {
  type: "failed";
  ids: number[];
  error: ErrorMessage;
}

/** The answer to `call`: the output, or the error. */
export interface CalledMessage {
  type: "called";
  call: number;
  output?: Calls[keyof Calls]["output"];
  error?: ErrorMessage;
}

/** Something may have happened in the streams of these tables, of all that are watched where none are named; they are watched no more. */
export interface ChangedMessage {
  type: "changed";
  tables?: readonly string[];
}

/** The answer to `close`; nothing comes after it. */
export interface ClosedMessage {
  type: "closed";
  error?: ErrorMessage;
}

/** What a worker says to its page. */
export type FromWorker =
  | AliveMessage
  | OpenedMessage
  | OpenFailedMessage
  | RepliesMessage
  | FailedMessage
  | CalledMessage
  | ChangedMessage
  | ClosedMessage;
