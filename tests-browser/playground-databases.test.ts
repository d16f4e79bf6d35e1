/** The playground opens with data; databases are kept, and it is said where. */
import { describe, expect, it } from "vitest";
import { INSECURE_HOST, seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

describe("databases of the playground", () => {
  it("gives somebody new a database with data in it, and keeps it over a reload", async () => {
    const page = await site.open();
    await page.getByRole("grid", { name: "Items of Shop" }).waitFor();
    await page.getByText("334 items", { exact: true }).waitFor();
    expect(await page.getByText("Kept in this browser").count()).toBe(1);
    await page.reload();
    await page.getByText("334 items", { exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("makes databases, each with its own tables, and switches between them", async () => {
    const page = await site.open("#/first/databases");
    await page.getByLabel("New database").fill("second");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("heading", { name: "second", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Load Forum" }).click();
    await page.getByRole("link", { name: "Reply" }).first().waitFor();
    await page.goto(`${site.address()}#/first/databases`);
    await page.getByText("No tables yet").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Open second" }).click();
    await page.getByRole("link", { name: "Reply" }).first().waitFor();
  });

  it("refuses names that cannot name a database, and says which can", async () => {
    const page = await site.open("#/first/databases");
    await page.getByLabel("New database").fill("a/b");
    await page.getByText("Use 1 to 128 letters").waitFor();
    expect(await page.getByRole("button", { name: "Create", exact: true }).isDisabled()).toBe(true);
  });

  it("says that the data is in memory, and why, where there is no private file system", async () => {
    const page = await site.open("", INSECURE_HOST);
    const badge = page.getByText("In memory only");
    await badge.waitFor();
    expect(await badge.getAttribute("title")).toMatch(/private file system/);
    await page.getByText("334 items", { exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("works without its server after the first load, editor included", async () => {
    const page = await site.openSample("offline", "Music");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.context().setOffline(true);
    try {
      await page.reload();
      await page.getByRole("link", { name: "Music 118" }).click();
      await page.locator(".result-summary", { hasText: "118 items" }).waitFor();
      await page.getByRole("link", { name: "Requests" }).click();
      await page.locator(".cm-editor").waitFor();
    } finally {
      await page.context().setOffline(false);
    }
  });
});
