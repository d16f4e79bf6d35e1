/** The bench in headless Chromium: a server for the bundles and the package, a browser on a fresh profile, and the page's functions. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Page } from "playwright-core";
import { ChromiumProcess } from "../../tests-browser/chromium-process.ts";
import { makeProfile, removeProfile } from "../../tests-browser/profile.ts";
import type { FirstAnswer } from "../first/first.ts";
import type { BenchPage } from "./page.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

const html = (script: string) => `<!doctype html>
<meta charset="utf-8">
<title>bench</title>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "dynatab": "/product/dist/index.js" } }</script>
<script type="module" src="/bench/${script}.js"></script>
`;

/** The pages, by their addresses. */
const PAGES: Record<string, string> = { "/": html("page"), "/first": html("first-page") };

/** Isolation is not something the product needs: it makes the browser's clock twenty times finer. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

function serve(packageDir: string, bundles: string): Promise<Server> {
  const folders: Record<string, string> = { product: packageDir, bench: bundles };
  const server = createServer(({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://page").pathname));
    const [, folder = "", ...rest] = path.split("/");
    const file = folders[folder] === undefined ? undefined : join(folders[folder], ...rest);
    const page = PAGES[path];
    const content = page ?? (file && existsSync(file) ? readFileSync(file) : undefined);
    const type = TYPES[page === undefined ? extname(path) : ".html"] ?? "text/plain";
    // The package's files are kept, as those of a release are.
    const kept = folder === "product" ? { "cache-control": "public, max-age=3600" } : {};
    response.writeHead(content === undefined ? 404 : 200, { "content-type": type, ...kept, ...ISOLATION });
    response.end(content ?? "not found");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** A page of the bench that is open. */
export interface BenchBrowser {
  call<Name extends keyof BenchPage>(name: Name, ...args: Parameters<BenchPage[Name]>): Promise<Awaited<ReturnType<BenchPage[Name]>>>;
  /** Opens a page of its own that comes to its first answer: with a browser's cache that is empty, if `cold`, or full. */
  firstAnswer(database: string | undefined, cold: boolean): Promise<FirstAnswer>;
  close(): Promise<void>;
}

/** Opens it. What the page tells on its console goes to `told`. */
export async function openBrowser(packageDir: string, bundles: string, told: (line: string) => void): Promise<BenchBrowser> {
  const profile = makeProfile();
  const server = await serve(packageDir, bundles);
  const browser = await ChromiumProcess.start(profile);
  const close = async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    removeProfile(profile);
  };
  try {
    const page = await browser.context.newPage();
    page.on("console", (message) => told(message.text()));
    page.on("pageerror", (error) => told(`In the page: ${error.stack ?? error.message}`));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await page.goto(address);
    await page.waitForFunction(() => "pageApi" in globalThis);
    const firstAnswer = (database: string | undefined, cold: boolean) => comeToFirstAnswer(browser, address, database, cold);
    return { call: (name, ...args) => callPage(page, name, args), firstAnswer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function comeToFirstAnswer(
  browser: ChromiumProcess,
  address: string,
  database: string | undefined,
  cold: boolean,
): Promise<FirstAnswer> {
  const page = await browser.context.newPage();
  const visit = async () => {
    await page.goto(`${address}first${database === undefined ? "" : `?database=${database}`}`);
    return page.evaluate(() => (globalThis as unknown as { firstAnswer: Promise<FirstAnswer> }).firstAnswer);
  };
  try {
    if (cold) {
      const session = await browser.context.newCDPSession(page);
      await session.send("Network.clearBrowserCache");
    }
    // A cold visit fills the cache for those that come after it.
    return await visit();
  } finally {
    await page.close();
  }
}

function callPage(page: Page, name: string, args: unknown[]): Promise<never> {
  return page.evaluate(
    ([called, given]) => {
      const { pageApi } = globalThis as unknown as { pageApi: Record<string, (...all: unknown[]) => unknown> };
      return pageApi[called]!(...given);
    },
    [name, args] as [string, unknown[]],
  ) as Promise<never>;
}
