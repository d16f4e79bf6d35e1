/** A layer: one way of having the work of a step done, which the bench times. */

/** What a round of a step took. */
export interface Timing {
  /** Milliseconds from the start of the round to the end of each of its operations. */
  readonly marks: Float64Array;
}

/** How storage promises durability: nothing at all, or what the product's two settings mean. */
export type Mode = "memory" | "strict" | "relaxed";

/**
 * Layer names, from the least work to the most. `stock` is the floor's statements on wa-sqlite's own access-handle pool, `asked` the floor's
 * work done by a message for each operation: a thread that has waited for a file takes longer to be woken than one that is merely echoed to.
 */
export const LAYER_NAMES = ["stock", "floor", "engine", "echo", "asked", "page", "sdk"] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

/** An opened layer. The steps are known by name on both sides of a worker's boundary. */
export interface Layer {
  /** Makes the step's table. */
  prepare(step: string): Promise<void> | void;
  /** Loads what the round needs, then runs and checks it. Rounds come in order, 0 first. */
  run(step: string, round: number): Promise<Timing> | Timing;
  close(): Promise<void> | void;
}

/** Runs operations one after another, each synchronous, and notes when each has ended. */
export function timeEach(ops: number, run: (op: number) => void): Timing {
  const marks = new Float64Array(ops);
  const started = performance.now();
  for (let op = 0; op < ops; op += 1) {
    run(op);
    marks[op] = performance.now() - started;
  }
  return { marks };
}

/** The same for operations that are waited for. */
export async function timeEachAsync(ops: number, run: (op: number) => Promise<unknown>): Promise<Timing> {
  const marks = new Float64Array(ops);
  const started = performance.now();
  for (let op = 0; op < ops; op += 1) {
    await run(op);
    marks[op] = performance.now() - started;
  }
  return { marks };
}
