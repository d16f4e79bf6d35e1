/**
 * The transport over a dedicated worker. Whatever happens to the worker (it cannot be loaded, it throws, it is ended by the browser), every
 * waiting call hears of it: by its `error` and `messageerror` events, or because the lock it holds for life becomes free.
 */
import { lockManager, watchLife } from "./browser/locks.ts";
import type { StreamListener } from "./changes/listener.ts";
import type { Counters } from "./counters.ts";
import { AssetLoadError, type DynatabError, errorFromMessage, VersionMismatchError, WorkerLostError } from "./errors.ts";
import { type Calls, type FromWorker, type OpenMessage, PROTOCOL_VERSION, type ToWorker } from "./protocol.ts";
import type { ReplySink } from "./reply-sink.ts";
import type { OpenResult, Transport } from "./transport.ts";

/** A worker, or in tests something that behaves like one. */
export type WorkerLike = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

interface Settle<T> {
  resolve(value: T): void;
  reject(error: DynatabError): void;
}

export class WorkerTransport implements Transport {
  opened: OpenResult = { persistence: "memory" };
  readonly #worker: WorkerLike;
  readonly #watch = new AbortController();
  #sink: ReplySink | undefined;
  #listener: StreamListener | undefined;
  #opening: Settle<OpenResult> | undefined;
  #closing: Settle<void> | undefined;
  readonly #calls = new Map<number, Settle<Calls[keyof Calls]["output"]>>();
  #nextCall = 1;
  #lost: DynatabError | undefined;
  /** The lock this worker holds as long as it lives. */
  readonly #lifeLock = lockManager() ? `dynatab-worker:${crypto.randomUUID()}` : null;

  private constructor(worker: WorkerLike) {
    this.#worker = worker;
    worker.addEventListener("message", (event) => this.#hear((event as MessageEvent<FromWorker>).data));
    worker.addEventListener("messageerror", () =>
      this.#lose(new WorkerLostError("A message from the database worker could not be read. Open the database again.")),
    );
    worker.addEventListener("error", (event) => this.#hearError(event as ErrorEvent));
  }

  /** Opens the database in this worker. Rejects with one of the package's errors; the worker is ended then. */
  static async open(worker: WorkerLike, wish: Omit<OpenMessage, "type" | "version" | "lifeLock">): Promise<WorkerTransport> {
    const transport = new WorkerTransport(worker);
    const opened = new Promise<OpenResult>((resolve, reject) => {
      transport.#opening = { resolve, reject };
    });
    transport.#say({ type: "open", version: PROTOCOL_VERSION, ...wish, lifeLock: transport.#lifeLock });
    transport.opened = await opened;
    return transport;
  }

  send(batch: Uint8Array<ArrayBuffer>, sink: ReplySink): void {
    this.#sink = sink;
    if (this.#lost) sink.lost(this.#lost);
    else this.#say({ type: "batch", packed: batch.buffer, length: batch.length }, [batch.buffer]);
  }

  watch(tables: readonly string[], listener: StreamListener): void {
    this.#listener = listener;
    if (this.#lost) listener.changed();
    else this.#say({ type: "watch", tables: [...tables] });
  }

  counters(): Promise<Counters> {
    return this.#call("counters", undefined);
  }

  dump(): Promise<Blob> {
    return this.#call("dump", undefined);
  }

  load(file: Blob): Promise<void> {
    return this.#call("load", file);
  }

  close(): Promise<void> {
    if (this.#lost) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#closing = { resolve, reject };
      this.#say({ type: "close" });
    });
  }

  #call<What extends keyof Calls>(what: What, input: Calls[What]["input"]): Promise<Calls[What]["output"]> {
    return new Promise<Calls[What]["output"]>((resolve, reject) => {
      if (this.#lost) return reject(this.#lost);
      const call = this.#nextCall++;
      this.#calls.set(call, { resolve: resolve as Settle<unknown>["resolve"], reject });
      this.#say({ type: "call", call, what, input });
    });
  }

  #say(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case "replies":
        this.#sink?.replies(new Uint8Array(message.packed, 0, message.length));
        break;
      case "failed":
        this.#sink?.failed(message.ids, errorFromMessage(message.error));
        break;
      case "called": {
        const asked = this.#calls.get(message.call);
        this.#calls.delete(message.call);
        if (message.error) asked?.reject(errorFromMessage(message.error));
        else asked?.resolve(message.output);
        break;
      }
      case "changed":
        this.#listener?.changed(message.tables);
        break;
      case "alive":
        if (this.#lifeLock !== null) {
          watchLife(this.#lifeLock, this.#watch.signal, () =>
            this.#lose(new WorkerLostError("The browser ended the database worker (too little memory, perhaps). Open the database again.")),
          );
        }
        break;
      case "opened": {
        if (message.version !== PROTOCOL_VERSION) {
          this.#lose(
            new VersionMismatchError(
              `The database worker speaks version ${message.version} of dynatab's worker protocol, this page version ${PROTOCOL_VERSION}. Reload, or serve the files of one release.`,
            ),
          );
          return;
        }
        const { persistence, reason } = message;
        this.#opening?.resolve(reason === undefined ? { persistence } : { persistence, reason });
        this.#opening = undefined;
        break;
      }
      case "openFailed":
        this.#lose(errorFromMessage(message.error));
        break;
      case "closed": {
        const closing = this.#closing;
        this.#closing = undefined;
        this.#end();
        if (message.error) closing?.reject(errorFromMessage(message.error));
        else closing?.resolve();
        break;
      }
    }
  }

  #hearError(event: ErrorEvent): void {
    event.preventDefault?.();
    if (this.#opening && !event.message) {
      this.#lose(
        new AssetLoadError(
          "The database worker's script could not be loaded. Check that worker.js is served (and allowed by the page's Content-Security-Policy, worker-src), or set workerUrl or assetBase to where the package's files are.",
        ),
      );
      return;
    }
    this.#lose(new WorkerLostError(`The database worker failed: ${event.message || "unknown error"}. Open the database again.`));
  }

  /** Nothing will come from this worker any more: tells everybody who waits, once. */
  #lose(error: DynatabError): void {
    if (this.#lost) return;
    this.#end();
    this.#lost = error;
    this.#opening?.reject(error);
    // A worker that is gone has nothing open.
    this.#closing?.resolve();
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
    this.#sink?.lost(error);
    this.#listener?.changed();
  }

  #end(): void {
    this.#lost ??= new WorkerLostError("The database worker has ended. Open the database again.");
    this.#watch.abort();
    this.#worker.terminate();
  }
}
