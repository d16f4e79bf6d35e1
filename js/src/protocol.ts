/**
 * Everything a page and a worker say to each other: its own worker, or the one of the tab that leads (`docs/tabs.md`). One file, so that it can be
 * read whole; one version, so that parts of different builds notice at the first message. Requests and replies are packed (`batch.ts`), and
 * their buffers transferred where there is a port.
 */
import type { Counters } from "./counters.ts";
import type { ErrorMessage } from "./errors.ts";
import type { Durability, EngineSettings, Persistence, PersistenceChoice } from "./options.ts";
import type { RequestTrace } from "./request-trace.ts";

/** Grows with every incompatible change of this file, and of what is kept in a database. */
export const PROTOCOL_VERSION = 6;

/** A WebAssembly file: its absolute address, since the page knows it and a worker may have been moved by a bundler, or the compiled module. */
export type WasmSource = string | WebAssembly.Module;

/** The package's WebAssembly files. */
export interface WasmSources {
  engine: WasmSource;
  sqlJs: WasmSource;
  waSqlite: WasmSource;
}

/** The first message to a worker of the page's own: open this database. Answered by `opened` or `openFailed`. */
export interface OpenMessage {
  type: "open";
  version: number;
  name: string;
  persistence: PersistenceChoice;
  durability: Durability;
  engine: EngineSettings;
  wasm: WasmSources;
  /** The page's id as a client. */
  client: string;
  /** The worker's id: the Web Lock of this name is held as long as it lives. Null where there are no Web Locks. */
  worker: string | null;
  /** Whether it shares the database with other tabs: it waits for its turn then, and serves them when it has come. Default: if durable. */
  multiTab: boolean | undefined;
}

/** A port to the worker that brokers ports to other pages. */
export interface BrokerMessage {
  type: "broker";
  port: MessagePort;
}

/** The first message of a page to another tab's worker. Answered by `opened`. */
export interface HelloMessage {
  type: "hello";
  version: number;
  client: string;
}

/** Requests, packed; `length` bytes of the buffer count. */
export interface BatchMessage {
  type: "batch";
  packed: ArrayBuffer;
  length: number;
  /** The client has the replies to all its requests up to this number. */
  confirmed: number;
  /** Another worker had these requests, and may have carried them out. */
  again: boolean;
  /** It is one request, and its reply is to come with its trace. */
  traced?: boolean;
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

/** Asks for a sign of life; answered by `pong`. */
export interface PingMessage {
  type: "ping";
}

/** Finish what was sent, close the database; answered by `closed`. */
export interface CloseMessage {
  type: "close";
}

/** The client does not need this worker any more. */
export interface LeaveMessage {
  type: "leave";
}

/** What a client says to the worker that answers it. */
export type ToLeader = HelloMessage | BatchMessage | CallMessage | WatchMessage | PingMessage | LeaveMessage;

/** What a page says to its own worker. */
export type ToWorker = OpenMessage | BrokerMessage | CloseMessage | Exclude<ToLeader, HelloMessage | LeaveMessage>;

/** The worker runs and holds the lock of its life: its page can begin to watch it. */
export interface AliveMessage {
  type: "alive";
}

/** The worker's turn has come: it holds the database's lock and opens the database. */
export interface LeadingMessage {
  type: "leading";
}

/** The database is open, here. */
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
  /** What the request did in SQLite, where its batch was to be traced. */
  trace?: RequestTrace;
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

/** A file was loaded: another database stands in the place of the one whose streams were watched. */
export interface ReplacedMessage {
  type: "replaced";
}

/** The answer to `ping`. */
export interface PongMessage {
  type: "pong";
}

/** This worker leads no more. All its replies came before; what has none was not accepted. */
export interface YieldedMessage {
  type: "yielded";
}

/** The answer to `close`; nothing comes after it. */
export interface ClosedMessage {
  type: "closed";
  error?: ErrorMessage;
}

/** What the worker that leads says to a client. */
export type FromLeader =
  | OpenedMessage
  | RepliesMessage
  | FailedMessage
  | CalledMessage
  | ChangedMessage
  | ReplacedMessage
  | PongMessage
  | YieldedMessage;

/** What a worker says to its own page. */
export type FromWorker = FromLeader | AliveMessage | LeadingMessage | OpenFailedMessage | ClosedMessage;

/** A tab asks who leads; one of an older version steps back. Answered by `leads` or `opening`. */
export interface SeekMessage {
  type: "seek";
  version: number;
}

/** A worker leads: its id, under which it is reached. */
export interface LeadsMessage {
  type: "leads";
  version: number;
  leader: string;
}

/** A worker is about to lead. */
export interface OpeningMessage {
  type: "opening";
  leader: string;
}

/** What would go over a port, where none can be had. */
export interface RelayMessage {
  type: "relay";
  to: string;
  from: string;
  message: ToLeader | FromLeader;
}

/** What all tabs hear that have a database open, over its broadcast channel. The first two never change: every version must understand them. */
export type TabMessage = SeekMessage | LeadsMessage | OpeningMessage | RelayMessage;

/** To the broker of ports. A worker: I lead. A page: give this port to that leader. */
export type ToBroker = { type: "lead"; leader: string } | { type: "connect"; leader: string; port: MessagePort };

/** From the broker to the worker that leads: a port to another page. */
export interface FromBroker {
  port: MessagePort;
}
