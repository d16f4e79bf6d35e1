/** Where the package's files may be: beside the page, on another origin, compiled by the caller, not there. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Tab, useChromium } from "./browser-site.ts";
import { PageServer } from "./page-server.ts";
import type { api } from "./pages/doors.ts";

const site = useChromium();
let other: PageServer;
beforeAll(async () => {
  other = await PageServer.start();
});
afterAll(() => other.close());

const open = () => site().open<typeof api>("doors");
/** The package's folder on the other origin. */
const foreign = () => `http://127.0.0.1:${other.port}/product/dist/`;
const opfs = { value: { persistence: "opfs" } };

async function works(tab: Tab<typeof api, Page>): Promise<void> {
  expect(await tab.call("fetchTables")).toEqual({ TableNames: [] });
}

test("a page whose files come from another origin has its worker, its data, and no more", async () => {
  const tab = await open();
  expect(await tab.call("open", "cdn", { assetBase: foreign() })).toEqual(opfs);
  await works(tab);
  const { persistence, quota, usage, persisted } = await tab.call("storage");
  expect(persistence).toBe("opfs");
  expect(quota).toBeGreaterThan(0);
  expect(usage).toBeGreaterThan(0);
  expect(typeof persisted).toBe("boolean");
  await tab.close();
});

test("so has a page that imports the package itself from another origin", async () => {
  const tab = await open();
  expect(await tab.call("openFrom", `${foreign()}index.js`, "cdn-import")).toEqual(opfs);
  await works(tab);
  await tab.close();
});

test("addresses are relative to the page", async () => {
  const tab = await open();
  expect(await tab.call("open", "relative", { assetBase: "dist" })).toEqual(opfs);
  await works(tab);
  await tab.call("close");
  expect(await tab.call("open", "relative", { wasmUrl: "./dist/dynatab.wasm", workerUrl: "dist/worker.js" })).toEqual(opfs);
  await works(tab);
  await tab.close();
});

test("modules the page has compiled are not fetched again", async () => {
  const tab = await open();
  const fetched: string[] = [];
  tab.page.on("request", (request) => fetched.push(request.url()));
  const addresses = { engine: "dist/dynatab.wasm", sqlJs: "dist/sqljs.wasm", waSqlite: "dist/wa-sqlite.wasm" };
  expect(await tab.call("openCompiled", "compiled", addresses)).toEqual(opfs);
  await works(tab);
  expect(fetched.filter((address) => address.endsWith(".wasm"))).toHaveLength(3);
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
  expect(await second.call("open", "given-up")).toEqual(opfs);
  await Promise.all([tab.close(), second.close()]);
});
