/** axe on every view of the playground, light and dark: nothing serious anywhere. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const editorLoaded = (page: Page) => page.locator(".cm-editor").waitFor();

/** Each view: its place in a database with the sample Music, and what is done there before it is looked at. */
const VIEWS: Record<string, [place: string, prepare: (page: Page) => Promise<unknown>]> = {
  start: ["start", (page) => page.getByRole("heading", { name: "Samples" }).waitFor()],
  items: ["table/Music/items", (page) => page.locator(".grid-row").first().waitFor()],
  "an item as a form": [
    "table/Music/items",
    async (page) => {
      await page.locator(".grid-row button").first().click();
      await page.getByRole("region", { name: "Edit item" }).waitFor();
    },
  ],
  "an item as JSON": [
    "table/Music/items",
    async (page) => {
      await page.locator(".grid-row button").first().click();
      await button(page, "DynamoDB JSON").click();
      await editorLoaded(page);
    },
  ],
  "explain, with the SQL": [
    "table/Music/items",
    async (page) => {
      await page.locator(".grid-row").first().waitFor();
      await button(page, "Explain").click();
      await page.getByText("The SQL that ran").click();
      await page.locator(".statements pre").waitFor();
    },
  ],
  "a Query that finds nothing": [
    "table/Music/items",
    async (page) => {
      await page.locator(".grid-row").first().waitFor();
      await button(page, "Query").click();
      await page.getByLabel("Artist S").fill("Nobody");
      await button(page, "Run").click();
      await page.getByText("No item answers to this").waitFor();
    },
  ],
  "the menu of columns": [
    "table/Music/items",
    async (page) => {
      await page.locator(".grid-row").first().waitFor();
      await page.locator("summary", { hasText: "Columns" }).click();
    },
  ],
  "the single table": ["table/Music/groups", (page) => page.locator(".group-row").first().waitFor()],
  stream: ["table/Music/stream", (page) => page.locator(".record").first().waitFor()],
  definition: ["table/Music/definition", (page) => page.getByRole("heading", { name: "Settings" }).waitFor()],
  "the definition as JSON": [
    "table/Music/definition",
    async (page) => {
      await button(page, "JSON").click();
      await page.locator(".definition-json pre").first().waitFor();
    },
  ],
  "the form of a new table": ["create", (page) => button(page, "Global index").click()],
  "the JSON of a new table": [
    "create",
    async (page) => {
      await button(page, "JSON").click();
      await editorLoaded(page);
    },
  ],
  requests: [
    "requests",
    async (page) => {
      await editorLoaded(page);
      await button(page, "Run").click();
      await page.getByRole("region", { name: "Answer" }).waitFor();
    },
  ],
  share: ["share", (page) => page.getByText(/\d,\d{3} characters/).waitFor()],
  databases: ["databases", (page) => page.getByRole("row", { name: /open/ }).waitFor()],
  palette: [
    "start",
    async (page) => {
      await page.getByRole("heading", { name: "Samples" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  ],
};

async function violations(page: Page, database: string, view: string): Promise<string[]> {
  const [place, prepare] = VIEWS[view]!;
  // Somewhere else first: a place the page is at already would be left as it is.
  await page.goto("about:blank");
  await page.goto(`${site.address()}#/${database}/${place}`);
  await prepare(page);
  return (await seriousViolations(page)).map((violation) => `${view}: ${violation}`);
}

describe.each(["light", "dark"] as const)("every view in the %s theme", (colorScheme) => {
  it("has no serious violation", async () => {
    const page = await site.openSample(`axe-${colorScheme}`, "Music");
    await page.emulateMedia({ colorScheme });
    const found: string[] = [];
    for (const view of Object.keys(VIEWS)) found.push(...(await violations(page, `axe-${colorScheme}`, view)));
    expect(found).toEqual([]);
  });

  it("has none where there is no table, and where a database cannot be opened", async () => {
    const page = await site.open(`#/empty-${colorScheme}/start`);
    await page.emulateMedia({ colorScheme });
    await page.getByRole("heading", { name: "Begin with a sample" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.goto("about:blank");
    await page.goto(`${site.address()}#/${"x".repeat(200)}/start`);
    await page.getByRole("heading", { name: "cannot be opened" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});
