/** One of several tabs with the same database: counts up, and can lose its worker in several ways. */
import "./worker-control.ts";
import { type Dynatab, LeaderUnresponsiveError, type OpenOptions, type RequestTrace } from "dynatab";
import { expose, type Outcome, outcome } from "./expose.ts";
import { control } from "./worker-control.ts";

const TableName = "Counters";
const Key = { Id: { S: "counter" } };
const RUNNERS = 10;

let db: Dynatab;
let counting: { stopped: boolean; runners: Promise<void>[] } | undefined;
const counted = { answered: 0, late: 0, errors: {} as Record<string, number> };

async function increment(): Promise<void> {
  const UpdateExpression = "ADD Amount :one";
  await db.execute("UpdateItem", { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":one": { N: "1" } } });
}

/** Counts what is answered, though it may be late. False when there was an error. */
async function counts(): Promise<boolean> {
  try {
    await increment();
    counted.answered += 1;
    return true;
  } catch (error) {
    if (error instanceof LeaderUnresponsiveError && error.settled) {
      counted.late += 1;
      const { status } = await error.settled;
      if (status === 200) counted.answered += 1;
      return true;
    }
    const { name } = error as Error;
    counted.errors[name] = (counted.errors[name] ?? 0) + 1;
    return false;
  }
}

async function open(name: string, options: OpenOptions = {}): Promise<Outcome<string>> {
  const { Dynatab } = await import("dynatab");
  const opening = Dynatab.open(name, options);
  return outcome(
    opening.then((opened) => {
      db = opened;
      return opened.persistence;
    }),
  );
}

export const api = expose({
  open,

  /** The same, without a way to broker ports. */
  openWithoutBroker(name: string, options: OpenOptions = {}) {
    Reflect.deleteProperty(globalThis, "SharedWorker");
    return open(name, options);
  },

  createTable: () =>
    outcome(
      db.execute("CreateTable", {
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
      }),
    ),

  /** Counts up `times` times, a few at a time. */
  async count(times: number) {
    let left = times;
    const run = async () => {
      while (left > 0) {
        left -= 1;
        await counts();
      }
    };
    await Promise.all(Array.from({ length: RUNNERS }, run));
    return counted;
  },

  /** Begins to count up, until it is stopped or there is an error. */
  start() {
    const run = async (self: { stopped: boolean }) => {
      while (!self.stopped && (await counts()));
    };
    const self = { stopped: false, runners: [] as Promise<void>[] };
    self.runners = Array.from({ length: RUNNERS }, () => run(self));
    counting = self;
  },

  /** Ends that, when every call is answered. */
  async stop() {
    if (counting) counting.stopped = true;
    await Promise.all(counting?.runners ?? []);
    return counted;
  },

  counted: () => counted,

  /** The counter as the database has it. */
  async read() {
    const { Item } = await db.execute("GetItem", { TableName, Key, ConsistentRead: true });
    return Number(Item?.Amount?.N ?? 0);
  },

  /** What it takes to read it. */
  async traceOfRead() {
    let told: RequestTrace | undefined;
    await db.execute("GetItem", { TableName, Key }, { onTrace: (trace) => (told = trace) });
    return told;
  },

  outcomeOfRead: () => outcome(db.execute("GetItem", { TableName, Key })),

  leads: () => control.leads,

  close: () => db.close(),

  /** The worker is gone without a word, as when the browser ends it. */
  endWorker: () => control.worker?.terminate(),

  /** The address of a worker that can be held up, by its own name. */
  stallable(own: string) {
    const [, variant] = location.pathname.split("/");
    const script = (source: string) => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const files = ["/pages/stall.js", `/${variant}/dist/worker.js`].map((path) => new URL(path, location.href).href);
    const imports = [script(`globalThis.workerName = ${JSON.stringify(own)};`), ...files];
    return script(imports.map((address) => `import ${JSON.stringify(address)};`).join("\n"));
  },

  /** Holds workers of that name up. */
  stall(worker: string, ms: number) {
    new BroadcastChannel("stall").postMessage({ worker, ms });
  },
});
