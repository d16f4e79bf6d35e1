/** The playground's development server, as `npm start` and the tests run it. */
import { join } from "node:path";
import { createServer, mergeConfig } from "vite";
import { root } from "./paths.mjs";

/**
 * Serves the playground and returns Vite's server, listening. The package must have been built.
 *
 * @param {import("vite").InlineConfig} [config] what differs from `playground/vite.config.ts`: a port, say
 */
export async function servePlayground(config = {}) {
  const server = await createServer(mergeConfig({ root: join(root, "playground"), server: { host: "localhost" } }, config));
  return server.listen();
}
