/** How the bench's page asks its worker: a call by number, answered under the same number. */
import type { GrowthPlan, GrowthResult } from "../growth/growth.ts";
import type { LayerName, Mode, Timing } from "../layers/layer.ts";

/** What the worker can be asked, and what it answers. */
export interface InsideCalls {
  open(mode: Mode, scale: number): LayerName[];
  prepare(layer: LayerName, step: string): void;
  run(layer: LayerName, step: string, round: number): Timing;
  /** Makes a round of the layer `asked` ready: every buffer that is sent then runs one operation. Gives their number. */
  beginAsked(step: string, round: number): number;
  endAsked(): void;
  close(): void;
  grow(plan: GrowthPlan): GrowthResult[];
}

export interface CallMessage {
  readonly call: number;
  readonly method: keyof InsideCalls;
  readonly args: readonly unknown[];
}

export type AnswerMessage =
  | { readonly call: number; readonly value: unknown; readonly error?: undefined }
  | { readonly call: number; readonly error: string };

/** The page's end. */
export class InsideWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;
  #bounced: (buffer: ArrayBuffer) => void = () => {};

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<AnswerMessage | ArrayBuffer>) => {
      if (data instanceof ArrayBuffer) return this.#bounced(data);
      const waiting = this.#waiting.get(data.call);
      this.#waiting.delete(data.call);
      if (data.error === undefined) waiting?.resolve(data.value);
      else waiting?.reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
      this.#waiting.clear();
    };
  }

  ask<Method extends keyof InsideCalls>(
    method: Method,
    ...args: Parameters<InsideCalls[Method]>
  ): Promise<ReturnType<InsideCalls[Method]>> {
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ call, method, args } satisfies CallMessage);
    });
  }

  /** Sends a buffer, which comes back when an operation of the layer `asked` has run. */
  bounce(buffer: ArrayBuffer): Promise<ArrayBuffer> {
    return new Promise((resolve) => {
      this.#bounced = resolve;
      this.#worker.postMessage(buffer, [buffer]);
    });
  }

  terminate(): void {
    this.#worker.terminate();
  }
}
