/** When the machine fails: the quota, the memory, the page itself. Nothing that was acknowledged is lost, and every call is answered. */
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { type Tab, useChromium } from "./browser-site.ts";
import { definition, opfs, TableName } from "./notes.ts";
import type { api } from "./pages/doors.ts";

const site = useChromium();
const open = () => site().open<typeof api>("doors");

// A test that fails must not take the room of the next ones.
afterEach(async () => {
  const tab = await open();
  await setQuota(tab);
  await tab.close();
});

/** Sets the origin's quota through the DevTools protocol; without one, the browser's own holds again. */
async function setQuota(tab: Tab<typeof api, Page>, quotaSize?: number): Promise<void> {
  const session = await tab.page.context().newCDPSession(tab.page);
  const { origin } = new URL(tab.page.url());
  await session.send("Storage.overrideQuotaForOrigin", quotaSize === undefined ? { origin } : { origin, quotaSize });
}

test("at the quota a write is refused with QuotaExceededError; all earlier ones are there, deleting makes room, writing goes on", async () => {
  const tab = await open();
  expect(await tab.call("open", "quota")).toEqual(opfs);
  await tab.call("execute", "CreateTable", definition);
  const { usage } = await tab.call("storage");
  await setQuota(tab, usage! + (8 << 20));
  const filled = await tab.call("putUntilRefused", TableName, 0, 2000, 20_000);
  expect(filled.error?.name).toBe("QuotaExceededError");
  expect(filled.error?.message).toMatch(/delete items|free storage/);
  expect(filled.put).toBeGreaterThan(50);
  expect(await tab.call("countItems", TableName, filled.put + 1)).toBe(filled.put);
  // Again and again, and what is there stays.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect((await tab.call("putUntilRefused", TableName, 5000, 1, 300_000)).error?.name).toBe("QuotaExceededError");
  }
  const half = Math.floor(filled.put / 2);
  await tab.call("deleteItems", TableName, 0, half);
  expect(await tab.call("putUntilRefused", TableName, 0, Math.floor(half / 2), 20_000)).toEqual({ put: Math.floor(half / 2) });
  await tab.reload();
  expect(await tab.call("open", "quota")).toEqual(opfs);
  expect(await tab.call("countItems", TableName, filled.put + 1)).toBe(filled.put - half + Math.floor(half / 2));
  // With room again everything goes on.
  await setQuota(tab);
  expect(await tab.call("putUntilRefused", TableName, 3000, 100, 20_000)).toEqual({ put: 100 });
  await tab.call("close");
  await tab.close();
});

test("a load for which there is no room is refused with QuotaExceededError, and the database stays", async () => {
  const tab = await open();
  await tab.call("open", "large", { persistence: "memory" });
  await tab.call("execute", "CreateTable", definition);
  await tab.call("putUntilRefused", TableName, 0, 400, 20_000);
  expect(await tab.call("dump")).toBeGreaterThan(8_000_000);
  expect(await tab.call("open", "crowded")).toEqual(opfs);
  await tab.call("execute", "CreateTable", definition);
  await tab.call("putUntilRefused", TableName, 0, 5, 100);
  const { usage } = await tab.call("storage");
  // Room for none of it, then for the file beside and not for the database to grow.
  for (const room of [2 << 20, 10 << 20]) {
    await setQuota(tab, usage! + room);
    expect(await tab.call("load"), `with ${room} bytes of room`).toMatchObject({ error: { name: "QuotaExceededError" } });
    expect(await tab.call("countItems", TableName, 10)).toBe(5);
  }
  await setQuota(tab);
  expect(await tab.call("load")).toEqual({});
  expect(await tab.call("countItems", TableName, 400)).toBe(400);
  await tab.close();
});

test("what was acknowledged before a page was discarded is there when it comes back", async () => {
  const tab = await open();
  const acknowledged: number[] = [];
  await tab.page.exposeFunction("acknowledged", (n: number) => acknowledged.push(n));
  expect(await tab.call("open", "discarded")).toEqual(opfs);
  await tab.call("execute", "CreateTable", definition);
  await tab.call("writeOn", TableName);
  await expect.poll(() => acknowledged.length).toBeGreaterThan(50);
  // A page that is frozen, as hidden ones are, and then taken away without a word.
  const session = await tab.page.context().newCDPSession(tab.page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  const heard = acknowledged.length;
  const gone = tab.page.waitForEvent("crash");
  // Nobody is left to answer this.
  session.send("Page.crash").catch(() => {});
  await gone;
  const next = await open();
  expect(await next.call("open", "discarded")).toEqual(opfs);
  expect(await next.call("countItems", TableName, heard)).toBe(heard);
  await next.close();
}, 60_000);

test("a frozen page's requests are answered when it goes on", async () => {
  const tab = await open();
  expect(await tab.call("open", "frozen")).toEqual(opfs);
  await tab.call("execute", "CreateTable", definition);
  const session = await tab.page.context().newCDPSession(tab.page);
  const writing = tab.call("putUntilRefused", TableName, 0, 100, 100);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await session.send("Page.setWebLifecycleState", { state: "active" });
  expect(await writing).toEqual({ put: 100 });
  expect(await tab.call("countItems", TableName, 100)).toBe(100);
  await tab.close();
});

test("a worker that ends is replaced: every call is answered once, and what was acknowledged is there", async () => {
  const tab = await open();
  expect(await tab.call("open", "worker")).toEqual(opfs);
  await tab.call("execute", "CreateTable", definition);
  const writing = tab.call("putUntilRefused", TableName, 0, 3000, 100);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [worker] = tab.page.workers();
  // It answers nothing any more, this included.
  worker!.evaluate(() => close()).catch(() => {});
  expect(await writing).toEqual({ put: 3000 });
  expect(await tab.call("countItems", TableName, 3001)).toBe(3000);
  await tab.close();
}, 60_000);
