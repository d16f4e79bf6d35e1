/**
 * `<dynatab-playground>` in somebody else's page: the page of the guide, without a bundler, from the files of the packed package; and in a project
 * that Vite builds.
 */
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type * as DynatabNode from "dynatab/node";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeBlocks, programs } from "../scripts/documentation.mjs";
import { ChromiumProcess } from "./chromium-process.ts";
import { type Served, serveFolder } from "./folder-server.ts";
import { builtPackage } from "./page-server.ts";
import { seriousViolations } from "./playground-page.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { makeProject, ViteServer, viteBuild } from "./vite-command.ts";

const { serve } = (await import(pathToFileURL(join(builtPackage("product"), "dist", "node.js")).href)) as typeof DynatabNode;
const GUIDE = "docs/guide-playground.md";
const guidePage = codeBlocks(GUIDE).find(({ file }) => file === "docs-page.html")!;
const profile = makeProfile();
const uncaught: string[] = [];
let project: string;
let browser: ChromiumProcess;
let site: Served;
let page: Page;

beforeAll(async () => {
  [project, browser] = await Promise.all([makeProject(builtPackage("product")), ChromiumProcess.start(profile)]);
  writeFileSync(join(project, "docs-page.html"), guidePage.code);
  writeFileSync(join(project, "empty.html"), guidePage.code.replaceAll(/<dynatab-playground.*?<\/dynatab-playground>/gs, ""));
  site = await serveFolder(project);
});

afterEach(async () => {
  await page?.close();
  expect(uncaught.splice(0)).toEqual([]);
});

afterAll(async () => {
  await site?.stop();
  await browser?.close();
  removeProfile(profile);
  if (project) rmSync(project, { recursive: true, force: true });
});

async function newPage(): Promise<Page> {
  page = await browser.context.newPage();
  page.setDefaultTimeout(30_000);
  await page.setViewportSize({ width: 1280, height: 900 });
  page.on("pageerror", (error) => uncaught.push(error.stack ?? error.message));
  return page;
}

async function open(address: string): Promise<void> {
  await newPage();
  await page.goto(address);
}

/** The colour that a part of an element has. */
const colour = (part: Locator, property: "color" | "backgroundColor") =>
  part.evaluate((element, name) => getComputedStyle(element)[name as "color"], property);

const playground = (database: string) => page.locator(`dynatab-playground[database=${database}]`);

describe("the guide's page", () => {
  it("shows two playgrounds, each with its own data, view, theme and colours", async () => {
    await open(`${site.address}docs-page.html`);
    const [forum, scratch] = [playground("forum"), playground("scratch")];
    await forum.getByRole("grid", { name: "Items of Reply" }).waitFor();
    await scratch.locator(".cm-editor").waitFor();
    await forum.getByText("Kept in this browser").waitFor();
    await scratch.getByText("In memory only").waitFor();
    expect(await colour(forum, "backgroundColor")).toBe("rgb(253, 249, 244)");
    expect(await colour(scratch, "backgroundColor")).toBe("rgb(18, 22, 27)");
    expect(await forum.evaluate((element) => getComputedStyle(element).fontFamily)).toMatch(/^Georgia/);
    expect(await colour(forum.getByRole("button", { name: "Run", exact: true }), "backgroundColor")).toBe("rgb(123, 45, 139)");
    expect(await forum.getByRole("button", { name: /theme$/ }).count()).toBe(0);
    // Neither is alone on the page: its address stays the page's, its keys are those pressed inside.
    expect(new URL(page.url()).hash).toBe("");
    await page.keyboard.press("Control+k");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("answers a query in one playground, and leaves the other alone", async () => {
    await open(`${site.address}docs-page.html`);
    const scratch = playground("scratch");
    await scratch.locator(".cm-editor").waitFor();
    await scratch.getByRole("link", { name: "Music 118" }).waitFor();
    await scratch.getByLabel("Operation").selectOption("Query");
    await scratch
      .locator(".cm-content")
      .fill(
        '{ "TableName": "Music", "KeyConditionExpression": "Artist = :a", "ExpressionAttributeValues": { ":a": { "S": "Copper Kettle" } } }',
      );
    await scratch.getByRole("button", { name: "Run", exact: true }).click();
    await scratch.getByRole("region", { name: "Answer" }).getByText("Copper Kettle").first().waitFor();
    expect(
      await playground("forum")
        .getByRole("link", { name: /^Music/ })
        .count(),
    ).toBe(0);
  });

  it("follows its attributes, and lays itself out for the room it has", async () => {
    await open(`${site.address}docs-page.html`);
    const forum = playground("forum");
    await forum.getByRole("grid").waitFor();
    await forum.evaluate((element) => element.setAttribute("theme", "dark"));
    expect(await forum.getAttribute("data-theme")).toBe("dark");
    await forum.evaluate((element) => element.setAttribute("view", "table/Thread/definition"));
    await forum.getByRole("heading", { name: "Settings" }).waitFor();
    expect(await forum.getByRole("complementary").isVisible()).toBe(true);
    await forum.evaluate((element) => {
      (element as HTMLElement).style.width = "480px";
    });
    await forum.getByRole("button", { name: "Tables and views" }).waitFor();
    expect(await forum.getByRole("complementary").isVisible()).toBe(false);
  });

  it("closes the database of an element that is removed, keeps that of one that is moved, and opens it for one that is put back", async () => {
    await open(`${site.address}docs-page.html`);
    const scratch = playground("scratch");
    await scratch.getByText("In memory only").waitFor();
    await scratch.getByRole("link", { name: /^Music/ }).click();
    await scratch.getByText("118 items", { exact: true }).waitFor();
    // What is in memory is there after a move, so it was never closed.
    await scratch.evaluate((element) => document.body.prepend(element));
    await scratch.getByText("118 items", { exact: true }).waitFor();
    const held = () => page.evaluate(async () => (await navigator.locks.query()).held!.map(({ name }) => name));
    await playground("forum").getByRole("grid").waitFor();
    expect((await held()).some((name) => name!.includes("forum"))).toBe(true);
    const element = await playground("forum").elementHandle();
    await element!.evaluate((forum) => forum.remove());
    await expect.poll(async () => (await held()).filter((name) => name!.includes("forum"))).toEqual([]);
    await element!.evaluate((forum) => document.body.append(forum));
    await playground("forum").getByRole("grid", { name: "Items of Reply" }).waitFor();
  });

  it("fetches the editor, the sandbox and the SDK only where they are used", async () => {
    await newPage();
    const fetched: string[] = [];
    page.on("response", (response) => fetched.push(new URL(response.url()).pathname.replace(/-[A-Z0-9]{8}\.js$/, ".js")));
    const entry = "/node_modules/dynatab/dist/playground/";
    await page.goto(`${site.address}empty.html`);
    await page.evaluate(() => {
      const playground = document.createElement("dynatab-playground");
      playground.setAttribute("database", "light");
      playground.setAttribute("sample", "music");
      document.body.append(playground);
    });
    await page.getByRole("grid").waitFor();
    const early = fetched.filter((path) => path.startsWith(entry)).map((path) => path.slice(entry.length));
    expect(early).toContain("playground.js");
    expect(early.filter((name) => /code-mirror|sandbox|requests-view|fflate|exchange/.test(name))).toEqual([]);
    await page.getByRole("link", { name: "Requests" }).click();
    await page.locator(".cm-editor").waitFor();
    expect(fetched).toContain(`${entry}code-mirror.js`);
    expect(fetched).not.toContain(`${entry}sandbox.js`);
  });
});

it("elements that name one database show the same data, filled once, though the first of them goes", async () => {
  await open(`${site.address}empty.html`);
  await page.evaluate(() => {
    const tag = '<dynatab-playground database="together" sample="music" view="table/Music/items"></dynatab-playground>';
    document.body.insertAdjacentHTML("beforeend", tag + tag);
  });
  const [first, second] = [page.locator("dynatab-playground").first(), page.locator("dynatab-playground").last()];
  for (const each of [first, second]) await each.getByText("118 items", { exact: true }).waitFor();
  await first.evaluate((element) => element.remove());
  await page.getByRole("link", { name: "Requests" }).click();
  await page.locator(".cm-editor").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("region", { name: "Answer" }).getByText("Music").waitFor();
  expect(await page.getByRole("alert").filter({ hasText: /./ }).count()).toBe(0);
});

it("an element shows an endpoint of another address that lets its page ask", async () => {
  const endpoint = await serve({ port: 0 });
  try {
    await open(`${site.address}empty.html`);
    await page.evaluate((url) => {
      const tag = `<dynatab-playground endpoint="${url}" database="A server" sample="music"></dynatab-playground>`;
      document.body.insertAdjacentHTML("beforeend", tag);
    }, endpoint.url);
    await page.getByRole("grid", { name: "Items of Music" }).waitFor();
    await page.getByText("A server", { exact: true }).first().waitFor();
  } finally {
    await page.close();
    await endpoint.close();
  }
});

it("an element says what is wrong with an endpoint that is none of DynamoDB's, and that it can be tried again", async () => {
  await open(`${site.address}empty.html`);
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<dynatab-playground endpoint="/nothing"></dynatab-playground>'));
  await page.getByRole("alert").getByText("answered with status 404, and not as DynamoDB does").waitFor();
  expect(await page.getByRole("button").filter({ hasText: /./ }).allTextContents()).toContain("Try again");
  expect(await page.getByRole("button", { name: "Other databases" }).count()).toBe(0);
});

it("where a page is rendered without a browser, the import does nothing", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", 'import { DynatabPlayground } from "dynatab/playground"; console.log(typeof DynatabPlayground);'],
    { cwd: project },
  );
  expect(stdout).toBe("function\n");
});

it("the element of README shows its table", async () => {
  const readme = codeBlocks("README.md").find(({ language }) => language === "html")!;
  writeFileSync(join(project, "readme.html"), readme.code);
  await open(`${site.address}readme.html`);
  await page.getByRole("grid", { name: "Items of Reply" }).waitFor();
});

it("a page's program fills a playground with data of its own, as the guide says", async () => {
  const [program] = programs(GUIDE, () => "./node_modules/dynatab/dist/playground/playground.js");
  writeFileSync(join(project, "own-data.js"), program!.code);
  writeFileSync(
    join(project, "own-data.html"),
    '<!doctype html><title>Own data</title><body><script type="module" src="./own-data.js"></script>',
  );
  await open(`${site.address}own-data.html`);
  await page.getByRole("button", { name: "Saturn" }).waitFor();
});

describe("in a project of Vite", () => {
  beforeAll(() => {
    writeFileSync(join(project, "main.js"), 'import "dynatab/playground";\n');
    const tag = '<dynatab-playground database="vite" sample="music" view="requests"></dynatab-playground>';
    writeFileSync(
      join(project, "index.html"),
      `<!doctype html><title>Vite</title><body>${tag}<script type="module" src="./main.js"></script>`,
    );
  });

  const works = async (address: string) => {
    await open(address);
    await page.locator(".cm-editor").waitFor();
    await page.getByRole("link", { name: /^Music/ }).click();
    await page.getByText("118 items", { exact: true }).waitFor();
    await page.getByText("Kept in this browser").waitFor();
  };

  it("it works under the development server", async () => {
    const server = await ViteServer.start(project, "dev");
    try {
      await works(server.address);
    } finally {
      await server.stop();
    }
  });

  it("it works as a production build", async () => {
    await viteBuild(project);
    const server = await ViteServer.start(project, "preview");
    try {
      await works(server.address);
    } finally {
      await server.stop();
    }
  });
});

it("the guide tells every variable that can be set, and no other", () => {
  const theme = readFileSync(new URL("../playground/src/style/theme.css", import.meta.url), "utf8");
  const settable = new Set([...theme.matchAll(/var\((--dynatab-[\w-]+)/g)].map(([, name]) => name!));
  const guide = codeless(readFileSync(new URL(`../${GUIDE}`, import.meta.url), "utf8"));
  const told = new Set([...guide.matchAll(/`(--dynatab-[\w-]+)`/g)].map(([, name]) => name!));
  for (let entity = 1; entity < 7; entity += 1) told.add(`--dynatab-entity-${entity}`);
  expect([...told].sort()).toEqual([...settable].sort());
});

/** A page's text without its code. */
function codeless(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}
