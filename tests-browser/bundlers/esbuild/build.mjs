import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build, context } from "esbuild";

const port = Number(process.argv[2] ?? 0);
const dynatab = dirname(createRequire(import.meta.url).resolve("dynatab/worker.js"));

const options = { entryPoints: ["main.js"], bundle: true, format: "esm", outdir: "dist", target: "es2022", logLevel: "warning" };
// esbuild leaves `new URL("./file", import.meta.url)` alone, so the five files it may name go beside the bundle.
const copy = () => {
  for (const file of ["worker.js", "broker.js", "dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"])
    copyFileSync(join(dynatab, file), join("dist", file));
};
if (port) {
  const development = await context(options);
  await development.rebuild();
  copy();
  await development.serve({ servedir: ".", host: "127.0.0.1", port });
} else {
  await build({ ...options, minify: true });
  copy();
}
