/** What a test file needs: a server, a Chromium on a profile of its own, and tabs whose pages can be called like a module. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type ChromiumBehaviour, ChromiumProcess, makeProfile, removeProfile } from "./chromium-process.ts";
import { type PackageVariant, PageServer } from "./page-server.ts";

/** Anything a page may offer to be called. */
type PageApi = Record<string, (...args: never[]) => unknown>;

/** An open page, and the functions it has put before the test by `expose`. Arguments and results travel as JSON does. */
export class Tab<Api extends PageApi> {
  constructor(readonly page: Page) {}

  /** Calls a function of the page. */
  call<Name extends keyof Api & string>(name: Name, ...args: Parameters<Api[Name]>): Promise<Awaited<ReturnType<Api[Name]>>> {
    return this.page.evaluate(
      ([called, given]) => {
        const { pageApi } = globalThis as unknown as { pageApi: Record<string, (...all: unknown[]) => unknown> };
        return pageApi[called]!(...given);
      },
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<Api[Name]>>>;
  }

  /** Reloads the page; all its objects are gone then. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Waits until the page's script has run. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => "pageApi" in globalThis);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** Opens a page of `pages/` in a tab. */
export async function openTab<Api extends PageApi>(browser: ChromiumProcess, address: string): Promise<Tab<Api>> {
  const page = await browser.context.newPage();
  page.on("pageerror", (error) => console.error(`In the page ${address}: ${error.stack ?? error.message}`));
  await page.goto(address);
  const tab = new Tab<Api>(page);
  await tab.ready();
  return tab;
}

/** A server and a browser for the tests of one file. */
export class Site {
  constructor(
    readonly server: PageServer,
    readonly browser: ChromiumProcess,
  ) {}

  /** Opens a page in a tab of its own. */
  open<Api extends PageApi>(page: string, variant: PackageVariant = "product", host?: string): Promise<Tab<Api>> {
    return openTab<Api>(this.browser, this.server.address(page, variant, host));
  }
}

/** Gives the tests of this file a site; it begins and ends with them. */
export function useSite(chromiumArgs: readonly string[] = [], behaviour: ChromiumBehaviour = {}): () => Site {
  const profile = makeProfile();
  let site: Site | undefined;
  beforeAll(async () => {
    site = new Site(await PageServer.start(), await ChromiumProcess.start(profile, chromiumArgs, behaviour));
  });
  afterAll(async () => {
    await site?.browser.close();
    await site?.server.close();
    removeProfile(profile);
  });
  return () => site!;
}
