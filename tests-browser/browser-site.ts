/** What a test file needs: a server, a browser on a profile of its own, and tabs whose pages can be called like a module. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type ChromiumBehaviour, ChromiumProcess } from "./chromium-process.ts";
import { type PackageVariant, PageServer } from "./page-server.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { type DurableBrowser, startBrowser, startDurableBrowser, type TestBrowser, type TestPage } from "./test-browser.ts";

/** Anything a page may offer to be called. */
type PageApi = Record<string, (...args: never[]) => unknown>;

const READY_WITHIN_MS = 30_000;

function callPage([name, given]: [name: string, given: unknown[]]): unknown {
  const { pageApi } = globalThis as unknown as { pageApi: Record<string, (...all: unknown[]) => unknown> };
  return pageApi[name]!(...given);
}

/** An open page, and the functions it has put before the test by `expose`. Arguments and results travel as JSON does. */
export class Tab<Api extends PageApi, BrowserPage extends TestPage = TestPage> {
  constructor(readonly page: BrowserPage) {}

  /** Calls a function of the page. */
  call<Name extends keyof Api & string>(name: Name, ...args: Parameters<Api[Name]>): Promise<Awaited<ReturnType<Api[Name]>>> {
    return this.page.evaluate(callPage, [name, args] as [string, unknown[]]) as Promise<Awaited<ReturnType<Api[Name]>>>;
  }

  /** Reloads the page; all its objects are gone then. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Waits until the page's script has run. */
  async ready(): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await this.page.evaluate(() => "pageApi" in globalThis, null))) {
      if (Date.now() > until) throw new Error("The page's script has not run");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** Opens a page of `pages/` in a tab. */
export async function openTab<Api extends PageApi, BrowserPage extends TestPage = TestPage>(
  browser: Pick<TestBrowser<BrowserPage>, "newPage">,
  address: string,
): Promise<Tab<Api, BrowserPage>> {
  const page = await browser.newPage((error) => {
    console.error(`In the page ${address}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
  await page.goto(address);
  const tab = new Tab<Api, BrowserPage>(page);
  await tab.ready();
  return tab;
}

/** A server and a browser for the tests of one file. */
export class Site<BrowserPage extends TestPage, Browser extends TestBrowser<BrowserPage>> {
  constructor(
    readonly server: PageServer,
    readonly browser: Browser,
  ) {}

  /** Opens a page in a tab of its own. */
  open<Api extends PageApi>(page: string, variant: PackageVariant = "product", host?: string): Promise<Tab<Api, BrowserPage>> {
    return openTab<Api, BrowserPage>(this.browser, this.server.address(page, variant, host));
  }
}

function useSiteOf<BrowserPage extends TestPage, Browser extends TestBrowser<BrowserPage>>(
  start: (profile: string) => Promise<Browser>,
): () => Site<BrowserPage, Browser> {
  const profile = makeProfile();
  let site: Site<BrowserPage, Browser> | undefined;
  beforeAll(async () => {
    site = new Site<BrowserPage, Browser>(await PageServer.start(), await start(profile));
  });
  afterAll(async () => {
    await site?.browser.close();
    await site?.server.close();
    removeProfile(profile);
  });
  return () => site!;
}

/** Gives the tests of this file a site in this run's browser; it begins and ends with them. */
export function useSite(): () => Site<TestPage, TestBrowser> {
  return useSiteOf<TestPage, TestBrowser>(startBrowser);
}

/** The same for tests that are for browsers that keep data. */
export function useDurableSite(): () => Site<TestPage, DurableBrowser> {
  return useSiteOf<TestPage, DurableBrowser>(startDurableBrowser);
}

/** The same for what only Chromium can be made to do. */
export function useChromium(args: readonly string[] = [], behaviour: ChromiumBehaviour = {}): () => Site<Page, ChromiumProcess> {
  return useSiteOf<Page, ChromiumProcess>((profile) => ChromiumProcess.start(profile, args, behaviour));
}
