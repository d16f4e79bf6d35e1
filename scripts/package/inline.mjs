/** Bundles `inline.js`: the whole browser package in one module, for places that cannot serve WebAssembly or a worker beside the page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "../paths.mjs";
import { gluePlugin, MODULE_MARK, TARGET } from "./bundle.mjs";

const FILES = ["worker.js", "dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"];

/** Without slashes, two of which many a tool would read as a comment. */
const base64 = (bytes) => bytes.toString("base64").replaceAll("/", "_");

/** Puts the finished files of `dist` into the module, and their blobs in place of their addresses. */
function inlinePlugin(dist) {
  return {
    name: "inline",
    setup(bundler) {
      bundler.onResolve({ filter: /\/assets\.ts$/ }, () => ({ path: join(root, "js", "src", "browser", "inline-assets.ts") }));
      bundler.onResolve({ filter: /^dynatab:inlined$/ }, () => ({ path: "inlined", namespace: "inlined" }));
      bundler.onLoad({ filter: /.*/, namespace: "inlined" }, () => {
        const packed = FILES.map((file) => [file, base64(gzipSync(readFileSync(join(dist, file)), { level: 9 }))]);
        return { contents: `export const files = ${JSON.stringify(Object.fromEntries(packed))};`, loader: "js" };
      });
    },
  };
}

/** Writes `inline.js` into `dist`, which holds everything else already. `engine` holds wasm-pack's output. */
export async function bundleInline({ engine, dist }) {
  await build({
    bundle: true,
    format: "esm",
    target: TARGET,
    platform: "browser",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [gluePlugin(engine), inlinePlugin(dist)],
    entryPoints: { inline: join(root, "js", "src", "index.ts") },
    footer: MODULE_MARK,
    outdir: dist,
  });
}
