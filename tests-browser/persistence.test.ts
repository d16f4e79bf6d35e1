/** Where the data is, who may have it, and what a page is told when nothing durable can be had. */
import { expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import { definition, TableName } from "./notes.ts";
import type { api } from "./pages/database.ts";
import type { api as doorsApi } from "./pages/doors.ts";
import { keepsData } from "./test-browser.ts";

const site = useSite();
const open = () => site().open<typeof api>("database");
/** What makes this browser one without synchronous handles, where it is not one by itself; and why it is told there are none. */
const withoutHandles = keepsData ? (["without-file-handles"] as const) : ([] as const);
const whyNot = keepsData ? "synchronous file handles" : "no origin private file system";

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
  const { value } = await tab.call("open", "fallback", {}, ...withoutHandles);
  expect(value).toEqual({ persistence: "memory", reason: expect.stringContaining(whyNot) });
  await works(tab);
  await tab.close();
});

test("so does a page that runs the engine itself, since pages have no synchronous handles", async () => {
  const tab = await open();
  expect((await tab.call("open", "fallback", { inProcess: true })).value).toMatchObject({ persistence: "memory" });
  await works(tab);
  await tab.close();
});

test("where durability is required, its absence is an error", async () => {
  const tab = await open();
  for (const refused of [
    await tab.call("open", "required", { persistence: "required" }, ...withoutHandles),
    await tab.call("open", "required", { persistence: "required", inProcess: true }),
  ]) {
    expect(refused.error?.name).toBe("PersistenceUnavailableError");
  }
  await tab.close();
});

test.each(keepsData ? (["memory"] as const) : (["memory", "auto"] as const))(
  "databases in memory are each their own, opened with %j",
  async (wish) => {
    const [one, other] = [await open(), await open()];
    for (const tab of [one, other]) {
      expect((await tab.call("open", "same", { persistence: wish })).value).toMatchObject({ persistence: "memory" });
      await works(tab);
      await tab.close();
    }
  },
);

test.runIf(keepsData)("a tab that is closed lets its database go", async () => {
  const first = await open();
  await first.call("open", "left");
  await works(first);
  await first.close();
  const second = await open();
  expect(await second.call("open", "left")).toEqual({ value: { persistence: "opfs" } });
  expect(await found(second)).toEqual(Item);
  await second.close();
});

test.runIf(!keepsData)("where nothing is kept there is nothing to list, to delete or to salvage, and the report says why", async () => {
  const tab = await site().open<typeof doorsApi>("doors");
  expect(await tab.call("open", "listed")).toEqual({ value: { persistence: "memory" } });
  expect(await tab.call("storage")).toEqual({ persistence: "memory", reason: expect.stringContaining(whyNot) });
  expect(await tab.call("list")).toEqual([]);
  expect(await tab.call("delete", "listed")).toEqual({});
  expect(await tab.call("salvage", "listed")).toMatchObject({ files: {}, tables: [], items: [] });
  await tab.close();
});
