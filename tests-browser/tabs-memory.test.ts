/** Databases in memory, and several tabs: each has its own, unless they agree to share one. */
import { expect, test, vi } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/tabs.ts";

const site = useSite();
const WAIT = { timeout: 60_000, interval: 20 };

test("tabs that agree to share a database in memory lose it with the tab that has it, and are told", async () => {
  const tabs: Tab<typeof api>[] = [];
  for (let n = 0; n < 2; n += 1) {
    const tab = await site().open<typeof api>("tabs");
    expect(await tab.call("open", "memory", { persistence: "memory", multiTab: true })).toEqual({ value: "memory" });
    tabs.push(tab);
  }
  const [first, second] = tabs as [Tab<typeof api>, Tab<typeof api>];
  await first.call("createTable");
  await Promise.all(tabs.map((tab) => tab.call("count", 10)));
  expect(await second.call("read")).toBe(20);
  await first.close();
  await vi.waitUntil(async () => (await second.call("outcomeOfRead")).error !== undefined, WAIT);
  expect((await second.call("outcomeOfRead")).error).toMatchObject({ name: "DatabaseLostError" });
  expect(await second.call("open", "memory", { persistence: "memory", multiTab: true })).toEqual({ value: "memory" });
  expect((await second.call("outcomeOfRead")).error).toMatchObject({ name: "ResourceNotFoundException" });
  await second.close();
});
