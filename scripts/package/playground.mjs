/**
 * Bundles the playground's element into the package: `dist/playground/playground.js`, and beside it what is loaded when it is first needed
 * (views, the editor, the sandbox). The database is not in it: it is the package's own `dist/index.js`. `dist/playground.html` is the page
 * around the element that `dynatab playground` serves.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { root } from "../paths.mjs";
import { TARGET } from "./bundle.mjs";
import { sdkRuntime } from "./sdk-runtime.mjs";

/** `dynatab` is one folder up from every file made here. */
const dynatabBeside = {
  name: "dynatab-beside",
  setup(bundler) {
    bundler.onResolve({ filter: /^dynatab$/ }, () => ({ path: "../index.js", external: true }));
  },
};

/** `import text from "./file.css?inline"`, as Vite reads it. */
const inlineCss = {
  name: "inline-css",
  setup(bundler) {
    bundler.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?inline", "")),
      namespace: "inline-css",
    }));
    bundler.onLoad({ filter: /.*/, namespace: "inline-css" }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code, loader: "text" };
    });
  },
};

/** The sandbox's runtime as one text, a file of its own. `metafiles` takes what went into it. */
const sdkRuntimeText = (metafiles) => ({
  name: "sdk-runtime",
  setup(bundler) {
    bundler.onResolve({ filter: /^virtual:sdk-runtime$/ }, () => ({ path: "sdk-runtime", namespace: "sdk-runtime" }));
    bundler.onLoad({ filter: /.*/, namespace: "sdk-runtime" }, async () => {
      const { text, metafile } = await sdkRuntime();
      metafiles.push(metafile);
      return { contents: text, loader: "text" };
    });
  },
});

/** The npm packages whose code is in some bundles. */
function packagesIn(metafiles) {
  const names = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        // A package of a package is named by its whole folder.
        const folder = /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
        if (folder !== undefined && bytesInOutput > 0) names.add(folder.slice(folder.indexOf("node_modules/") + "node_modules/".length));
      }
    }
  }
  return [...names].sort();
}

/** Where the page of the sources has the element's module and its own style, and where the package has them. */
const MOVED = { "/src/main.ts": "./playground/playground.js", "/src/style/page.css": "./playground/page.css" };

/** What the page may do: load what is beside it, and in the sandbox run what the reader has written. */
async function contentPolicy() {
  const { outputFiles } = await build({
    entryPoints: [join(root, "playground", "src", "sandbox", "frame-script.ts")],
    write: false,
    format: "esm",
    bundle: true,
  });
  const { FRAME_SCRIPT } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  const frame = createHash("sha256").update(FRAME_SCRIPT).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' 'sha256-${frame}' blob:`,
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

async function writePage(dist) {
  const source = join(root, "playground");
  const policy = `<meta http-equiv="Content-Security-Policy" content="${await contentPolicy()}">`;
  let page = readFileSync(join(source, "index.html"), "utf8").replace('<meta charset="utf-8">', (charset) => `${charset}\n    ${policy}`);
  for (const [from, to] of Object.entries(MOVED)) {
    if (!page.includes(`"${from}"`)) throw new Error(`playground/index.html does not name ${from}`);
    page = page.replace(`"${from}"`, `"${to}"`);
  }
  writeFileSync(join(dist, "playground.html"), page);
  const { code } = await transform(readFileSync(join(source, "src", "style", "page.css"), "utf8"), { loader: "css", minify: true });
  writeFileSync(join(dist, "playground", "page.css"), code);
}

/** Writes `dist/playground/` and `dist/playground.html`. Resolves with the names of the npm packages whose code is in it. */
export async function bundlePlayground(dist) {
  const metafiles = [];
  const { metafile } = await build({
    entryPoints: { playground: join(root, "playground", "src", "element.tsx") },
    absWorkingDir: root,
    outdir: join(dist, "playground"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: TARGET,
    chunkNames: "[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [dynatabBeside, inlineCss, sdkRuntimeText(metafiles)],
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  await writePage(dist);
  return packagesIn([metafile, ...metafiles]);
}
