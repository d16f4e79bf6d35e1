/** Streams in Chromium, on files: the AWS SDK's client, and `db.changes()` that goes on where it was when its page was reloaded. */
import { expect, test, vi } from "vitest";
import { expectedTour } from "../js/tests/streams/sdk-tour.ts";
import { useDurableSite } from "./browser-site.ts";
import type { api } from "./pages/streams.ts";

const WRITES = 10_000;
const site = useDurableSite();

test("the SDK's streams client does all it can, and sees ten thousand concurrent writes each once", async () => {
  // rules 99-102
  const tab = await site().open<typeof api>("streams");
  expect(await tab.call("open", "sdk-streams")).toBe("opfs");
  expect(await tab.call("tour")).toEqual(expectedTour);
  await tab.call("createTable");
  expect(await tab.call("tailWithSdk", WRITES)).toEqual({ count: WRITES, equal: true });
  await tab.close();
});

test("ten thousand concurrent writes are seen each once and in order by a page that is reloaded in their middle", async () => {
  const tab = await site().open<typeof api>("streams");
  expect(await tab.call("open", "changes")).toBe("opfs");
  await tab.call("createTable");
  await tab.call("follow");
  await tab.call("beginToWrite", WRITES);
  await vi.waitUntil(async () => (await tab.call("followed")) > WRITES / 4, { timeout: 60_000, interval: 20 });
  await tab.reload();
  expect(await tab.call("open", "changes")).toBe("opfs");
  const before = await tab.call("followed");
  expect(before).toBeLessThan(WRITES);
  expect(await tab.call("follow")).toEqual({ begun: before });
  await tab.call("write", WRITES - before, WRITES);
  // Everything written has a number of its own, without a gap: as many records as the newest number says.
  const { count, newest, equal } = await tab.call("catchUp");
  expect({ count, equal }).toEqual({ count: newest, equal: true });
  expect(count).toBeGreaterThan(WRITES);
  await tab.close();
});
