/**
 * Loads what the drivers need from installed packages, in Node: for tests, tools and the in-process engine of a checkout.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import type { InitSqlJs, SqlJsAssets } from "./sqljs.ts";
import type { WaSqliteAssets } from "./wa-sqlite.ts";

const require = createRequire(import.meta.url);

/** sql.js as installed: its module compiled, its script ready to be evaluated for each database. */
export async function loadSqlJsAssets(): Promise<SqlJsAssets> {
  const script = require.resolve("sql.js/dist/sql-wasm-browser.js");
  const [source, wasm] = await Promise.all([readFile(script, "utf8"), readFile(require.resolve("sql.js/dist/sql-wasm-browser.wasm"))]);
  return { module: await WebAssembly.compile(wasm), evaluateScript: () => evaluateCommonJs(source, script) as InitSqlJs };
}

/** wa-sqlite as installed, its synchronous build. */
export async function loadWaSqliteAssets(): Promise<WaSqliteAssets> {
  const script = require.resolve("@livestore/wa-sqlite/dist/wa-sqlite.mjs");
  const [wasm, { default: createModule }] = await Promise.all([
    readFile(require.resolve("@livestore/wa-sqlite/dist/wa-sqlite.wasm")),
    import(pathToFileURL(script).href) as Promise<{ default: WaSqliteAssets["createModule"] }>,
  ]);
  return { module: await WebAssembly.compile(wasm), createModule };
}

/** Evaluates a CommonJS text that requires nothing, with a module object of its own. */
function evaluateCommonJs(source: string, filename: string): unknown {
  const module = { exports: {} as unknown };
  compileFunction(source, ["module", "exports"], { filename })(module, module.exports);
  return module.exports;
}
