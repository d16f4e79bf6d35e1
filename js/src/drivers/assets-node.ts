/**
 * Loads what the drivers need from installed packages, in Node: for tests, tools and the in-process engine of a checkout.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { SqlJsAssets } from "./sqljs.ts";
import type { WaSqliteAssets } from "./wa-sqlite.ts";

const require = createRequire(import.meta.url);

async function compiled(file: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(require.resolve(file)));
}

/** sql.js as installed. */
export async function loadSqlJsAssets(): Promise<SqlJsAssets> {
  return { module: await compiled("sql.js/dist/sql-wasm-browser.wasm") };
}

/** wa-sqlite as installed, its synchronous build. */
export async function loadWaSqliteAssets(): Promise<WaSqliteAssets> {
  return { module: await compiled("@livestore/wa-sqlite/dist/wa-sqlite.wasm") };
}
