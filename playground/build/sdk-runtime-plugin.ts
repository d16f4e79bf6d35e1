/** Gives the page the sandbox's runtime as one text: `import runtime from "virtual:sdk-runtime"`. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "vite";

const NAME = "virtual:sdk-runtime";
const entry = fileURLToPath(new URL("../src/sandbox/sdk-runtime.ts", import.meta.url));

/** Bundled for a classic worker, AWS SDK included. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
  });
  return outputFiles[0]!.text;
}

export function sdkRuntime(): Plugin {
  let text: Promise<string> | undefined;
  return {
    name: "dynatab-sdk-runtime",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      text ??= bundled();
      return `export default ${JSON.stringify(await text)};`;
    },
  };
}
