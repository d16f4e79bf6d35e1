/**
 * Installs the bundlers that `tests-browser/bundlers` drives. They weigh half a gigabyte and are of no use to anything else, so they are
 * no dependencies of the checkout: they live in the cache, once per lock file, and a second clone finds them there.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "./paths.mjs";
import { run } from "./run.mjs";

const manifest = join(root, "tests-browser", "bundlers");
const MANIFEST_FILES = ["package.json", "package-lock.json"];

/** The folder whose `node_modules` holds the bundlers; projects in folders below find them. */
export function bundlersDir() {
  const hash = createHash("sha256").update(process.versions.modules);
  for (const file of MANIFEST_FILES) hash.update(readFileSync(join(manifest, file)));
  return join(cacheDir, "bundlers", hash.digest("hex").slice(0, 16));
}

/** Installs them if they are not there. */
export async function installBundlers() {
  const folder = bundlersDir();
  if (existsSync(folder)) return;
  const fresh = `${folder}.${process.pid}.tmp`;
  mkdirSync(fresh, { recursive: true });
  try {
    for (const file of MANIFEST_FILES) copyFileSync(join(manifest, file), join(fresh, file));
    copyFileSync(join(root, ".npmrc"), join(fresh, ".npmrc"));
    // Their install scripts only build what is there prebuilt.
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: fresh });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
