/** The package's WebAssembly files in Node: beside this module, read and compiled once. */
import { readFile } from "node:fs/promises";
import { AssetLoadError } from "../errors.ts";
import { givenModules, type WasmModules } from "../wasm-modules.ts";

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Where the files are, if not beside this module. */
export interface NodeAssetOptions {
  /** The folder that holds the package's files, as a `file:` URL. */
  assetBase?: string | URL;
  /** The engine, compiled already, or any of the package's modules: what is given is not read. */
  wasmModule?: WebAssembly.Module | WasmModules;
}

/** The package's files, and the names their modules go by. */
const MODULE_OF = { "dynatab.wasm": "engine", "sqljs.wasm": "sqlJs", "wa-sqlite.wasm": "waSqlite" } as const;

/** Compiles one of the files. Rejects with `AssetLoadError`; throws `InvalidOptionError`. */
export function loadWasm(file: keyof typeof MODULE_OF, { assetBase, wasmModule }: NodeAssetOptions): Promise<WebAssembly.Module> {
  const given = givenModules(wasmModule)[MODULE_OF[file]];
  if (given) return Promise.resolve(given);
  const address = new URL(file, assetBase ?? import.meta.url);
  let module = compiled.get(address.href);
  if (!module) {
    module = readAndCompile(address);
    compiled.set(address.href, module);
    module.catch(() => compiled.delete(address.href));
  }
  return module;
}

async function readAndCompile(address: URL): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(await readFile(address));
  } catch (error) {
    throw new AssetLoadError(
      `${address} could not be loaded (${String(error)}). If your program is bundled, copy the package's .wasm files beside the bundle or set assetBase.`,
      { cause: error },
    );
  }
}
