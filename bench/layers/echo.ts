/** The bare crossing from a page to a worker: a buffer is transferred there and back, and nothing is done with it. */
import { canonicalJson, PARTITION_ITEMS } from "../steps/items.ts";
import { type BenchRequest, type Step, wireInput } from "../steps/steps.ts";
import { type Layer, type Timing, timeEachAsync } from "./layer.ts";

/** Bytes of a request or of its answer, whichever are more: with transferred buffers they hardly matter. */
function messageBytes(request: BenchRequest): number {
  const asked = JSON.stringify(wireInput(request, "table")).length;
  if (request.operation === "GetItem" && request.expected) return Math.max(asked, canonicalJson(request.expected).length);
  return request.operation === "Query" ? PARTITION_ITEMS * 340 : asked;
}

/** What a step's requests would take if the engine took no time: one message for all that are made at once. */
export class EchoLayer implements Layer {
  readonly #steps: ReadonlyMap<string, Step>;

  constructor(
    private readonly worker: Worker,
    steps: readonly Step[],
  ) {
    this.#steps = new Map(steps.map((step) => [step.name, step]));
  }

  prepare(): void {}

  run(name: string, round: number): Promise<Timing> {
    const { ops, width, requests } = this.#steps.get(name)!;
    let buffer = new ArrayBuffer(messageBytes(requests(round)[0]!) * width);
    const { worker } = this;
    return timeEachAsync(
      ops,
      () =>
        new Promise<void>((resolve) => {
          worker.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
            buffer = data;
            resolve();
          };
          worker.postMessage(buffer, [buffer]);
        }),
    );
  }

  close(): void {
    this.worker.terminate();
  }
}
