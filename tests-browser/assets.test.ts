/** Where the package's files may be: beside the page, on another origin, compiled by the caller, not there. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import { PageServer } from "./page-server.ts";
import type { api } from "./pages/doors.ts";
import { keepsData, persistence } from "./test-browser.ts";

const site = useSite();
let other: PageServer;
beforeAll(async () => {
  other = await PageServer.start();
});
afterAll(() => other.close());

const open = () => site().open<typeof api>("doors");
/** The package's folder on the other origin. */
const foreign = () => `http://127.0.0.1:${other.port}/product/dist/`;
const opened = { value: { persistence } };

async function works(tab: Tab<typeof api>): Promise<void> {
  expect(await tab.call("fetchTables")).toEqual({ TableNames: [] });
}

test("a page whose files come from another origin has its worker, its data, and no more", async () => {
  const tab = await open();
  expect(await tab.call("open", "cdn", { assetBase: foreign() })).toEqual(opened);
  await works(tab);
  await tab.close();
});

test("so has a page that imports the package itself from another origin", async () => {
  const tab = await open();
  expect(await tab.call("openFrom", `${foreign()}index.js`, "cdn-import")).toEqual(opened);
  await works(tab);
  await tab.close();
});

test.runIf(keepsData)("the room for the data is told", async () => {
  const tab = await open();
  expect(await tab.call("open", "room")).toEqual(opened);
  const { quota, usage, persisted, ...where } = await tab.call("storage");
  expect(where).toEqual({ persistence });
  expect(quota).toBeGreaterThan(0);
  expect(usage).toBeGreaterThan(0);
  expect(typeof persisted).toBe("boolean");
  await tab.close();
});

test("the single-file build brings its worker and its WebAssembly along", async () => {
  const tab = await open();
  const before = site().server.asked.length;
  expect(await tab.call("openFrom", "/product/dist/inline.js", "inline")).toEqual(opened);
  await works(tab);
  expect(site().server.asked.slice(before)).toEqual(["/product/dist/inline.js"]);
  await tab.close();
});

test("addresses are relative to the page", async () => {
  const tab = await open();
  expect(await tab.call("open", "relative", { assetBase: "dist" })).toEqual(opened);
  await works(tab);
  await tab.call("close");
  expect(await tab.call("open", "relative", { wasmUrl: "./dist/dynatab.wasm", workerUrl: "dist/worker.js" })).toEqual(opened);
  await works(tab);
  await tab.close();
});

test("modules the page has compiled are not fetched again", async () => {
  const tab = await open();
  const before = site().server.asked.length;
  const addresses = { engine: "dist/dynatab.wasm", sqlJs: "dist/sqljs.wasm", waSqlite: "dist/wa-sqlite.wasm" };
  expect(await tab.call("openCompiled", "compiled", addresses)).toEqual(opened);
  await works(tab);
  expect(
    site()
      .server.asked.slice(before)
      .filter((path) => path.endsWith(".wasm")),
  ).toHaveLength(3);
  await tab.close();
});

test("files that are not there are an AssetLoadError that says which", async () => {
  const tab = await open();
  for (const options of [{ assetBase: "nowhere" }, { workerUrl: "nowhere.js" }, { wasmUrl: "nowhere.wasm" }]) {
    const { error } = await tab.call("open", "absent", options);
    expect([error?.name, error?.message]).toEqual(["AssetLoadError", expect.stringMatching(/assetBase/)]);
  }
  await tab.close();
});

test("opening that is given up lets the database go", async () => {
  const [tab, second] = [await open(), await open()];
  expect((await tab.call("openAborted", "given-up")).error?.message).toBe("enough");
  expect(await second.call("open", "given-up")).toEqual(opened);
  await Promise.all([tab.close(), second.close()]);
});
