/**
 * Where the package's files are, seen from the page. The two forms below are the ones bundlers know (webpack, Vite, Rollup, Parcel): they
 * copy the file and put its new address there, so they must stay exactly as they are.
 */
import { AssetLoadError } from "../errors.ts";
import type { WasmAddresses } from "../protocol.ts";

/** Where the files are, if not where the package put them. */
export interface AssetOptions {
  /** The folder that holds all of the package's files. */
  assetBase?: string | URL;
  /** The engine's WebAssembly file alone. */
  wasmUrl?: string | URL;
  /** The worker's script alone. */
  workerUrl?: string | URL;
}

const WORKER_FILE = "worker.js";
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

function chosenBase(options: AssetOptions): URL | undefined {
  if (options.assetBase === undefined) return movedBase();
  const base = new URL(options.assetBase, location.href);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

/** The addresses of the WebAssembly files. */
export function wasmAddresses(options: AssetOptions): WasmAddresses {
  const base = chosenBase(options);
  const addresses = base
    ? { engine: new URL(ENGINE_FILE, base), sqlJs: new URL(SQLJS_FILE, base), waSqlite: new URL(WA_SQLITE_FILE, base) }
    : {
        engine: new URL("./dynatab.wasm", import.meta.url),
        sqlJs: new URL("./sqljs.wasm", import.meta.url),
        waSqlite: new URL("./wa-sqlite.wasm", import.meta.url),
      };
  const engine = options.wasmUrl === undefined ? addresses.engine : new URL(options.wasmUrl, location.href);
  return { engine: engine.href, sqlJs: addresses.sqlJs.href, waSqlite: addresses.waSqlite.href };
}

/** Starts the worker's script. Whether it can be loaded shows later, by the worker's `error` event. */
export function startWorker(options: AssetOptions): Worker {
  const base = chosenBase(options);
  const chosen = options.workerUrl === undefined ? base && new URL(WORKER_FILE, base) : new URL(options.workerUrl, location.href);
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
