/** The page's own worker: whatever happens to it (it cannot be loaded, it throws, the browser ends it), the page hears of it once. */
import { AssetLoadError, type DynatabError, WorkerLostError } from "../errors.ts";
import type { FromWorker, ToWorker } from "../protocol.ts";

/** A worker, or in tests something that behaves like one. */
export type WorkerLike = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

/** Calls back when whoever holds a life's lock has ended. The signal ends the watch. */
export type WatchLife = (lock: string, signal: AbortSignal, ended: () => void) => void;

/** Who hears of it. */
export interface OwnWorkerListener {
  hear(message: FromWorker): void;
  lost(error: DynatabError): void;
}

export class OwnWorker {
  /** Its id, and the name of its life's lock; null where there are no Web Locks. */
  readonly id: string | null;
  readonly #worker: WorkerLike;
  readonly #watchLife: WatchLife;
  readonly #watch = new AbortController();
  #listener: OwnWorkerListener | undefined;
  #heard = false;

  constructor(worker: WorkerLike, id: string | null, watchLife: WatchLife, listener: OwnWorkerListener) {
    this.#worker = worker;
    this.id = id;
    this.#watchLife = watchLife;
    this.#listener = listener;
    worker.addEventListener("message", (event) => this.#hear((event as MessageEvent<FromWorker>).data));
    worker.addEventListener("messageerror", () =>
      this.#lose(new WorkerLostError("A message from the database worker could not be read. Open the database again.")),
    );
    worker.addEventListener("error", (event) => this.#hearError(event as ErrorEvent));
  }

  /** Whether it has said anything yet. Until then nobody can tell a worker that is being loaded from one that is gone. */
  get heard(): boolean {
    return this.#heard;
  }

  post(message: ToWorker, transfer: Transferable[] = []): void {
    if (this.#listener) this.#worker.postMessage(message, transfer);
  }

  /** Ends it; nothing is heard of it any more. */
  end(): void {
    if (this.#watch.signal.aborted) return;
    this.#listener = undefined;
    this.#watch.abort();
    this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    this.#heard = true;
    if (message.type === "alive" && this.id !== null) {
      this.#watchLife(this.id, this.#watch.signal, () =>
        this.#lose(new WorkerLostError("The browser ended the database worker (too little memory, perhaps). Open the database again.")),
      );
    }
    this.#listener?.hear(message);
  }

  #hearError(event: ErrorEvent): void {
    event.preventDefault?.();
    if (!this.#heard && !event.message) {
      this.#lose(
        new AssetLoadError(
          "The database worker's script could not be loaded. Check that worker.js is served (and allowed by the page's Content-Security-Policy, worker-src), or set workerUrl or assetBase to where the package's files are.",
        ),
      );
      return;
    }
    this.#lose(new WorkerLostError(`The database worker failed: ${event.message || "unknown error"}. Open the database again.`));
  }

  #lose(error: DynatabError): void {
    const listener = this.#listener;
    this.end();
    listener?.lost(error);
  }
}
