/** Loading many items at once: `importItems` beside a loop of BatchWriteItem, the same items into tables of the same database, in turns. */
import { Dynatab } from "dynatab";
import type { Mode } from "../layers/layer.ts";
import { type ItemShape, keyOf, makeItem } from "../steps/items.ts";
import { createTableRequest } from "../steps/tables.ts";

/** Microseconds an item, of every repeat. */
export interface ImportResult {
  readonly name: string;
  readonly title: string;
  readonly mode: Mode;
  readonly imported: readonly number[];
  /** BatchWriteItem of 25 items, one after another. */
  readonly looped: readonly number[];
}

const BATCH = 25;
/** Items come in an order that is not the stored one: the places are multiplied by a prime. */
const STRIDE = 7919;

const KINDS: readonly { name: string; title: string; shape: ItemShape }[] = [
  { name: "import-300", title: "items of 300 B", shape: { bytes: 300, indexed: false, keysChange: false } },
  { name: "import-indexed", title: "items of 300 B, 2 GSIs + 1 LSI", shape: { bytes: 300, indexed: true, keysChange: true } },
];

/** Measures both ways of loading so many items, `repeats` times, after one round that warms up. */
export async function measureImport(mode: Mode, repeats: number, items: number): Promise<ImportResult[]> {
  const results = KINDS.map(({ name, title }) => ({ name, title, mode, imported: [] as number[], looped: [] as number[] }));
  for (let repeat = 0; repeat <= repeats; repeat += 1) {
    for (const [at, { name, shape }] of KINDS.entries()) {
      const options = mode === "memory" ? { persistence: "memory" as const } : { persistence: "required" as const, durability: mode };
      const db = await Dynatab.open(`bench-${name}-${mode}-${repeat}`, options);
      const loads = [
        { into: results[at]!.looped, table: "looped", load: () => loop(db, "looped", shape, items) },
        { into: results[at]!.imported, table: "imported", load: () => importAll(db, "imported", shape, items) },
      ];
      for (const { into, table, load } of repeat % 2 === 0 ? loads : loads.reverse()) {
        await db.execute("CreateTable", createTableRequest(table, shape) as never);
        const took = await load();
        await check(db, table, shape, items);
        if (repeat > 0) into.push((took * 1000) / items);
      }
      await db.close();
    }
  }
  return results;
}

const serial = (at: number, items: number) => (at * STRIDE) % items;

async function loop(db: Dynatab, table: string, shape: ItemShape, items: number): Promise<number> {
  const requests: object[][] = [];
  for (let at = 0; at < items; at += BATCH) {
    const places = Array.from({ length: Math.min(BATCH, items - at) }, (_, n) => serial(at + n, items));
    requests.push(places.map((place) => ({ PutRequest: { Item: makeItem(shape, place, 0) } })));
  }
  const began = performance.now();
  for (const request of requests) await db.execute("BatchWriteItem", { RequestItems: { [table]: request as never } });
  return performance.now() - began;
}

async function importAll(db: Dynatab, table: string, shape: ItemShape, items: number): Promise<number> {
  const text = Array.from({ length: items }, (_, at) => `${JSON.stringify({ Item: makeItem(shape, serial(at, items), 0) })}\n`);
  const file = new Blob([text.join("")]);
  const began = performance.now();
  await db.importItems(table, file);
  return performance.now() - began;
}

/** Throws unless everything is there. */
async function check(db: Dynatab, table: string, shape: ItemShape, items: number): Promise<void> {
  const { Table } = await db.execute("DescribeTable", { TableName: table });
  const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
  for (const { ItemCount } of [Table!, ...indexes]) if (ItemCount !== items) throw new Error(`${ItemCount} of ${items} items are there`);
  for (const place of [0, items >> 1, items - 1]) {
    const { Item } = await db.execute("GetItem", { TableName: table, Key: keyOf(place) });
    if (JSON.stringify(Item?.body) !== JSON.stringify(makeItem(shape, place, 0).body))
      throw new Error(`item ${place} is not what was loaded`);
  }
}
