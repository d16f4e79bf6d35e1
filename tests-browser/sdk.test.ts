/** The unmodified AWS SDK over a database in the origin's private file system, or in memory where there is none: a thousand items, every index, and a reload. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import { expectedItems, type QueryTarget, queryTargets, type SampleItem, sampleTables } from "./pages/samples.ts";
import type { api } from "./pages/sdk.ts";
import { keepsData, persistence } from "./test-browser.ts";

const LIMIT = 7;
const site = useSite();
let tab: Tab<typeof api>;

beforeAll(async () => {
  tab = await site().open<typeof api>("sdk");
  expect(await tab.call("open", "samples")).toBe(persistence);
  await tab.call("createSampleTables");
  expect(await tab.call("putSampleItems")).toBe(1000);
});

const targets = sampleTables.flatMap((sample) => queryTargets(sample).map((target) => ({ sample, target })));
const titled = targets.map(({ sample, target }) => ({
  title: `${target.table}${target.index ? `, ${target.index}` : ""}`,
  sample,
  target,
}));

const byText = (a: SampleItem, b: SampleItem) => (JSON.stringify(sorted(a)) < JSON.stringify(sorted(b)) ? -1 : 1);
const sorted = (item: SampleItem) => Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));

/** Strings by their UTF-8 bytes, numbers by value. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Reads a target whole, both ways, and holds it against the data. */
async function checkTarget(expected: SampleItem[], target: QueryTarget): Promise<void> {
  const values = [...new Set(expected.map((item) => item[target.hash] as string | number))];
  const forwards = await tab.call("queryPartitions", target, values, true, LIMIT);
  const backwards = await tab.call("queryPartitions", target, values, false, LIMIT);
  for (const [n, value] of values.entries()) {
    const { items, pageSizes } = forwards[n]!;
    const own = expected.filter((item) => item[target.hash] === value);
    expect([...items].sort(byText)).toEqual([...own].sort(byText));
    expect(backwards[n]!.items).toEqual([...items].reverse());
    for (const size of [...pageSizes, ...backwards[n]!.pageSizes]) expect(size).toBe(LIMIT);
    const { range } = target;
    if (range === undefined) continue;
    for (let at = 1; at < items.length; at += 1) expect(compare(items[at - 1]![range], items[at]![range])).toBeLessThanOrEqual(0);
  }
  expect(forwards.flatMap(({ items }) => items)).toHaveLength(expected.length);
}

describe("every index holds what its table's items say, in order, forwards and backwards in pages", () => {
  test.each(titled)("$title", ({ sample, target }) => checkTarget(expectedItems(sample, target), target));
});

test("the descriptions count the items and name every index", async () => {
  for (const { definition, items } of sampleTables) {
    const table = await tab.call("describeTable", definition.TableName);
    expect(table).toMatchObject({ TableName: definition.TableName, TableStatus: "ACTIVE", ItemCount: items.length });
    const names = (indexes: { IndexName?: string | undefined }[] | undefined) => (indexes ?? []).map(({ IndexName }) => IndexName).sort();
    expect(names(table?.GlobalSecondaryIndexes)).toEqual(names(definition.GlobalSecondaryIndexes));
    expect(names(table?.LocalSecondaryIndexes)).toEqual(names(definition.LocalSecondaryIndexes));
  }
});

describe.runIf(keepsData)("after a reload", () => {
  beforeAll(async () => {
    await tab.reload();
    expect(await tab.call("open", "samples")).toBe(persistence);
  });

  test("all tables are there", async () => {
    expect(await tab.call("listTables")).toEqual(sampleTables.map(({ definition }) => definition.TableName).sort());
  });

  test.each(titled)("everything is found again: $title", ({ sample, target }) => checkTarget(expectedItems(sample, target), target));
});
