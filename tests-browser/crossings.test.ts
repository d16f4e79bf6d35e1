/** How often one operation goes to SQLite, counted in the worker: the bounds of the design. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tab, useDurableSite } from "./browser-site.ts";
import type { api } from "./pages/database.ts";

const READ = 1;
const WRITE = 2;

const site = useDurableSite();
let tab: Tab<typeof api>;

/** What was counted, a line each, printed in the end. */
const costs: string[] = [];
afterAll(() => console.log(["crossings, statements, bytes in and out:", ...costs].join("\n")));

/** What one operation costs, noted. */
async function cost(what: string, operation: string, input: object) {
  const counted = await tab.call("cost", operation, input);
  const { crossings, statements, bytesIn, bytesOut } = counted;
  costs.push(
    `  ${crossings} ${String(statements).padStart(2)} ${String(bytesIn).padStart(6)} ${String(bytesOut).padStart(6)}  ${operation}: ${what}`,
  );
  return counted;
}

const key = (n: number) => ({ Id: { S: "one" }, Number: { N: String(n) } });
const item = (n: number, value: string) => {
  const indexed = Object.fromEntries(["A", "B", "C", "D", "E"].map((name) => [name, { S: `${name} of ${value}` }]));
  return { ...key(n), ...indexed, Text: { S: value.repeat(20) } };
};

/** A table with a sort key, and five indexes and a stream on demand. */
function definition(TableName: string, indexed: boolean) {
  const gsi = (attribute: string) => ({
    IndexName: `By${attribute}`,
    KeySchema: [{ AttributeName: attribute, KeyType: "HASH" }],
    Projection: { ProjectionType: "ALL" },
  });
  const lsi = (attribute: string) => ({
    IndexName: `By${attribute}`,
    KeySchema: [
      { AttributeName: "Id", KeyType: "HASH" },
      { AttributeName: attribute, KeyType: "RANGE" },
    ],
    Projection: { ProjectionType: "KEYS_ONLY" },
  });
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "Id", AttributeType: "S" },
      { AttributeName: "Number", AttributeType: "N" },
      ...(indexed ? ["A", "B", "C", "D", "E"] : []).map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    ],
    KeySchema: [
      { AttributeName: "Id", KeyType: "HASH" },
      { AttributeName: "Number", KeyType: "RANGE" },
    ],
    ...(indexed
      ? {
          GlobalSecondaryIndexes: ["A", "B", "C"].map(gsi),
          LocalSecondaryIndexes: ["D", "E"].map(lsi),
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
        }
      : {}),
  };
}

beforeAll(async () => {
  tab = await site().open<typeof api>("database");
  expect(await tab.call("open", "crossings")).toEqual({ value: { persistence: "opfs" } });
});

const tables = [
  { TableName: "Bare", indexed: false, what: "no index" },
  { TableName: "Loaded", indexed: true, what: "five indexes and a stream" },
];

describe.each(tables)("a table with $what", ({ TableName, indexed }) => {
  beforeAll(async () => {
    await tab.call("execute", "CreateTable", definition(TableName, indexed));
    for (let n = 0; n < 20; n += 1) await tab.call("execute", "PutItem", { TableName, Item: item(n, `first ${n}`) });
  });

  const writes: [string, string, object][] = [
    ["a new item", "PutItem", { Item: item(100, "new") }],
    ["an item over another, every index entry moving", "PutItem", { Item: item(1, "second") }],
    ["the same item again", "PutItem", { Item: item(1, "second") }],
    ["an item, asking for the old one", "PutItem", { Item: item(1, "third"), ReturnValues: "ALL_OLD" }],
    ["an item out of the indexes", "PutItem", { Item: key(2) }],
    ["a deletion", "DeleteItem", { Key: key(3) }],
    ["a deletion, asking for the old item", "DeleteItem", { Key: key(4), ReturnValues: "ALL_OLD" }],
    ["a deletion of nothing", "DeleteItem", { Key: key(999) }],
  ];
  test.each(writes)(`%s is at most ${WRITE} crossings`, async (what, operation, input) => {
    const { crossings } = await cost(`${TableName}, ${what}`, operation, { TableName, ...input });
    expect(crossings).toBeGreaterThan(0);
    expect(crossings).toBeLessThanOrEqual(WRITE);
  });

  const page = { KeyConditionExpression: "Id = :id", ExpressionAttributeValues: { ":id": { S: "one" } } };
  const reads: [string, string, object][] = [
    ["an item", "GetItem", { Key: key(1) }],
    ["an item, strongly consistent", "GetItem", { Key: key(1), ConsistentRead: true }],
    ["an item that is not there", "GetItem", { Key: key(999) }],
    ["a partition", "Query", page],
    ["a page of it, backwards", "Query", { ...page, Limit: 3, ScanIndexForward: false }],
    ["the page after it", "Query", { ...page, Limit: 3, ExclusiveStartKey: key(5) }],
    ...(indexed
      ? ([
          ["a local index", "Query", { ...page, IndexName: "ByD" }],
          [
            "a global index",
            "Query",
            { IndexName: "ByA", KeyConditionExpression: "A = :a", ExpressionAttributeValues: { ":a": { S: "A of first 7" } } },
          ],
        ] satisfies [string, string, object][])
      : []),
  ];
  test.each(reads)(`reading %s is ${READ} crossing`, async (what, operation, input) => {
    expect((await cost(`${TableName}, ${what}`, operation, { TableName, ...input })).crossings).toBe(READ);
  });
});

test("definitions come from the catalog: describing and listing tables cross at most once", async () => {
  expect((await cost("Loaded", "DescribeTable", { TableName: "Loaded" })).crossings).toBeLessThanOrEqual(READ);
  expect((await cost("all", "ListTables", {})).crossings).toBeLessThanOrEqual(READ);
});

test("a request that is refused at the door does not cross at all", async () => {
  const [refused] = await tab.call("atOnce", [["PutItem", { TableName: "Bare", Item: { Id: { S: "no sort key" } } }]]);
  expect(refused?.error?.name).toBe("ValidationException");
  const before = await tab.call("counters");
  await tab.call("atOnce", [["GetItem", { TableName: "Bare", Key: {} }]]);
  expect((await tab.call("counters")).crossings).toBe(before.crossings);
});
