/** The engine as JavaScript sees it: what the WebAssembly module exports, and what it is given. */
import { MemoryViews } from "./drivers/memory-views.ts";
import type { EngineSettings } from "./options.ts";

/** The call is done: its result is at `reply_ptr`. */
export const DONE = 0;
/** The call waits for an answer of an asynchronous driver. */
export const PENDING = 1;

/** What an engine is given: the way to SQLite, time and entropy, none of which WebAssembly has. */
export interface Bridge {
  /** Whether the data lives and dies with the connection, so that there is nothing to open again. */
  readonly volatile: boolean;
  /** Runs a frame; the returned numbers are those of `docs/frame.md`. */
  execute(framePtr: number, frameLen: number, answerPtr: number, answerCapacity: number): number;
  /**
   * A commit is in doubt: closes the connection, opens the database anew, and has `execute` run on the new connection from then on. Returns the
   * numbers of `docs/frame.md`.
   */
  reopen(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1) from the platform's cryptographic source. */
  random(): number;
}

/** One engine. Calls return `DONE` or `PENDING`; one call at a time. A call that throws has killed the whole instance. */
export interface Engine {
  open(): number;
  /**
   * Answers the packed batch that stands where `dynatab_request_reserve` said: so many bytes, of which the first `sendersLen` say whose
   * requests they are.
   */
  submit(sendersLen: number, length: number): number;
  /** Does one small step of the work behind the requests; the reply is in how many milliseconds there may be more, as text. */
  work(): number;
  /** Replies with the names of the tables to whose streams the last batch or step of work may have written, separated by blanks; once. */
  changed_streams(): void;
  resume(answerLen: number): number;
  /** Whether the database could not be opened again when it had to be: this engine is to be discarded. */
  lost(): boolean;
  reply_ptr(): number;
  reply_len(): number;
  free(): void;
}

/** One instance of the engine's WebAssembly module, with its own memory. */
export interface EngineInstance {
  Engine: new (bridge: Bridge, options: EngineSettings) => Engine;
  memory: WebAssembly.Memory;
  /** Makes room for a batch of so many bytes and returns where; may grow the memory. */
  dynatab_request_reserve(atLeast: number): number;
  /** Makes room for an answer of so many bytes and returns where; may grow the memory, after which old views are empty. */
  dynatab_answer_reserve(atLeast: number): number;
}

/** Makes a fresh instance: a dead one is thrown away whole, its glue's state included. */
export type InstantiateEngine = (module: WebAssembly.Module) => EngineInstance;

const NOBODY = new Uint8Array(0);

/** The way requests go into an engine and replies come out: through its memory. */
export class EngineDoor {
  readonly #instance: EngineInstance;
  readonly #engine: Engine;
  readonly #views: MemoryViews;

  constructor(instance: EngineInstance, engine: Engine) {
    this.#instance = instance;
    this.#engine = engine;
    this.#views = new MemoryViews(() => instance.memory);
  }

  /** Hands over a packed batch, behind those it is of. */
  submit(batch: Uint8Array, senders: Uint8Array = NOBODY): number {
    const length = senders.length + batch.length;
    const at = this.#instance.dynatab_request_reserve(length);
    this.#views.refresh();
    this.#views.bytes.set(senders, at);
    this.#views.bytes.set(batch, at + senders.length);
    return this.#engine.submit(senders.length, length);
  }

  /** A view of what the engine's last call produced, valid until its next. */
  reply(): Uint8Array {
    const at = this.#engine.reply_ptr();
    const length = this.#engine.reply_len();
    this.#views.refresh();
    return this.#views.bytes.subarray(at, at + length);
  }
}

const entropy = new Uint32Array(256);
let entropyUsed = entropy.length;

/** A number in [0, 1) from the platform's cryptographic source, fetched by the kilobyte. */
export function random(): number {
  if (entropyUsed === entropy.length) {
    crypto.getRandomValues(entropy);
    entropyUsed = 0;
  }
  return entropy[entropyUsed++]! / 2 ** 32;
}
