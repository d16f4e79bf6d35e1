/** The playground's editor of requests: run, completed, converted, kept; programs in their sandbox. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { seriousViolations, usePlayground } from "./playground-page.ts";

const site = usePlayground();

/** Opens the view of requests over the sample Music. */
async function openRequests(database: string): Promise<Page> {
  const page = await site.openSample(database, "Music");
  await page.getByRole("link", { name: "Requests" }).click();
  await page.locator(".cm-editor").waitFor();
  return page;
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").fill(text);
}

const written = async (page: Page) => (await page.locator(".cm-line").allTextContents()).join("\n");
const run = (page: Page) => page.getByRole("button", { name: "Run", exact: true }).click();
const answer = (page: Page, text: string) => page.getByRole("region", { name: "Answer" }).getByText(text).waitFor();

const QUERY = {
  TableName: "Music",
  IndexName: "GenreYear",
  KeyConditionExpression: "Genre = :genre AND #Year > :year",
  ExpressionAttributeNames: { "#Year": "Year" },
  ExpressionAttributeValues: { ":genre": { S: 'it\'s "Folk"' }, ":year": { N: "2000" } },
  ScanIndexForward: false,
};

describe("requests", () => {
  it("runs JSON, shows the answer and what it cost, and keeps it in the history over a reload", async () => {
    const page = await openRequests("run");
    await page.getByLabel("Operation").selectOption("GetItem");
    await write(page, '{"TableName": "Nowhere", "Key": {"A": {"S": "b"}}}');
    await run(page);
    await page.getByRole("alert").getByText("ResourceNotFoundException").waitFor();
    await page.getByLabel("Operation").selectOption("DescribeTable");
    await write(page, '{"TableName": "Music"}');
    await page.keyboard.press("Control+Enter");
    await answer(page, '"TableStatus": "ACTIVE"');
    await page.getByRole("region", { name: "Explain" }).getByText("table Music").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await page.getByRole("region", { name: "History" }).getByText("GetItem Nowhere").click();
    await page.locator(".cm-editor").waitFor();
    expect(await page.getByLabel("Operation").inputValue()).toBe("GetItem");
  });

  it("takes back nothing that is typed while an earlier letter is still being shown", async () => {
    const page = await openRequests("typing");
    await write(page, "");
    await page.locator(".cm-content").focus();
    await page.evaluate(async () => {
      for (const letter of "typed") {
        document.execCommand("insertText", false, letter);
        // The page renders between the letters, but draws no frame.
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      }
    });
    await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true)))));
    expect(await written(page)).toBe("typed");
  });

  it("offers the Query that a Scan could be, of the index that answers it", async () => {
    const page = await site.openSample("offered", "Music");
    await page.getByRole("link", { name: "Requests" }).click();
    await page.locator(".cm-editor").waitFor();
    await page.getByLabel("Operation").selectOption("Scan");
    const scan = {
      TableName: "Music",
      FilterExpression: "Genre = :genre and #y > :year",
      ExpressionAttributeNames: { "#y": "Year" },
      ExpressionAttributeValues: { ":genre": { S: "Jazz" }, ":year": { N: "2010" } },
    };
    await page.locator(".cm-content").fill(JSON.stringify(scan));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const explain = page.getByRole("region", { name: "Explain" });
    const returned = explain.locator(".fact", { hasText: "Returned" }).locator("dd");
    await returned.getByText("of 118 evaluated").waitFor();
    const found = /^\d+/.exec((await returned.textContent())!)![0];
    await explain.getByRole("button", { name: "Run it as a Query" }).click();
    await explain.getByText("GSI GenreYear of Music").waitFor();
    await returned.getByText(`${found} of ${found} evaluated`).waitFor();
    expect(await page.getByLabel("Operation").inputValue()).toBe("Query");
    expect(await page.locator(".cm-content").textContent()).toContain("KeyConditionExpression");
  });

  it("completes members, tables, indexes and enumerations", async () => {
    const page = await openRequests("complete");
    await page.getByLabel("Operation").selectOption("Query");
    const complete = async (text: string, option: string) => {
      await write(page, "");
      await page.locator(".cm-content").focus();
      // Typed without the closing of brackets, so that the text is what stands here.
      await page.keyboard.insertText(text);
      await page.keyboard.press("Control+Space");
      await page.locator(".cm-tooltip-autocomplete").getByText(option, { exact: true }).waitFor();
      await page.keyboard.press("Escape");
    };
    await complete('{ "KeyCond', "KeyConditionExpression");
    await complete('{ "TableName": "', "Music");
    await complete('{ "TableName": "Music", "IndexName": "', "GenreYear");
    await complete('{ "ReturnConsumedCapacity": "', "INDEXES");
    await complete('{ "TableName": "Music", "ExclusiveStartKey": { "', "SongTitle");
  });

  it("converts between JSON, SDK code and the AWS CLI without a change, quotation marks included", async () => {
    const page = await openRequests("convert");
    await page.getByLabel("Operation").selectOption("Query");
    await write(page, JSON.stringify(QUERY));
    await page.getByRole("button", { name: "SDK code" }).click();
    await page.waitForFunction(() =>
      /QueryCommand/.test(document.querySelector("dynatab-playground")!.shadowRoot!.querySelector(".cm-content")?.textContent ?? ""),
    );
    expect(await written(page)).toContain('import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb"');
    await page.getByRole("button", { name: "AWS CLI" }).click();
    await page.getByText("aws dynamodb query").waitFor();
    expect(await written(page)).toContain("--no-scan-index-forward");
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.getByLabel("Operation").waitFor();
    expect(JSON.parse(await written(page))).toEqual(QUERY);
  });

  it("opens a Query in the builder, and the builder's as a request", async () => {
    const page = await openRequests("builder");
    await page.getByLabel("Operation").selectOption("Query");
    const folk = {
      ...QUERY,
      FilterExpression: "attribute_exists(Awards) AND NOT contains(Tags, :year)",
      ExpressionAttributeValues: { ":genre": { S: "Folk" }, ":year": { N: "2000" } },
    };
    await write(page, JSON.stringify(folk));
    await page.getByRole("button", { name: "Builder" }).click();
    expect(await page.getByLabel("Genre S").inputValue()).toBe("Folk");
    expect(await page.getByLabel("Year value").first().inputValue()).toBe("2000");
    expect(await page.getByLabel("Awards operator").inputValue()).toBe("attribute_exists");
    await page.getByRole("button", { name: "As request" }).click();
    await page.locator(".cm-editor").waitFor();
    const input = JSON.parse(await written(page)) as Record<string, unknown>;
    expect(input.KeyConditionExpression).toBe("#Genre = :Genre AND #Year > :Year");
    expect(input.FilterExpression).toBe("attribute_exists(#Awards) AND NOT contains(#Tags, :Year)");
  });

  it("runs a program of the AWS SDK, with its console and its errors", async () => {
    const page = await openRequests("program");
    await page.getByRole("button", { name: "SDK code" }).click();
    await page.getByText("ListTablesCommand").first().waitFor();
    await write(
      page,
      `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
await client.send(new PutCommand({ TableName: "Music", Item: { Artist: "Me", SongTitle: "Mine", Bytes: new Uint8Array([1, 2]) } }));
const { Item } = await client.send(new GetCommand({ TableName: "Music", Key: { Artist: "Me", SongTitle: "Mine" } }));
console.log("found", Item.SongTitle, Item.Bytes.length);
await client.send(new GetCommand({ TableName: "Music", Key: { Artist: "Me" } }));`,
    );
    await run(page);
    await page.getByRole("region", { name: "Console" }).getByText("found Mine 2").waitFor();
    await page.getByRole("alert").getByText("The provided key element does not match the schema").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("gives a program neither the page, nor its storage, nor the network, and ends one that does not end", async () => {
    const page = await openRequests("sandbox");
    await page.getByRole("button", { name: "SDK code" }).click();
    await page.getByText("ListTablesCommand").first().waitFor();
    await write(
      page,
      `const tried = {};
tried.document = typeof document;
tried.storage = typeof localStorage;
tried.opfs = await navigator.storage?.getDirectory?.().then(() => "open", (error) => error.name) ?? "none";
tried.database = await new Promise((resolve) => { try { const r = indexedDB.open("dynatab-playground"); r.onsuccess = () => resolve("open"); r.onerror = () => resolve("refused"); } catch (error) { resolve(error.name); } });
tried.network = await fetch("${site.address()}").then(() => "open", (error) => error.name);
console.log(JSON.stringify(tried));`,
    );
    await run(page);
    const console = page.getByRole("region", { name: "Console" });
    await console.waitFor();
    const tried = JSON.parse((await console.textContent())!) as Record<string, string>;
    expect(tried).toEqual({
      document: "undefined",
      storage: "undefined",
      opfs: expect.not.stringMatching("open"),
      database: expect.not.stringMatching("open"),
      network: "TypeError",
    });
    await write(page, "for (;;) {}");
    await run(page);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("alert").getByText("The program was stopped").waitFor();
  });
});
