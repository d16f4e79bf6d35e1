/** The package as it is built (`pkg/`), for tests in Node, and the folders their databases are in. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach } from "vitest";
import type * as DynatabNode from "../../src/node/index.ts";

/** The folder of the package. */
export const packageFolder = fileURLToPath(new URL("../../../pkg", import.meta.url));
/** The module `dynatab/node`, for child processes. */
export const nodeEntry = pathToFileURL(join(packageFolder, "dist", "node.js")).href;
/** The package's command. */
export const command = join(packageFolder, "bin", "dynatab.js");

/** The package's module. */
export const dynatab = (await import(nodeEntry)) as typeof DynatabNode;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Has something done when the test has ended, the last first. */
export function afterTest(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

/** A path for a database that is removed after the test. */
export function databasePath(): string {
  const made = mkdtempSync(join(tmpdir(), "dynatab-"));
  afterTest(() => rmSync(made, { recursive: true, force: true }));
  return join(made, "db");
}

/** Opens a database, in memory without a path; it is closed after the test. */
export function openDatabase(file?: string): Promise<DynatabNode.Dynatab> {
  return openWith(file === undefined ? {} : { file });
}

/** The same with whatever options. */
export async function openWith(options: DynatabNode.OpenOptions): Promise<DynatabNode.Dynatab> {
  const db = await dynatab.Dynatab.open("test", options);
  afterTest(() => db.close());
  return db;
}
