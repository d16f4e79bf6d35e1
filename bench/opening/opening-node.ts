/** How long a test file in Node waits for its database, once the process has opened its first; beside SQLite alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SqliteDriver } from "../../js/src/drivers/driver.ts";
import { openSqlJs } from "../../js/src/drivers/sqljs.ts";
import { openNodeFiles } from "../../js/src/drivers/vfs/node-file.ts";
import { openWaSqlite } from "../../js/src/drivers/wa-sqlite.ts";
import type { OpeningResult } from "./opening.ts";

/** The milliseconds a promise takes, and what it gives. */
async function timed<T>(open: () => Promise<T>): Promise<[ms: number, opened: T]> {
  const started = performance.now();
  const opened = await open();
  return [performance.now() - started, opened];
}

/** Measures in memory and in files, in turns; the first database of the process is opened before. */
export async function measureOpeningInNode(packageDir: string, repeats: number): Promise<OpeningResult[]> {
  const { Dynatab } = (await import(
    pathToFileURL(join(packageDir, "dist", "node.js")).href
  )) as typeof import("../../js/src/node/index.ts");
  const wasm = async (file: string) => WebAssembly.compile(await readFile(join(packageDir, "dist", file)));
  const [sqlJs, waSqlite] = [await wasm("sqljs.wasm"), await wasm("wa-sqlite.wasm")];
  const folder = mkdtempSync(join(tmpdir(), "dynatab-bench-"));
  const places: { result: OpeningResult & { opened: number[]; floor: number[] }; file?: string; alone: () => Promise<SqliteDriver> }[] = [
    {
      result: { name: "open-node-memory", title: "open after the first, Node, in memory", opened: [], floor: [] },
      alone: () => openSqlJs({ module: sqlJs }),
    },
    {
      result: { name: "open-node-file", title: "open after the first, Node, in a file", opened: [], floor: [] },
      file: join(folder, "db"),
      alone: () => openWaSqlite({ module: waSqlite }, { files: openNodeFiles(join(folder, "alone")) }),
    },
  ];
  try {
    for (let repeat = -1; repeat < repeats; repeat += 1) {
      for (const { result, file, alone } of places) {
        const [floor, driver] = await timed(alone);
        driver.close();
        const [opened, db] = await timed(() => Dynatab.open("bench", file === undefined ? {} : { file }));
        await db.close();
        if (repeat < 0) continue;
        result.floor.push(floor);
        result.opened.push(opened);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return places.map(({ result }) => result);
}
