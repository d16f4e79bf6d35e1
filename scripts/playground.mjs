/** The playground's servers: the development server that `npm start` runs, and the built page that the tests drive. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build, createServer, mergeConfig, preview } from "vite";
import { root } from "./paths.mjs";

const playground = join(root, "playground");

/**
 * Serves the playground from its sources and returns Vite's server, listening. The package must have been built.
 *
 * @param {import("vite").InlineConfig} [config] what differs from `playground/vite.config.ts`: a port, say
 */
export async function servePlayground(config = {}) {
  const server = await createServer(mergeConfig({ root: playground, server: { host: "localhost" } }, config));
  return server.listen();
}

/** When a file below these folders was last written. */
function lastWritten(...folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Builds the page into `dist/playground`, or into another folder, unless it has been built since its sources and the package were. */
export async function buildPlayground(outDir = join(root, "dist", "playground"), config = {}) {
  const page = join(outDir, "index.html");
  if (existsSync(page) && statSync(page).mtimeMs > lastWritten(playground, join(root, "pkg"))) return outDir;
  await build(mergeConfig({ root: playground, logLevel: "warn", build: { outDir } }, config));
  return outDir;
}

/** Serves the built page and returns Vite's preview server. */
export async function serveBuiltPlayground(config = {}) {
  return preview(mergeConfig({ root: playground, logLevel: "warn", preview: { host: "127.0.0.1" } }, config));
}
