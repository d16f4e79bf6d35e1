/** The packed package in an empty Vite project: the development server and the production build both find its worker and its wasm. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChromiumProcess } from "./chromium-process.ts";
import { builtPackage } from "./page-server.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { makeProject, ViteServer, viteBuild } from "./vite-command.ts";

const profile = makeProfile();
let project: string;
let browser: ChromiumProcess;

beforeAll(async () => {
  [project, browser] = await Promise.all([makeProject(builtPackage("product")), ChromiumProcess.start(profile)]);
});

afterAll(async () => {
  await browser?.close();
  removeProfile(profile);
  if (project) rmSync(project, { recursive: true, force: true });
});

/** Opens the project's page twice; what the first visit wrote, the second finds. */
async function visitTwice(address: string): Promise<unknown[]> {
  const page = await browser.context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") console.error(`In the page ${address}: ${message.text()}`);
  });
  const reports: unknown[] = [];
  for (const visit of [() => page.goto(address), () => page.reload()]) {
    await visit();
    await page.waitForFunction(() => "report" in globalThis);
    reports.push(await page.evaluate(() => (globalThis as unknown as { report: unknown }).report));
  }
  await page.close();
  return reports;
}

const report = (visits: number) => ({
  persistence: "opfs",
  Item: { Artist: { S: "The Amber Anchors" }, SongTitle: { S: "Hello" }, Visits: { N: String(visits) } },
});

test("it works under the development server", async () => {
  const server = await ViteServer.start(project, "dev");
  try {
    expect(await visitTwice(server.address)).toEqual([report(1), report(2)]);
  } finally {
    await server.stop();
  }
});

test("it works as a production build", async () => {
  await viteBuild(project);
  const assets = readdirSync(join(project, "dist", "assets"));
  for (const kind of [/^dynatab-.*\.wasm$/, /^wa-sqlite-.*\.wasm$/, /^sqljs-.*\.wasm$/, /^worker-.*\.js$/]) {
    expect(assets.filter((name) => kind.test(name))).toHaveLength(1);
  }
  const server = await ViteServer.start(project, "preview");
  try {
    expect(await visitTwice(server.address)).toEqual([report(1), report(2)]);
  } finally {
    await server.stop();
  }
});
