/** The package alone in a page: one database, raw operations, counters, and how calls end. */
import { type Counters, Dynatab, type OpenOptions, type VacuumProgress } from "dynatab";
import { expose, type Outcome, outcome } from "./expose.ts";

/** A call by operation and input, or a raw one by its full target. */
export type Call = [operation: string, input: object];

let db: Dynatab;

const run = ([operation, input]: Call): Promise<unknown> =>
  operation.includes(".")
    ? db.dispatch(operation, JSON.stringify(input))
    : db.execute(operation as "GetItem", input as { TableName: string; Key: object } as never);

/** Asks the worker of `flushes.ts` how many there were, and lets so many of the next ones fail. */
function flushes(fail = 0): Promise<number> {
  const channel = new BroadcastChannel("flushes");
  return new Promise<number>((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<number>) => {
      resolve(data);
      channel.close();
    };
    channel.postMessage({ fail });
  });
}

function difference(after: Counters, before: Counters): Counters {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Counters]]),
  ) as unknown as Counters;
}

/**
 * The address of a worker that evaluates a script of ours before the package's own: what a browser lacks, or does, can be changed there. A
 * worker cannot see the page's import map, so it names the files themselves.
 */
function workerAfter(script: string): string {
  const variant = location.pathname.split("/")[1];
  const imports = [`/pages/${script}.js`, `/${variant}/dist/worker.js`];
  const source = imports.map((path) => `import ${JSON.stringify(new URL(path, location.href).href)};`).join("\n");
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}

export const api = expose({
  /** Opens a database; `script` names one of `pages/` that the worker evaluates first. */
  async open(name: string, options: OpenOptions = {}, script?: string): Promise<Outcome<{ persistence: string; reason?: string }>> {
    const opening = Dynatab.open(name, script === undefined ? options : { ...options, workerUrl: workerAfter(script) });
    return outcome(
      opening.then((opened) => {
        db = opened;
        const { persistence, persistenceReason: reason } = opened;
        return { persistence, ...(reason === undefined ? {} : { reason }) };
      }),
    );
  },

  close: () => db.close(),

  /** One operation. */
  execute: (operation: string, input: object) => run([operation, input]),

  /** All in one turn; how each ended. */
  atOnce: (calls: Call[]) => Promise.all(calls.map((call) => outcome(run(call)))),

  counters: () => db.counters(),

  stats: () => db.stats(),
  setTime: async (time: number | null) => (await db.setTime(time)).getTime(),
  cache: (tableName: string, maxItems: number | null) => db.cache(tableName, maxItems === null ? null : { maxItems }),

  /** A vacuum: how far it was after every step. */
  async vacuum() {
    const told: VacuumProgress[] = [];
    await db.vacuum({ onProgress: (progress) => told.push(progress) });
    return told;
  },

  /** Opens with a clock of the page's own, which no worker can look at. */
  openWithClock: (options: OpenOptions) => outcome(Dynatab.open("clock", { ...options, now: () => 0 }).then((opened) => opened.close())),

  /** How often the worker of `flushes.ts` flushed a file while it ran these calls, one after another or all in one turn. */
  async flushesDuring(calls: Call[], turn: "one after another" | "at once") {
    const before = await flushes();
    if (turn === "at once") await Promise.all(calls.map(run));
    else for (const call of calls) await run(call);
    return (await flushes()) - before;
  },

  /** The same as `atOnce`, while the worker's next flushes fail. */
  async atOnceWithoutFlush(fail: number, calls: Call[]) {
    await flushes(fail);
    return Promise.all(calls.map((call) => outcome(run(call))));
  },

  /** What one operation added to the counters. */
  async cost(operation: string, input: object) {
    const before = await db.counters();
    await run([operation, input]);
    return difference(await db.counters(), before);
  },
});
