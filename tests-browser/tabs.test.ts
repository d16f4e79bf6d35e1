/**
 * Several tabs with one database. A counter is counted up in all of them while the tab that leads is closed, crashes, and stalls in turn: every call
 * is answered, and the counter is exactly the number of answers. `tabHandOvers` of scripts/counts.json says how often.
 */
import { expect, test } from "vitest";
import { count } from "../scripts/counts.mjs";
import { type Tab, useDurableSite } from "./browser-site.ts";
import type { api } from "./pages/tabs.ts";

const HAND_OVERS = count("tabHandOvers");
/** How many answers each tab waits for between two of them. */
const BETWEEN = 150;
const PATIENCE = 700;

type TabsTab = Tab<typeof api>;
const site = useDurableSite();
const newTab = () => site().open<typeof api>("tabs");

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Opens tabs of one database, one after another, so that the first leads. */
async function openTabs(name: string, tabs: number, options = {}): Promise<TabsTab[]> {
  const opened: TabsTab[] = [];
  for (let n = 0; n < tabs; n += 1) {
    const tab = await newTab();
    expect(await tab.call("open", name, options)).toMatchObject({ value: expect.any(String) });
    opened.push(tab);
  }
  await opened[0]!.call("createTable");
  return opened;
}

const leaderOf = async (tabs: readonly TabsTab[]) => {
  const leads = await Promise.all(tabs.map((tab) => tab.call("leads")));
  expect(leads.filter(Boolean)).toHaveLength(1);
  return tabs[leads.indexOf(true)]!;
};

/** Waits until each tab has so many more answers. */
async function goOn(tabs: readonly TabsTab[], answers = BETWEEN): Promise<void> {
  await Promise.all(
    tabs.map(async (tab) => {
      const { answered: before } = await tab.call("counted");
      await until(async () => (await tab.call("counted")).answered >= before + answers);
    }),
  );
}

async function closeAll(tabs: readonly TabsTab[]): Promise<void> {
  for (const tab of tabs) await tab.close();
}

test("tabs that open one name have one database", async () => {
  const tabs = await openTabs("shared", 3);
  const [first, second, third] = tabs as [TabsTab, TabsTab, TabsTab];
  await Promise.all(tabs.map((tab) => tab.call("count", 20)));
  for (const tab of tabs) expect(await tab.call("read")).toBe(60);
  expect(await Promise.all(tabs.map((tab) => tab.call("leads")))).toEqual([true, false, false]);
  await second.call("close");
  expect(await third.call("read")).toBe(60);
  await first.close();
  await until(() => third.call("leads"));
  expect(await third.call("read")).toBe(60);
  await closeAll([second, third]);
});

test("a request is traced wherever it is made, and what others do meanwhile is not in it", async () => {
  const tabs = await openTabs("traced", 2);
  const [first, second] = tabs as [TabsTab, TabsTab];
  await Promise.all(tabs.map((tab) => tab.call("count", 5)));
  await first.call("start");
  const traces = [await first.call("traceOfRead"), await second.call("traceOfRead")];
  await first.call("stop");
  for (const trace of traces) {
    expect(trace).toMatchObject({ crossings: 1, statements: [{ sql: expect.stringMatching(/^SELECT /), executions: 1, rows: 1 }] });
  }
  await closeAll(tabs);
});

test("tabs without a broker of ports speak over a channel", async () => {
  const [first, second] = [await newTab(), await newTab()];
  for (const tab of [first, second]) expect(await tab.call("openWithoutBroker", "channel")).toEqual({ value: "opfs" });
  await first.call("createTable");
  await Promise.all([first.call("count", 50), second.call("count", 50)]);
  await first.close();
  expect(await second.call("count", 10)).toMatchObject({ answered: 60, errors: {} });
  expect(await second.call("read")).toBe(110);
  await second.close();
});

test("a worker that ends without a word is replaced, and every call is answered once", async () => {
  const [tab] = (await openTabs("ended", 1)) as [TabsTab];
  for (let n = 0; n < 3; n += 1) {
    const counting = tab.call("count", 100);
    await until(async () => (await tab.call("counted")).answered > n * 100 + 20);
    await tab.call("endWorker");
    expect(await counting).toMatchObject({ answered: (n + 1) * 100, errors: {} });
  }
  expect(await tab.call("read")).toBe(300);
  await tab.close();
});

test(`a counter is exact while the tab that leads is closed, crashes, and stalls, ${HAND_OVERS} times`, {
  timeout: 180_000 + HAND_OVERS * 30_000,
}, async () => {
  const names = new Map<TabsTab, string>();
  let opened = 0;
  const join = async () => {
    const tab = await newTab();
    const own = `worker ${(opened += 1)}`;
    names.set(tab, own);
    const workerUrl = await tab.call("stallable", own);
    expect(await tab.call("open", "counted", { unresponsiveAfterMs: PATIENCE, workerUrl })).toEqual({ value: "opfs" });
    return tab;
  };
  const tabs = [await join()];
  await tabs[0]!.call("createTable");
  tabs.push(await join(), await join());
  for (const tab of tabs) await tab.call("start");
  let answeredBefore = 0;
  let late = 0;

  /** What a tab that is about to go has counted. */
  const leave = async (tab: TabsTab) => {
    const { answered, errors } = await tab.call("stop");
    expect(errors).toEqual({});
    answeredBefore += answered;
    tabs.splice(tabs.indexOf(tab), 1);
  };
  const replace = async () => {
    const tab = await join();
    tabs.push(tab);
    await tab.call("start");
  };

  const handOvers = [
    async (leader: TabsTab) => {
      await leave(leader);
      await leader.close();
      await goOn(tabs);
      await replace();
    },
    async (leader: TabsTab) => {
      await leave(leader);
      await site().browser.crash(leader.page);
      await goOn(tabs);
      await replace();
    },
    async (leader: TabsTab) => {
      await tabs[0]!.call("stall", names.get(leader)!, PATIENCE * 3);
      await goOn(tabs);
    },
  ];
  for (let round = 0; round < HAND_OVERS; round += 1) {
    await goOn(tabs);
    await handOvers[round % 3]!(await leaderOf(tabs));
  }
  let answered = answeredBefore;
  for (const tab of tabs) {
    const told = await tab.call("stop");
    expect(told.errors).toEqual({});
    answered += told.answered;
    late += told.late;
  }
  for (const tab of tabs) expect(await tab.call("read")).toBe(answered);
  expect(late).toBeGreaterThan(0);
  console.log(`${answered} increments, ${late} of them late`);
  await closeAll(tabs);
});

test("a tab that does not share the database is refused, and refuses the others, until the first has closed it", async () => {
  const [first, second] = [await newTab(), await newTab()];
  expect(await first.call("open", "alone", { multiTab: false })).toEqual({ value: "opfs" });
  const refused = await second.call("open", "alone", { unresponsiveAfterMs: PATIENCE });
  expect(refused.error).toMatchObject({ name: "DatabaseBusyError", message: expect.stringContaining('"alone"') });
  await first.call("close");
  expect(await second.call("open", "alone")).toEqual({ value: "opfs" });
  expect(await first.call("open", "alone", { multiTab: false })).toMatchObject({ error: { name: "DatabaseBusyError" } });
  await closeAll([first, second]);
});
