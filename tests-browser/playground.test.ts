/** The playground, driven as somebody would who has just run `npm start`: by the labels and buttons of the page. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { ViteDevServer } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { servePlayground } from "../scripts/playground.mjs";
import { ChromiumProcess, makeProfile, removeProfile } from "./chromium-process.ts";
import { lowContrasts } from "./page-contrast.ts";

/** A name that is no secure context, so that browsers give its pages no private file system. */
const INSECURE_HOST = "playground.example";

const PATIENCE_MS = 60_000;

const profile = makeProfile();
const screenshots = fileURLToPath(new URL("../test-results/playground", import.meta.url));
let server: ViteDevServer;
let browser: ChromiumProcess;
let port: number;
const pages: Page[] = [];
/** Errors that nobody caught in a page; each of them fails the test it happened in. */
const uncaught: string[] = [];

beforeAll(async () => {
  server = await servePlayground({
    server: { host: "127.0.0.1", port: 0, allowedHosts: [INSECURE_HOST] },
    cacheDir: fileURLToPath(new URL("../dist/playground-test-cache", import.meta.url)),
    logLevel: "warn",
  });
  port = Number(new URL(server.resolvedUrls!.local[0]!).port);
  browser = await ChromiumProcess.start(profile, ["--hide-scrollbars", `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]);
  mkdirSync(screenshots, { recursive: true });
});

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(uncaught.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  removeProfile(profile);
});

/** A tab of its own; waiting in it ends before the test's time does, with a message that says for what. */
async function newPage(): Promise<Page> {
  const page = await browser.context.newPage();
  pages.push(page);
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => uncaught.push(error.stack ?? error.message));
  return page;
}

/** Opens the page, whatever becomes of its database. */
async function openPlayground(host = "127.0.0.1"): Promise<Page> {
  const page = await newPage();
  await page.goto(`http://${host}:${port}/`);
  return page;
}

/** The page once its database is open. */
async function readyPlayground(host?: string): Promise<Page> {
  const page = await openPlayground(host);
  await page.getByRole("heading", { name: "Tables" }).waitFor();
  return page;
}

interface Wire {
  Items: Record<string, Record<string, unknown>>[];
}

/** The answer that is shown. */
async function shownResponse(page: Page): Promise<Wire> {
  return JSON.parse(await page.getByLabel("Response").inputValue()) as Wire;
}

async function summary(page: Page, text: string): Promise<void> {
  await page.locator("#result-summary", { hasText: text }).waitFor();
}

async function createForumTable(page: Page, name: string): Promise<void> {
  if (!(await page.getByLabel("Table name").isVisible())) await page.getByText("Create a table").click();
  await page.getByLabel("Table name").fill(name);
  const partition = page.getByRole("group", { name: "Partition key" });
  await partition.getByLabel("Name").fill("ForumName");
  const sort = page.getByRole("group", { name: "Sort key" });
  await sort.getByLabel("Name").fill("Posts");
  await sort.getByLabel("Type").selectOption("Number");
  const index = page.getByRole("group", { name: "Global secondary index" });
  await index.getByLabel("Index name").fill("ByAuthor");
  await index.getByLabel("Partition key").fill("Author");
  await index.getByLabel("Sort key").fill("Posts");
  await index.getByLabel("Type").nth(1).selectOption("Number");
  await page.getByRole("button", { name: "Create table" }).click();
  await summary(page, `Created ${name}`);
}

async function put(page: Page, format: string, item: object): Promise<void> {
  await page.getByLabel("Format").selectOption(format);
  await page.getByLabel("Item", { exact: true }).fill(JSON.stringify(item));
  await page.getByRole("button", { name: "Put item" }).click();
  await summary(page, "Put an item");
}

async function query(page: Page, partition: string): Promise<Wire> {
  await page.getByLabel("Partition key:").fill(partition);
  await page.getByRole("button", { name: "Run query" }).click();
  await summary(page, "Found");
  return shownResponse(page);
}

describe("the playground", () => {
  it("keeps what was written over a reload: table, index and items", async () => {
    const page = await readyPlayground();
    expect(await page.locator("#storage").textContent()).toContain("Kept in this browser (OPFS)");
    await createForumTable(page, "Threads");
    await put(page, "dynamodb", { ForumName: { S: "Gardens" }, Posts: { N: "12" }, Author: { S: "Mira" }, Seal: { B: "AAEC" } });
    await put(page, "plain", { ForumName: "Gardens", Posts: 3, Author: "Jon", Tags: ["pots", 1] });

    await page.reload();
    await page.getByRole("link", { name: "Threads" }).waitFor();
    const { Items } = await query(page, "Gardens");
    expect(Items).toEqual([
      { ForumName: { S: "Gardens" }, Posts: { N: "3" }, Author: { S: "Jon" }, Tags: { L: [{ S: "pots" }, { N: "1" }] } },
      { ForumName: { S: "Gardens" }, Posts: { N: "12" }, Author: { S: "Mira" }, Seal: { B: "AAEC" } },
    ]);
    await page.getByLabel("Table or index").selectOption("ByAuthor");
    expect((await query(page, "Mira")).Items.map(({ Posts }) => Posts)).toEqual([{ N: "12" }]);
  });

  it("queries the sample data by every part of a key condition, page by page, forwards and backwards", async () => {
    const page = await readyPlayground();
    await page.getByRole("button", { name: "Load sample data" }).click();
    await summary(page, "12 songs");
    await page.getByLabel("Table or index").selectOption("GenreYear");
    await page.getByLabel("Condition").selectOption("between");
    await page.getByLabel("Value").fill("2018");
    await page.getByLabel("and", { exact: true }).fill("2020");
    await page.getByLabel("Order").selectOption("Descending");
    await page.getByLabel("Limit").fill("2");
    const years = ({ Items }: Wire) => Items.map(({ Year }) => Year!.N);
    expect(years(await query(page, "Folk"))).toEqual(["2020", "2019"]);
    await page.getByRole("button", { name: "Next page" }).click();
    await summary(page, "Found");
    expect(years(await shownResponse(page))).toEqual(["2019"]);
  });

  it("shows the service's errors by name and message, and its own", async () => {
    const page = await readyPlayground();
    await page.getByRole("button", { name: "Load sample data" }).click();
    await summary(page, "12 songs");
    await page.getByLabel("Item", { exact: true }).fill('{ "Artist": "Nobody" }');
    await page.getByRole("button", { name: "Put item" }).click();
    await summary(page, "failed");
    const alert = page.getByRole("alert");
    expect(await alert.textContent()).toContain("ValidationException");
    expect(await alert.textContent()).toContain("One or more parameter values were invalid: Missing the key SongTitle in the item");
    await page.getByLabel("Item", { exact: true }).fill("{ Artist");
    await page.getByRole("button", { name: "Put item" }).click();
    await page.getByText("SyntaxError").waitFor();
  });

  it("deletes a table once that is confirmed", async () => {
    const page = await readyPlayground();
    await createForumTable(page, "Passing");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete table" }).click();
    await summary(page, "Deleted Passing");
    expect(await page.getByRole("link", { name: "Passing" }).count()).toBe(0);
  });

  it("shows attribute names and values as text, whatever they are", async () => {
    const page = await readyPlayground();
    const markup = "<img src=x onerror='document.title=1'>";
    await createForumTable(page, "Markup");
    await put(page, "plain", { ForumName: markup, Posts: 1 });
    expect((await query(page, markup)).Items).toEqual([{ ForumName: { S: markup }, Posts: { N: "1" } }]);
    expect(await page.locator("img").count()).toBe(0);
  });

  it("says that the data is in memory, and why, where there is no private file system", async () => {
    const page = await readyPlayground(INSECURE_HOST);
    const notice = await page.locator("#storage").textContent();
    expect(notice).toContain("In memory only");
    expect(notice).toMatch(/Why: .*private file system/);
    expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
    await page.screenshot({ path: join(screenshots, "memory.png"), fullPage: true });
    await createForumTable(page, "Passing");
    await page.reload();
    await page.getByText("There is no table yet").waitFor();
  });

  it("says that another tab has the database, and opens it when that tab has gone", async () => {
    const first = await readyPlayground();
    const second = await openPlayground();
    await second.getByText("DatabaseBusyError").waitFor();
    await first.close();
    await second.getByRole("button", { name: "Try again" }).click();
    await second.getByRole("heading", { name: "Tables" }).waitFor();
  });
});

describe("everybody can use the playground", () => {
  const looks = [
    { scheme: "light", width: 1280, height: 1000 },
    { scheme: "dark", width: 1280, height: 1000 },
    { scheme: "light", width: 360, height: 740 },
    { scheme: "dark", width: 360, height: 740 },
  ] as const;

  it.each(looks)(
    "on a $scheme screen $width wide: readable contrasts, nothing wider than the screen",
    async ({ scheme, width, height }) => {
      const page = await browser.context.newPage();
      pages.push(page);
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height });
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.getByRole("button", { name: "Load sample data" }).click();
      await summary(page, "12 songs");
      await query(page, "The Tidal Pools");
      await page.screenshot({ path: join(screenshots, `${scheme}-${width}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
      await page.getByLabel("Item", { exact: true }).fill("{}");
      await page.getByRole("button", { name: "Put item" }).click();
      await page.getByText("ValidationException").first().waitFor();
      await page.screenshot({ path: join(screenshots, `${scheme}-${width}-error.png`), fullPage: true });
      expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
    },
  );

  it("with a keyboard alone: every control is reached, has a name and shows that it has the focus", async () => {
    const page = await readyPlayground();
    await page.getByRole("button", { name: "Load sample data" }).click();
    await summary(page, "12 songs");
    await query(page, "The Tidal Pools");
    const controls = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary")];
      const visible = all.filter((each) => each.checkVisibility());
      for (const [at, each] of visible.entries()) each.dataset.control = String(at);
      return visible.length;
    });
    const reached = new Map<string, { name: string; outline: string }>();
    // One press more than there are controls, and one for the browser's own bar, which comes between the last and the first.
    for (let presses = 0; presses < controls + 2; presses++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement;
        const name = (element.labels?.[0] ?? element).textContent!.trim();
        return { control: element.dataset.control, name, outline: getComputedStyle(element).outlineStyle };
      });
      if (focus.control !== undefined) reached.set(focus.control, focus);
    }
    expect(reached.size).toBe(controls);
    expect([...reached.values()].filter(({ name, outline }) => name === "" || outline === "none")).toEqual([]);
  });
});
