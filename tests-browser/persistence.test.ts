/** Where the data is, who may have it, and what a page is told when nothing durable can be had. */
import { expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/database.ts";

const INSECURE_HOST = "insecure.test";
const site = useSite([`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]);
const open = (host?: string) => site().open<typeof api>("database", "product", host);

const TableName = "Notes";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
};
const Item = { Id: { S: "note" }, Text: { S: "kept" } };
const found = async (tab: Tab<typeof api>) =>
  ((await tab.call("execute", "GetItem", { TableName, Key: { Id: Item.Id } })) as { Item?: object }).Item;

async function works(tab: Tab<typeof api>): Promise<void> {
  await tab.call("execute", "CreateTable", definition);
  await tab.call("execute", "PutItem", { TableName, Item });
  expect(await found(tab)).toEqual(Item);
}

test("a browser without synchronous handles gets a database in memory, and is told so and why", async () => {
  const tab = await open();
  const { value } = await tab.call("open", "fallback", {}, "without-file-handles");
  expect(value).toEqual({ persistence: "memory", reason: expect.stringContaining("synchronous file handles") });
  await works(tab);
  await tab.close();
});

test("so does a page that runs the engine itself, since pages have no synchronous handles", async () => {
  const tab = await open();
  expect((await tab.call("open", "fallback", { inProcess: true })).value).toMatchObject({ persistence: "memory" });
  await works(tab);
  await tab.close();
});

test("so does a page that is not served securely", async () => {
  const tab = await open(INSECURE_HOST);
  expect(await tab.page.evaluate(() => isSecureContext)).toBe(false);
  expect((await tab.call("open", "fallback")).value).toMatchObject({ persistence: "memory", reason: expect.stringContaining("HTTPS") });
  await works(tab);
  await tab.close();
});

test("where durability is required, its absence is an error", async () => {
  const tab = await open();
  for (const refused of [
    await tab.call("open", "required", { persistence: "required" }, "without-file-handles"),
    await tab.call("open", "required", { persistence: "required", inProcess: true }),
  ]) {
    expect(refused.error?.name).toBe("PersistenceUnavailableError");
  }
  await tab.close();
});

test("databases in memory are each their own", async () => {
  const [one, other] = [await open(), await open()];
  for (const tab of [one, other]) {
    expect(await tab.call("open", "same", { persistence: "memory" })).toEqual({ value: { persistence: "memory" } });
    await works(tab);
    await tab.close();
  }
});

test("a tab that is closed lets its database go", async () => {
  const first = await open();
  await first.call("open", "left");
  await works(first);
  await first.close();
  const second = await open();
  expect(await second.call("open", "left")).toEqual({ value: { persistence: "opfs" } });
  expect(await found(second)).toEqual(Item);
  await second.close();
});
