/** What goes on behind the requests, in the package as it is built: indexes are filled, items expire, with nobody asking. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Dynatab } from "../../src/node/index.ts";
import { openDatabase } from "./built-package.ts";

let db: Dynatab;

beforeEach(async () => {
  db = await openDatabase();
  await db.execute("CreateTable", {
    TableName: "Tab",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
});

const put = (item: Record<string, { S: string } | { N: string }>) => db.execute("PutItem", { TableName: "Tab", Item: item });

test("an index that UpdateTable makes becomes ACTIVE with all items in it", async () => {
  await Promise.all(Array.from({ length: 1000 }, (_, at) => put({ pk: { S: `${at}` }, g: { S: `g${at % 3}` } })));
  await db.execute("UpdateTable", {
    TableName: "Tab",
    AttributeDefinitions: [{ AttributeName: "g", AttributeType: "S" }],
    GlobalSecondaryIndexUpdates: [
      { Create: { IndexName: "late", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } } },
    ],
  });
  await vi.waitFor(async () => {
    const { Table } = await db.execute("DescribeTable", { TableName: "Tab" });
    expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({ IndexStatus: "ACTIVE", ItemCount: 1000 });
  }, 10_000);
  const found = await db.execute("Query", {
    TableName: "Tab",
    IndexName: "late",
    KeyConditionExpression: "g = :g",
    ExpressionAttributeValues: { ":g": { S: "g1" } },
    Select: "COUNT",
  });
  expect(found.Count).toBe(333);
});

test("what expires goes by itself", async () => {
  await db.execute("UpdateTimeToLive", { TableName: "Tab", TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } });
  const seconds = Math.floor(Date.now() / 1000);
  await put({ pk: { S: "gone" }, expires: { N: `${seconds - 10}` } });
  await put({ pk: { S: "kept" }, expires: { N: `${seconds + 1000}` } });
  await vi.waitFor(async () => {
    const { Items } = await db.execute("Scan", { TableName: "Tab" });
    expect(Items?.map((item) => item.pk?.S)).toEqual(["kept"]);
  }, 10_000);
});
