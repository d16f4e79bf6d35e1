/**
 * What an index that is being filled costs the requests beside it: puts and gets made one at a time, on a table of fifty thousand items, before
 * and while `UpdateTable` makes an index over all of them.
 */
import { type Database, Dynatab } from "dynatab";
import type { Mode } from "../layers/layer.ts";
import { type BenchItem, makeItem } from "../steps/items.ts";
import { createTableRequest } from "../steps/tables.ts";

/** How long requests took, in milliseconds. */
export interface Waits {
  readonly requests: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Requests beside nothing, and beside the filling of an index. */
export interface BackfillResult {
  readonly mode: Mode;
  readonly items: number;
  readonly idle: Waits;
  readonly filling: Waits;
  /** From `UpdateTable` to ACTIVE. */
  readonly seconds: number;
}

const SHAPE = { bytes: 300, indexed: false, keysChange: false };
const TABLE = "backfill";
const IDLE_REQUESTS = 4000;
const LOAD_AT_ONCE = 500;
/** How often the index's state is asked for, in requests. */
const LOOK_EVERY = 100;
const STRIDE = 7919;

function summary(took: number[]): Waits {
  const sorted = took.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
}

/** Puts and gets in turn, scattered over the table, until `done` says so; it is asked now and then. */
async function askOneByOne(db: Database, items: readonly BenchItem[], done: (requests: number) => Promise<boolean>): Promise<Waits> {
  const took: number[] = [];
  while (!(await done(took.length))) {
    for (let n = 0; n < LOOK_EVERY; n += 1) {
      const item = items[(took.length * STRIDE) % items.length]!;
      const { pk, sk } = item;
      const started = performance.now();
      if (took.length % 2 === 0) await db.execute("PutItem", { TableName: TABLE, Item: item });
      else await db.execute("GetItem", { TableName: TABLE, Key: { pk: pk!, sk: sk! } });
      took.push(performance.now() - started);
    }
  }
  return summary(took);
}

/** Measures it in this mode. */
export async function measureBackfill(mode: Mode, count: number): Promise<BackfillResult> {
  const db = await Dynatab.open(
    `bench-backfill-${mode}`,
    mode === "memory" ? { persistence: "memory" } : { persistence: "required", durability: mode },
  );
  await db.execute("CreateTable", createTableRequest(TABLE, SHAPE));
  const items = Array.from({ length: count }, (_, n): BenchItem => ({ ...makeItem(SHAPE, n, 0), colour: { S: `colour ${n % 100}` } }));
  for (let at = 0; at < count; at += LOAD_AT_ONCE) {
    await Promise.all(items.slice(at, at + LOAD_AT_ONCE).map((Item) => db.execute("PutItem", { TableName: TABLE, Item })));
  }
  const idle = await askOneByOne(db, items, async (requests) => requests >= IDLE_REQUESTS);
  const started = performance.now();
  await db.execute("UpdateTable", {
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: "colour", AttributeType: "S" }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: { IndexName: "colours", KeySchema: [{ AttributeName: "colour", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
      },
    ],
  });
  const filling = await askOneByOne(db, items, async () => {
    const { Table } = await db.execute("DescribeTable", { TableName: TABLE });
    return Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus === "ACTIVE";
  });
  const seconds = (performance.now() - started) / 1000;
  await db.close();
  return { mode, items: count, idle, filling, seconds };
}
