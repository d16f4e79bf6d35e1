/**
 * Kills the whole browser in the middle of writes, again and again on one profile, fifty requests being out at every moment. Each time every
 * acknowledged write must be there, the file sound, and every index what its table says. `killRounds` of scripts/counts.json says how often.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Durability } from "../js/src/options.ts";
import { count, seed } from "../scripts/counts.mjs";
import { openTab, type Tab } from "./browser-site.ts";
import { DatabaseCopy } from "./database-files.ts";
import { canonical, checkIndexes, type StoredItem, storedItems } from "./index-recomputation.ts";
import { PageServer } from "./page-server.ts";
import { apply, definition, drawn, type PlannedItem, plannedWrite, WRITERS, writerName } from "./pages/write-plan.ts";
import type { api } from "./pages/writers.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { startDurableBrowser } from "./test-browser.ts";

const ROUNDS = count("killRounds");
/** Acknowledgements on their way to the test die with the browser; no more than these can be missing. */
const MOST_UNHEARD = 500;
const BEGUN_WITHIN_MS = 60_000;
/** Rounds that kill while the database is being opened, and not after writes. */
const KILLED_AT_OPENING = 7;
/** Rounds that are relaxed: what they acknowledge may fall to a power cut, and not to the end of a process. */
const RELAXED = 5;

const profile = makeProfile();
let server: PageServer;
beforeAll(async () => {
  server = await PageServer.start();
});
afterAll(async () => {
  await server?.close();
  removeProfile(profile);
});

/** A text that is the same for the same items in any order. */
const state = (items: Iterable<object>) => JSON.stringify([...items].map(canonical).sort());

/** What is known of one writer. */
class Writer {
  /** Writes known to have happened: the next one to make. */
  step = 0;
  /** Writes acknowledged, as far as the test has heard. */
  acknowledged = 0;
  /** What its entries hold after `step` writes. */
  readonly entries = new Map<string, PlannedItem>();

  constructor(readonly number: number) {}

  /**
   * Finds the number of writes after which its entries are as found. Fewer than were acknowledged is a loss, and so is a state that no
   * number of them leads to.
   */
  settle(found: readonly StoredItem[]): void {
    while (this.step < this.acknowledged) this.#advance();
    const acknowledged = new Map(this.entries);
    const wanted = state(found);
    while (state(this.entries.values()) !== wanted) {
      if (this.step > this.acknowledged + MOST_UNHEARD) throw new Error(this.#lossAgainst(acknowledged, found));
      this.#advance();
    }
    this.acknowledged = this.step;
  }

  /** The entries that are not as they were acknowledged; some may only be newer. */
  #lossAgainst(acknowledged: Map<string, PlannedItem>, found: readonly StoredItem[]): string {
    const byEntry = new Map(found.map((item) => [String(item.Entry?.S), item]));
    const told = (item: StoredItem | undefined) => (item ? `of step ${item.Step?.N}` : "absent");
    const different = [...new Set([...acknowledged.keys(), ...byEntry.keys()])]
      .filter((entry) => canonical(acknowledged.get(entry) ?? {}) !== canonical(byEntry.get(entry) ?? {}))
      .map((entry) => `${entry} is ${told(byEntry.get(entry))}, was acknowledged ${told(acknowledged.get(entry))}`);
    return `${writerName(this.number)} lost a write of ${this.acknowledged} acknowledged: ${different.join("; ")}`;
  }

  #advance(): void {
    apply(this.entries, plannedWrite(seed, this.number, this.step));
    this.step += 1;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const writers = Array.from({ length: WRITERS }, (_, number) => new Writer(number));

/** Reads the files the killed browser left, without the engine, and holds them against what was acknowledged. */
async function checkFiles(tab: Tab<typeof api>): Promise<void> {
  const copy = await DatabaseCopy.open(await tab.call("files"));
  try {
    expect(copy.integrity()).toEqual(["ok"]);
    const items = storedItems(copy, definition);
    for (const writer of writers) writer.settle(items.filter(({ Writer: name }) => name?.S === writerName(writer.number)));
    checkIndexes(copy, definition, items);
  } finally {
    copy.close();
  }
}

/** The engine must find the same in them. */
async function checkEngine(tab: Tab<typeof api>, durability: Durability): Promise<void> {
  await tab.call("open", durability);
  const expected = writers.flatMap(({ entries }) => [...entries.values()]);
  expect((await tab.call("items")).map(canonical).sort()).toEqual(expected.map(canonical).sort());
}

/** One life of the browser: check what the last one left, write, be killed. Gives the number of acknowledged writes heard of. */
async function live(round: number): Promise<number> {
  const browser = await startDurableBrowser(profile);
  const durability = round % RELAXED === RELAXED - 1 ? "relaxed" : "strict";
  let heard = 0;
  try {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await browser.expose("acknowledged", (steps: [number, number][]) => {
      for (const [writer, step] of steps) writers[writer]!.acknowledged = step + 1;
      heard += steps.length;
      begin();
    });
    const tab = await openTab<typeof api>(browser, server.address("writers"));
    if (round > 0) await checkFiles(tab);
    if (round % KILLED_AT_OPENING === KILLED_AT_OPENING - 1) {
      tab.call("open", durability).catch(() => {
        // The kill is meant to come before its end.
      });
      await pause(drawn(150, seed, round));
      return 0;
    }
    await checkEngine(tab, durability);
    if (round === ROUNDS) return 0;
    await tab.call(
      "write",
      seed,
      writers.map(({ step }) => step),
    );
    await Promise.race([begun, pause(BEGUN_WITHIN_MS)]);
    expect(heard, "writes acknowledged").toBeGreaterThan(0);
    const { outstanding, together } = await tab.call("load");
    expect(outstanding).toBe(WRITERS);
    expect(together, "requests that share a commit").toBeGreaterThan(WRITERS / 5);
    await pause(drawn(1000, seed, round));
    return heard;
  } finally {
    await browser.kill();
  }
}

test(
  `every acknowledged write survives ${ROUNDS} kills of the browser, and file and indexes stay sound`,
  async () => {
    let heard = 0;
    for (let round = 0; round <= ROUNDS; round += 1) {
      try {
        heard += await live(round);
      } catch (error) {
        throw new Error(`Round ${round} of ${ROUNDS}, seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
    const written = writers.reduce((sum, { step }) => sum + step, 0);
    console.log(`${ROUNDS} kills, seed ${seed}: ${heard} acknowledgements heard, ${written} writes found, none lost`);
    expect(heard).toBeGreaterThan(ROUNDS);
  },
  60_000 + (ROUNDS + 1) * 60_000,
);
