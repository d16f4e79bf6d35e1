/** An open SQLite connection as the engine's host sees it: a driver and the executor of frames over it. */
import { FrameExecutor } from "./bridge/executor.ts";
import { StatementRecorder } from "./bridge/statement-recorder.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { SqliteDriver } from "./drivers/driver.ts";
import type { Exchange } from "./dump/exchange.ts";
import type { EngineInstance } from "./engine.ts";
import type { RequestTrace } from "./request-trace.ts";

/** Runs a frame out of the engine's memory; see `docs/frame.md`, "The call". */
export type ExecuteFrame = (framePtr: number, frameLen: number, answerPtr: number, answerCapacity: number) => number;

/** One open database file, or one database in memory. */
export interface Connection {
  /** The data lives and dies with this connection: after a crash of the engine it is kept. */
  readonly volatile: boolean;
  /** SQLite or its storage has failed in a way only a new connection can heal. */
  readonly lost: boolean;
  readonly counters: ConnectionCounters;
  /** How many commits were tried: while it is the same, nothing has been made to stand. */
  readonly commits: number;
  /** How the whole database goes out and comes in, where it can. */
  readonly exchange?: Exchange | undefined;
  /**
   * Serves this engine from now on: returns its `execute`. `answered` is called with the length of an answer that was pending
   * (an asynchronous driver), never before `execute` has returned.
   */
  attach(engine: EngineInstance, answered: (length: number) => void): ExecuteFrame;
  /** Notes from now on what frames do, until what is returned is called, which tells. */
  trace(): () => RequestTrace;
  /**
   * Opens the database anew under a living engine, which asks for it when only the file can tell what became of a commit; whether it could.
   * If not, the connection is lost.
   */
  reopen(): boolean;
  /** The engine is dead: roll back, finalise its statements, be ready for the next one. */
  recover(): void;
  /** A batch is done and answered. */
  worked(): void;
  /** A step of the engine's own work is done, and no request waits. */
  stepped(): void;
  /** Nothing has happened for a while: time for upkeep. */
  idle(): void;
  close(): void | Promise<void>;
}

/**
 * What the engine's own work has logged is copied as soon as it is so much: a request that comes then waits for a millisecond or two, not for
 * the log that requests may leave.
 */
const STEPS_LOG_BYTES = 512 << 10;

/** A connection over one of the synchronous drivers. */
export class DriverConnection implements Connection {
  readonly #executor: FrameExecutor;

  constructor(
    readonly driver: SqliteDriver,
    readonly exchange?: Exchange,
  ) {
    this.#executor = new FrameExecutor(driver);
  }

  get volatile(): boolean {
    return this.driver.persistence === "memory";
  }

  get lost(): boolean {
    return !this.driver.usable;
  }

  get commits(): number {
    return this.#executor.counters.commits;
  }

  get counters(): ConnectionCounters {
    const { crossings, statements, bytesIn, bytesOut } = this.#executor.counters;
    return { crossings, statements, bytesIn, bytesOut };
  }

  attach({ memory, dynatab_answer_reserve: reserve }: EngineInstance): ExecuteFrame {
    this.#executor.attach({ memory: () => memory, reserve });
    return (framePtr, frameLen, answerPtr, answerCapacity) => this.#executor.execute(framePtr, frameLen, answerPtr, answerCapacity);
  }

  trace(): () => RequestTrace {
    const before = this.counters;
    const recorder = new StatementRecorder(this.driver);
    this.#executor.recorder = recorder;
    return () => {
      this.#executor.recorder = undefined;
      const { crossings, bytesIn, bytesOut } = this.counters;
      return {
        crossings: crossings - before.crossings,
        statements: recorder.statements,
        bytesIn: bytesIn - before.bytesIn,
        bytesOut: bytesOut - before.bytesOut,
      };
    };
  }

  reopen(): boolean {
    try {
      this.#executor.reopen();
      return true;
    } catch {
      return false;
    }
  }

  recover(): void {
    this.#executor.reset();
  }

  worked(): void {
    if (this.driver.checkpointDue) this.#checkpoint();
  }

  stepped(): void {
    if (this.driver.checkpointDue || this.driver.walBytes() >= STEPS_LOG_BYTES) this.#checkpoint();
  }

  idle(): void {
    if (this.driver.walBytes() > 0) this.#checkpoint();
  }

  close(): void {
    this.#executor.reset();
    this.driver.close();
  }

  /** A checkpoint that fails loses nothing: what it would have copied stays in the log, and the next one tries again. */
  #checkpoint(): void {
    try {
      if (this.driver.usable) this.driver.checkpoint();
    } catch {
      // The driver says by `usable` whether the connection can go on.
    }
  }
}
