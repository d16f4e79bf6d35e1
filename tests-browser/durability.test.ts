/** What `durability` means on the disk, that an existing database can change it, and what becomes of a commit that cannot be flushed. */
import { expect, test } from "vitest";
import { useDurableSite } from "./browser-site.ts";
import type { api, Call } from "./pages/database.ts";

const WRITES = 20;
const TableName = "Log";
const site = useDurableSite();
const puts = (round: number): Call[] =>
  Array.from({ length: WRITES }, (_, n) => ["PutItem", { TableName, Item: { Round: { N: String(round) }, Number: { N: String(n) } } }]);

const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["Round", "Number"].map((AttributeName) => ({ AttributeName, AttributeType: "N" })),
  KeySchema: [
    { AttributeName: "Round", KeyType: "HASH" },
    { AttributeName: "Number", KeyType: "RANGE" },
  ],
};

test("strict flushes for every commit, relaxed does not, and a database opened with the other keeps its data", async () => {
  const tab = await site().open<typeof api>("database");
  const rounds = ["strict", "relaxed", "strict", "relaxed"] as const;
  for (const [round, durability] of rounds.entries()) {
    expect(await tab.call("open", "durability", { durability }, "flushes")).toEqual({ value: { persistence: "opfs" } });
    if (round === 0) await tab.call("execute", "CreateTable", definition);
    const [first, ...others] = puts(round);
    // The log begins with a header, which is flushed in any case.
    await tab.call("execute", ...first!);
    const flushes = await tab.call("flushesDuring", others, "one after another");
    if (durability === "strict") expect(flushes).toBeGreaterThanOrEqual(others.length);
    // None, but for a checkpoint should the machine let the database stand idle in between.
    else expect(flushes).toBeLessThan(others.length / 4);
    for (let earlier = 0; earlier <= round; earlier += 1) {
      const query = { TableName, KeyConditionExpression: "Round = :r", ExpressionAttributeValues: { ":r": { N: String(earlier) } } };
      expect(await tab.call("execute", "Query", query)).toMatchObject({ Count: WRITES });
    }
    await tab.call("close");
  }
});

test("the writes of one turn are durable by one flush together", async () => {
  const tab = await site().open<typeof api>("database");
  expect(await tab.call("open", "together", {}, "flushes")).toEqual({ value: { persistence: "opfs" } });
  await tab.call("execute", "CreateTable", definition);
  await tab.call("execute", ...puts(0)[0]!);
  expect(await tab.call("flushesDuring", puts(1), "at once")).toBe(1);
  await tab.call("close");
});

test("a commit that was written and could not be flushed is found when the files are opened again, and answered with success", async () => {
  const tab = await site().open<typeof api>("database");
  await tab.call("open", "doubt", {}, "flushes");
  await tab.call("execute", "CreateTable", definition);
  await tab.call("execute", ...puts(0)[0]!);
  const update = {
    TableName,
    Key: { Round: { N: "1" }, Number: { N: "1" } },
    UpdateExpression: "ADD Times :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
    ReturnValues: "UPDATED_NEW",
  };
  const twice: Call[] = [
    ["UpdateItem", update],
    ["UpdateItem", update],
  ];
  const times = async (failing: number) =>
    (await tab.call("atOnceWithoutFlush", failing, twice)).map(
      ({ value, error }) => (value as { Attributes: { Times: { N: string } } } | undefined)?.Attributes.Times.N ?? error?.name,
    );
  expect(await times(1)).toEqual(["1", "2"]);
  // The log begins anew, with a header that is flushed for itself.
  await tab.call("execute", ...puts(0)[1]!);
  // The flush that was to make up for it fails too: nobody knows, until the next request has opened the files.
  expect(await times(2)).toEqual(["CommitInDoubtError", "CommitInDoubtError"]);
  expect(await times(0)).toEqual(["5", "6"]);
  await tab.call("close");
});
