/** Puts samples into a database, as any program would: CreateTable and BatchWriteItem. */
import type { OpenDatabase } from "../database/open-database.ts";
import { putItems } from "../items/put-items.ts";
import { forum } from "./forum.ts";
import { music } from "./music.ts";
import { readings } from "./readings.ts";
import type { Sample } from "./sample.ts";
import { shop } from "./shop.ts";

/** The samples, in the order they are offered. */
export const SAMPLES: readonly Sample[] = [shop, music, forum, readings];

/** The sample a new visitor finds. */
export const FIRST_SAMPLE = shop;

/** Makes a sample's tables and puts its items; returns how many. Tables that exist already reject with `ResourceInUseException`. */
export async function loadSample(
  database: OpenDatabase,
  sample: Sample,
  progress: (done: number, of: number) => void = () => {},
): Promise<number> {
  const tables = sample.tables.map(({ definition, items }) => ({ definition, items: items() }));
  const all = tables.reduce((sum, { items }) => sum + items.length, 0);
  let done = 0;
  for (const { definition, items } of tables) {
    await database.createTable(definition);
    await putItems(database, definition.TableName, items, (count) => progress(done + count, all));
    done += items.length;
  }
  return all;
}
