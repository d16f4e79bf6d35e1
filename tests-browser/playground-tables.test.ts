/** Tables in the playground: made, changed, deleted, shown as a form and as JSON. */
import { describe, expect, it } from "vitest";
import { seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

describe("tables in the playground", () => {
  it("makes a table with a global index of several key attributes, a local index, a stream and TTL", async () => {
    const page = await site.open("#/tables/create");
    await page.getByLabel("Table name").fill("Threads");
    await page.getByLabel("Partition key", { exact: true }).fill("Forum");
    await page.getByLabel("Sort key (optional)", { exact: true }).fill("Posted");
    await page.getByLabel("Sort key (optional) type").selectOption("Number");
    await page.getByRole("button", { name: "Global index" }).click();
    const global = page.getByRole("group", { name: "Global secondary index" });
    await global.getByLabel("Index name").fill("ByPlace");
    await global.getByLabel("Index partition key", { exact: true }).fill("Country");
    await global.getByRole("button", { name: "Another index partition key attribute" }).click();
    await global.getByLabel("Index partition key 2", { exact: true }).fill("City");
    await global.getByLabel("Index sort key", { exact: true }).fill("Posted");
    await global.getByLabel("Index sort key type").selectOption("Number");
    await page.getByRole("button", { name: "Local index" }).click();
    const local = page.getByRole("group", { name: "Local secondary index" });
    await local.getByLabel("Index name").fill("ByAuthor");
    await local.getByLabel("Index sort key", { exact: true }).fill("Author");
    await local.getByLabel("Projection").selectOption("Keys and these");
    await local.getByLabel("Projected attributes").fill("Title, Views");
    await page.getByLabel("Stream").selectOption("New and old images");
    await page.getByLabel("TTL attribute").fill("expires");
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Create table" }).click();
    await page.getByRole("grid", { name: "Items of Threads" }).waitFor();
    await page.getByRole("link", { name: "Definition" }).click();
    const keys = page.getByRole("region", { name: "Keys and indexes" });
    await keys.getByRole("cell", { name: "Country (S), City (S)" }).waitFor();
    await keys.getByRole("cell", { name: "INCLUDE: Title, Views" }).waitFor();
    await page.getByText("Items are deleted after the time in expires").waitFor();
    await page.getByText("NEW_AND_OLD_IMAGES").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("takes the form's table as JSON and back, and shows the database's own words when it refuses", async () => {
    const page = await site.open("#/tables/create");
    await page.getByLabel("Table name").fill("x");
    await page.getByLabel("Partition key", { exact: true }).fill("Id");
    await page.getByRole("button", { name: "JSON" }).click();
    await page.getByRole("textbox", { name: "CreateTable input" }).waitFor();
    await page.getByRole("button", { name: "Create table" }).click();
    await page.getByRole("alert").getByText("ValidationException").waitFor();
    await page.getByRole("button", { name: "Form" }).click();
    expect(await page.getByLabel("Partition key", { exact: true }).inputValue()).toBe("Id");
  });

  it("adds and deletes a global index, and changes settings", async () => {
    const page = await site.openSample("changed", "Music");
    await page.getByRole("link", { name: "Definition" }).click();
    await page.getByRole("button", { name: "Global index" }).click();
    await page.getByLabel("Index name").fill("ByPrice");
    await page.getByLabel("Index partition key", { exact: true }).fill("Price");
    await page.getByLabel("Index partition key type").selectOption("Number");
    await page.getByRole("button", { name: "Create index" }).click();
    const row = page.getByRole("row", { name: /ByPrice/ });
    await row.getByRole("cell", { name: "Price (N)" }).waitFor();
    await page.waitForFunction(() => !/CREATING/.test(document.querySelector("dynatab-playground")!.shadowRoot!.textContent!));
    await row.getByRole("button", { name: "Delete index ByPrice" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete index" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Protect from deletion" }).click();
    await page.getByText("DeleteTable is refused").waitFor();
    await page.getByRole("button", { name: "Disable stream" }).click();
    await page.getByText("Changes are not recorded").waitFor();
  });

  it("deletes a table only when its name has been typed", async () => {
    const page = await site.openSample("deleted", "Music");
    await page.getByRole("link", { name: "Definition" }).click();
    await page.getByRole("button", { name: "Delete table" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Delete table" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Type Music to confirm").fill("Music");
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Delete table" }).click();
    await page.getByText("No tables yet").waitFor();
  });
});
