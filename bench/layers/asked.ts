/** The floor's work in a worker, asked for by the page with a bare message for each operation: what `db.execute` could be at best. */
import type { InsideWorker } from "../run/worker-protocol.ts";
import { type Layer, type Timing, timeEachAsync } from "./layer.ts";

/** Bytes of a message; with transferred buffers they hardly matter. */
const MESSAGE_BYTES = 300;

export class AskedLayer implements Layer {
  constructor(private readonly worker: InsideWorker) {}

  prepare(step: string): Promise<void> {
    return this.worker.ask("prepare", "asked", step);
  }

  async run(step: string, round: number): Promise<Timing> {
    const ops = await this.worker.ask("beginAsked", step, round);
    let buffer = new ArrayBuffer(MESSAGE_BYTES);
    const timing = await timeEachAsync(ops, async () => {
      buffer = await this.worker.bounce(buffer);
    });
    await this.worker.ask("endAsked");
    return timing;
  }

  close(): void {}
}
