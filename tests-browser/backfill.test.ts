/**
 * An index is made over fifty thousand items in Chromium while requests are answered; the browser is killed in the middle, and filling goes on
 * where it stopped. In the end the index is what the items say. `backfillItems` of scripts/counts.json says how many.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { count, seed } from "../scripts/counts.mjs";
import { openTab } from "./browser-site.ts";
import { DatabaseCopy } from "./database-files.ts";
import { checkIndexes, storedItems } from "./index-recomputation.ts";
import { PageServer } from "./page-server.ts";
import type { api } from "./pages/backfill.ts";
import { definition } from "./pages/write-plan.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { startDurableBrowser } from "./test-browser.ts";

const ITEMS = count("backfillItems");
const profile = makeProfile();
let server: PageServer;
beforeAll(async () => {
  server = await PageServer.start();
});
afterAll(async () => {
  await server?.close();
  removeProfile(profile);
});

const filled = { ...definition, GlobalSecondaryIndexes: definition.GlobalSecondaryIndexes.slice(0, 1) };

test(`an index over ${ITEMS} items is filled while requests are answered, killed in the middle, and exact in the end`, async () => {
  const told = `seed ${seed}`;
  let browser = await startDurableBrowser(profile);
  let seen: number;
  try {
    const tab = await openTab<typeof api>(browser, server.address("backfill"));
    await tab.call("open");
    await tab.call("load", ITEMS);
    await tab.call("createIndex");
    const middle = await tab.call("askWhileFilling", ITEMS, seed, ITEMS / 8);
    expect(middle, told).toMatchObject({ status: "CREATING", backfilling: true });
    expect(middle.answered, told).toBeGreaterThan(3);
    seen = middle.entries;
  } finally {
    await browser.kill();
  }
  browser = await startDurableBrowser(profile);
  try {
    const tab = await openTab<typeof api>(browser, server.address("backfill"));
    await tab.call("open");
    const resumed = await tab.call("describeIndex");
    expect(resumed, told).toMatchObject({ status: "CREATING", backfilling: true });
    // What deletes took away since counts too, but starting over would have lost nearly all.
    expect(resumed.entries, told).toBeGreaterThan(seen / 2);
    const end = await tab.call("askWhileFilling", ITEMS, seed + 1, Number.POSITIVE_INFINITY);
    expect(end.status, told).toBe("ACTIVE");
    expect(end.answered, told).toBeGreaterThan(3);
    expect(await tab.call("colour", "colour 7"), told).toBeGreaterThan(0);
    await tab.call("close");
    const copy = await DatabaseCopy.open(await tab.call("files"));
    try {
      expect(copy.integrity()).toEqual(["ok"]);
      const items = storedItems(copy, filled);
      expect(items.length, told).toBeGreaterThan(ITEMS / 2);
      checkIndexes(copy, filled, items);
    } finally {
      copy.close();
    }
  } finally {
    await browser.close();
  }
});
