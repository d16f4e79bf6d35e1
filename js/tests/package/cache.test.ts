/** `db.cache()` in the package as it is built. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Dynatab } from "../../src/node/index.ts";
import { dynatab, openDatabase } from "./built-package.ts";

let db: Dynatab;

beforeEach(async () => {
  db = await openDatabase();
  await db.execute("CreateTable", {
    TableName: "Pages",
    AttributeDefinitions: [{ AttributeName: "url", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "url", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
});

const put = (url: string) => db.execute("PutItem", { TableName: "Pages", Item: { url: { S: url } } });

test("a table keeps the items used last, with nobody asking, until it is no cache any more", async () => {
  await db.cache("Pages", { maxItems: 3 });
  for (const url of ["a", "b", "c"]) await put(url);
  await db.execute("GetItem", { TableName: "Pages", Key: { url: { S: "a" } } });
  for (const url of ["d", "e"]) await put(url);
  await vi.waitFor(async () => expect((await db.stats()).tables[0]).toMatchObject({ itemCount: 3, cacheMaxItems: 3 }), 10_000);
  const { Items } = await db.execute("Scan", { TableName: "Pages" });
  expect(Items?.map((item) => item.url?.S).sort()).toEqual(["a", "d", "e"]);
  await db.cache("Pages", null);
  await put("f");
  expect((await db.stats()).tables[0]).not.toHaveProperty("cacheMaxItems");
});

test("a bound that means nothing, and a table that is not there, are refused", async () => {
  for (const maxItems of [0, -1, 1.5, Number.NaN, "3" as unknown as number]) {
    await expect(db.cache("Pages", { maxItems })).rejects.toBeInstanceOf(dynatab.InvalidOptionError);
  }
  await expect(db.cache("Nope", { maxItems: 1 })).rejects.toBeInstanceOf(dynatab.ResourceNotFoundException);
});
