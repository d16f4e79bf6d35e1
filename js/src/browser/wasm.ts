/** Fetches and compiles WebAssembly, once per address. */
import { AssetLoadError } from "../errors.ts";
import type { WasmSource } from "../protocol.ts";

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** The module at an address, or the one that is given. Rejects with `AssetLoadError`. */
export function loadWasm(source: WasmSource): Promise<WebAssembly.Module> {
  if (typeof source !== "string") return Promise.resolve(source);
  const address = source;
  let module = compiled.get(address);
  if (!module) {
    module = fetchAndCompile(address);
    compiled.set(address, module);
    // The next attempt may find a network.
    module.catch(() => compiled.delete(address));
  }
  return module;
}

async function fetchAndCompile(address: string): Promise<WebAssembly.Module> {
  const advice = "Check that the file is served, or set assetBase (or wasmUrl) to where the package's files are.";
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin" });
  } catch (error) {
    throw new AssetLoadError(`${address} could not be fetched (${String(error)}). ${advice}`, { cause: error });
  }
  const type = response.headers.get("content-type") ?? "";
  if (!response.ok || type.startsWith("text/html")) {
    throw new AssetLoadError(`${address} answered ${response.status}${type && ` ${type}`} instead of WebAssembly. ${advice}`);
  }
  try {
    // Compiling while it arrives is only allowed with the right type; any other server still works.
    if (type.startsWith("application/wasm")) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw new AssetLoadError(`${address} is not the WebAssembly it should be (${String(error)}). ${advice}`, { cause: error });
  }
}
