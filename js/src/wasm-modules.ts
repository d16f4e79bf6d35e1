/** WebAssembly that the caller has compiled: where files cannot be fetched, or are compiled once for many databases. */
import { InvalidOptionError } from "./errors.ts";

/** The package's modules, compiled: what is given is not loaded. */
export interface WasmModules {
  /** `dynatab.wasm`, the engine. */
  engine?: WebAssembly.Module;
  /** `sqljs.wasm`, SQLite for databases in memory. */
  sqlJs?: WebAssembly.Module;
  /** `wa-sqlite.wasm`, SQLite for databases in files. */
  waSqlite?: WebAssembly.Module;
}

/** The modules an option names; a module alone is the engine's. Throws `InvalidOptionError`. */
export function givenModules(option: WebAssembly.Module | WasmModules | undefined): WasmModules {
  const modules = option instanceof WebAssembly.Module ? { engine: option } : (option ?? {});
  for (const [name, module] of Object.entries(modules)) {
    if (module !== undefined && !(module instanceof WebAssembly.Module)) {
      throw new InvalidOptionError(`wasmModule.${name} must be a WebAssembly.Module: compile it with WebAssembly.compile() first.`);
    }
  }
  return modules;
}
