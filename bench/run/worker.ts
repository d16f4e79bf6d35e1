/** The bench's dedicated worker: floor and engine beside each other in one thread, where the product's engine lives. */
import { loadWasm } from "../../js/src/browser/wasm.ts";
import type { SqliteDriver } from "../../js/src/drivers/driver.ts";
import { openSqlJs } from "../../js/src/drivers/sqljs.ts";
import { openOpfsFiles } from "../../js/src/drivers/vfs/opfs-file.ts";
import { openWaSqlite } from "../../js/src/drivers/wa-sqlite.ts";
import type { Floor, FloorRound } from "../floor/floor.ts";
import { openStockPool } from "../floor/stock-pool.ts";
import { type GrowthPlan, grow } from "../growth/growth.ts";
import type { Layer, Mode } from "../layers/layer.ts";
import { makeSteps } from "../steps/steps.ts";
import { openFloor, openInside, type Surroundings } from "./inside.ts";
import type { AnswerMessage, CallMessage } from "./worker-protocol.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const address = (file: string) => new URL(`/product/dist/${file}`, scope.location.origin).href;

/** The module as its package ships it: the stock pool calls exports that no driver of ours does. */
const stockAssets = async () => ({ module: await loadWasm(new URL("/bench/stock-wa-sqlite.wasm", scope.location.origin).href) });

async function waSqliteAssets() {
  return { module: await loadWasm(address("wa-sqlite.wasm")) };
}

async function connect(name: string, mode: Mode): Promise<SqliteDriver> {
  if (mode === "memory") return openSqlJs({ module: await loadWasm(address("sqljs.wasm")) });
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  return openWaSqlite(await waSqliteAssets(), { files: await openOpfsFiles(folder), durability: mode });
}

async function surroundings(): Promise<Surroundings> {
  return {
    engine: await loadWasm(address("dynatab.wasm")),
    connect,
    connectStock: async (name) => openStockPool(await stockAssets(), name),
  };
}

let layers = new Map<string, Layer>();
let asked: Floor | undefined;
let askedRound: FloorRound | undefined;
let askedOps = 0;

const calls: Record<string, (...args: never[]) => unknown> = {
  async open(mode: Mode, scale: number) {
    const place = await surroundings();
    layers = await openInside(place, `bench-${mode}`, mode, makeSteps(scale));
    asked = await openFloor(place, `bench-${mode}-asked`, mode, makeSteps(scale));
    layers.set("asked", asked);
    return [...layers.keys()];
  },
  prepare: (layer: string, step: string) => layers.get(layer)!.prepare(step),
  run: (layer: string, step: string, round: number) => layers.get(layer)!.run(step, round),
  beginAsked(step: string, round: number) {
    askedRound = asked!.beginRound(step, round);
    askedOps = 0;
    return askedRound.ops;
  },
  endAsked() {
    if (askedOps !== askedRound!.ops) throw new Error(`${askedOps} operations were asked for instead of ${askedRound!.ops}`);
    askedRound!.check();
  },
  async close() {
    for (const layer of layers.values()) await layer.close();
  },
  grow: async (plan: GrowthPlan) => grow(await surroundings(), plan),
};

async function answer({ call, method, args }: CallMessage): Promise<void> {
  let answered: AnswerMessage;
  try {
    answered = { call, value: await calls[method]!(...(args as never[])) };
  } catch (error) {
    answered = { call, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  scope.postMessage(answered);
}

scope.onmessage = ({ data }: MessageEvent<CallMessage | ArrayBuffer>) => {
  if (data instanceof ArrayBuffer) {
    askedRound!.run(askedOps);
    askedOps += 1;
    scope.postMessage(data, [data]);
  } else void answer(data);
};
