/** Items in the playground: found by real requests, shown, edited, deleted; what a request cost. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { columnTexts, seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

async function count(page: Page, text: string): Promise<void> {
  await page.locator(".result-summary", { hasText: text }).waitFor();
}

const run = (page: Page) => page.getByRole("button", { name: "Run", exact: true }).click();

describe("finding items", () => {
  it("queries an index by a range of its sort key, forwards, and backwards by a press on the heading", async () => {
    const page = await site.openSample("finding", "Music");
    await page.getByRole("button", { name: "Query", exact: true }).click();
    await page.getByLabel("Table or index").selectOption("GenreYear");
    await page.getByLabel("Genre S").fill("Jazz");
    await page.getByLabel("Condition on Year").selectOption("between");
    await page.getByLabel("Year value").fill("2000");
    await page.getByLabel("Year upper value").fill("2030");
    await run(page);
    await count(page, "items");
    const years = async () => (await columnTexts(page, "Year")).map(Number);
    const forwards = await years();
    expect(forwards.length).toBeGreaterThan(10);
    expect(forwards).toEqual([...forwards].sort((a, b) => a - b));
    await page.getByRole("button", { name: "Year ↑" }).click();
    await page.getByRole("button", { name: "Year ↓" }).waitFor();
    expect(await years()).toEqual([...forwards].sort((a, b) => b - a));
  });

  it("filters by several operators at once", async () => {
    const page = await site.openSample("filtering", "Music");
    const filter = async (at: number, attribute: string, operator: string, type: string | undefined, ...values: string[]) => {
      await page.getByRole("button", { name: "Filter", exact: true }).click();
      await page.getByLabel(`Filter ${at} attribute`).fill(attribute);
      await page.getByLabel(`${attribute} operator`).selectOption(operator);
      if (type !== undefined) await page.getByLabel(`${attribute} value type`).selectOption(type);
      for (const [place, value] of values.entries()) {
        await page.getByLabel(values.length > 1 ? `${attribute} value ${place + 1}` : `${attribute} value`, { exact: true }).fill(value);
      }
    };
    await filter(1, "Seconds", "between", "N", "200", "400");
    await filter(2, "Tags", "contains", "S", "live");
    await filter(3, "Credits.Studio", "is one of", "S", "Mill Lane", "Dock 9");
    await filter(4, "SongTitle", "size >", undefined, "12");
    await run(page);
    await count(page, "evaluated");
    const seconds = (await columnTexts(page, "Seconds")).map(Number);
    expect(seconds.length).toBeGreaterThan(0);
    expect(seconds.every((each) => each >= 200 && each <= 400)).toBe(true);
    expect((await columnTexts(page, "Tags")).every((tags) => tags.includes("live"))).toBe(true);
    expect((await columnTexts(page, "SongTitle")).every((title) => title.length > 12)).toBe(true);
  });

  it("offers the Query that a Scan could be, and runs it: fewer items evaluated, the same found", async () => {
    const page = await site.openSample("advice", "Music");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByLabel("Filter 1 attribute").fill("Genre");
    await page.getByLabel("Genre value", { exact: true }).fill("Classical");
    await run(page);
    await count(page, "evaluated");
    const found = (await columnTexts(page, "SongTitle")).sort();
    await page.getByRole("button", { name: "Explain" }).click();
    const explain = page.getByRole("region", { name: "Explain" });
    await explain.getByText('Genre = "Classical"').waitFor();
    await explain.getByText("1 crossing, 1 statement").waitFor();
    await explain.getByText("The SQL that ran (1)").click();
    await explain.getByText("Walks the table in the order of the hashes of its partition keys").waitFor();
    await explain.getByText("118 rows").waitFor();
    expect(await explain.locator(".statements code").textContent()).toMatch(/^SELECT size, item\nFROM t\d+\nORDER BY h, pk, sk$/);
    expect(await seriousViolations(page)).toEqual([]);
    await explain.getByRole("button", { name: "Run it as a Query" }).click();
    await explain.getByText("GSI GenreYear of Music").waitFor();
    await explain.getByText("Walks one partition of the global index in the order of its sort key").waitFor();
    await count(page, `${found.length} items`);
    expect((await columnTexts(page, "SongTitle")).sort()).toEqual(found);
    expect(await page.locator(".result-summary").textContent()).not.toContain("evaluated");
  });

  it("shows what a request lacks, and DynamoDB's own refusals", async () => {
    const page = await site.openSample("refusals", "Music");
    await page.getByRole("button", { name: "Query", exact: true }).click();
    await run(page);
    await page.getByRole("alert").getByText("A Query needs a value for the partition key Artist").waitFor();
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    await page.getByText("Options").click();
    await page.getByLabel("Attributes to return").fill("Credits, Credits.Studio");
    await run(page);
    await page.getByRole("alert").getByText("ValidationException").waitFor();
  });
});

describe("editing items", () => {
  it("edits as a form, as JSON and as DynamoDB JSON, keeping types and long numbers", async () => {
    const page = await site.openSample("editing", "Music");
    await page.locator(".grid-row button").first().click();
    const editor = page.getByRole("region", { name: "Edit item" });
    await editor.getByLabel("Price type").selectOption("N");
    await editor.getByLabel("Price", { exact: true }).fill("1.2345678901234567890123456789");
    expect(await seriousViolations(page)).toEqual([]);
    await editor.getByRole("button", { name: "JSON", exact: true }).click();
    const json = editor.getByRole("textbox", { name: "Item as JSON" });
    await page.locator(".cm-editor").waitFor();
    const text = (await page.locator(".cm-line").allTextContents()).join("\n");
    expect(text).toContain("1.2345678901234567890123456789");
    await json.fill(text.replace(/"Track": \d+/, '"Track": 12345678901234567890'));
    await editor.getByRole("button", { name: "DynamoDB JSON" }).click();
    await editor.getByRole("textbox", { name: "Item as DynamoDB JSON" }).waitFor();
    const wire = (await page.locator(".cm-line").allTextContents()).join("\n");
    expect(wire).toContain('"Track": { "N": "12345678901234567890" }');
    expect(wire).toMatch(/"Tags": \{ "SS": /);
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.waitFor({ state: "detached" });
    expect(await columnTexts(page, "Track")).toContain("12345678901234567890");
  });

  it("says what is wrong while it is written, and saves nothing that is", async () => {
    const page = await site.openSample("validation", "Music");
    await page.getByRole("button", { name: "New item" }).click();
    const editor = page.getByRole("region", { name: "New item" });
    await editor.getByText("The key attribute Artist may not be empty").waitFor();
    await editor.getByLabel("Artist", { exact: true }).fill("Nobody");
    await editor.getByLabel("SongTitle", { exact: true }).fill("Nothing");
    await editor.getByLabel("New attribute's name").fill("Plays");
    await editor.getByRole("button", { name: "Add" }).click();
    await editor.getByLabel("Plays type").selectOption("N");
    await editor.getByLabel("Plays", { exact: true }).fill("many");
    await editor.getByText('"many" is not a number').first().waitFor();
    expect(await editor.getByRole("button", { name: "Save item" }).isDisabled()).toBe(true);
    await editor.getByLabel("Plays", { exact: true }).fill("7");
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.waitFor({ state: "detached" });
  });

  it("duplicates an item, refuses a key that is taken, and deletes many at once", async () => {
    const page = await site.openSample("bulk", "Music");
    await page.getByLabel("Select row 1", { exact: true }).click();
    await page.getByRole("button", { name: "Duplicate" }).click();
    const editor = page.getByRole("region", { name: "New item" });
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.getByRole("alert").getByText("ConditionalCheckFailedException").waitFor();
    await editor.getByLabel("SongTitle", { exact: true }).fill("A copy");
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.waitFor({ state: "detached" });
    await page.getByLabel("Select all rows").click();
    await page.getByRole("button", { name: "Delete selected" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete items" }).click();
    await count(page, "0 items");
    await run(page);
    await count(page, "0 items");
  });

  it("is worked by the keyboard alone: moves through the grid, opens an item, closes it", async () => {
    const page = await site.openSample("keyboard", "Music");
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    const [, second] = await columnTexts(page, "SongTitle");
    await expect.poll(() => page.locator(".cell[data-active]").textContent(), { timeout: 10_000 }).toBe(second);
    await page.keyboard.press("Enter");
    const editor = page.getByRole("region", { name: "Edit item" });
    await editor.waitFor();
    await page.keyboard.press("Escape");
    await editor.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command, table or database" }).fill("create a tab");
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Create a table" }).waitFor();
  });
});
