/**
 * An import of `importMegabytes` (scripts/counts.json), streamed into the private file system; the browser is killed in the middle of it and
 * the import made again. Every item must be there once, and of the source never is more than a megabyte asked for before the engine has
 * answered.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImportProgress } from "../js/src/import/import-items.ts";
import { count } from "../scripts/counts.mjs";
import { openTab, type Tab } from "./browser-site.ts";
import { PageServer } from "./page-server.ts";
import type { api } from "./pages/importing.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { type DurableBrowser, startDurableBrowser } from "./test-browser.ts";

const MEGABYTES = count("importMegabytes");
/** An item's line in the source is a kilobyte. */
const ITEMS = MEGABYTES * 1000;

const profile = makeProfile();
let server: PageServer;
beforeAll(async () => {
  server = await PageServer.start();
});
afterAll(async () => {
  await server?.close();
  removeProfile(profile);
});

/** A browser on the profile; `heard` is told of every progress its page tells of. */
async function start(heard: (progress: ImportProgress) => void): Promise<{ browser: DurableBrowser; tab: Tab<typeof api> }> {
  const browser = await startDurableBrowser(profile);
  await browser.expose("told", heard);
  return { browser, tab: await openTab<typeof api>(browser, server.address("importing")) };
}

test(
  `an import of ${MEGABYTES} MB that is killed in the middle is finished by the next call, every item there once`,
  async () => {
    let enough = (): void => {};
    const half = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const first = await start(({ items }) => {
      if (items > ITEMS * 0.6) enough();
    });
    try {
      expect(await first.tab.call("open")).toEqual({ items: 0, entries: 0, index: "ACTIVE" });
      const broken = first.tab.call("import", ITEMS);
      broken.catch(() => {
        // The kill is meant to come before its end.
      });
      await Promise.race([half, broken]);
    } finally {
      await first.browser.kill();
    }

    const told: ImportProgress[] = [];
    const second = await start((progress) => told.push(progress));
    try {
      const { items } = await second.tab.call("open");
      expect(items).toBeGreaterThan(0);
      expect(items).toBeLessThan(ITEMS);
      const result = await second.tab.call("import", ITEMS);
      const { most, answered, slowest, milliseconds } = result;
      console.log(
        `${MEGABYTES} MB, ${items} of ${ITEMS} items there after the kill, the rest in ${Math.round(milliseconds)} ms; at most ${most} bytes asked for at once; ` +
          `${answered} requests answered meanwhile, the slowest in ${Math.round(slowest)} ms`,
      );
      expect(result).toMatchObject({ items: ITEMS, rejected: 0, alreadyImported: false });
      expect(most).toBeLessThan(1 << 20);
      expect(answered).toBeGreaterThan(0);
      expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(["reading", "indexing"]));
      const counted = { items: ITEMS, entries: ITEMS, index: "ACTIVE" };
      expect(await second.tab.call("check", ITEMS)).toEqual({ items: ITEMS, different: ITEMS, entries: ITEMS, counted });
    } finally {
      await second.browser.close();
    }
  },
  60_000 + MEGABYTES * 3000,
);
