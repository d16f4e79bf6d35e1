/** Bundles the scripts of test pages and of their workers. `dynatab` stays outside: the page imports the built package by its import map. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gluePlugin } from "../scripts/package/bundle.mjs";
import { wasmDir } from "../scripts/wasm.mjs";

const pages = fileURLToPath(new URL("./pages/", import.meta.url));
const bundled = new Map<string, Promise<string>>();

async function bundle(page: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(pages, `${page}.ts`)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["dynatab"],
    // For workers that run the package's own rooms (drivers, bridge) without the package around them.
    plugins: [gluePlugin(wasmDir("test"))],
    logLevel: "error",
    legalComments: "none",
  });
  return outputFiles[0]!.text;
}

/** The script of `pages/<page>.ts`, made once. */
export function bundlePage(page: string): Promise<string> {
  let script = bundled.get(page);
  if (!script) {
    script = bundle(page);
    bundled.set(page, script);
  }
  return script;
}
