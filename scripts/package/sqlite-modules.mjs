/**
 * The SQLite modules that ship: the npm packages' own, without the C functions that only their exports held and no driver calls. What is
 * left is left as it was compiled; for wa-sqlite that is 16 kB less for a page to fetch.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { calledExports } from "../generate-sqlite-builds.mjs";
import { run } from "../run.mjs";

const require = createRequire(import.meta.url);

const MODULES = [
  { file: "sqljs.wasm", from: "sql.js/dist/sql-wasm-browser.wasm", called: calledExports.sqlJs },
  { file: "wa-sqlite.wasm", from: "@livestore/wa-sqlite/dist/wa-sqlite.wasm", called: calledExports.waSqlite },
];

/** What the packages' compilers use; wasm-metadce must be told. */
const WASM_FEATURES = ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "sign-ext"];

/** What JavaScript holds on to, as wasm-metadce reads it: the functions that are called, and the memory. */
function roots(module, called) {
  const names = new Set(Object.values(called));
  return WebAssembly.Module.exports(module)
    .filter(({ name, kind }) => names.has(name) || kind === "memory")
    .map(({ name }) => ({ name: `called ${name}`, export: name, root: true }));
}

async function writeModule({ file, from, called }, dist) {
  const source = require.resolve(from);
  const graph = join(dist, `${file}.roots.json`);
  writeFileSync(graph, JSON.stringify(roots(await WebAssembly.compile(readFileSync(source)), called())));
  try {
    const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
    await run("wasm-metadce", [...features, source, "--graph-file", graph, "-o", join(dist, file)]);
  } finally {
    rmSync(graph);
  }
}

/** Writes `sqljs.wasm` and `wa-sqlite.wasm` into `dist`. */
export async function writeSqliteModules(dist) {
  await Promise.all(MODULES.map((module) => writeModule(module, dist)));
}
