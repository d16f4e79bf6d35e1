/**
 * How large the built package is: every WebAssembly and JavaScript file raw, gzipped and brotli-compressed, and what a page fetches in each
 * mode, against `bench/size-budget.json`. A build that outgrows its budget fails: who needs more room raises the budget, and says why.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root } from "./paths.mjs";

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
const KINDS = ["raw", "gzip", "brotli"];

/** What a page loads beside what its entry imports: the worker, the engine and the mode's SQLite. */
const IN_MEMORY = ["dist/worker.js", "dist/dynatab.wasm", "dist/sqljs.wasm"];
const IN_OPFS = ["dist/worker.js", "dist/dynatab.wasm", "dist/wa-sqlite.wasm"];
const FETCHED = {
  "a page in memory mode": { entry: "dist/index.js", files: IN_MEMORY },
  "a page in OPFS mode": { entry: "dist/index.js", files: IN_OPFS },
  "a page with the playground": { entry: "dist/playground/playground.js", files: IN_OPFS },
};

/** One row per file worth a line: `{ file, raw, gzip, brotli }` in bytes, largest first. */
export function packageSizes(folder = join(root, "pkg")) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(wasm|js|mjs|cjs)$/.test(entry.name) && !/node_modules/.test(entry.parentPath ?? entry.path))
    .map((entry) => {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const bytes = readFileSync(file);
      const gzip = gzipSync(bytes, { level: 9 }).length;
      return { file: relative(folder, file), raw: bytes.length, gzip, brotli: brotliCompressSync(bytes).length };
    })
    .sort((a, b) => b.raw - a.raw);
}

/** A module and what it imports statically; a dynamic import is fetched only when it runs. */
function importsOf(folder, file, found = new Set()) {
  if (found.has(file) || !existsSync(join(folder, file))) return found;
  found.add(file);
  for (const [, imported] of readFileSync(join(folder, file), "utf8").matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+\.js)"/g)) {
    importsOf(folder, join(dirname(file), imported), found);
  }
  return found;
}

/** What a page fetches, in each mode: rows like those of the files. */
export function fetchedSizes(folder = join(root, "pkg"), rows = packageSizes(folder)) {
  return Object.entries(FETCHED).map(([mode, { entry, files }]) => {
    const fetched = new Set([...importsOf(folder, entry), ...files]);
    const sum = { file: mode, raw: 0, gzip: 0, brotli: 0 };
    for (const row of rows) if (fetched.has(row.file)) for (const kind of KINDS) sum[kind] += row[kind];
    return sum;
  });
}

/** A chunk's name ends in a hash of its contents; a budget knows it, and its siblings, without. Those of the playground are one sum. */
const budgetName = (file) => file.replace(/-[A-Z0-9]{8}\.js$/, "-*.js").replace(/^(dist\/playground\/).*-\*\.js$/, "$1*-*.js");

/** Sentences about every row, and every file without a budget, that is larger than allowed; none if all is well. */
export function overBudget(rows, budget) {
  const sums = new Map();
  for (const row of rows) {
    const name = budgetName(row.file);
    const sum = sums.get(name) ?? { raw: 0, gzip: 0, brotli: 0 };
    for (const kind of KINDS) sum[kind] += row[kind];
    sums.set(name, sum);
  }
  const said = [];
  for (const [name, sizes] of sums) {
    const limits = budget[name];
    if (!limits) said.push(`${name} has no budget`);
    else
      for (const kind of KINDS) {
        if (sizes[kind] > limits[kind]) said.push(`${name}, ${kind}: ${sizes[kind]} bytes, its budget is ${limits[kind]}`);
      }
  }
  return said;
}

/** Throws when the package has outgrown its budget. */
export function checkBudget(folder = join(root, "pkg")) {
  const rows = packageSizes(folder);
  const { budget } = JSON.parse(readFileSync(join(root, "bench", "size-budget.json"), "utf8"));
  const said = overBudget([...rows, ...fetchedSizes(folder, rows)], budget);
  if (said.length > 0) throw new Error(`The package is larger than bench/size-budget.json allows:\n  ${said.join("\n  ")}`);
}

/** The table as text. */
export function sizeTable(folder = join(root, "pkg")) {
  const rows = packageSizes(folder);
  const lines = [...rows, ...fetchedSizes(folder, rows)].map(
    ({ file, raw, gzip, brotli }) => `  ${file.padEnd(44)}${kilobytes(raw)}${kilobytes(gzip)}${kilobytes(brotli)}`,
  );
  return [`  ${"kB".padEnd(44)}${"raw".padStart(9)}${"gzip".padStart(9)}${"brotli".padStart(9)}`, ...lines].join("\n");
}

if (process.argv[1]?.endsWith("sizes.mjs")) console.log(sizeTable());
