/**
 * Where the scripts find and put things. Everything that is installed for the project and is not an npm or apt package lives in a cache
 * outside the checkout, so that a second clone finds it done.
 */
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Outside the checkout, for whatever is dear to install. */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "dynatab");

/** Tools built with `cargo install`: wasm-pack and wasm-bindgen-cli. */
export const toolsDir = join(cacheDir, "tools");

/** Binaries of the locked npm packages (biome, tsc, vitest, wasm-opt). */
export const npmBin = join(root, "node_modules", ".bin");

/** The environment for a command, with the project's tools first on the PATH and `extra` on top. */
export function toolEnv(extra = {}) {
  return { ...process.env, PATH: [join(toolsDir, "bin"), npmBin, process.env.PATH].join(delimiter), ...extra };
}
