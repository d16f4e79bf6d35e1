/** The playground as somebody meets it: its first load over a slow line, and what it does with a hundred thousand items. */
import type { Page } from "playwright-core";
import { ChromiumProcess } from "../../tests-browser/chromium-process.ts";
import { makeProfile, removeProfile } from "../../tests-browser/profile.ts";
import { type Line, serveFolder, type Transfer } from "./link.ts";

/** Ten megabits a second, and 20 ms each way. */
export const SLOW_LINE: Line = { bitsPerSecond: 10_000_000, latencyMs: 40 };

/** One kind of interaction: the milliseconds of every repeat, from the user's act until the page shows what it led to. */
export interface Interaction {
  readonly title: string;
  readonly took: readonly number[];
}

/** What was measured of the playground. */
export interface PlaygroundResult {
  /** Milliseconds from the navigation to a grid with rows in it, every time on a new profile. */
  readonly firstLoad: readonly number[];
  /** What came over the line until then. */
  readonly transfers: readonly Transfer[];
  readonly interactions: readonly Interaction[];
}

/** Runs something in a fresh browser. */
async function inBrowser<T>(run: (page: Page) => Promise<T>): Promise<T> {
  const profile = makeProfile();
  const browser = await ChromiumProcess.start(profile);
  try {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    return await run(page);
  } finally {
    await browser.close();
    removeProfile(profile);
  }
}

/** When the page had rows, by its own clock, which begins with the navigation. */
function firstRows(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const root = document.querySelector("dynatab-playground")?.shadowRoot;
          if (root?.querySelector(".grid-row")) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

async function measureFirstLoad(folder: string): Promise<{ took: number; transfers: readonly Transfer[] }> {
  const server = await serveFolder(folder, SLOW_LINE);
  try {
    return await inBrowser(async (page) => {
      await page.goto(server.address, { waitUntil: "commit" });
      const took = await firstRows(page);
      return { took, transfers: [...server.transfers] };
    });
  } finally {
    server.close();
  }
}

/**
 * Measures in the page itself: `act` does what a user would, and time goes by until `shown` says that it is there, looked at before every frame.
 * Both are programs' texts, which see the element's root as `root` and the repeat's number as `n`.
 */
function timed(page: Page, repeats: number, { act, shown }: { act: string; shown: string }): Promise<number[]> {
  return page.evaluate(
    async ([times, acted, seen]) => {
      const root = document.querySelector("dynatab-playground")!.shadowRoot!;
      const begin = new Function("root", "n", acted);
      const done = new Function("root", "n", `return ${seen};`);
      const took: number[] = [];
      for (let n = 0; n < times; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const begun = performance.now();
        begin(root, n);
        await new Promise<void>((resolve, reject) => {
          const look = () => {
            if (done(root, n)) resolve();
            else if (performance.now() - begun > 20_000) reject(new Error(`Not shown: ${seen}`));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        });
        took.push(performance.now() - begun);
      }
      return took;
    },
    [repeats, act, shown] as const,
  );
}

async function measureInteractions(folder: string, repeats: number): Promise<Interaction[]> {
  const server = await serveFolder(folder);
  try {
    return await inBrowser(async (page) => {
      page.setDefaultTimeout(120_000);
      await page.goto(`${server.address}#/large/start`);
      await page.getByRole("button", { name: "Load 100,000 readings" }).click();
      await page.getByRole("button", { name: "Read all" }).click();
      await page.locator(".result-summary", { hasText: /^100,000 items$/ }).waitFor();
      const row = "100_000 - 1700 * (n + 1)";
      const scrolled = await timed(page, repeats, {
        act: `root.querySelector(".grid").scrollTop = 28 * (${row});`,
        shown: `root.querySelector('[aria-rowindex="' + (${row} + 10) + '"]')`,
      });
      const opened = await timed(page, repeats, {
        act: `root.querySelectorAll(".grid-row button")[n % 20 + 12].click();`,
        shown: `root.querySelectorAll(".drawer .value-row").length > 5`,
      });
      const sorted = await timed(page, Math.min(repeats, 6), {
        act: `root.querySelector('[role=columnheader][title=Celsius] button').click();`,
        shown: `root.querySelector('[role=columnheader][title=Celsius]').ariaSort === ["ascending", "descending", "none"][n % 3]`,
      });
      await page.getByRole("button", { name: "Close" }).first().click();
      await page.getByRole("button", { name: "Query", exact: true }).click();
      const sensor = `"sensor-" + String(n + 1).padStart(3, "0")`;
      const queried = await timed(page, repeats, {
        act: `const field = root.querySelector("#partition-0");
          field.value = ${sensor};
          field.dispatchEvent(new Event("input", { bubbles: true }));
          root.querySelector(".builder button[type=submit]").click();`,
        shown: `root.querySelector(".result-summary").textContent === "500 items" &&
          root.querySelector(".grid-row button")?.textContent === ${sensor}`,
      });
      return [
        { title: "scrolling to a place far away", took: scrolled },
        { title: "opening an item", took: opened },
        { title: "a Query of 500 items", took: queried },
        { title: "sorting what is loaded by a column", took: sorted },
      ];
    });
  } finally {
    server.close();
  }
}

/** Measures the built page in that folder. */
export async function measurePlayground(folder: string, rounds: number): Promise<PlaygroundResult> {
  const firstLoad: number[] = [];
  let transfers: readonly Transfer[] = [];
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    const load = await measureFirstLoad(folder);
    firstLoad.push(load.took);
    transfers = load.transfers;
  }
  return { firstLoad, transfers, interactions: await measureInteractions(folder, 6 * rounds) };
}
