import type { Plugin } from "esbuild";

/** Makes `dynatab:glue` around the engine of a folder. */
export function gluePlugin(engine: string): Plugin;

/** Writes the package's modules into `dist`. `engine` holds wasm-pack's output; `plugins` are asked first. */
export function bundle(options: { engine: string; dist: string; plugins?: readonly Plugin[] }): Promise<void>;
