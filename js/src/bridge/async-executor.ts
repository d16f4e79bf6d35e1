/**
 * The executor made asynchronous: every frame is copied, answered "pending", and run a moment later.
 *
 * No driver of ours is asynchronous; this one exists so that the contract suite exercises the engine's other way of waiting, which a
 * remote or promise-based driver would take.
 */
import type { EngineMemory } from "./answer-writer.ts";
import type { FrameExecutor } from "./executor.ts";
import { EXECUTE_LOST, EXECUTE_PENDING } from "./frame.ts";

/** When a pending frame runs: after the current turn's microtasks began, or in a turn of its own. */
export type AsyncTiming = "microtask" | "timeout";

export class FakeAsyncExecutor {
  readonly #inner: FrameExecutor;
  readonly #onAnswer: (length: number) => void;
  readonly #timing: AsyncTiming;
  #engine: EngineMemory | undefined;
  #pending = false;
  /** Frames of an engine that was replaced meanwhile are dropped, not answered to its successor. */
  #epoch = 0;

  /** `onAnswer` gets what `execute` would have returned, once the answer stands in the buffer the engine last reserved. */
  constructor(inner: FrameExecutor, onAnswer: (length: number) => void, timing: AsyncTiming = "microtask") {
    this.#inner = inner;
    this.#onAnswer = onAnswer;
    this.#timing = timing;
  }

  get counters(): FrameExecutor["counters"] {
    return this.#inner.counters;
  }

  attach(engine: EngineMemory): void {
    this.#engine = engine;
    this.#inner.attach(engine);
    this.#epoch += 1;
    this.#pending = false;
  }

  /** Copies the frame and gives -1. The answer's place is asked for when it is written. */
  execute(framePointer: number, frameLength: number, _answerPointer: number, _answerCapacity: number): number {
    if (this.#engine === undefined) throw new Error("the executor was called before an engine was attached");
    if (this.#pending) return EXECUTE_LOST;
    this.#pending = true;
    const epoch = this.#epoch;
    const frame = new Uint8Array(this.#engine.memory().buffer).slice(framePointer, framePointer + frameLength);
    const run = () => {
      if (epoch !== this.#epoch) return;
      this.#pending = false;
      this.#onAnswer(this.#inner.executeCopy(frame));
    };
    if (this.#timing === "microtask") queueMicrotask(run);
    else setTimeout(run, 0);
    return EXECUTE_PENDING;
  }

  reset(): void {
    this.#epoch += 1;
    this.#pending = false;
    this.#inner.reset();
  }
}
