/**
 * The bench's program: runs the parts that were asked for, prints the table and writes the figures. `scripts/bench.mjs` builds what it needs
 * and starts it.
 *
 *     node main.mjs PACKAGE BUNDLES OUT SIZES [NAME ...] [--rounds=5] [--scale=1] [--playground=FOLDER] [--docs=FOLDER]
 *
 * Names choose among parts, modes and steps; of each kind none means the usual ones.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { BackfillResult } from "./backfill/backfill.ts";
import type { FirstAnswerResult } from "./first/first.ts";
import { measureFirstInBrowser } from "./first/first-browser.ts";
import { measureFirstInNode } from "./first/first-node.ts";
import type { GrowthResult } from "./growth/growth.ts";
import type { ImportResult } from "./import/import.ts";
import type { Mode } from "./layers/layer.ts";
import type { OpeningResult } from "./opening/opening.ts";
import { measureOpeningInNode } from "./opening/opening-node.ts";
import { measurePlayground, type PlaygroundResult } from "./playground/playground.ts";
import { chart } from "./report/chart.ts";
import { type Figure, summarize } from "./report/statistics.ts";
import { report } from "./report/table.ts";
import type { Results } from "./report/targets.ts";
import { type BenchBrowser, openBrowser } from "./run/browser.ts";
import { growInNode, runInNode } from "./run/node.ts";
import type { Samples } from "./run/rounds.ts";
import { makeSteps } from "./steps/steps.ts";

const PARTS = [
  "node",
  "first-node",
  "opening-node",
  "chromium",
  "first",
  "opening",
  "backfill",
  "import",
  "playground",
  "growth",
  "growth-node",
  "million",
];
/** A million items take minutes: only when asked for, as is growth in Node. */
const USUAL_PARTS = ["node", "first-node", "opening-node", "chromium", "first", "opening", "backfill", "import", "playground", "growth"];
const MODES: readonly Mode[] = ["memory", "strict", "relaxed"];
const LARGE_BYTES = 100e6;
const BACKFILL_ITEMS = 50_000;
const IMPORTED_ITEMS = 20_000;
const GROWTH_SIZES = [1000, 100_000];

const [packageDir, bundles, out, sizesText, ...rest] = process.argv.slice(2) as [string, string, string, string, ...string[]];
const option = (name: string, otherwise: number) => Number(rest.find((word) => word.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise);
const folder = (name: string) => rest.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const docs = folder("docs");
const playgroundFolder = folder("playground");
const names = rest.filter((word) => !word.startsWith("--"));
const scale = option("scale", 1);
const rounds = option("rounds", 5);

const steps = makeSteps(scale);
const known = [...PARTS, ...MODES, ...steps.map(({ name }) => name)];
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`${unknown.join(", ")}: not among ${known.join(", ")}`);
  process.exit(2);
}

/** The names of one kind that were given, or the usual ones. */
function chosen<Name extends string>(of: readonly Name[], usual: readonly Name[] = of): readonly Name[] {
  const given = of.filter((name) => names.includes(name));
  return given.length > 0 ? given : usual;
}

const parts = chosen(PARTS, USUAL_PARTS);
const stepNames = chosen(steps.map(({ name }) => name));
const widths = new Map(steps.map(({ name, width }) => [name, width]));
const told = (line: string) => console.log(`  ${line}`);

async function inNode(): Promise<Samples[]> {
  const samples: Samples[] = [];
  for (const mode of chosen(MODES, ["memory"]))
    samples.push(...(await runInNode(packageDir, { mode, steps: stepNames, rounds, scale }, told)));
  return samples;
}

async function inChromium(browser: BenchBrowser): Promise<Samples[]> {
  const samples: Samples[] = [];
  for (const mode of chosen(MODES)) samples.push(...(await browser.call("run", { mode, steps: stepNames, rounds, scale })));
  return samples;
}

async function growth(browser: BenchBrowser | undefined): Promise<GrowthResult[]> {
  const sizes = parts.includes("million") ? [...GROWTH_SIZES, 1_000_000] : GROWTH_SIZES;
  const plan = { sizes: sizes.map((size) => Math.max(1000, size * scale)), oneByOne: 100_000 * scale, repeats: 3 };
  const results: GrowthResult[] = [];
  if (parts.includes("growth-node")) results.push(...(await growInNode(packageDir, { ...plan, mode: "memory" })));
  if (!browser || !(parts.includes("growth") || parts.includes("million"))) return results;
  for (const mode of chosen(MODES, ["relaxed"])) {
    told(`growth, ${mode}, to ${plan.sizes.at(-1)} items`);
    results.push(...(await browser.call("grow", { ...plan, mode })));
  }
  return results;
}

const machine = { cores: cpus().length, load: loadavg()[0]!, node: process.versions.node };
const figures: Figure[] = [];
let grown: GrowthResult[] = [];
const first: FirstAnswerResult[] = [];
const opening: OpeningResult[] = [];
const backfills: BackfillResult[] = [];
const imported: ImportResult[] = [];
let playground: PlaygroundResult | undefined;
if (parts.includes("node")) {
  told("Node");
  for (const samples of await inNode()) figures.push(summarize("node", samples, widths.get(samples.step)!));
}
if (parts.includes("first-node")) first.push(...(await measureFirstInNode(packageDir, 2 * rounds - 1)));
if (parts.includes("opening-node")) opening.push(...(await measureOpeningInNode(packageDir, 4 * rounds)));
if (parts.includes("playground") && playgroundFolder !== undefined) {
  told("the playground");
  playground = await measurePlayground(playgroundFolder, rounds);
}
const browser = parts.some((part) => part !== "playground" && !part.endsWith("node"))
  ? await openBrowser(packageDir, bundles, told)
  : undefined;
try {
  if (browser && parts.includes("chromium")) {
    told("Chromium");
    for (const samples of await inChromium(browser)) figures.push(summarize("chromium", samples, widths.get(samples.step)!));
  }
  if (browser && parts.includes("first")) first.push(...(await measureFirstInBrowser(browser, 2 * rounds - 1)));
  if (browser && parts.includes("opening")) opening.push(...(await browser.call("measureOpening", 2 * rounds - 1, LARGE_BYTES * scale)));
  if (browser && parts.includes("backfill")) {
    for (const mode of chosen(MODES, ["strict"])) {
      told(`backfill, ${mode}`);
      backfills.push(await browser.call("measureBackfill", mode, BACKFILL_ITEMS * scale));
    }
  }
  if (browser && parts.includes("import")) {
    for (const mode of chosen(MODES, ["strict"])) {
      told(`import, ${mode}`);
      imported.push(...(await browser.call("measureImport", mode, rounds, Math.max(1000, IMPORTED_ITEMS * scale))));
    }
  }
  grown = await growth(browser);
} finally {
  await browser?.close();
}

const results: Results = { machine, figures, growth: grown, first, opening, backfills, imported, playground, sizes: JSON.parse(sizesText) };
writeFileSync(join(out, "results.json"), `${JSON.stringify(results, null, 1)}\n`);
const titles = new Map(steps.map(({ name, title }) => [name, title]));
for (const [place, mode] of [
  ["chromium", "memory"],
  ["chromium", "strict"],
]) {
  const drawn = figures.filter((figure) => figure.place === place && figure.mode === mode);
  if (drawn.length === 0) continue;
  const svg = chart(
    drawn,
    titles,
    `${mode === "memory" ? "In memory" : "On OPFS, strict"}, headless Chromium: medians, µs a request, as multiples of the floor`,
  );
  writeFileSync(join(out, `bench-${mode}.svg`), svg);
  if (docs !== undefined) writeFileSync(join(docs, `bench-${mode}.svg`), svg);
}
console.log(`\n${report(results, titles)}\n\nFigures: ${join(out, "results.json")}`);
// Timers of the drivers and the SDK must not keep the program.
process.exit(0);
