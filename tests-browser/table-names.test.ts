/** Table names that SQLite would confuse, refuse or cut live side by side, and a dropped table leaves nothing behind. */
import { beforeAll, expect, test } from "vitest";
import { type Tab, useDurableSite } from "./browser-site.ts";
import type { api } from "./pages/sdk.ts";

const LONG = `${"Long.name-".repeat(25)}x.y-z`;
const NAMES = ["Music", "music", "sqlite_x", LONG];

const site = useDurableSite();
let tab: Tab<typeof api>;

const definition = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    { AttributeName: "Id", AttributeType: "S" as const },
    { AttributeName: "Owner", AttributeType: "S" as const },
  ],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" as const }],
  GlobalSecondaryIndexes: [
    {
      IndexName: "OwnerIndex",
      KeySchema: [{ AttributeName: "Owner", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "ALL" as const },
    },
  ],
});
const itemOf = (table: string) => ({ Id: "same", Owner: "everyone", Table: table });
const byOwner = async (table: string) => {
  const target = { table, index: "OwnerIndex", hash: "Owner" };
  return (await tab.call("queryPartitions", target, ["everyone"], true, 10))[0]!.items;
};

beforeAll(async () => {
  expect(LONG).toHaveLength(255);
  tab = await site().open<typeof api>("sdk");
  await tab.call("open", "names");
  for (const name of NAMES) {
    await tab.call("createTable", definition(name));
    await tab.call("putItem", name, itemOf(name));
  }
});

test("each name is its own table, with its own index", async () => {
  expect(await tab.call("listTables")).toEqual([...NAMES].sort());
  for (const name of NAMES) {
    expect(await tab.call("getItem", name, { Id: "same" })).toEqual(itemOf(name));
    expect(await byOwner(name)).toEqual([itemOf(name)]);
  }
});

test("a dropped and recreated table is empty, a new table, and the others keep their items", async () => {
  for (const name of NAMES) {
    const before = await tab.call("describeTable", name);
    await tab.call("deleteTable", name);
    expect(await tab.call("listTables")).not.toContain(name);
    const after = await tab.call("createTable", definition(name));
    expect(after?.TableId).not.toBe(before?.TableId);
    expect(await tab.call("getItem", name, { Id: "same" })).toBeUndefined();
    expect(await byOwner(name)).toEqual([]);
    for (const other of NAMES) if (other !== name) expect(await tab.call("getItem", other, { Id: "same" })).toEqual(itemOf(other));
    await tab.call("putItem", name, itemOf(name));
  }
});

test("after a reload they are all there", async () => {
  await tab.reload();
  await tab.call("open", "names");
  for (const name of NAMES) expect(await byOwner(name)).toEqual([itemOf(name)]);
});
