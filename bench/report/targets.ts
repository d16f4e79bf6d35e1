/** What the project wants of its figures, and what it got. */
import type { BackfillResult } from "../backfill/backfill.ts";
import type { FirstAnswerResult } from "../first/first.ts";
import type { GrowthResult } from "../growth/growth.ts";
import type { ImportResult } from "../import/import.ts";
import type { OpeningResult } from "../opening/opening.ts";
import type { PlaygroundResult } from "../playground/playground.ts";
import { type Figure, median, pairedRatio } from "./statistics.ts";

/** Everything one run has measured; parts that did not run are empty. */
export interface Results {
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly figures: readonly Figure[];
  readonly growth: readonly GrowthResult[];
  readonly first: readonly FirstAnswerResult[];
  readonly opening: readonly OpeningResult[];
  readonly backfills: readonly BackfillResult[];
  readonly imported: readonly ImportResult[];
  readonly playground?: PlaygroundResult | undefined;
  readonly sizes: readonly { readonly file: string; readonly raw: number; readonly gzip: number; readonly brotli: number }[];
}

/** One target beside its result. */
export interface Verdict {
  readonly work: string;
  readonly target: string;
  readonly result: string;
  readonly met: boolean;
}

/** A step in a layer. */
type Place = readonly [step: string, layer: string];

const TARGETED_PLACE = "chromium";
const SINGLES = ["put-300", "put-2k", "put-40k", "put-indexed", "put-unchanged", "update", "get", "query-100", "delete"];

const micros = (value: number) => `${value < 100 ? value.toFixed(1) : Math.round(value)} µs`;

/** All targets that this run has the figures for. */
export function judge(results: Results): Verdict[] {
  const { figures } = results;
  const places = new Set(figures.map(({ place }) => place));
  const place = places.has(TARGETED_PLACE) ? TARGETED_PLACE : "node";
  const of = (mode: string, step: string, layer: string) =>
    figures.find((figure) => figure.place === place && figure.mode === mode && figure.step === step && figure.layer === layer);
  const verdicts: Verdict[] = [];

  /** One figure against the weighed sum of others, round by round. */
  const atMost = (
    work: string,
    target: string,
    mode: string,
    [step, layer]: Place,
    parts: readonly (readonly [number, ...Place])[],
    most = 1,
  ) => {
    const got = of(mode, step, layer);
    const base = parts.flatMap(([weight, ...[partStep, partLayer]]) => {
      const part = of(mode, partStep, partLayer);
      return part ? [[weight, part] as const] : [];
    });
    if (!got || base.length < parts.length) return;
    const times = pairedRatio(got, base);
    const sum = base.reduce((all, [weight, part]) => all + weight * part.median, 0);
    verdicts.push({ work, target, result: `${times.toFixed(2)}x (${micros(got.median)} / ${micros(sum)})`, met: times <= most });
  };
  const overFloor = (work: string, most: number, mode: string, step: string, layer = "engine", base = "floor") =>
    atMost(work, `at most ${most}x the ${base === "stock" ? "stock pool" : "floor"}`, mode, [step, layer], [[1, step, base]], most);

  overFloor("PutItem in memory, engine", 3, "memory", "put-300");
  overFloor("GetItem in memory, engine", 3, "memory", "get");
  overFloor("PutItem, 3 indexes, all changing, in memory, engine", 2.5, "memory", "put-indexed");
  overFloor("Query of 100, in memory, engine", 1.5, "memory", "query-100");
  for (const step of SINGLES) {
    const parts: [number, string, string][] = [
      [1, step, "echo"],
      [1.5, step, "engine"],
    ];
    atMost(`${step} from the page, one at a time, in memory`, "at most echo + 1.5x engine", "memory", [step, "page"], parts);
  }
  for (const step of ["put-50", "get-50"]) {
    const parts: [number, string, string][] = [
      [1, step, "engine"],
      [2, step, "echo"],
    ];
    atMost(`${step} from the page, in memory, a request`, "at most engine + 2x echo", "memory", [step, "page"], parts);
  }
  const commit: [number, string, string][] = [
    [1, "put-300", "echo"],
    [1.5, "put-300", "floor"],
  ];
  atMost("PutItem from the page, OPFS strict, one at a time", "at most echo + 1.5x floor", "strict", ["put-300", "page"], commit);
  overFloor("50 PutItem at once from the page, OPFS strict", 2, "strict", "put-50", "page");
  overFloor("25 PutItem in one commit, OPFS strict, engine", 0.5, "strict", "commit-25", "engine", "stock");
  verdicts.push(...judgeGrowth(results.growth), ...judgeSizes(results.sizes), ...judgeOpening(results.opening));
  verdicts.push(...results.backfills.map(judgeBackfill));
  verdicts.push(...judgeImport(results.imported), ...judgePlayground(results.playground));
  return verdicts;
}

function judgeGrowth(growth: readonly GrowthResult[]): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const mode of new Set(growth.map((result) => result.mode))) {
    const sizes = growth.filter((result) => result.mode === mode && result.layer === "engine").map(({ items }) => items);
    const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
    const grown = (layer: string) => {
      const at = (items: number) => growth.find((result) => result.mode === mode && result.layer === layer && result.items === items)!.get;
      return at(largest) - at(smallest);
    };
    const [engine, floor] = [grown("engine"), grown("floor")];
    verdicts.push({
      work: `GetItem from ${smallest} to ${largest} items, ${mode}, engine`,
      target: `grows by no more than the floor's ${micros(floor)} (and 0.5 µs of noise)`,
      result: micros(engine),
      met: engine <= floor + 0.5,
    });
    const slowest = Math.max(
      ...growth.filter((result) => result.mode === mode && result.layer === "engine").map(({ slowestPut }) => slowestPut),
    );
    verdicts.push({
      work: `the slowest put one by one, ${mode}, engine`,
      target: "at most 10 ms",
      result: `${slowest.toFixed(1)} ms`,
      met: slowest <= 10,
    });
  }
  return verdicts;
}

/** A request waits for the step that is being done when it comes: for 5 ms at most. */
function judgeBackfill({ mode, items, idle, filling }: BackfillResult): Verdict {
  const longer = filling.p99 - idle.p99;
  return {
    work: `p99 of requests while an index over ${items} items is filled, ${mode}`,
    target: "at most 5 ms over idle",
    result: `${longer.toFixed(2)} ms (${filling.p99.toFixed(2)} / ${idle.p99.toFixed(2)} ms)`,
    met: longer <= 5,
  };
}

function judgeSizes(sizes: Results["sizes"]): Verdict[] {
  if (sizes.length === 0) return [];
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
  const size = (what: string, most: number, bytes: number): Verdict => ({
    work: what,
    target: `at most ${kilobytes(most)}`,
    result: kilobytes(bytes),
    met: bytes <= most,
  });
  const of = (name: string) => sizes.find(({ file }) => file === name);
  return [
    size("engine wasm, brotli", 150_000, of("dist/dynatab.wasm")?.brotli ?? Number.NaN),
    ...["a page in memory mode", "a page in OPFS mode"].map((mode) => size(`${mode} fetches, gzip`, 600_000, of(mode)?.gzip ?? Number.NaN)),
  ];
}

/** What a test file waits for its database. */
const NODE_OPENING_MS = 30;

function judgeOpening(opening: readonly OpeningResult[]): Verdict[] {
  const inNode = opening.filter(({ name }) => name.startsWith("open-node-"));
  return [
    ...judgeOpeningInBrowser(opening),
    ...inNode.map(({ title, opened }) => ({
      work: title,
      target: `under ${NODE_OPENING_MS} ms`,
      result: `${median(opened).toFixed(1)} ms`,
      met: median(opened) < NODE_OPENING_MS,
    })),
  ];
}

function judgeOpeningInBrowser(opening: readonly OpeningResult[]): Verdict[] {
  const memory = opening.find(({ name }) => name === "open-memory");
  if (!memory) return [];
  const [opened, floor] = [median(memory.opened), median(memory.floor)];
  const result = `${(opened / floor).toFixed(2)}x (${opened.toFixed(0)} / ${floor.toFixed(0)} ms)`;
  return [
    {
      work: "open of an empty database in memory",
      target: "under 3x of loading and opening sql.js alone",
      result,
      met: opened < 3 * floor,
    },
  ];
}

/** How many times as fast importing is as a loop of BatchWriteItem: the median of the repeats' own ratios. */
function judgeImport(imported: readonly ImportResult[]): Verdict[] {
  return imported
    .filter(({ mode }) => mode !== "memory")
    .map(({ title, mode, imported: took, looped }) => {
      const times = median(took.map((each, at) => looped[at]! / each));
      return {
        work: `importItems, ${title}, ${mode}`,
        target: "at least 5x as fast as a loop of BatchWriteItem",
        result: `${times.toFixed(1)}x (${micros(median(took))} / ${micros(median(looped))})`,
        met: times >= 5,
      };
    });
}

/** A page in which nothing is waited for longer. */
const INTERACTION_MS = 100;
/** Sorting the page's own way was never promised for so many. */
const JUDGED = /scrolling|opening|Query/;

function judgePlayground(playground: PlaygroundResult | undefined): Verdict[] {
  return (playground?.interactions ?? [])
    .filter(({ title }) => JUDGED.test(title))
    .map(({ title, took }) => ({
      work: `playground with 100,000 items, ${title}`,
      target: `under ${INTERACTION_MS} ms`,
      result: `${median(took).toFixed(0)} ms, at most ${Math.max(...took).toFixed(0)}`,
      met: Math.max(...took) < INTERACTION_MS,
    }));
}
