/**
 * One opened database: the engine's instance, the SQLite connection under it, and the queue in front of it. It runs wherever the engine
 * does: in a dedicated worker, in Node, in a worker of the user's own.
 *
 * Requests only queue when they arrive; a later hop hands everything that has arrived to the engine as one batch, and the engine commits a
 * batch as one transaction. When the engine dies, the requests that wait go to the next **epoch**: a new instance, on the same connection
 * where the data lives in it, otherwise on a new one. What the dead one was working on runs again, one request at a time, if that does nothing
 * twice (`crashed-batch.ts`); otherwise whoever waits for it is told.
 */

import { answersInOrder, countRequests, packExcerpts, requestExtents } from "./batch.ts";
import { EXECUTE_LOST } from "./bridge/frame.ts";
import type { StreamListener } from "./changes/listener.ts";
import { StreamWatches } from "./changes/stream-watches.ts";
import type { Connection } from "./connection.ts";
import { addConnectionCounters, type ConnectionCounters, type Counters, noConnectionCounters } from "./counters.ts";
import { afterCrash, BatchMark, crashOf, withoutTrace } from "./crashed-batch.ts";
import { type Engine, EngineDoor, type InstantiateEngine, PENDING, random } from "./engine.ts";
import { asDynatabError, type EngineCrashedError, errorFromMessage, OpenFailedError } from "./errors.ts";
import { IdleWatch } from "./idle-watch.ts";
import { later } from "./later.ts";
import type { EngineSettings } from "./options.ts";
import { closed, noAnswer, originsOf, type Packet, reject, runsAlone, type Sorted, sendersOf, sort, type Work, whole } from "./packets.ts";
import type { ReplySink } from "./reply-sink.ts";
import type { RequestTrace } from "./request-trace.ts";
import type { Sender } from "./senders.ts";

/** What a host is made of. */
export interface HostSetup {
  module: WebAssembly.Module;
  instantiate: InstantiateEngine;
  /** Opens the SQLite connection; called once for every epoch that needs a new one. */
  connect(): Promise<Connection>;
  engine: EngineSettings;
  /** The time the engine goes by. Default `Date.now`. */
  now?: (() => number) | undefined;
  /** Runs something a little later, when what is arriving has arrived. */
  hop(run: () => void): void;
}

/** One living engine, and the way into it. */
interface Epoch {
  engine: Engine;
  door: EngineDoor;
}

/** Batches are put together up to this size: a reply is not kept waiting for tens of megabytes. */
const MOST_BATCH_BYTES = 16 << 20;

/** How soon after requests the engine is asked whether they have left something to do behind them. */
const WORK_AFTER_REQUESTS_MS = 50;

const { clearTimeout: clearTimer } = globalThis;

export class EngineHost {
  /** Whether clients of other tabs may use the database: the ledger has a row for each then. */
  followed = false;
  readonly #setup: HostSetup;
  #connection: Connection | undefined;
  #epoch: Epoch | undefined;
  #queue: Packet[] = [];
  /** Undefined between batches. */
  #working: Work | undefined;
  #hopping = false;
  #opening = false;
  #closing: Promise<void> | undefined;
  #finishedWork: (() => void) | undefined;
  /** What is to run while the engine does nothing, and whether something does. */
  #tasks: (() => Promise<void>)[] = [];
  #alone = false;
  /** Continues what waits for a pending call: `undefined` is success. */
  #continue: ((crash: EngineCrashedError | undefined) => void) | undefined;
  /** The epoch whose call is pending: an answer that comes after its death must not reach the next one. */
  #pendingEpoch: Epoch | undefined;
  #pastCounters: ConnectionCounters = noConnectionCounters();
  #counted = { batches: 0, requests: 0, epochs: 0 };
  /** Work that came due while requests waited: it follows the batch they are in, however many come after. */
  #workOwed = false;
  readonly #watches = new StreamWatches();
  readonly #idle = new IdleWatch(() => {
    if (!this.#working && !this.#opening && !this.#alone) this.#connection?.idle();
  });
  /** When the engine is asked next for a step of its own work. */
  #nextWork: { at: number; timer: ReturnType<typeof setTimeout> } | undefined;

  private constructor(setup: HostSetup) {
    this.#setup = setup;
  }

  /** Opens the database. Rejects with one of the package's errors; nothing is left open then. */
  static async open(setup: HostSetup): Promise<EngineHost> {
    const host = new EngineHost(setup);
    host.#epoch = await host.#start();
    host.#planWork(0);
    return host;
  }

  /** What has been done so far. */
  get counters(): Counters {
    return { ...addConnectionCounters(this.#pastCounters, this.#connection?.counters ?? noConnectionCounters()), ...this.#counted };
  }

  /**
   * Takes a packed batch, with its buffer; its replies go to the sink, in one or several calls, and in that buffer if they can. With a
   * `sender` its requests are in the ledger. A `traced` batch runs by itself, and its replies come with what it did in SQLite. Throws
   * `MalformedBatch`.
   */
  submit(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, sender?: Sender, traced = false): void {
    const packet = { batch, requests: countRequests(batch), sink, sender, traced, suspect: false };
    if (this.#closing) {
      reject(originsOf([packet]), closed());
      return;
    }
    this.#queue.push(packet);
    this.#hop();
  }

  /** Tells the listener once of each of these tables when something may have happened in its stream. */
  watch(tables: readonly string[], listener: StreamListener): void {
    this.#watches.watch(tables, listener);
  }

  /** The listener is gone. */
  forget(listener: StreamListener): void {
    this.#watches.forget(listener);
  }

  /** Finishes what was submitted, then closes engine and connection. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * Runs something on the connection while no request and no work of the engine's is under way; those that come wait. Opens the next epoch
   * first, where there is none.
   */
  alone<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#tasks.push(async () => {
        try {
          if (!this.#epoch) await this.#restart();
          resolve(await run(this.#connection!));
        } catch (error) {
          reject(error);
        }
      });
      this.#drain();
    });
  }

  /** While alone: ends engine and connection, and starts anew on another database's connection, the one given or one that is opened. */
  async renew(connection: Connection | undefined): Promise<void> {
    const epoch = this.#epoch;
    this.#epoch = undefined;
    try {
      epoch?.engine.free();
    } finally {
      await this.#dropConnection();
    }
    // Told before anything is answered from the new one.
    this.#watches.replaced();
    this.#connection = connection;
    this.#epoch = await this.#start();
    this.#planWork(0);
  }

  /** Opens another database with an engine of its own, and closes it: whether that works. */
  async tryOut(connect: () => Promise<Connection>): Promise<void> {
    const trial = await EngineHost.open({ ...this.#setup, connect });
    await trial.close();
  }

  async #close(): Promise<void> {
    this.#idle.stop();
    if (this.#working || this.#queue.length > 0 || this.#opening || this.#alone || this.#tasks.length > 0) {
      await new Promise<void>((resolve) => {
        this.#finishedWork = resolve;
      });
    }
    clearTimer(this.#nextWork?.timer);
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
      // Another database may have taken this one's place.
      this.#watches.anyChanged();
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
      reopen: () => (connection.reopen() ? 0 : EXECUTE_LOST),
      now: this.#setup.now ?? Date.now,
      random,
    };
    const engine = new instance.Engine(bridge, this.#setup.engine);
    const epoch = { engine, door: new EngineDoor(instance, engine) };
    const crash = await new Promise<EngineCrashedError | undefined>((resolve) => {
      this.#call(epoch, () => engine.open(), resolve);
    });
    if (crash) throw crash;
    const refusal = epoch.door.reply();
    if (refusal.length > 0) {
      const error = errorFromMessage(JSON.parse(new TextDecoder().decode(refusal)));
      engine.free();
      throw error;
    }
    return epoch;
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
    if (this.#working || this.#opening || this.#alone) return;
    const task = this.#tasks.shift();
    if (task) {
      this.#alone = true;
      void task().finally(() => {
        this.#alone = false;
        this.#drain();
      });
      return;
    }
    if (this.#queue.length === 0) {
      this.#finishedWork?.();
      return;
    }
    const epoch = this.#epoch;
    if (!epoch) {
      this.#reopen();
      return;
    }
    const work = this.#takeWork();
    this.#working = work;
    this.#counted.batches += 1;
    for (const { requests } of work.packets) this.#counted.requests += requests;
    const traced = work.packets[0]?.traced ? this.#connection?.trace() : undefined;
    this.#call(
      epoch,
      () => epoch.door.submit(work.batch, work.senders),
      (crash) => {
        this.#working = undefined;
        const trace = traced?.();
        if (crash) this.#bury(work, crash);
        else this.#deliver(epoch, work, trace);
        this.#announce(epoch);
        this.#connection?.worked();
        this.#idle.worked();
        this.#planWork(WORK_AFTER_REQUESTS_MS);
        if (this.#workOwed) this.#work();
        if (!this.#working) this.#drain();
      },
    );
  }

  /** Has the engine do a step of its own work after that time, unless it does so before. */
  #planWork(ms: number): void {
    const at = Date.now() + ms;
    if (this.#closing || (this.#nextWork && this.#nextWork.at <= at)) return;
    clearTimer(this.#nextWork?.timer);
    this.#nextWork = { at, timer: later(() => this.#workIsDue(), ms) };
  }

  /** The work behind the requests is due: indexes that are filled, items that expire. Requests that wait come first, one batch of them. */
  #workIsDue(): void {
    this.#nextWork = undefined;
    this.#workOwed = this.#working !== undefined || this.#queue.length > 0;
    if (!this.#workOwed) this.#work();
  }

  /** One step of it. */
  #work(): void {
    this.#workOwed = false;
    const epoch = this.#epoch;
    if (!epoch || this.#opening || this.#alone || this.#closing) return;
    const work = { packets: [], senders: new Uint8Array(), batch: new Uint8Array(), begun: new BatchMark(this.#connection) };
    this.#working = work;
    this.#call(
      epoch,
      () => epoch.engine.work(),
      (crash) => {
        this.#working = undefined;
        if (crash) {
          this.#bury(work, crash);
        } else {
          const delay = Number(new TextDecoder().decode(epoch.door.reply()));
          if (this.#connection?.lost !== false || epoch.engine.lost()) this.#epoch = undefined;
          else this.#planWork(delay);
        }
        this.#announce(epoch);
        // A request that came meanwhile does not wait for the log to be copied, too.
        later(() => {
          if (!this.#working && !this.#opening && !this.#alone) this.#connection?.stepped();
        }, 0);
        this.#drain();
      },
    );
  }

  /** Tells who watches the tables to whose streams the engine has just written. */
  #announce(epoch: Epoch): void {
    if (!this.#watches.any) return;
    if (this.#epoch !== epoch) {
      // What it committed before it was given up it can tell nobody.
      this.#watches.anyChanged();
      return;
    }
    epoch.engine.changed_streams();
    const names = new TextDecoder().decode(epoch.door.reply());
    if (names !== "") this.#watches.changed(names.split(" "));
  }

  /** Takes packets from the queue's front and puts them together. One alone is taken as it is. */
  #takeWork(): Work {
    let bytes = 0;
    let count = 0;
    for (const packet of this.#queue) {
      bytes += packet.batch.length;
      if (count > 0 && (runsAlone(packet) || bytes > MOST_BATCH_BYTES)) break;
      count += 1;
      if (runsAlone(packet)) break;
    }
    const packets = this.#queue.splice(0, count);
    const begun = new BatchMark(this.#connection);
    const senders = this.#sendersOf(packets);
    if (count === 1) return { packets, senders, batch: packets[0]!.batch, begun };
    // Clients count their requests each for itself: together they are known by their places.
    const excerpts = packets.flatMap(({ batch: source }) => requestExtents(source).map((extent) => ({ source, extent })));
    const batch = packExcerpts(excerpts.map((excerpt, id) => ({ ...excerpt, id })));
    return { packets, senders, batch, begun };
  }

  /** What the engine's ledger is told: nothing where it keeps none, since the data lives and dies with the connection. */
  #sendersOf(packets: readonly Packet[]): Uint8Array {
    return this.#connection?.volatile === false ? sendersOf(packets, this.followed) : new Uint8Array();
  }

  #deliver(epoch: Epoch, work: Work, trace: RequestTrace | undefined): void {
    const { packets, batch } = work;
    let sorted: Sorted;
    try {
      const source = epoch.door.reply();
      const inOrder = packets.length === 1 && answersInOrder(batch, source);
      sorted = inOrder ? whole(packets[0]!, source) : sort(packets, source);
    } catch (error) {
      // Replies that make no sense come from an engine whose memory makes none.
      this.#bury(work, crashOf(error));
      return;
    }
    for (const [sink, replies] of sorted.replies) sink.replies(replies, trace);
    if (sorted.missing.length > 0) reject(sorted.missing, noAnswer());
    if (this.#connection?.lost !== false || epoch.engine.lost()) this.#epoch = undefined;
  }

  /** The engine is dead: nothing of it is used again, and the next one goes on with what waits, and with what can run again. */
  #bury({ packets, begun }: Work, crash: EngineCrashedError): void {
    this.#epoch = undefined;
    const connection = this.#connection;
    let undone = begun.undone(connection);
    if (connection?.volatile) {
      try {
        connection.recover();
      } catch {
        // Found lost below.
      }
      undone &&= !connection.lost;
    }
    const { again, failed } = afterCrash(packets, undone, connection?.volatile === false);
    this.#queue.unshift(...again);
    reject(originsOf(failed), undone ? withoutTrace(crash) : crash);
  }

  /** The next epoch, for the requests that wait. */
  #reopen(): void {
    this.#opening = true;
    this.#restart()
      .catch((error: unknown) => {
        const failure = asDynatabError(error, OpenFailedError);
        const waiting = this.#queue;
        this.#queue = [];
        reject(originsOf(waiting), failure);
      })
      .finally(() => {
        this.#opening = false;
        this.#drain();
      });
  }

  async #restart(): Promise<void> {
    // What is left of a durable connection after a crash is not to be trusted; what lives in memory exists only there.
    if (this.#connection && (!this.#connection.volatile || this.#connection.lost)) await this.#dropConnection();
    this.#epoch = await this.#start();
  }
}
