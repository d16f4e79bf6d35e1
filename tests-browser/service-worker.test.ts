/**
 * The package in a service worker: a client of the tab that has the database open. It answers what its pages fetch, goes on with the next tab
 * when that one is closed, and is told when there is none.
 */
import { expect, test, vi } from "vitest";
import { type Tab, useDurableSite } from "./browser-site.ts";
import type { Outcome } from "./pages/expose.ts";
import type { api } from "./pages/tabs.ts";

type TabsTab = Tab<typeof api>;
const site = useDurableSite();
const newTab = () => site().open<typeof api>("tabs");

/** Registers a service worker, and waits until it answers for this tab. */
async function register({ page }: TabsTab, script: string): Promise<void> {
  await page.evaluate(async (address) => {
    const controlled = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    await navigator.serviceWorker.register(address, { type: "module" });
    await controlled;
  }, script);
}

/** What a page gets that fetches one of the service worker's answers. */
function ask<T>({ page }: TabsTab, door: string, name: string, options: object = {}): Promise<Outcome<T>> {
  const query = new URLSearchParams({ name, options: JSON.stringify(options) });
  return page.evaluate((address) => fetch(address).then((response) => response.json()), `api/${door}?${query}`);
}

async function openTab(name: string): Promise<TabsTab> {
  const tab = await newTab();
  expect(await tab.call("open", name)).toEqual({ value: "opfs" });
  return tab;
}

test("a service worker answers a fetch with what it writes and reads in the tabs' database, whichever tab has it open", async () => {
  const first = await openTab("served");
  await first.call("createTable");
  await register(first, "counting-service-worker.js");
  expect(await ask(first, "open", "served", { persistence: "required" })).toEqual({ value: { persistence: "opfs" } });
  for (const count of [1, 2, 3]) expect(await ask(first, "count", "served")).toEqual({ value: count });
  expect(await first.call("read")).toBe(3);
  expect(await ask(first, "dump", "served")).toEqual({ value: expect.any(Number) });

  // The tab that leads is closed while the service worker waits for answers.
  const second = await openTab("served");
  const counting = Promise.all(Array.from({ length: 40 }, () => ask<number>(second, "count", "served")));
  await first.close();
  const told = await counting;
  expect(told.filter(({ error }) => error)).toEqual([]);
  await vi.waitUntil(() => second.call("leads"), { timeout: 60_000, interval: 20 });
  expect(await second.call("read")).toBe(43);
  expect(await ask(second, "count", "served")).toEqual({ value: 44 });

  // No tab has it any more: nothing is answered out of thin air, and the next tab is found.
  await second.call("close");
  const refused = await ask(second, "count", "served");
  expect(refused.error).toMatchObject({ name: "WorkerLostError", message: expect.stringMatching(/no tab has the database open/i) });
  const third = await openTab("served");
  expect(await ask(third, "count", "served")).toEqual({ value: 45 });
  await Promise.all([second.close(), third.close()]);
});

test("where no tab has the database open a service worker has one in memory, and says so; a lasting one is refused", async () => {
  const tab = await newTab();
  expect((await ask(tab, "open", "nowhere", { persistence: "required" })).error).toMatchObject({
    name: "PersistenceUnavailableError",
    message: expect.stringContaining("no tab has this database open"),
  });
  const { value } = await ask<{ persistence: string; persistenceReason: string }>(tab, "open", "nowhere");
  expect(value).toEqual({ persistence: "memory", persistenceReason: expect.stringContaining("no tab has this database open") });
  expect(await ask(tab, "tables", "nowhere")).toEqual({ value: [] });
  // It is nobody else's.
  expect(await tab.call("open", "nowhere")).toEqual({ value: "opfs" });
  await tab.call("createTable");
  expect(await ask(tab, "tables", "nowhere")).toEqual({ value: [] });
  await tab.close();
});

test("a database that its tab does not share is not its service worker's either", async () => {
  const tab = await newTab();
  expect(await tab.call("open", "own", { multiTab: false })).toEqual({ value: "opfs" });
  expect((await ask(tab, "open", "own")).error).toMatchObject({ name: "DatabaseBusyError" });
  await tab.close();
});
