/** The sample PWA: loaded once, it goes on without its server, reloads, writes, and finds what it wrote. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChromiumProcess } from "./chromium-process.ts";
import { type Served, serveFolder } from "./folder-server.ts";
import { builtPackage } from "./page-server.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { viteBuild } from "./vite-command.ts";

const example = fileURLToPath(new URL("../examples/pwa/", import.meta.url));
const profile = makeProfile();
let project: string;
let browser: ChromiumProcess;
let served: Served;

/** A copy inside the checkout, which has the packages the example installs. */
async function buildExample(): Promise<string> {
  const packed = builtPackage("product");
  const above = join(dirname(packed), "dist");
  mkdirSync(above, { recursive: true });
  const folder = mkdtempSync(join(above, "pwa-"));
  cpSync(example, folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packed, join(folder, "node_modules", "dynatab"));
  await viteBuild(folder);
  return folder;
}

beforeAll(async () => {
  [project, browser] = await Promise.all([buildExample(), ChromiumProcess.start(profile)]);
  served = await serveFolder(join(project, "dist"));
});

afterAll(async () => {
  await browser?.close();
  removeProfile(profile);
  if (project) rmSync(project, { recursive: true, force: true });
});

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000 });

const texts = (page: Page) => page.locator("#notes p").allTextContents();

async function write(page: Page, place: string, text: string): Promise<void> {
  const before = await page.locator("#notes li").count();
  await page.getByLabel("Place").fill(place);
  await page.getByLabel("What you saw").fill(text);
  await page.getByRole("button", { name: "Keep" }).click();
  await eventually(() => page.locator("#notes li").count()).toBe(before + 1);
}

test("it works offline after one visit, and keeps what was written then", async () => {
  const page = await browser.context.newPage();
  await page.goto(served.address);
  await eventually(() => page.locator("#state").textContent()).toContain("kept on this device");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await write(page, "Marsh", "Two cranes");
  const session = await browser.context.newCDPSession(page);
  expect(await session.send("Page.getInstallabilityErrors")).toEqual({ installabilityErrors: [] });

  await served.stop();
  await page.reload();
  await eventually(() => page.locator("#state").textContent()).toContain("kept on this device");
  await eventually(() => texts(page)).toEqual(["Two cranes"]);
  await write(page, "Ridge", "Snow, and <b>tracks</b>");
  await page.reload();
  await eventually(() => texts(page)).toEqual(["Snow, and <b>tracks</b>", "Two cranes"]);
  await page.getByRole("button", { name: "Delete the note of Marsh" }).click();
  await eventually(() => texts(page)).toEqual(["Snow, and <b>tracks</b>"]);
  await page.close();
});
