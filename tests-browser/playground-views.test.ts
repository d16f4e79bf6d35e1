/** The playground's other ways to look at a table: a single table's entities, and its stream. */
import { describe, expect, it } from "vitest";
import { columnTexts, seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

describe("the single-table view", () => {
  it("groups by partition key, tells entity types, pivots to an index and narrows down by types and facets", async () => {
    const page = await site.openSample("entities", "Online shop");
    await page.getByRole("link", { name: "Single table" }).click();
    const types = page.getByRole("group", { name: "Entity types" });
    await types.getByRole("button", { name: /^OrderLine/ }).waitFor();
    expect(await types.getByRole("button").count()).toBe(6);
    await page.getByRole("heading", { name: /^CUSTOMER#018 \d/ }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel("Seen by").selectOption("GSI2");
    await page.getByRole("heading", { name: /^STATUS#PAID/ }).waitFor();
    await page.getByLabel("Seen by").selectOption("");
    await types.getByRole("button", { name: /^Order\b/ }).click();
    await page.getByText("Facets").click();
    await page
      .getByRole("group", { name: "Status" })
      .getByRole("button", { name: /^SHIPPED/ })
      .click();
    const all = await page.locator(".group-rest").allTextContents();
    expect(all.length).toBeGreaterThan(3);
    expect(all.every((text) => text.includes("Status: SHIPPED"))).toBe(true);
    expect(await page.locator(".entity-type").allTextContents()).toEqual(all.map(() => "Order"));
    await page.locator(".group-key").first().click();
    await page.getByRole("region", { name: "Edit item" }).getByLabel("Status", { exact: true }).waitFor();
  });
});

describe("the stream's tail", () => {
  it("shows writes as differences while they happen, and takes one back by its old image", async () => {
    const page = await site.openSample("stream", "Music");
    await page.locator(".grid-row button").first().click();
    const editor = page.getByRole("region", { name: "Edit item" });
    const artist = (await columnTexts(page, "Artist"))[0]!;
    const price = await editor.getByLabel("Price", { exact: true }).inputValue();
    await editor.getByLabel("Price", { exact: true }).fill("77.25");
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Stream", exact: true }).click();
    const record = page.locator(".record[data-event=MODIFY]").first();
    await record.locator(".diff-old", { hasText: price }).waitFor();
    await record.locator(".diff-new", { hasText: "77.25" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await record.getByRole("button", { name: "Undo" }).click();
    await page.locator(".record").first().locator(".diff-old", { hasText: "77.25" }).waitFor();
    await page.getByRole("link", { name: "Items" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: artist }).first().waitFor();
    expect(await columnTexts(page, "Price")).not.toContain("77.25");
  });

  it("hears of another tab's writes, and asks nothing while there are none", async () => {
    const writer = await site.openSample("pushed", "Music");
    const page = await site.newPage();
    await page.addInitScript(() => {
      const counted = globalThis as unknown as { messages: number };
      counted.messages = 0;
      for (const { prototype } of [Worker, MessagePort]) {
        const post = prototype.postMessage as (...given: unknown[]) => void;
        prototype.postMessage = function (this: unknown, ...given: unknown[]) {
          counted.messages += 1;
          post.apply(this, given);
        };
      }
    });
    await page.goto(`${site.address()}#/pushed/table/Music/stream`);
    await page.getByText("118 writes, the newest first").waitFor();
    const messages = () => page.evaluate(() => (globalThis as unknown as { messages: number }).messages);
    const before = await messages();
    await page.waitForTimeout(2500);
    expect(await messages()).toBe(before);
    await writer.getByLabel("Select row 1", { exact: true }).click();
    await writer.getByRole("button", { name: "Delete selected" }).click();
    await writer.getByRole("dialog").getByRole("button", { name: "Delete items" }).click();
    await page.locator(".record[data-event=REMOVE]").waitFor();
    await page.getByText("119 writes, the newest first").waitFor();
  });

  it("asks before it takes back a write that others have followed", async () => {
    const page = await site.openSample("followed", "Forum");
    await page.getByRole("link", { name: /Reply/ }).first().click();
    await page.getByRole("link", { name: "Items" }).click();
    for (const message of ["first", "second"]) {
      await page.locator(".grid-row button").first().click();
      const editor = page.getByRole("region", { name: "Edit item" });
      await editor.getByLabel("Message", { exact: true }).fill(message);
      await editor.getByRole("button", { name: "Save item" }).click();
      await editor.waitFor({ state: "detached" });
    }
    await page.getByRole("link", { name: "Stream", exact: true }).click();
    await page.locator(".record[data-event=MODIFY]").nth(1).getByRole("button", { name: "Undo" }).click();
    await page.getByRole("dialog").getByText("The item has changed since").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("is offered where a table has none", async () => {
    const page = await site.openSample("none", "Forum");
    await page
      .getByRole("link", { name: /Thread/ })
      .first()
      .click();
    await page.getByRole("link", { name: "Stream", exact: true }).click();
    await page.getByRole("button", { name: "Enable stream" }).click();
    await page.getByText("Nothing has been written yet").waitFor();
  });
});
