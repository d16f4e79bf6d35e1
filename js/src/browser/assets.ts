/**
 * Where the package's files are, seen from the page. The two forms below are the ones bundlers know (webpack, Vite, Rollup, Parcel): they
 * copy the file and put its new address there, so they must stay exactly as they are.
 */
import { AssetLoadError } from "../errors.ts";
import type { WasmSources } from "../protocol.ts";
import { givenModules, type WasmModules } from "../wasm-modules.ts";

/** Where the files are, if not where the package put them. Relative addresses are relative to the page. */
export interface AssetOptions {
  /** The folder that holds all of the package's files. */
  assetBase?: string | URL;
  /** The engine's WebAssembly file alone. */
  wasmUrl?: string | URL;
  /** The worker's script alone. */
  workerUrl?: string | URL;
  /** The engine, compiled already, or any of the package's modules: what is given is not fetched. */
  wasmModule?: WebAssembly.Module | WasmModules;
}

const WORKER_FILE = "worker.js";
const BROKER_FILE = "broker.js";
const ENGINE_FILE = "dynatab.wasm";
const SQLJS_FILE = "sqljs.wasm";
const WA_SQLITE_FILE = "wa-sqlite.wasm";

/**
 * Vite's development server moves this module into a folder of its own, without the files beside it, when another dependency imports
 * `dynatab`; from there the package is two folders up. A variable, because bundlers must not read this as an asset.
 */
function movedBase(): URL | undefined {
  const here: string = import.meta.url;
  return here.includes("/.vite/deps") ? new URL("../../dynatab/dist/", here) : undefined;
}

/** Where this script came from, if from another origin: a browser starts no worker there. A variable again, for the bundlers' sake. */
function foreignBase(): URL | undefined {
  const here: string = import.meta.url;
  const base = new URL(here, location.href);
  return /^https?:$/.test(base.protocol) && base.origin !== location.origin ? base : undefined;
}

function chosenBase(options: AssetOptions): URL | undefined {
  if (options.assetBase === undefined) return movedBase();
  const base = new URL(options.assetBase, location.href);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

/** Where the WebAssembly files come from. Throws `InvalidOptionError`. */
export function wasmSources(options: AssetOptions): WasmSources {
  const base = chosenBase(options);
  const addresses = base
    ? { engine: new URL(ENGINE_FILE, base), sqlJs: new URL(SQLJS_FILE, base), waSqlite: new URL(WA_SQLITE_FILE, base) }
    : {
        engine: new URL("./dynatab.wasm", import.meta.url),
        sqlJs: new URL("./sqljs.wasm", import.meta.url),
        waSqlite: new URL("./wa-sqlite.wasm", import.meta.url),
      };
  const engine = options.wasmUrl === undefined ? addresses.engine : new URL(options.wasmUrl, location.href);
  const fetched = { engine: engine.href, sqlJs: addresses.sqlJs.href, waSqlite: addresses.waSqlite.href };
  return { ...fetched, ...givenModules(options.wasmModule) };
}

/** Starts the worker's script. Whether it can be loaded shows later, by the worker's `error` event. */
export function startWorker(options: AssetOptions): Worker {
  const base = chosenBase(options);
  const workerBase = base ?? foreignBase();
  const chosen =
    options.workerUrl === undefined ? workerBase && new URL(WORKER_FILE, workerBase) : new URL(options.workerUrl, location.href);
  try {
    if (!chosen) return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "dynatab" });
    if (chosen.origin === location.origin || chosen.protocol === "blob:") return new Worker(chosen, { type: "module", name: "dynatab" });
    return startForeignWorker(chosen);
  } catch (error) {
    throw new AssetLoadError(
      `The database worker could not be started: ${String(error)}. Set workerUrl or assetBase to where the package's files are served.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Starts, or finds, the worker that brokers ports between tabs. Undefined where there is none: tabs speak over a channel then. Tabs whose
 * scripts have different addresses have different brokers, which is the same as none.
 */
export function startBroker(options: AssetOptions): SharedWorker | undefined {
  if (typeof SharedWorker !== "function") return undefined;
  const base = chosenBase(options);
  try {
    if (!base) return new SharedWorker(new URL("./broker.js", import.meta.url), { type: "module", name: "dynatab" });
    const chosen = new URL(BROKER_FILE, base);
    return chosen.origin === location.origin ? new SharedWorker(chosen, { type: "module", name: "dynatab" }) : undefined;
  } catch {
    return undefined;
  }
}

/** A worker's script must be of the page's origin; a script of the page's origin may import another. */
function startForeignWorker(url: URL): Worker {
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }));
  try {
    return new Worker(script, { type: "module", name: "dynatab" });
  } finally {
    // The worker has begun to fetch it; the address is not needed for that any more once this turn is over.
    setTimeout(() => URL.revokeObjectURL(script), 60_000);
  }
}
