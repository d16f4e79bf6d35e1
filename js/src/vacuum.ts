/**
 * `db.vacuum()`: makes a database smaller by what it does not use, in steps of a few milliseconds, between which other requests are answered.
 * What a step has given back stays given back, whatever becomes of the next.
 */
import type { CallOptions } from "./database.ts";
import type { AskOwn } from "./own-operations.ts";

/** How far a vacuum is. */
export interface VacuumProgress {
  /** Bytes the database takes up now. */
  sizeBytes: number;
  /** Bytes it has become smaller by. */
  freedBytes: number;
  /**
   * Bytes that are known to be free and still to be given back. It grows at first where a table was deleted shortly before, whose room is
   * still being gathered.
   */
  remainingBytes: number;
}

/** What `db.vacuum` can be told. */
export interface VacuumOptions extends CallOptions {
  /** Called after every step. What it throws ends the vacuum. */
  onProgress?: (progress: VacuumProgress) => void;
}

/** The engine's answer to a step. */
interface VacuumStep {
  sizeBytes: number;
  freeBytes: number;
  done: boolean;
}

const { setTimeout: setTimer } = globalThis;

/** Lets whatever else waits in this thread have its turn. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimer(resolve, 0);
  });
}

/** Asks the engine for one step after another until there is nothing left to give back. */
export async function vacuumDatabase(ask: AskOwn, { signal, onProgress }: VacuumOptions = {}): Promise<VacuumProgress> {
  const options = signal ? { signal } : {};
  const { sizeBytes: before } = (await ask("DescribeDatabase", {}, options)) as { sizeBytes: number };
  for (;;) {
    const { sizeBytes, freeBytes, done } = (await ask("Vacuum", {}, options)) as VacuumStep;
    const progress = { sizeBytes, freedBytes: Math.max(0, before - sizeBytes), remainingBytes: freeBytes };
    onProgress?.(progress);
    if (done) return progress;
    await pause();
  }
}
