/** Prints how large the built package is: its WebAssembly and JavaScript files raw, gzipped and brotli-compressed, in kB. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root } from "./paths.mjs";

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(9);

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

/** The table as text. */
export function sizeTable(rows = packageSizes()) {
  const lines = rows.map(({ file, raw, gzip, brotli }) => `  ${file.padEnd(44)}${kilobytes(raw)}${kilobytes(gzip)}${kilobytes(brotli)}`);
  return [`  ${"kB".padEnd(44)}${"raw".padStart(9)}${"gzip".padStart(9)}${"brotli".padStart(9)}`, ...lines].join("\n");
}

if (process.argv[1]?.endsWith("sizes.mjs")) console.log(sizeTable());
