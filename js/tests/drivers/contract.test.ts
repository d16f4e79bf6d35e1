import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { loadSqlJsAssets, loadWaSqliteAssets } from "../../src/drivers/assets-node.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import { openSqlJs, type SqlJsAssets } from "../../src/drivers/sqljs.ts";
import { openNodeFiles } from "../../src/drivers/vfs/node-file.ts";
import type { DatabaseFiles } from "../../src/drivers/vfs/sync-file.ts";
import { openWaSqlite, type WaSqliteAssets } from "../../src/drivers/wa-sqlite.ts";
import { type DriverMaker, driverContractCases } from "./contract.ts";

let sqlJs: SqlJsAssets;
let waSqlite: WaSqliteAssets;
let directory: string;

beforeAll(async () => {
  [sqlJs, waSqlite] = await Promise.all([loadSqlJsAssets(), loadWaSqliteAssets()]);
  directory = mkdtempSync(join(tmpdir(), "dynatab-drivers-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const inMemory: DriverMaker = {
  persistent: false,
  open: () => openSqlJs(sqlJs),
  abandon: () => undefined,
};

const files = new Map<SqliteDriver, DatabaseFiles>();
const inFiles: DriverMaker = {
  persistent: true,
  async open(name, options) {
    const opened = openNodeFiles(join(directory, name));
    const driver = await openWaSqlite(waSqlite, { files: opened, ...options });
    files.set(driver, opened);
    return driver;
  },
  abandon: (driver) => files.get(driver)?.release(),
};

for (const [label, maker] of [
  ["sql.js in memory", inMemory],
  ["wa-sqlite on node:fs", inFiles],
] as const) {
  describe(label, () => {
    for (const contractCase of driverContractCases) {
      if (contractCase.persistentOnly === true && !maker.persistent) continue;
      it(contractCase.name, () => contractCase.run(maker));
    }
  });
}
