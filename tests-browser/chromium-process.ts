/**
 * Chromium as a process of ours: started on a profile, reached over its debugging port, ended politely or killed with everything it started.
 * Playwright's own launcher cannot do the last, and its ordinary contexts keep the private file system in memory.
 */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { chromiumArgs, findChromium } from "../scripts/chromium.mjs";
import { BrowserChild } from "./browser-child.ts";
import type { DurableBrowser } from "./test-browser.ts";

/** How it is to behave. */
export interface ChromiumBehaviour {
  /** Pages but the latest are in the background, as a user's are. Otherwise all are treated as if they were in front. */
  backgroundPages?: boolean;
}

/** A running Chromium. */
export class ChromiumProcess implements DurableBrowser<Page> {
  readonly context: BrowserContext;
  readonly #child: BrowserChild;
  readonly #browser: Browser;

  private constructor(child: BrowserChild, browser: Browser) {
    this.#child = child;
    this.#browser = browser;
    this.context = browser.contexts()[0]!;
  }

  /** Starts Chromium on a profile; what an earlier one kept there is found again. */
  static async start(
    profile: string,
    extraArgs: readonly string[] = [],
    { backgroundPages = false }: ChromiumBehaviour = {},
  ): Promise<ChromiumProcess> {
    const executable = findChromium();
    if (executable === undefined) throw new Error("No Chromium here: run `npm run setup`, or name one in DYNATAB_CHROMIUM.");
    const args = [...chromiumArgs, ...extraArgs, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
    const child = BrowserChild.start(executable, args);
    try {
      const address = await child.says(/DevTools listening on (ws:\S+)/);
      return new ChromiumProcess(child, await chromium.connectOverCDP(address, { noDefaults: backgroundPages }));
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  async newPage(uncaught: (error: unknown) => void): Promise<Page> {
    const page = await this.context.newPage();
    return page.on("pageerror", uncaught);
  }

  async expose(name: string, run: (given: never) => void): Promise<void> {
    await this.context.exposeFunction(name, run);
  }

  async crash(page: Page): Promise<void> {
    const session = await this.context.newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {
      // Nobody is left to answer.
    });
    await crashed;
    await page.close();
  }

  async close(): Promise<void> {
    if (!this.#child.running) return;
    const session = await this.#browser.newBrowserCDPSession();
    await session.send("Browser.close").catch(() => {
      // It may be gone before it has answered.
    });
    await this.#child.ends();
  }

  async kill(): Promise<void> {
    await this.#child.kill();
    await this.#browser.close().catch(() => {
      // Only Playwright's own end of the connection is left to let go of.
    });
  }
}
