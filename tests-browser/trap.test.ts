/** A panic of the engine, provoked in a build that has a target for it: everybody waiting is told, and the next call works. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import type { api, Call } from "./pages/database.ts";
import { keepsData } from "./test-browser.ts";

const TRAP: Call = ["DynatabTest.Trap", {}];
const TableName = "Music";
const site = useSite();

const key = (n: number) => ({ Artist: { S: `Artist ${n}` } });
const put = (n: number): Call => ["PutItem", { TableName, Item: { ...key(n), Number: { N: String(n) } } }];
const get = (n: number): Call => ["GetItem", { TableName, Key: key(n) }];

const OPFS = { persistence: "opfs", options: { persistence: "required" } as const };
const MEMORY = { persistence: "memory", options: { persistence: "memory" } as const };

describe.each(keepsData ? [OPFS, MEMORY] : [MEMORY])("over a database in $persistence", ({ persistence, options }) => {
  const durable = persistence === "opfs";
  let tab: Tab<typeof api>;

  beforeAll(async () => {
    tab = await site().open<typeof api>("database", "test");
    expect(await tab.call("open", "trap", options)).toEqual({ value: { persistence } });
    await tab.call("execute", "CreateTable", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Artist", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "Artist", KeyType: "HASH" }],
    });
    for (let n = 0; n < 20; n += 1) await tab.call("execute", ...put(n));
  });
  afterAll(() => tab.close());

  const numberOf = async (n: number) => ((await tab.call("execute", ...get(n))) as { Item?: { Number: { N: string } } }).Item?.Number.N;

  test(
    durable
      ? "only the call that traps is rejected, the others are answered"
      : "every call of a batch that has committed something is rejected",
    async () => {
      const outcomes = await tab.call("atOnce", [get(0), put(1000), TRAP, put(1001), get(1), ["ListTables", {}]]);
      const rejected = durable ? outcomes.splice(2, 1) : outcomes.splice(0);
      for (const { error } of rejected) {
        expect(error?.name).toBe("EngineCrashedError");
        expect(error?.message).toMatch(/crashed/);
      }
      for (const { error } of outcomes) expect(error).toBeUndefined();
    },
  );

  test("the next call works, in a new epoch, and everything answered before is there", async () => {
    for (let n = 0; n < 20; n += 1) expect(await numberOf(n)).toBe(String(n));
    // A request that traps is given a second engine to show that it was the one.
    expect((await tab.call("counters")).epochs).toBe(durable ? 3 : 2);
  });

  test("of the writes beside it each is there whole or not at all, as their callers were told", async () => {
    for (const n of [1000, 1001]) expect(durable ? [String(n)] : [undefined, String(n)]).toContain(await numberOf(n));
  });

  test("of a batch that has committed nothing only the call that traps is rejected, and has changed nothing", async () => {
    const [trapped, ...others] = await tab.call("atOnce", [TRAP, put(1002), get(1)]);
    expect(trapped?.error).toMatchObject({ name: "EngineCrashedError", message: expect.stringContaining("has changed nothing") });
    for (const { error } of others) expect(error).toBeUndefined();
    expect(await numberOf(1002)).toBe("1002");
  });

  test("writing goes on, trap after trap", async () => {
    for (let n = 2000; n < 2005; n += 1) {
      await tab.call("execute", ...put(n));
      const [trapped] = await tab.call("atOnce", [TRAP]);
      expect(trapped?.error?.name).toBe("EngineCrashedError");
      expect(await numberOf(n)).toBe(String(n));
    }
    expect((await tab.call("counters")).epochs).toBe(durable ? 15 : 14);
  });

  if (durable) {
    test("after a reload the data is there", async () => {
      await tab.reload();
      await tab.call("open", "trap", options);
      for (const n of [0, 19, 2004]) expect(await numberOf(n)).toBe(String(n));
    });
  }
});
