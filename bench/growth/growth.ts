/**
 * Growth: what a put, a get and a query cost as the table grows, how much memory and log that takes, and the slowest of a hundred thousand
 * puts made one by one. Floor and engine beside each other, each on a database of its own.
 */
import type { Mode, Timing } from "../layers/layer.ts";
import { openEngine, openFloor, type Surroundings } from "../run/inside.ts";
import { type BenchItem, makeItem, PARTITION_ITEMS } from "../steps/items.ts";
import type { BenchRequest, Step } from "../steps/steps.ts";

/** What is wanted. `sizes` ascend; up to `oneByOne` items are put one by one, further ones in batches of a hundred. */
export interface GrowthPlan {
  readonly mode: Mode;
  readonly sizes: readonly number[];
  readonly oneByOne: number;
  readonly repeats: number;
}

/** Medians in microseconds, at one size of the table. */
export interface GrowthResult {
  readonly layer: "floor" | "engine";
  readonly mode: Mode;
  readonly items: number;
  readonly put: number;
  readonly get: number;
  readonly query: number;
  /** The slowest put made one by one on the way to this size, ms; 0 where none was. */
  readonly slowestPut: number;
  /** The most the write-ahead log had in use on the way, bytes. */
  readonly mostWal: number;
  /** Memory of SQLite, and of the engine, bytes. */
  readonly sqliteMemory: number;
  readonly engineMemory: number;
}

const SHAPE = { bytes: 300, indexed: false, keysChange: false };
const STEP: Step = { name: "growth", title: "", shape: SHAPE, width: 1, ops: 0, load: () => [], requests: () => [], proof: () => [] };
const CHUNK = 1000;
const PUTS = 200;
const GETS = 400;
const QUERIES = 50;
/** Reads are scattered over the table by steps of a prime. */
const STRIDE = 7919;

/** A grown layer as both kinds offer it. */
interface Grown {
  readonly layer: "floor" | "engine";
  load(name: string, items: readonly BenchItem[]): void;
  time(name: string, requests: readonly BenchRequest[]): Timing;
  walBytes(): number;
  memories(): readonly [sqlite: number, engine: number];
  close(): void | Promise<void>;
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);
const put = (serial: number, version = 0): BenchRequest => ({
  operation: "PutItem",
  serial,
  item: makeItem(SHAPE, serial, version),
  before: undefined,
});

/** The time between two marks, ms each. */
function each({ marks }: Timing): number[] {
  return [...marks].map((mark, n) => mark - (n === 0 ? 0 : marks[n - 1]!));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** The median of means over groups of ten, in microseconds: a browser's clock is too coarse for one operation. */
function typical(timings: readonly Timing[]): number {
  const means: number[] = [];
  for (const { marks } of timings) {
    for (let at = 9; at < marks.length; at += 10) means.push(((marks[at]! - (at < 10 ? 0 : marks[at - 10]!)) / 10) * 1000);
  }
  return median(means);
}

async function openBoth(place: Surroundings, { mode }: GrowthPlan): Promise<Grown[]> {
  const name = `growth-${mode}`;
  let floorDriver: { memory: WebAssembly.Memory; walBytes(): number } | undefined;
  const remembering: Surroundings = {
    ...place,
    async connect(database, wanted) {
      const driver = await place.connect(database, wanted);
      floorDriver = driver;
      return driver;
    },
  };
  const floor = await openFloor(remembering, name, mode, [STEP]);
  const under = floorDriver!;
  const { engine, driver } = await openEngine(place, name, mode, [STEP]);
  floor.prepare(STEP.name);
  engine.prepare(STEP.name);
  const pick = (layer: typeof floor | typeof engine) => ({
    load: layer.load.bind(layer),
    time: layer.time.bind(layer),
    close: () => layer.close(),
  });
  return [
    { layer: "floor", ...pick(floor), walBytes: () => under.walBytes(), memories: () => [under.memory.buffer.byteLength, 0] },
    {
      layer: "engine",
      ...pick(engine),
      walBytes: () => driver.walBytes(),
      memories: () => [driver.memory.buffer.byteLength, engine.memoryBytes],
    },
  ];
}

/** Fills a layer from one size to the next; says how slow a put was and how long the log became. */
function fill(grown: Grown, from: number, to: number, oneByOne: boolean): { slowestPut: number; mostWal: number } {
  let slowestPut = 0;
  let mostWal = 0;
  for (let at = from; at < to; at += CHUNK) {
    const serials = range(at, Math.min(CHUNK, to - at));
    if (oneByOne) {
      const timing = grown.time(
        STEP.name,
        serials.map((serial) => put(serial)),
      );
      for (const took of each(timing)) slowestPut = Math.max(slowestPut, took);
    } else {
      grown.load(
        STEP.name,
        serials.map((serial) => makeItem(SHAPE, serial, 0)),
      );
    }
    mostWal = Math.max(mostWal, grown.walBytes());
  }
  return { slowestPut, mostWal };
}

/** The items that are rewritten at a size: in its last quarter, where nothing is read meanwhile. */
const rewritten = (items: number) => range(0, PUTS).map((n) => items - 1 - ((n * STRIDE) % (items >> 2)));

/** One repeat at a size: rewrites, gets and queries, scattered. */
function probe(grown: Grown, items: number, repeat: number): { put: Timing; get: Timing; query: Timing } {
  const written = rewritten(items).map((serial) => put(serial, repeat + 1));
  const readable = items - (items >> 2) - PARTITION_ITEMS;
  const gets = range(0, GETS).map((n): BenchRequest => {
    const serial = (n * STRIDE + repeat * 104729) % readable;
    return { operation: "GetItem", serial, expected: makeItem(SHAPE, serial, 0) };
  });
  const partitions = Math.floor(readable / PARTITION_ITEMS);
  const queries = range(0, QUERIES).map(
    (n): BenchRequest => ({ operation: "Query", first: ((n * STRIDE + repeat) % partitions) * PARTITION_ITEMS, version: 0 }),
  );
  return { put: grown.time(STEP.name, written), get: grown.time(STEP.name, gets), query: grown.time(STEP.name, queries) };
}

/** Measures the plan. */
export async function grow(place: Surroundings, plan: GrowthPlan): Promise<GrowthResult[]> {
  const both = await openBoth(place, plan);
  const results: GrowthResult[] = [];
  let from = 0;
  for (const items of plan.sizes) {
    const filled = both.map((grown) => fill(grown, from, items, items <= plan.oneByOne));
    from = items;
    const probes = both.map((): ReturnType<typeof probe>[] => []);
    for (let repeat = 0; repeat < plan.repeats; repeat += 1) {
      for (const [n, grown] of both.entries()) probes[n]!.push(probe(grown, items, repeat));
    }
    // A larger size reads what this one has rewritten.
    for (const grown of both)
      grown.load(
        STEP.name,
        rewritten(items).map((serial) => makeItem(SHAPE, serial, 0)),
      );
    for (const [n, grown] of both.entries()) {
      const [sqliteMemory, engineMemory] = grown.memories();
      const timed = (kind: "put" | "get" | "query") => typical(probes[n]!.map((timings) => timings[kind]));
      results.push({
        layer: grown.layer,
        mode: plan.mode,
        items,
        put: timed("put"),
        get: timed("get"),
        query: timed("query"),
        ...filled[n]!,
        sqliteMemory,
        engineMemory,
      });
    }
  }
  for (const grown of both) await grown.close();
  return results;
}
