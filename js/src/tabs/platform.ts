/** What sharing a database between tabs needs of the browser. Tests have another one, in which messages are late and everything can die. */
import type { TabMessage } from "../protocol.ts";
import type { WatchLife, WorkerLike } from "./own-worker.ts";

/** The channel that all tabs of a database hear. */
export interface TabChannel {
  post(message: TabMessage): void;
  close(): void;
}

export interface TabPlatform {
  /**
   * Starts a worker of the page's own, with an id of its own; null where there are no Web Locks. Rejects with a `DynatabError`. Undefined where
   * there are no workers: who cannot lead is a guest of those who can.
   */
  readonly startWorker: (() => Promise<{ worker: WorkerLike; id: string | null }>) | undefined;
  /** Joins the channel. Undefined where the database is not shared. */
  join(hear: (message: TabMessage) => void): TabChannel | undefined;
  /** Asks for a port to the worker that leads. Undefined where nobody brokers any. */
  connect(leader: string): MessagePort | undefined;
  /** A port to the broker, for a worker that leads. */
  brokerPort(): MessagePort | undefined;
  watchLife: WatchLife;
  /** Whether somebody has the database open who does not share it. */
  isHeldAlone(): Promise<boolean>;
  /** Whether anybody leads, or is about to: asked by guests. */
  mayBeLed(): Promise<boolean>;
  now(): number;
  /** Runs something later; gives what undoes that. */
  later(run: () => void, ms: number): () => void;
}
