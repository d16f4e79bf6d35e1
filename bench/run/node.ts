/** The bench in Node: the same steps, everything in this process, no page and so no echo. */

import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SqliteDriver } from "../../js/src/drivers/driver.ts";
import { openSqlJs } from "../../js/src/drivers/sqljs.ts";
import { openNodeFiles } from "../../js/src/drivers/vfs/node-file.ts";
import { openWaSqlite } from "../../js/src/drivers/wa-sqlite.ts";
import { type GrowthPlan, type GrowthResult, grow } from "../growth/growth.ts";
import { pageLayer, sdkLayer } from "../layers/clients.ts";
import type { Layer, LayerName, Mode } from "../layers/layer.ts";
import { makeSteps } from "../steps/steps.ts";
import { openInside, type Surroundings } from "./inside.ts";
import type { RunPlan } from "./page.ts";
import { runRounds, type Samples } from "./rounds.ts";

/** Calls back with surroundings whose files are in a folder of their own, removed afterwards. */
async function withSurroundings<T>(packageDir: string, use: (place: Surroundings, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "dynatab-bench-"));
  const wasm = async (file: string) => WebAssembly.compile(await readFile(join(packageDir, "dist", file)));
  const [engine, sqlJs, waSqlite] = await Promise.all(["dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"].map(wasm));
  const connect = (name: string, mode: Mode): Promise<SqliteDriver> =>
    mode === "memory"
      ? openSqlJs({ module: sqlJs! })
      : openWaSqlite({ module: waSqlite! }, { files: openNodeFiles(join(folder, name)), durability: mode });
  try {
    return await use({ engine: engine!, connect }, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the steps of a mode. */
export function runInNode(
  packageDir: string,
  { mode, steps: wanted, rounds, scale }: RunPlan,
  told: (line: string) => void,
): Promise<Samples[]> {
  return withSurroundings(packageDir, async (place, folder) => {
    const steps = makeSteps(scale).filter(({ name }) => wanted.includes(name));
    const layers = (await openInside(place, "node", mode, steps)) as Map<LayerName, Layer>;
    const entry = pathToFileURL(join(packageDir, "dist", "node.js")).href;
    const { Dynatab } = (await import(entry)) as typeof import("../../js/src/node/index.ts");
    const db = await Dynatab.open("bench", mode === "memory" ? {} : { file: join(folder, "page"), durability: mode });
    layers.set("page", pageLayer(db, steps));
    layers.set("sdk", sdkLayer(db, steps));
    try {
      return await runRounds(layers, steps, mode, rounds, told);
    } finally {
      for (const layer of [...layers.values()].reverse()) await layer.close();
    }
  });
}

/** Growth, in this process. */
export function growInNode(packageDir: string, plan: GrowthPlan): Promise<GrowthResult[]> {
  return withSurroundings(packageDir, (place) => grow(place, plan));
}
