/** The playground in tests: the built page, driven as somebody would who has just opened it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { PreviewServer } from "vite";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { buildPlayground, serveBuiltPlayground } from "../scripts/playground.mjs";
import { ChromiumProcess } from "./chromium-process.ts";
import { makeProfile, removeProfile } from "./profile.ts";

/** A name that is no secure context, so that browsers give its pages no private file system. */
export const INSECURE_HOST = "playground.example";

const PATIENCE_MS = 30_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A server and a browser for one test file. */
export class PlaygroundSite {
  readonly #profile = makeProfile();
  readonly #pages: Page[] = [];
  /** Errors that nobody caught in a page; each of them fails the test it happened in. */
  readonly #uncaught: string[] = [];
  #server: PreviewServer | undefined;
  #browser: ChromiumProcess | undefined;

  async start(): Promise<void> {
    const outDir = await buildPlayground(fileURLToPath(new URL("../dist/playground-test", import.meta.url)));
    this.#server = await serveBuiltPlayground({ build: { outDir }, preview: { port: 0, allowedHosts: [INSECURE_HOST] } });
    this.#browser = await ChromiumProcess.start(this.#profile, [
      "--hide-scrollbars",
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    ]);
  }

  /** The address of the page. */
  address(host = "127.0.0.1"): string {
    return `http://${host}:${new URL(this.#server!.resolvedUrls!.local[0]!).port}/`;
  }

  /** A tab of its own; waiting in it ends before the test's time does, with a message that says for what. */
  async newPage(): Promise<Page> {
    const page = await this.#browser!.context.newPage();
    this.#pages.push(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.#uncaught.push(error.stack ?? error.message));
    return page;
  }

  /** Opens the page at a place of a database, `#/NAME/...`. */
  async open(place = "", host?: string): Promise<Page> {
    const page = await this.newPage();
    await page.goto(this.address(host) + place);
    return page;
  }

  /** A database of its own with a sample in it, showing the sample's first table. */
  async openSample(database: string, sample: "Online shop" | "Music" | "Forum"): Promise<Page> {
    const page = await this.open(`#/${database}/start`);
    await page.getByRole("button", { name: `Load ${sample}` }).click();
    await page.getByRole("grid").waitFor();
    return page;
  }

  /** After each test: its pages are closed, and nothing may have been thrown in them. */
  async endTest(): Promise<void> {
    for (const page of this.#pages.splice(0)) await page.close();
    expect(this.#uncaught.splice(0)).toEqual([]);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
    removeProfile(this.#profile);
  }
}

/** Gives the tests of this file a playground. */
export function usePlayground(): PlaygroundSite {
  const site = new PlaygroundSite();
  beforeAll(() => site.start());
  afterEach(() => site.endTest());
  afterAll(() => site.stop());
  return site;
}

/** What axe finds that is serious or critical: the rule, and where. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await loaded.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`));
  });
}

interface AxeResults {
  violations: { id: string; impact: string; nodes: { target: unknown; failureSummary: string }[] }[];
}

/** The texts of a grid's column, as far as its rows are in sight. */
export async function columnTexts(page: Page, name: string): Promise<string[]> {
  const headings = await page.getByRole("columnheader").allTextContents();
  const at = headings.findIndex((text) => text.replace(/ [↑↓]$/, "") === name);
  return page.locator(`.grid-row > :nth-child(${at + 1})`).allTextContents();
}
