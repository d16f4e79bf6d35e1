/** How long a page waits for its database: an empty one in memory, an empty one in files, one of 100 MB; each beside SQLite alone. */
import { Dynatab } from "dynatab";
import { makeItem } from "../steps/items.ts";
import { createTableRequest } from "../steps/tables.ts";

/** Milliseconds of every repeat. */
export interface OpeningResult {
  readonly name: string;
  readonly title: string;
  /** `Dynatab.open`, until it resolves. */
  readonly opened: readonly number[];
  /** A worker with SQLite alone. */
  readonly floor: readonly number[];
}

const LARGE = { bytes: 40_000, indexed: false, keysChange: false };
const TABLE = "large";

/** Makes a database of so many bytes, and closes it. */
async function fill(name: string, bytes: number): Promise<void> {
  const db = await Dynatab.open(name, { persistence: "required", durability: "relaxed" });
  await db.execute("CreateTable", createTableRequest(TABLE, LARGE));
  for (let at = 0; at * LARGE.bytes < bytes; at += 50) {
    const items = Array.from({ length: 50 }, (_, n) => makeItem(LARGE, at + n, 0));
    await Promise.all(items.map((Item) => db.execute("PutItem", { TableName: TABLE, Item })));
  }
  await db.close();
}

/** Opens, asks whether everything is there, and closes; gives the time opening took. */
async function openOnce(name: string, memory: boolean, tables: number): Promise<number> {
  const started = performance.now();
  const db = await Dynatab.open(name, { persistence: memory ? "memory" : "required" });
  const took = performance.now() - started;
  const { TableNames } = await db.execute("ListTables", {});
  if (TableNames?.length !== tables) throw new Error(`${name} opened with ${TableNames?.length} tables`);
  await db.close();
  return took;
}

async function openSqlite(database: string | undefined): Promise<number> {
  const started = performance.now();
  const worker = new Worker("/bench/sqlite-worker.js", { type: "module" });
  const said: unknown[] = [];
  let took = 0;
  await new Promise<void>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (said.push(data) === 1) took = performance.now() - started;
      else resolve();
    };
    worker.postMessage(database);
  });
  worker.terminate();
  if (database === undefined ? said[0] !== 0 : !(Number(said[0]) > 0)) throw new Error(`SQLite opened with ${said[0]} tables`);
  return took;
}

/** Measures all three, interleaved. */
export async function measureOpening(repeats: number, largeBytes: number): Promise<OpeningResult[]> {
  await fill("bench-large", largeBytes);
  await openOnce("bench-empty", false, 0);
  const kinds = [
    { name: "open-memory", title: "open, empty, in memory", database: undefined, tables: 0 },
    { name: "open-empty", title: "open, empty, OPFS", database: "bench-empty", tables: 0 },
    { name: "open-large", title: `open, ${Math.round(largeBytes / 1e6)} MB, OPFS`, database: "bench-large", tables: 1 },
  ];
  const results = kinds.map(({ name, title }) => ({ name, title, opened: [] as number[], floor: [] as number[] }));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [n, { database, tables }] of kinds.entries()) {
      results[n]!.floor.push(await openSqlite(database));
      results[n]!.opened.push(await openOnce(database ?? "bench", database === undefined, tables));
    }
  }
  return results;
}
