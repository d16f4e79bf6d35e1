/**
 * One opened database: the engine's instance, the SQLite connection under it, and the queue in front of it. It runs wherever the engine
 * does: in a dedicated worker, in Node, in a worker of the user's own.
 *
 * Requests only queue when they arrive; a later hop hands everything that has arrived to the engine as one batch, and the engine commits a
 * batch as one transaction. When the engine dies, everybody who waits is told, and the next request opens the next **epoch**: a new
 * instance, on the same connection where the data lives in it, otherwise on a new one.
 */

import { type Excerpt, packExcerpts, replyExtents, requestExtents } from "./batch.ts";
import { EXECUTE_LOST, EXECUTE_PENDING } from "./bridge/frame.ts";
import type { Connection } from "./connection.ts";
import { addConnectionCounters, type ConnectionCounters, type Counters, noConnectionCounters } from "./counters.ts";
import { type Engine, type EngineInstance, type InstantiateEngine, PENDING, random } from "./engine.ts";
import { asDynatabError, DatabaseClosedError, type DynatabError, EngineCrashedError, errorFromMessage, OpenFailedError } from "./errors.ts";
import type { EngineSettings } from "./options.ts";
import type { ReplySink } from "./reply-sink.ts";

/** What a host is made of. */
export interface HostSetup {
  module: WebAssembly.Module;
  instantiate: InstantiateEngine;
  /** Opens the SQLite connection; called once for every epoch that needs a new one. */
  connect(): Promise<Connection>;
  engine: EngineSettings;
  /** Runs something a little later, when what is arriving has arrived. */
  hop(run: () => void): void;
}

/** A packed batch that waits for its turn. */
interface Packet {
  batch: Uint8Array;
  excerpts: Excerpt[];
  sink: ReplySink;
}

/** Whose request it is, and under which id its client knows it. */
interface Origin {
  sink: ReplySink;
  id: number;
}

/** One living engine and what it stands on. */
interface Epoch {
  engine: Engine;
  instance: EngineInstance;
}

/** Batches are put together up to this size: a reply is not kept waiting for tens of megabytes. */
const MOST_BATCH_BYTES = 16 << 20;

/** Upkeep begins when nothing has happened for this long. */
const IDLE_MS = 500;

const setTimer = globalThis.setTimeout;

export class EngineHost {
  readonly #setup: HostSetup;
  #connection: Connection | undefined;
  #epoch: Epoch | undefined;
  #queue: Packet[] = [];
  /** The requests the engine is working on, in the order of the ids it knows them by; undefined between batches. */
  #working: Origin[] | undefined;
  #hopping = false;
  #opening = false;
  #closing: Promise<void> | undefined;
  #finishedWork: (() => void) | undefined;
  /** Continues what waits for a pending call: `undefined` is success. */
  #continue: ((crash: EngineCrashedError | undefined) => void) | undefined;
  /** The epoch whose call is pending: an answer that comes after its death must not reach the next one. */
  #pendingEpoch: Epoch | undefined;
  #pastCounters: ConnectionCounters = noConnectionCounters();
  #counted = { batches: 0, requests: 0, epochs: 0 };
  #lastWork = 0;
  #idleTimer = false;

  private constructor(setup: HostSetup) {
    this.#setup = setup;
  }

  /** Opens the database. Rejects with one of the package's errors; nothing is left open then. */
  static async open(setup: HostSetup): Promise<EngineHost> {
    const host = new EngineHost(setup);
    host.#epoch = await host.#start();
    return host;
  }

  /** What has been done so far. */
  get counters(): Counters {
    return { ...addConnectionCounters(this.#pastCounters, this.#connection?.counters ?? noConnectionCounters()), ...this.#counted };
  }

  /** Takes a packed batch; its replies go to the sink, in one or several calls. Throws `MalformedBatch`. */
  submit(batch: Uint8Array, sink: ReplySink): void {
    const excerpts = requestExtents(batch).map((extent) => ({ source: batch, extent, id: extent.id }));
    if (this.#closing) {
      sink.failed(
        excerpts.map(({ id }) => id),
        new DatabaseClosedError("The database is closed: open it again with Dynatab.open()."),
      );
      return;
    }
    this.#queue.push({ batch, excerpts, sink });
    this.#hop();
  }

  /** Finishes what was submitted, then closes engine and connection. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#working || this.#queue.length > 0 || this.#opening) {
      await new Promise<void>((resolve) => {
        this.#finishedWork = resolve;
      });
    }
    const epoch = this.#epoch;
    this.#epoch = undefined;
    try {
      epoch?.engine.free();
    } finally {
      await this.#dropConnection();
    }
  }

  async #dropConnection(): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    this.#pastCounters = addConnectionCounters(this.#pastCounters, connection.counters);
    this.#connection = undefined;
    await connection.close();
  }

  /** Starts an engine, on the connection there is or a new one. */
  async #start(): Promise<Epoch> {
    try {
      this.#connection ??= await this.#setup.connect();
      const epoch = await this.#startOn(this.#connection);
      this.#counted.epochs += 1;
      return epoch;
    } catch (error) {
      // At the first epoch nothing in memory is worth keeping; later ones must keep it.
      if (!this.#connection?.volatile || this.#counted.epochs === 0) await this.#dropConnection();
      throw asDynatabError(error, OpenFailedError);
    }
  }

  async #startOn(connection: Connection): Promise<Epoch> {
    const instance = this.#setup.instantiate(this.#setup.module);
    const answered = (length: number) => this.#resume(length);
    const bridge = {
      execute: connection.attach(instance, answered),
      volatile: connection.volatile,
      reopen: () => {
        void this.#reconnect().then((renewed) => {
          if (renewed) bridge.execute = renewed.attach(instance, answered);
          answered(renewed ? 0 : EXECUTE_LOST);
        });
        return EXECUTE_PENDING;
      },
      now: Date.now,
      random,
    };
    const engine = new instance.Engine(bridge, this.#setup.engine);
    const epoch = { engine, instance };
    const crash = await new Promise<EngineCrashedError | undefined>((resolve) => {
      this.#call(epoch, () => engine.open(), resolve);
    });
    if (crash) throw crash;
    const refusal = replyBytes(epoch);
    if (refusal.length > 0) {
      const error = errorFromMessage(JSON.parse(new TextDecoder().decode(refusal)));
      engine.free();
      throw error;
    }
    return epoch;
  }

  /**
   * A new connection under a living engine, which asks for it when only the file can tell what became of a commit. Undefined if none can be
   * had: the engine then tells everyone who waits, and the next request opens the next epoch.
   */
  async #reconnect(): Promise<Connection | undefined> {
    try {
      // The old one has failed; what it says at its end changes nothing.
      await this.#dropConnection().catch(() => {});
      this.#connection = await this.#setup.connect();
    } catch {
      return undefined;
    }
    return this.#connection;
  }

  /** Makes a call that may stay pending; `then` hears of its end exactly once. */
  #call(epoch: Epoch, call: () => number, then: (crash: EngineCrashedError | undefined) => void): void {
    this.#pendingEpoch = epoch;
    this.#continue = then;
    this.#step(call);
  }

  #step(call: () => number): void {
    let crash: EngineCrashedError | undefined;
    try {
      if (call() === PENDING) return;
    } catch (error) {
      crash = crashOf(error);
    }
    const then = this.#continue;
    this.#continue = undefined;
    this.#pendingEpoch = undefined;
    then?.(crash);
  }

  #resume(length: number): void {
    const epoch = this.#pendingEpoch;
    if (epoch) this.#step(() => epoch.engine.resume(length));
  }

  #hop(): void {
    if (this.#hopping) return;
    this.#hopping = true;
    this.#setup.hop(() => {
      this.#hopping = false;
      this.#drain();
    });
  }

  /** Gives the engine the next batch, if it is free and there is one. */
  #drain(): void {
    if (this.#working || this.#opening) return;
    if (this.#queue.length === 0) {
      this.#finishedWork?.();
      return;
    }
    const epoch = this.#epoch;
    if (!epoch) {
      this.#reopen();
      return;
    }
    const origins: Origin[] = [];
    const batch = this.#takeBatch(origins);
    this.#working = origins;
    this.#counted.batches += 1;
    this.#counted.requests += origins.length;
    this.#call(
      epoch,
      () => epoch.engine.submit(batch),
      (crash) => {
        this.#working = undefined;
        if (crash) this.#bury(origins, crash);
        else this.#deliver(epoch, origins);
        this.#connection?.worked();
        this.#minded();
        this.#drain();
      },
    );
  }

  /** Takes packets from the queue's front and puts them together, each request under the index of its origin. */
  #takeBatch(origins: Origin[]): Uint8Array {
    const excerpts: Excerpt[] = [];
    let bytes = 0;
    while (this.#queue.length > 0) {
      const packet = this.#queue[0]!;
      bytes += packet.batch.length;
      if (excerpts.length > 0 && bytes > MOST_BATCH_BYTES) break;
      this.#queue.shift();
      for (const { source, extent, id } of packet.excerpts) {
        excerpts.push({ source, extent, id: origins.length });
        origins.push({ sink: packet.sink, id });
      }
    }
    return packExcerpts(excerpts);
  }

  #deliver(epoch: Epoch, origins: Origin[]): void {
    const answered = new Map<ReplySink, Excerpt[]>();
    let missing = new Set(origins);
    try {
      const source = replyBytes(epoch);
      for (const extent of replyExtents(source)) {
        const origin = origins[extent.id];
        if (!origin || !missing.delete(origin)) throw new Error("the engine answered a request twice, or one it was not given");
        const excerpts = answered.get(origin.sink);
        const excerpt = { source, extent, id: origin.id };
        if (excerpts) excerpts.push(excerpt);
        else answered.set(origin.sink, [excerpt]);
      }
      for (const [sink, excerpts] of answered) sink.replies(packExcerpts(excerpts));
    } catch (error) {
      // Replies that make no sense come from an engine whose memory makes none.
      this.#epoch = undefined;
      missing = new Set(origins);
      reject(missing, crashOf(error));
      return;
    }
    if (missing.size > 0)
      reject(
        missing,
        new EngineCrashedError("The engine gave no answer to this request. Its outcome is unknown; read before you repeat it."),
      );
    if (this.#connection?.lost !== false) this.#epoch = undefined;
  }

  /** The engine is dead: everybody who waits hears of it, and nothing of it is used again. */
  #bury(origins: Origin[], crash: EngineCrashedError): void {
    this.#epoch = undefined;
    const waiting = this.#queue.flatMap(({ excerpts, sink }) => excerpts.map(({ id }) => ({ sink, id })));
    this.#queue = [];
    if (this.#connection?.volatile) {
      try {
        this.#connection.recover();
      } catch {
        // Found lost below.
      }
    }
    reject([...origins, ...waiting], crash);
  }

  /** The next epoch, for the requests that wait. */
  #reopen(): void {
    this.#opening = true;
    const start = async () => {
      // What is left of a durable connection after a crash is not to be trusted; what lives in memory exists only there.
      if (this.#connection && (!this.#connection.volatile || this.#connection.lost)) await this.#dropConnection();
      this.#epoch = await this.#start();
    };
    start()
      .catch((error: unknown) => {
        const failure = asDynatabError(error, OpenFailedError);
        const waiting = this.#queue.flatMap(({ excerpts, sink }) => excerpts.map(({ id }) => ({ sink, id })));
        this.#queue = [];
        reject(waiting, failure);
      })
      .finally(() => {
        this.#opening = false;
        this.#drain();
      });
  }

  /** Notes that work was done, so that upkeep comes when none has been for a while. */
  #minded(): void {
    this.#lastWork = Date.now();
    if (!this.#idleTimer) this.#watchForIdle(IDLE_MS);
  }

  #watchForIdle(ms: number): void {
    this.#idleTimer = true;
    const timer = setTimer(() => {
      this.#idleTimer = false;
      if (this.#closing) return;
      const rest = this.#lastWork + IDLE_MS - Date.now();
      if (rest > 0) this.#watchForIdle(rest);
      else if (!this.#working && !this.#opening) this.#connection?.idle();
    }, ms);
    // In Node a timer is an object, and this one must not keep the process alive.
    if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
  }
}

/** A view of what the engine's last call produced, valid until its next. */
function replyBytes({ engine, instance }: Epoch): Uint8Array {
  return new Uint8Array(instance.memory.buffer, engine.reply_ptr(), engine.reply_len());
}

function crashOf(error: unknown): EngineCrashedError {
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new EngineCrashedError(
    `The database engine crashed (${told}). What this request did is unknown; read before you repeat it. The next call starts a new engine.`,
    { cause: error },
  );
}

/** Tells the origins, each sink once. */
function reject(origins: Iterable<Origin>, error: DynatabError): void {
  const bySink = new Map<ReplySink, number[]>();
  for (const { sink, id } of origins) {
    const ids = bySink.get(sink);
    if (ids) ids.push(id);
    else bySink.set(sink, [id]);
  }
  for (const [sink, ids] of bySink) sink.failed(ids, error);
}
