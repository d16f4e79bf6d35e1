/**
 * `dynatab playground` in Chromium: on databases of the browser, on one in a file, and on an endpoint that is somebody else's, which here is
 * `dynatab serve` in another process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ChromiumProcess } from "./chromium-process.ts";
import { builtPackage } from "./page-server.ts";
import { seriousViolations } from "./playground-page.ts";
import { makeProfile, removeProfile } from "./profile.ts";

const command = join(builtPackage("product"), "bin", "dynatab.js");
const profile = makeProfile();
/** Errors that nobody caught, and what the page's content security policy has refused: each fails the test it happened in. */
const uncaught: string[] = [];
const processes: ChildProcess[] = [];
let browser: ChromiumProcess;
let folder: string;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dynatab-playground-"));
  browser = await ChromiumProcess.start(profile);
});

afterEach(async () => {
  await page?.close();
  for (const each of processes.splice(0)) {
    const ended = new Promise((resolve) => each.once("exit", resolve));
    each.kill();
    await ended;
  }
  expect(uncaught.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  removeProfile(profile);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the package's command until the test has ended; returns the address it prints. */
function start(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [command, ...args, "--port", "0"]);
  processes.push(child);
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      const address = /^\S.* at (http:\S+) /m.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => reject(new Error(said)));
  });
}

async function open(address: string): Promise<void> {
  page = await browser.context.newPage();
  page.setDefaultTimeout(30_000);
  await page.setViewportSize({ width: 1280, height: 900 });
  page.on("pageerror", (error) => uncaught.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) uncaught.push(message.text());
  });
  await page.goto(address);
}

/** What another client of the same endpoint sees. */
function client(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: "eu-west-2", credentials: { accessKeyId: "other", secretAccessKey: "other" } });
}

/** Loads a sample from the start, and sees its items. */
async function loadMusic(): Promise<void> {
  await page.getByRole("button", { name: "Load Music" }).click();
  await page.getByRole("grid", { name: "Items of Music" }).waitFor();
  await page.locator(".result-summary", { hasText: "118 items" }).waitFor();
}

/** Changes an item, and sees the change in the table's stream with both images. */
async function changeAnItem(): Promise<void> {
  await page.locator(".grid-row button").first().click();
  const editor = page.getByRole("region", { name: "Edit item" });
  await editor.getByLabel("Price", { exact: true }).fill("3.75");
  await editor.getByRole("button", { name: "Save item" }).click();
  await editor.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Stream", exact: true }).click();
  await page.locator(".record[data-event=MODIFY] .diff-new", { hasText: "3.75" }).waitFor();
}

describe("dynatab playground", () => {
  it("alone shows databases of the browser", async () => {
    await open(await start("playground"));
    await page.getByText("334 items", { exact: true }).waitFor();
    await page.getByText("Kept in this browser").waitFor();
    // The page's policy lets nothing in that is not its own; what a reader writes still runs, in the sandbox.
    expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content")).toContain("default-src 'none'");
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByRole("button", { name: "SDK code" }).click();
    await page.getByRole("textbox", { name: "Program for the AWS SDK" }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("region", { name: "Console" }).getByText("TableNames").waitFor();
    expect(await page.getByRole("link", { name: "Databases", exact: true }).count()).toBe(1);
  });

  it("--db shows the database in a file, to which any SDK speaks at the same address", async () => {
    const address = await start("playground", "--db", join(folder, "music.db"));
    await open(address);
    await page.getByRole("heading", { name: "music.db", level: 1 }).waitFor();
    await loadMusic();
    const { Count } = await client(address).send(new ScanCommand({ TableName: "Music", Select: "COUNT" }));
    expect(Count).toBe(118);
    expect(await page.getByRole("link", { name: "Databases", exact: true }).count()).toBe(0);
    expect(await page.getByText("Endpoint", { exact: true }).count()).toBe(1);
  });

  it("--endpoint shows another server's tables: items, requests, what they cost, streams, errors", async () => {
    const foreign = await start("serve");
    await open(await start("playground", "--endpoint", foreign));
    // Nothing is put there unasked.
    await page.getByRole("heading", { name: "Begin with a sample, or with nothing" }).waitFor();
    expect((await client(foreign).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    await loadMusic();
    expect((await client(foreign).send(new ListTablesCommand({}))).TableNames).toEqual(["Music"]);
    await page.getByRole("button", { name: "Explain" }).click();
    const explained = page.getByRole("region", { name: "Explain" });
    await explained.getByText("Consumed capacity").waitFor();
    // What happens inside that server it does not tell.
    expect(await explained.getByText("SQLite").count()).toBe(0);
    await changeAnItem();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByLabel("Operation").selectOption("DescribeTable");
    await page.locator(".cm-content").fill('{ "TableName": "Absent" }');
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("ResourceNotFoundException").first().waitFor();
  });

  it("--endpoint says so when nobody answers, and goes on when somebody does", async () => {
    const foreign = await start("serve");
    const [server] = processes;
    const address = await start("playground", "--endpoint", foreign);
    const ended = new Promise((resolve) => server!.once("exit", resolve));
    server!.kill();
    await ended;
    await open(address);
    await page.getByRole("alert").getByText("does not answer").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    processes.splice(0, 1);
    const again = spawn(process.execPath, [command, "serve", "--port", new URL(foreign).port]);
    processes.push(again);
    await new Promise((resolve) => again.stdout.once("data", resolve));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Begin with a sample, or with nothing" }).waitFor();
  });
});
