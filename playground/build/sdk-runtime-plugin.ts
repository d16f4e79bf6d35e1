/** Gives the page the sandbox's runtime as one text: `import runtime from "virtual:sdk-runtime"`. */
import type { Plugin } from "vite";
import { sdkRuntime as bundled } from "../../scripts/package/sdk-runtime.mjs";

const NAME = "virtual:sdk-runtime";

export function sdkRuntime(): Plugin {
  let runtime: ReturnType<typeof bundled> | undefined;
  return {
    name: "dynatab-sdk-runtime",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      runtime ??= bundled();
      return `export default ${JSON.stringify((await runtime).text)};`;
    },
  };
}
