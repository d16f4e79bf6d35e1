import type { Plugin } from "esbuild";

/** Makes `dynatab:glue` around the engine of a folder. */
export function gluePlugin(engine: string): Plugin;
