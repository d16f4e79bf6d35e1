/** The bench's page: drives its worker, the product's worker and the echo, and gives what was timed to whoever drives the page. */
import { Dynatab } from "dynatab";
import { measureBackfill } from "../backfill/backfill.ts";
import type { GrowthPlan, GrowthResult } from "../growth/growth.ts";
import { measureImport } from "../import/import.ts";
import { AskedLayer } from "../layers/asked.ts";
import { pageLayer, sdkLayer } from "../layers/clients.ts";
import { EchoLayer } from "../layers/echo.ts";
import { LAYER_NAMES, type Layer, type LayerName, type Mode } from "../layers/layer.ts";
import { measureOpening } from "../opening/opening.ts";
import { makeSteps } from "../steps/steps.ts";
import { runRounds, type Samples } from "./rounds.ts";
import { InsideWorker } from "./worker-protocol.ts";

/** What is to be run of one mode. */
export interface RunPlan {
  readonly mode: Mode;
  readonly steps: readonly string[];
  readonly rounds: number;
  readonly scale: number;
}

const moduleWorker = (file: string) => new Worker(`/bench/${file}.js`, { type: "module" });

/** A layer that lives in the bench's worker. */
function remote(worker: InsideWorker, name: LayerName): Layer {
  return {
    prepare: (step) => worker.ask("prepare", name, step),
    run: (step, round) => worker.ask("run", name, step, round),
    close: () => {},
  };
}

async function run({ mode, steps: wanted, rounds, scale }: RunPlan): Promise<Samples[]> {
  const steps = makeSteps(scale).filter(({ name }) => wanted.includes(name));
  const inside = new InsideWorker(moduleWorker("worker"));
  const remoteNames = await inside.ask("open", mode, scale);
  const open: Partial<Record<LayerName, Layer>> = {};
  for (const name of remoteNames) open[name] = name === "asked" ? new AskedLayer(inside) : remote(inside, name);
  const db = await Dynatab.open(
    `bench-page-${mode}`,
    mode === "memory" ? { persistence: "memory" } : { persistence: "required", durability: mode },
  );
  open.echo = new EchoLayer(moduleWorker("echo-worker"), steps);
  open.sdk = sdkLayer(db, steps);
  open.page = pageLayer(db, steps);
  const layers = new Map(LAYER_NAMES.flatMap((name) => (open[name] ? [[name, open[name]] as const] : [])));
  try {
    return await runRounds(layers, steps, mode, rounds, (line) => console.log(line));
  } finally {
    for (const name of ["echo", "sdk", "page"] as const) await open[name]?.close();
    await inside.ask("close");
    inside.terminate();
  }
}

async function grow(plan: GrowthPlan): Promise<GrowthResult[]> {
  const worker = new InsideWorker(moduleWorker("worker"));
  try {
    return await worker.ask("grow", plan);
  } finally {
    worker.terminate();
  }
}

const api = { run, grow, measureOpening, measureBackfill, measureImport, isolated: () => crossOriginIsolated };
export type BenchPage = typeof api;
Object.assign(globalThis, { pageApi: api });
