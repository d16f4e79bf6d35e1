/**
 * What the tests need of a browser, whichever it is, and which one this run is about: the suites are written once and run in each.
 * `DYNATAB_BROWSER` says which; Chromium unless it does.
 */

/** The browser of this run. */
export const browserName = (process.env.DYNATAB_BROWSER ?? "chromium") as "chromium" | "firefox" | "webkit";

/** Whether it has a private file system with synchronous handles. WebKitGTK has not: what browsers do without one is seen there. */
export const keepsData = browserName !== "webkit";

/** Where a database is that is opened without a wish. */
export const persistence = keepsData ? "opfs" : "memory";

/** Which of the two drivers of SQLite can be had. */
export const drivers = keepsData ? (["sql.js", "wa-sqlite"] as const) : (["sql.js"] as const);

/** An open page, as Playwright has it. */
export interface TestPage {
  goto(address: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** Runs a function in the page. What it is given and what it gives travel as JSON does. */
  evaluate<Given, Result>(run: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result>;
  close(): Promise<void>;
}

/** A running browser, a process of ours on a profile of its own. */
export interface TestBrowser<Page extends TestPage = TestPage> {
  /** A tab. What nobody catches in it is told. */
  newPage(uncaught: (error: unknown) => void): Promise<Page>;
  /** Ends it as a user would, waiting for what it still writes. */
  close(): Promise<void>;
}

/** One that keeps data, so that it is worth killing. */
export interface DurableBrowser<Page extends TestPage = TestPage> extends TestBrowser<Page> {
  /** Puts a function of the test's before the pages that are opened from now on. */
  expose(name: string, run: (given: never) => void): Promise<void>;
  /** Ends the process a page runs in, and the page with it. */
  crash(page: Page): Promise<void>;
  /** SIGKILL to every process of it at once: nothing gets to finish what it was doing. */
  kill(): Promise<void>;
}

/** Starts this run's browser on a profile; what an earlier one kept there is found again. */
export async function startBrowser(profile: string): Promise<TestBrowser> {
  if (browserName !== "webkit") return startDurableBrowser(profile);
  return (await import("./webkit-process.ts")).WebkitProcess.start(profile);
}

/** The same for tests that are for browsers that keep data. */
export async function startDurableBrowser(profile: string): Promise<DurableBrowser> {
  if (browserName === "firefox") return (await import("./firefox-process.ts")).FirefoxProcess.start(profile);
  return (await import("./chromium-process.ts")).ChromiumProcess.start(profile);
}
