/**
 * `npm run screenshots [-- FOLDER]`: builds the playground and writes a picture of every main view, light and dark, wide and narrow, to a
 * folder (`test-results/screenshots`), for people to look at.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumArgs, findChromium } from "./chromium.mjs";
import { root } from "./paths.mjs";
import { buildPlayground, serveBuiltPlayground } from "./playground.mjs";
import { fail } from "./run.mjs";

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const button = (page, name) => page.getByRole("button", { name, exact: true });
const editorLoaded = (page) => page.locator(".cm-editor").waitFor();

async function filterByGenre(page) {
  await button(page, "Filter").click();
  await page.getByLabel("Filter 1 attribute").fill("Genre");
  await page.getByLabel("Genre value", { exact: true }).fill("Jazz");
  await button(page, "Run").click();
  await page.getByText("evaluated").first().waitFor();
  await button(page, "Explain").click();
  await button(page, "Run it as a Query").waitFor();
}

async function editItem(page) {
  await page.getByRole("grid").waitFor();
  await page.locator(".grid-row button").first().click();
  await page.getByRole("region", { name: "Edit item" }).waitFor();
}

async function explainQuery(page) {
  await button(page, "Query").click();
  await page.getByLabel("Table or index").selectOption({ index: 2 });
  await page.locator("#partition-0").fill("STATUS#PAID");
  await button(page, "Run").click();
  await button(page, "Explain").click();
  await page.getByText("The SQL that ran").click();
  await page.locator(".statements").scrollIntoViewIfNeeded();
}

async function openColumns(page) {
  await page.locator(".grid-row").first().waitFor();
  await page.getByRole("columnheader", { name: "Year" }).getByRole("button").click();
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Genre" }).uncheck();
}

async function editAsJson(page) {
  await editItem(page);
  await button(page.getByRole("region", { name: "Edit item" }), "DynamoDB JSON").click();
  await editorLoaded(page);
}

async function showJson(page) {
  await page.getByLabel("Table name").fill("Threads");
  await page.getByLabel("Partition key", { exact: true }).fill("Forum");
  await button(page, "JSON").click();
  await editorLoaded(page);
}

async function runCode(page) {
  await editorLoaded(page);
  await button(page, "SDK code").click();
  await page.getByText("import {").first().waitFor();
  await button(page, "Run").click();
  await page.getByRole("region", { name: "Console" }).waitFor();
}

async function openShared(page) {
  await page.getByText(/\d,\d{3} characters/).waitFor();
  const link = await page.getByLabel("Link").inputValue();
  await page.goto(link);
  await page.getByLabel("Into a new database").waitFor();
}

async function runQuery(page) {
  await editorLoaded(page);
  await page.getByLabel("Operation").selectOption("Query");
  await page
    .locator(".cm-content")
    .fill(
      '{\n  "TableName": "Music",\n  "KeyConditionExpression": "Artist = :artist",\n  "ExpressionAttributeValues": { ":artist": { "S": "Copper Kettle" } }\n}',
    );
  await button(page, "Run").click();
  await page.getByRole("region", { name: "Answer" }).waitFor();
}

async function changeItem(page) {
  await page.getByRole("link", { name: "Items" }).click();
  await editItem(page);
  const editor = page.getByRole("region", { name: "Edit item" });
  await editor.getByLabel("Price", { exact: true }).fill("3.5");
  await button(editor, "Save item").click();
  await editor.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Stream", exact: true }).click();
  await page.locator(".record[data-event=MODIFY]").first().waitFor();
}

/** Each view: its place in the database `screenshots`, and what is done there before the picture is taken. */
const VIEWS = {
  start: ["start", (page) => page.getByRole("heading", { name: "Samples" }).waitFor()],
  items: ["table/Shop/items", (page) => page.locator(".grid-row").first().waitFor()],
  "items-explain": ["table/Music/items", filterByGenre],
  "items-sql": ["table/Shop/items", explainQuery],
  "items-columns": ["table/Music/items", openColumns],
  "items-edit": ["table/Music/items", editItem],
  "items-json": ["table/Shop/items", editAsJson],
  groups: ["table/Shop/groups", (page) => page.locator(".group-row").first().waitFor()],
  stream: ["table/Music/stream", changeItem],
  definition: ["table/Music/definition", (page) => page.getByRole("heading", { name: "Settings" }).waitFor()],
  create: ["create", (page) => button(page, "Global index").click()],
  "create-json": ["create", showJson],
  requests: ["requests", runQuery],
  "requests-code": ["requests", runCode],
  shared: ["share", openShared],
  share: ["share", (page) => page.getByText(/\d,\d{3} characters/).waitFor()],
  databases: ["databases", (page) => page.getByRole("heading", { name: "Databases" }).waitFor()],
  palette: [
    "table/Shop/items",
    async (page) => {
      await page.locator(".grid-row").first().waitFor();
      await page.keyboard.press("Control+k");
    },
  ],
};

async function picture(context, address, folder, view, scheme, size) {
  const [place, prepare] = VIEWS[view];
  const page = await context.newPage();
  try {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize(SIZES[size]);
    await page.goto(`${address}#/screenshots/${place}`);
    await prepare(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${view}-${scheme}-${size}.png`) });
  } finally {
    await page.close();
  }
}

async function screenshots(folder) {
  mkdirSync(folder, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), "dynatab-screenshots-"));
  await buildPlayground();
  const server = await serveBuiltPlayground({ preview: { port: 0 } });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: [...chromiumArgs, "--hide-scrollbars"],
  });
  try {
    const address = server.resolvedUrls.local[0];
    const page = await context.newPage();
    await page.goto(`${address}#/screenshots/start`);
    for (const sample of ["Online shop", "Music", "Forum"]) {
      await page.goto(`${address}#/screenshots/start`);
      await button(page, `Load ${sample}`).click();
      await page.getByRole("grid").waitFor();
    }
    await page.close();
    for (const view of Object.keys(VIEWS)) {
      for (const size of Object.keys(SIZES)) {
        for (const scheme of ["light", "dark"]) await picture(context, address, folder, view, scheme, size);
      }
    }
  } finally {
    await context.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

try {
  const folder = process.argv[2] ?? join(root, "test-results", "screenshots");
  await screenshots(folder);
  console.log(`The pictures are in ${folder}`);
} catch (error) {
  fail(error);
}
