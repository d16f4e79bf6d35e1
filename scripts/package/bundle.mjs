/**
 * Bundles the TypeScript into the package's ES modules.
 *
 * `dynatab:glue` is made here: wasm-bindgen's glue keeps its instance in module variables, and every database needs one of its own, so the
 * glue becomes a function that is evaluated anew.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../paths.mjs";

const source = (file) => join(root, "js", "src", file);

/** Every module of the support floor (Chrome 108, Firefox 114, Safari 16.4, Node 20) runs this. */
export const TARGET = ["es2022"];

/** On a line of its own, so that whoever looks at a minified file sees that it is a module. */
export const MODULE_MARK = { js: "export {};" };

/** The glue as one text that declares `glue`: evaluating it gives a glue that holds no instance yet. */
async function engineScript(engine) {
  const { outputFiles } = await build({
    entryPoints: [join(engine, "dynatab.js")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "glue",
    target: TARGET,
    // Only its default initialiser asks where it is, and that is never called.
    define: { "import.meta.url": '""' },
    logLevel: "error",
  });
  return outputFiles[0].text;
}

async function glueModule(engine) {
  return `
function engineScript() {
${await engineScript(engine)}
  return glue;
}
export function instantiateEngine(module) {
  const glue = engineScript();
  const { memory } = glue.initSync({ module });
  return { ...glue, memory };
}
`;
}

/** The esbuild plugin that makes `dynatab:glue` around the engine in a folder; for bundles of the tests, too. */
export function gluePlugin(engine) {
  return {
    name: "glue",
    setup(bundler) {
      bundler.onResolve({ filter: /^dynatab:glue$/ }, () => ({ path: "glue", namespace: "glue" }));
      bundler.onLoad({ filter: /.*/, namespace: "glue" }, async () => ({
        contents: await glueModule(engine),
        resolveDir: root,
        loader: "js",
      }));
    },
  };
}

/**
 * Writes `index.js` (page), `service-worker.js`, `worker.js`, `broker.js`, `node.js`, `node.cjs` and `cli.js` into `dist`. `engine` holds
 * wasm-pack's output; `plugins` are esbuild's, asked first.
 */
export async function bundle({ engine, dist, plugins = [] }) {
  const common = {
    bundle: true,
    format: "esm",
    target: TARGET,
    outdir: dist,
    plugins: [...plugins, gluePlugin(engine)],
    legalComments: "none",
    logLevel: "warning",
  };
  await Promise.all([
    // Names are kept, for the reader of a stack.
    build({
      ...common,
      platform: "browser",
      splitting: true,
      minifyWhitespace: true,
      minifySyntax: true,
      chunkNames: "page-[hash]",
      entryPoints: { index: source("index.ts") },
    }),
    // One file: a worker that imports others would make bundlers split it, which some of their worker formats cannot.
    build({
      ...common,
      platform: "browser",
      minify: true,
      footer: MODULE_MARK,
      entryPoints: { worker: source("worker.ts"), broker: source("broker.ts") },
    }),
    // A service worker may import nothing once it runs: the same in one piece.
    build({
      ...common,
      platform: "browser",
      minify: true,
      footer: MODULE_MARK,
      entryPoints: { "service-worker": source("index.ts") },
    }),
    build({
      ...common,
      platform: "node",
      splitting: true,
      chunkNames: "node-[hash]",
      entryPoints: { node: source("node/index.ts"), cli: source("node/cli.ts") },
    }),
    // For `require`, which Node 20 cannot do with modules.
    build({
      ...common,
      platform: "node",
      format: "cjs",
      outExtension: { ".js": ".cjs" },
      define: { "import.meta.url": "moduleAddress" },
      banner: { js: 'const moduleAddress = require("node:url").pathToFileURL(__filename).href;' },
      entryPoints: { node: source("node/index.ts") },
    }),
  ]);
}
