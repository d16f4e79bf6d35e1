/** Runs steps over layers, interleaved: every round visits every step, and every step every layer, each time beginning with another one. */
import type { Layer, LayerName, Mode } from "../layers/layer.ts";
import type { Step } from "../steps/steps.ts";

/** What was timed of one step in one layer: for each round the marks of its operations, in ms from the round's start. */
export interface Samples {
  readonly step: string;
  readonly layer: LayerName;
  readonly mode: Mode;
  readonly rounds: number[][];
}

/** Times the steps. Round 0 warms up and is left out. */
export async function runRounds(
  layers: ReadonlyMap<LayerName, Layer>,
  steps: readonly Step[],
  mode: Mode,
  rounds: number,
  told: (line: string) => void = () => {},
): Promise<Samples[]> {
  const samples = new Map<string, Samples>();
  for (const step of steps) {
    for (const [layer, opened] of layers) {
      await opened.prepare(step.name);
      samples.set(`${step.name} ${layer}`, { step: step.name, layer, mode, rounds: [] });
    }
  }
  const names = [...layers.keys()];
  for (let round = 0; round <= rounds; round += 1) {
    told(`${mode}: round ${round} of ${rounds}`);
    for (const step of steps) {
      const first = round % names.length;
      for (const layer of [...names.slice(first), ...names.slice(0, first)]) {
        const { marks } = await layers.get(layer)!.run(step.name, round);
        if (round > 0) samples.get(`${step.name} ${layer}`)!.rounds.push([...marks]);
      }
    }
  }
  return [...samples.values()];
}
