/** The package's own operations in a page, whose engine is in a worker and keeps its data in the origin's private file system. */
import { expect, test, vi } from "vitest";
import { useDurableSite } from "./browser-site.ts";
import type { api } from "./pages/database.ts";

const site = useDurableSite();

const definition = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
});
const puts = (TableName: string, count: number, text: string, others: object = {}): [string, object][] =>
  Array.from({ length: count }, (_, at) => ["PutItem", { TableName, Item: { Id: { N: `${at}` }, Text: { S: text }, ...others } }]);

test("a database shrinks by a deleted table in small steps, and what was given back stays so over a reload", async () => {
  const tab = await site().open<typeof api>("database", "product");
  expect((await tab.call("open", "vacuum")).value).toEqual({ persistence: "opfs" });
  for (const name of ["Gone", "Kept"]) {
    await tab.call("execute", "CreateTable", definition(name));
    await tab.call("atOnce", puts(name, 200, "x".repeat(4000)));
  }
  const before = await tab.call("stats");
  expect(before.storage).toMatchObject({ persistence: "opfs", journalMode: "wal" });
  await tab.call("execute", "DeleteTable", { TableName: "Gone" });
  const told = await tab.call("vacuum");
  const last = told.at(-1)!;
  expect(told.length).toBeGreaterThan(5);
  expect(last.freedBytes).toBeGreaterThan(700_000);
  expect(last).toEqual({ sizeBytes: before.sizeBytes - last.freedBytes, freedBytes: last.freedBytes, remainingBytes: 0 });
  await tab.reload();
  await tab.call("open", "vacuum");
  expect(await tab.call("stats")).toMatchObject({
    sizeBytes: last.sizeBytes,
    freeBytes: 0,
    tables: [{ tableName: "Kept", itemCount: 200 }],
  });
  await tab.close();
});

test("a cache keeps its bound, and time can be set, in a worker", async () => {
  const tab = await site().open<typeof api>("database", "product");
  await tab.call("open", "cache");
  await tab.call("execute", "CreateTable", definition("Cache"));
  await tab.call("cache", "Cache", 10);
  await tab.call("atOnce", puts("Cache", 30, "x"));
  const items = async () => (await tab.call("stats")).tables.map((table) => table.itemCount);
  await vi.waitFor(async () => expect(await items()).toEqual([10]), { timeout: 10_000, interval: 100 });

  await tab.call("cache", "Cache", null);
  const time = { TableName: "Cache", TimeToLiveSpecification: { Enabled: true, AttributeName: "Expires" } };
  await tab.call("execute", "UpdateTimeToLive", time);
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  await tab.call("atOnce", puts("Cache", 30, "x", { Expires: { N: `${expires}` } }));
  expect(await items()).toEqual([30]);
  expect(await tab.call("setTime", (expires + 1) * 1000)).toBe((expires + 1) * 1000);
  await vi.waitFor(async () => expect(await items()).toEqual([0]), { timeout: 10_000, interval: 100 });
  const refused = await tab.call("openWithClock", {});
  expect(refused.error).toMatchObject({ name: "InvalidOptionError", message: expect.stringContaining("db.setTime()") });
  await tab.close();
});
