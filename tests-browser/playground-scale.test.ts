/** The playground stays light: what its first load fetches, and how much of a large table exists in the page. */
import { describe, expect, it } from "vitest";
import { usePlayground } from "./playground-page.ts";

const site = usePlayground();

describe("the playground", () => {
  it("fetches neither the editor, nor the SDK, nor compression before they are used", async () => {
    const page = await site.newPage();
    const fetched: string[] = [];
    page.on("response", (response) => fetched.push(new URL(response.url()).pathname.split("/").at(-1)!));
    await page.goto(site.address());
    await page.locator(".grid-row").first().waitFor();
    const scripts = fetched.filter((name) => name.endsWith(".js")).map((name) => name.replace(/-[\w-]{8}\.js$/, ""));
    expect(scripts.filter((name) => name !== "offline.js").sort()).toEqual(["index", "worker"]);
  });

  it("has a hundred rows at most in the page, whatever the table holds, and scrolls to any of them", async () => {
    const page = await site.open("#/large/start");
    await page.getByRole("button", { name: "Load 100,000 readings" }).click();
    await page.getByRole("button", { name: "Read all" }).click();
    await page.locator(".result-summary", { hasText: /^100,000 items$/ }).waitFor();
    const grid = page.getByRole("grid");
    await grid.focus();
    await page.keyboard.press("Control+End");
    await page.locator('[aria-rowindex="100001"]').waitFor();
    expect(await page.locator(".grid-row").count()).toBeLessThan(100);
    await page.keyboard.press("Control+Home");
    await page.locator('[aria-rowindex="2"]').waitFor();
    expect(await page.locator(".grid-row").count()).toBeLessThan(100);
  });
});
