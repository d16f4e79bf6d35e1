import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";

const dynatab = dirname(createRequire(import.meta.url).resolve("dynatab/worker.js"));

/** Rollup leaves `new URL("./file", import.meta.url)` alone, so the five files it may name go beside the bundle. */
const copyDynatab = {
  name: "copy-dynatab",
  writeBundle({ dir }) {
    mkdirSync(dir, { recursive: true });
    for (const file of ["worker.js", "broker.js", "dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"])
      copyFileSync(join(dynatab, file), join(dir, file));
  },
};

export default {
  input: "main.js",
  output: { dir: "dist", format: "es" },
  plugins: [nodeResolve({ browser: true }), commonjs(), json(), copyDynatab],
};
