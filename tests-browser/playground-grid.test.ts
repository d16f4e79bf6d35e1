/** The playground's grid: rows in other orders, columns as the user wants them, by pointer and by keyboard. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { columnTexts, seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

const columns = async (page: Page) =>
  (await page.getByRole("columnheader").allTextContents()).filter((name) => name !== "").map((name) => name.replace(/ [↑↓]$/, ""));
const widthOf = async (page: Page, name: string) => (await page.getByRole("columnheader", { name }).boundingBox())!.width;
const heading = (page: Page, name: string) => page.getByRole("columnheader", { name }).getByRole("button");

describe("the grid's rows", () => {
  it("are sorted by any column among what is loaded, which is said, and put back", async () => {
    const page = await site.openSample("sorted", "Music");
    const asRead = await columnTexts(page, "Price");
    await heading(page, "Price").click();
    await page.getByText("sorted here by Price, not by DynamoDB").waitFor();
    const upwards = await columnTexts(page, "Price");
    expect(upwards.map(Number)).toEqual(upwards.map(Number).sort((a, b) => a - b));
    expect(upwards).not.toEqual(asRead);
    expect(await page.getByRole("columnheader", { name: "Price" }).getAttribute("aria-sort")).toBe("ascending");
    await page.getByLabel("Select row 1", { exact: true }).click();
    await page.getByRole("button", { name: "Duplicate" }).click();
    const editor = page.getByRole("region", { name: "New item" });
    expect(await editor.getByLabel("Price", { exact: true }).inputValue()).toBe(upwards[0]);
    await page.keyboard.press("Escape");
    await heading(page, "Price").click();
    await page.getByRole("button", { name: "Price ↓" }).waitFor();
    expect(Number((await columnTexts(page, "Price"))[0])).toBeGreaterThanOrEqual(Number(upwards.at(-1)));
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "as they were read" }).click();
    expect(await columnTexts(page, "Price")).toEqual(asRead);
  });

  it("are sorted by DynamoDB where the column is the sort key that a Query reads by", async () => {
    const page = await site.openSample("ordered", "Music");
    await page.getByRole("button", { name: "Query", exact: true }).click();
    await page.getByLabel("Table or index").selectOption("GenreYear");
    await page.getByLabel("Genre S").fill("Jazz");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Year ↑" }).click();
    await page.getByRole("button", { name: "Year ↓" }).waitFor();
    expect(await page.getByText("sorted here").count()).toBe(0);
    await page.getByText("Options").click();
    expect(await page.getByLabel("Descending").isChecked()).toBe(true);
  });
});

describe("the grid's columns", () => {
  it("are made wider, moved and hidden by the keyboard, and stay so over a reload", async () => {
    const page = await site.openSample("columns", "Music");
    const [first, second, third] = (await columns(page)) as [string, string, string];
    const width = await widthOf(page, second);
    await page.getByRole("grid").focus();
    for (const key of ["ArrowUp", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Alt+ArrowRight"]) await page.keyboard.press(key);
    await expect.poll(async () => (await columns(page)).slice(0, 3)).toEqual([first, third, second]);
    expect(await widthOf(page, second)).toBe(width + 32);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Delete");
    await expect.poll(async () => (await columns(page)).slice(0, 2)).toEqual([first, second]);
    await page.keyboard.press("Enter");
    await page.getByText(`sorted here by ${second}`).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await page.getByRole("columnheader", { name: second }).waitFor();
    expect((await columns(page)).slice(0, 2)).toEqual([first, second]);
    expect(await columns(page)).not.toContain(third);
    expect(await widthOf(page, second)).toBe(width + 32);
  });

  it("are chosen from a menu, and put back as they came", async () => {
    const page = await site.openSample("menu", "Music");
    const all = await columns(page);
    await page.locator("summary", { hasText: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Genre" }).uncheck();
    await page.getByRole("button", { name: `Move ${all[1]} to the left` }).click();
    expect(await columns(page)).toEqual([all[1], all[0], ...all.slice(2).filter((name) => name !== "Genre")]);
    await page.locator("summary", { hasText: "1 hidden" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "As they come" }).click();
    expect(await columns(page)).toEqual(all);
    await page.getByRole("checkbox", { name: "Genre" }).focus();
    await page.keyboard.press("Escape");
    await page.getByRole("checkbox", { name: "Genre" }).waitFor({ state: "hidden" });
    await page.locator("summary", { hasText: "Columns" }).click();
    await page.getByRole("heading", { name: "Music" }).click();
    await page.getByRole("checkbox", { name: "Genre" }).waitFor({ state: "hidden" });
  });

  it("are pulled at their edges and dragged by their headings", async () => {
    const page = await site.openSample("pulled", "Music");
    const [first, second] = (await columns(page)) as [string, string];
    const width = await widthOf(page, first);
    const edge = (await page.getByRole("columnheader", { name: first }).locator(".grid-edge").boundingBox())!;
    await page.mouse.move(edge.x + 5, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 30, edge.y + 10);
    await page.mouse.move(edge.x + 65, edge.y + 10);
    await page.mouse.up();
    await expect.poll(() => widthOf(page, first)).toBe(width + 60);
    expect(await columns(page)).toContain(first);
    await page.getByRole("columnheader", { name: first }).dragTo(page.getByRole("columnheader", { name: second }));
    await expect.poll(async () => (await columns(page)).slice(0, 2)).toEqual([second, first]);
  });
});
