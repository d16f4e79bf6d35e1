/** A tab that leads is frozen through the DevTools protocol, as a browser freezes tabs it wants to save: the others go on, and so does it when it thaws. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Tab, useChromium } from "./browser-site.ts";
import type { api } from "./pages/tabs.ts";

// Without this, Playwright keeps every page in the foreground, where none is frozen.
const site = useChromium([], { backgroundPages: true });
const PATIENCE = 60_000;

async function freeze(tab: Tab<typeof api, Page>): Promise<() => Promise<void>> {
  const session = await site().browser.context.newCDPSession(tab.page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  return () => session.send("Page.setWebLifecycleState", { state: "active" }).then(() => session.detach());
}

test("a frozen tab that leads stops nobody, and finds its calls answered when it thaws", async () => {
  const tabs: Tab<typeof api, Page>[] = [];
  for (let n = 0; n < 3; n += 1) {
    const tab = await site().open<typeof api>("tabs");
    expect(await tab.call("open", "frozen", { unresponsiveAfterMs: PATIENCE })).toEqual({ value: "opfs" });
    tabs.push(tab);
  }
  const [leader, ...others] = tabs as [Tab<typeof api, Page>, Tab<typeof api, Page>, Tab<typeof api, Page>];
  await leader.call("createTable");
  for (const tab of tabs) await tab.call("start");
  const thaw = await freeze(leader);
  for (const tab of others) {
    const { answered } = await tab.call("counted");
    while ((await tab.call("counted")).answered < answered + 200) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await thaw();
  let answered = 0;
  for (const tab of tabs) {
    const told = await tab.call("stop");
    expect(told).toMatchObject({ errors: {}, late: 0 });
    answered += told.answered;
  }
  for (const tab of tabs) expect(await tab.call("read")).toBe(answered);
  expect(await leader.call("leads")).toBe(false);
  for (const tab of tabs) await tab.close();
});
