/**
 * Tabs of two releases beside one another: the package as it is built, and the same with a newer protocol. The newer tab asks the older leader to
 * drain and yield; no request is lost, none is done twice, and the older tabs are told.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROTOCOL_VERSION } from "../js/src/protocol.ts";
import { bundle } from "../scripts/package/bundle.mjs";
import { wasmDir } from "../scripts/wasm.mjs";
import { type Tab, useDurableSite } from "./browser-site.ts";
import { builtPackage, type PackageVariant } from "./page-server.ts";
import type { api } from "./pages/tabs.ts";

const NEWER = PROTOCOL_VERSION + 1;
const site = useDurableSite();
const newer = mkdtempSync(join(tmpdir(), "dynatab-newer-"));

/** Puts the newer version into `protocol.ts`. */
const newerProtocol: Plugin = {
  name: "newer-protocol",
  setup(bundler) {
    bundler.onLoad({ filter: /\/protocol\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source.replace(`PROTOCOL_VERSION = ${PROTOCOL_VERSION};`, `PROTOCOL_VERSION = ${NEWER};`);
      if (contents === source) throw new Error("protocol.ts does not say its version where it did");
      return { contents, loader: "ts" };
    });
  },
};

beforeAll(async () => {
  const dist = join(newer, "dist");
  mkdirSync(dist);
  await bundle({ engine: wasmDir("product"), dist, plugins: [newerProtocol] });
  for (const file of ["dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"])
    copyFileSync(join(builtPackage("product"), "dist", file), join(dist, file));
  site().server.putPackage(newer);
});

afterAll(() => rmSync(newer, { recursive: true, force: true }));

type TabsTab = Tab<typeof api>;

async function open(variant: PackageVariant, name: string): Promise<TabsTab> {
  const tab = await site().open<typeof api>("tabs", variant);
  expect(await tab.call("open", name)).toEqual({ value: "opfs" });
  return tab;
}

const answers = (tab: TabsTab) => tab.call("counted").then(({ answered }) => answered);

test("a newer tab has the older leader drain and yield: nothing is lost or done twice, and the older tabs are told to reload", async () => {
  const leader = await open("product", "versions");
  await leader.call("createTable");
  const follower = await open("product", "versions");
  const older = [leader, follower];
  for (const tab of older) await tab.call("start");
  for (const tab of older) await expect.poll(() => answers(tab)).toBeGreaterThan(100);

  const next = await open("other", "versions");
  expect(await next.call("leads")).toBe(true);
  let answered = 0;
  for (const tab of older) {
    const told = await tab.call("stop");
    // One for each of the calls that were out, or came next.
    expect(told).toMatchObject({ late: 0, errors: { VersionMismatchError: 10 } });
    expect(await tab.call("outcomeOfRead")).toMatchObject({ error: { message: expect.stringMatching(/newer release.*Reload/) } });
    answered += told.answered;
  }
  expect(await next.call("read")).toBe(answered);
  await next.call("count", 25);
  expect(await next.call("read")).toBe(answered + 25);

  // An older tab that is opened now is refused, and does not disturb the newer one.
  const late = await site().open<typeof api>("tabs");
  expect((await late.call("open", "versions")).error).toMatchObject({ name: "VersionMismatchError" });
  expect(await next.call("read")).toBe(answered + 25);
  for (const tab of [...older, next, late]) await tab.close();
});

test("a newer tab that finds an older one is followed by other newer ones", async () => {
  const older = await open("product", "followed");
  await older.call("createTable");
  await older.call("count", 10);
  const tabs = [await open("other", "followed"), await open("other", "followed")] as const;
  await Promise.all(tabs.map((tab) => tab.call("count", 20)));
  for (const tab of tabs) expect(await tab.call("read")).toBe(50);
  await tabs[0].close();
  expect(await tabs[1].call("count", 5)).toMatchObject({ errors: {} });
  expect(await tabs[1].call("read")).toBe(55);
  for (const tab of [older, tabs[1]]) await tab.close();
});
