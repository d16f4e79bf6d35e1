/** Links that carry data: opened elsewhere they show it first, and whatever they hold is never more than data. */
import { deflateSync, strToU8 } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { columnTexts, seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

function linkOf(content: unknown): string {
  return `#share=${Buffer.from(deflateSync(strToU8(typeof content === "string" ? content : JSON.stringify(content)))).toString("base64url")}`;
}

const TABLE = {
  TableName: "Links",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  BillingMode: "PAY_PER_REQUEST",
};

/** Whatever a text tried to do to the page, it would be seen by this. */
async function nothingRan(page: Page): Promise<void> {
  const seen = await page.evaluate(() => ({
    ran: (globalThis as { ran?: unknown }).ran,
    polluted: ({} as { polluted?: unknown }).polluted,
    elements: [...document.querySelector("dynatab-playground")!.shadowRoot!.querySelectorAll("img, script, iframe, a[href^='javascript:']")]
      .length,
  }));
  expect(seen).toEqual({ ran: undefined, polluted: undefined, elements: 0 });
}

describe("links", () => {
  it("carry tables, items and a request into another browser's database", async () => {
    const page = await site.openSample("source", "Music");
    await page.getByRole("button", { name: "As request" }).click();
    await page.getByRole("link", { name: "Share" }).click();
    await page.getByLabel("The request in the editor").check();
    await page
      .getByRole("status")
      .getByText(/[\d,]{4,} characters/)
      .waitFor();
    await page.waitForTimeout(300);
    const link = await page.getByLabel("Link").inputValue();
    expect(await seriousViolations(page)).toEqual([]);
    const other = await site.newPage();
    await page.close();
    await other.goto(link);
    await other.getByRole("heading", { name: "Somebody shares this with you" }).waitFor();
    await other.getByText("A request: Scan").waitFor();
    expect(await seriousViolations(other)).toEqual([]);
    await other.getByLabel("Into a new database").fill("received");
    await other.getByRole("button", { name: "Open it" }).click();
    await other.locator(".cm-editor").waitFor();
    await other.getByRole("link", { name: /Music/ }).click();
    await other.locator(".result-summary", { hasText: /^1?\d\d items$/ }).waitFor();
  });

  it("show malicious names and values as text", async () => {
    const script = "<script>ran = 1</script>";
    const handler = "<img src=x onerror='ran = 2'>";
    const address = "javascript:ran = 3";
    const item = { id: { S: script }, [handler]: { S: handler }, link: { S: address }, constructor: { S: "taken" } };
    const items = `[${JSON.stringify(item).replace(/}$/, ',"__proto__":{"M":{"polluted":{"S":"yes"}}}}')}]`;
    const page = await site.open(linkOf(`{"version":1,"tables":[{"definition":${JSON.stringify(TABLE)},"items":${items}}]}`));
    await page.getByLabel("Into a new database").fill("malicious");
    await page.getByRole("button", { name: "Open it" }).click();
    await page.locator(".result-summary", { hasText: "1 item" }).waitFor();
    expect(await columnTexts(page, "id")).toEqual([script]);
    expect(await columnTexts(page, handler)).toEqual([handler]);
    expect(await columnTexts(page, "link")).toEqual([address]);
    await page.getByRole("button", { name: script }).click();
    const editor = page.getByRole("region", { name: "Edit item" });
    expect(await editor.getByLabel("link", { exact: true }).inputValue()).toBe(address);
    await editor.getByLabel("Name of __proto__").first().waitFor();
    await editor.getByRole("button", { name: "DynamoDB JSON" }).click();
    await page.locator(".cm-editor").waitFor();
    expect(await page.locator(".cm-content").textContent()).toContain("__proto__");
    await editor.getByRole("button", { name: "Save item" }).click();
    await editor.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Definition" }).click();
    await nothingRan(page);
  });

  it("run a program only after the reader has agreed", async () => {
    const code = `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";\nconsole.log("it ran");`;
    const page = await site.open(linkOf({ version: 1, tables: [], request: { kind: "code", code } }));
    await page.getByText('console.log("it ran")').waitFor();
    await page.getByLabel("Into a new database").fill("agreed");
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("This program came with a link").waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+Enter");
    expect(await page.getByRole("region", { name: "Console" }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "I have read it, let it run" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("region", { name: "Console" }).getByText("it ran").waitFor();
  });

  it("that are damaged, too large or of another kind are refused with a reason", async () => {
    const page = await site.open();
    await page.getByText("Kept in this browser").waitFor();
    const refused = async (hash: string, reason: string) => {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.getByRole("alert").getByText(reason).waitFor();
    };
    await refused("#share=%%%", "The link is damaged");
    await refused("#share=AAAA", "The link is damaged");
    await refused(linkOf({ version: 99, tables: [] }), "another version");
    await refused(linkOf({ version: 1, tables: [{ definition: TABLE, items: [{ id: { S: 1 } }] }] }), "has an item that is none");
    await refused(linkOf(" ".repeat(20_000_000)), "unpacks to more than 16 MB");
    await nothingRan(page);
  });

  it("shows a string of 400 KB without slowing down, cut in the grid", async () => {
    const item = { id: { S: "long" }, text: { S: `<b>${"x".repeat(390_000)}` } };
    const page = await site.open(linkOf({ version: 1, tables: [{ definition: TABLE, items: [item] }] }));
    await page.getByLabel("Into a new database").fill("long");
    await page.getByRole("button", { name: "Open it" }).click();
    await page.locator(".result-summary", { hasText: "1 item" }).waitFor();
    expect((await columnTexts(page, "text"))[0]!.length).toBeLessThan(200);
    await page.locator(".grid-row button").first().click();
    const editor = page.getByRole("region", { name: "Edit item" });
    expect((await editor.getByLabel("text", { exact: true }).inputValue()).length).toBe(390_003);
  });
});
