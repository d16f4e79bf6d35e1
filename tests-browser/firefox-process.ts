/** Firefox as a process of ours, spoken to in WebDriver BiDi, which is what it has in place of a DevTools protocol. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { findFirefox } from "../scripts/browsers.mjs";
import { BrowserChild } from "./browser-child.ts";
import { commandLine, descendants, endProcess } from "./process-tree.ts";
import type { DurableBrowser, TestPage } from "./test-browser.ts";

/** Nothing is fetched or asked at the start, also after a kill; and each page gets a process of its own, which can be ended. */
const PREFERENCES = {
  "app.update.enabled": false,
  "browser.sessionstore.resume_from_crash": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processCount.webIsolated": 16,
  "dom.ipc.processPrelaunch.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.startup.max_resumed_crashes": -1,
};

/** The processes that pages run in. */
function contentProcesses(browser: number): Set<number> {
  return new Set(descendants(browser).filter((pid) => / tab\s*$/.test(commandLine(pid))));
}

/** A tab. */
export class FirefoxPage implements TestPage {
  /** The process that was started for it. */
  process: number | undefined;
  readonly #page: Page;
  readonly #browser: number;

  constructor(page: Page, browser: number) {
    this.#page = page;
    this.#browser = browser;
  }

  async goto(address: string): Promise<void> {
    const before = contentProcesses(this.#browser);
    await this.#page.goto(address);
    this.process = [...contentProcesses(this.#browser)].find((pid) => !before.has(pid));
  }

  reload(): Promise<unknown> {
    return this.#page.reload();
  }

  evaluate<Given, Result>(run: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result> {
    return this.#page.evaluate(run as (given: unknown) => unknown, given) as Promise<Result>;
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}

/** A running Firefox. */
export class FirefoxProcess implements DurableBrowser<FirefoxPage> {
  readonly #child: BrowserChild;
  readonly #browser: Browser;
  readonly #exposed = new Map<string, (given: never) => void>();

  private constructor(child: BrowserChild, browser: Browser) {
    this.#child = child;
    this.#browser = browser;
  }

  static async start(profile: string): Promise<FirefoxProcess> {
    const executable = findFirefox();
    if (executable === undefined) throw new Error("No Firefox here: `npm run test:browsers` installs it; or name one in DYNATAB_FIREFOX.");
    const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
    writeFileSync(join(profile, "user.js"), preferences.join(""));
    const args = ["--headless", "--no-remote", "--new-instance", "--profile", profile, "--remote-debugging-port=0", "about:blank"];
    const child = BrowserChild.start(executable, args, { ...process.env, MOZ_CRASHREPORTER_DISABLE: "1" });
    try {
      const address = await child.says(/WebDriver BiDi listening on (ws:\S+)/);
      const browser = await puppeteer.connect({
        browserWSEndpoint: `${address}/session`,
        protocol: "webDriverBiDi",
        defaultViewport: null,
      });
      return new FirefoxProcess(child, browser);
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  async newPage(uncaught: (error: unknown) => void): Promise<FirefoxPage> {
    const page = await this.#browser.newPage();
    page.on("pageerror", uncaught);
    for (const [name, run] of this.#exposed) await page.exposeFunction(name, run);
    return new FirefoxPage(page, this.#child.pid);
  }

  async expose(name: string, run: (given: never) => void): Promise<void> {
    this.#exposed.set(name, run);
  }

  async crash(page: FirefoxPage): Promise<void> {
    if (page.process === undefined) throw new Error("Firefox has given this page a process that other pages have too");
    endProcess(page.process);
    await page.close();
  }

  async close(): Promise<void> {
    if (!this.#child.running) return;
    await this.#browser.close().catch(() => {
      // It may be gone before it has answered.
    });
    await this.#child.ends();
  }

  async kill(): Promise<void> {
    await this.#child.kill();
    await this.#browser.disconnect();
  }
}
