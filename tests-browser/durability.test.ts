/** What `durability` means on the disk, and that an existing database can change it. */
import { expect, test } from "vitest";
import { useSite } from "./browser-site.ts";
import type { api, Call } from "./pages/database.ts";

const WRITES = 20;
const TableName = "Log";
const site = useSite();
const puts = (round: number): Call[] =>
  Array.from({ length: WRITES }, (_, n) => ["PutItem", { TableName, Item: { Round: { N: String(round) }, Number: { N: String(n) } } }]);

test("strict flushes for every commit, relaxed for none, and a database opened with the other keeps its data", async () => {
  const tab = await site().open<typeof api>("database");
  const rounds = ["strict", "relaxed", "strict", "relaxed"] as const;
  for (const [round, durability] of rounds.entries()) {
    expect(await tab.call("open", "durability", { durability }, "count-flushes")).toEqual({ value: { persistence: "opfs" } });
    if (round === 0) {
      await tab.call("execute", "CreateTable", {
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["Round", "Number"].map((AttributeName) => ({ AttributeName, AttributeType: "N" })),
        KeySchema: [
          { AttributeName: "Round", KeyType: "HASH" },
          { AttributeName: "Number", KeyType: "RANGE" },
        ],
      });
    }
    const [first, ...others] = puts(round);
    // The log begins with a header, which is flushed in any case.
    await tab.call("execute", ...first!);
    const flushes = await tab.call("flushesDuring", others);
    if (durability === "strict") expect(flushes).toBeGreaterThanOrEqual(others.length);
    else expect(flushes).toBe(0);
    for (let earlier = 0; earlier <= round; earlier += 1) {
      const query = { TableName, KeyConditionExpression: "Round = :r", ExpressionAttributeValues: { ":r": { N: String(earlier) } } };
      expect(await tab.call("execute", "Query", query)).toMatchObject({ Count: WRITES });
    }
    await tab.call("close");
  }
});
