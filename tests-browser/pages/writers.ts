/** Writes without end, by fifty writers at once, each telling the test what was acknowledged before it makes its next write. */
import { type Durability, Dynatab } from "dynatab";
import { expose } from "./expose.ts";
import { filesOf } from "./files.ts";
import { definition, type PlannedItem, type PlannedWrite, plannedWrite, TABLE, updateInput, WRITERS, writerName } from "./write-plan.ts";

let db: Dynatab;
const DATABASE = "journal";

/** The test's end: these steps of these writers have been acknowledged. */
const { acknowledged } = globalThis as unknown as { acknowledged(steps: [writer: number, step: number][]): Promise<void> };

/** Requests without a reply. */
let outstanding = 0;
let unheard: [number, number][] = [];
/** What had been done when the writers began. */
let before = { requests: 0, batches: 0 };

/** What is acknowledged in one turn reaches the test in one message. */
function tell(writer: number, step: number): void {
  if (unheard.length === 0) {
    queueMicrotask(() => {
      void acknowledged(unheard);
      unheard = [];
    });
  }
  unheard.push([writer, step]);
}

function request(write: PlannedWrite): Promise<unknown> {
  if (write.kind === "put") return db.execute("PutItem", { TableName: TABLE, Item: write.item });
  if (write.kind === "update") return db.execute("UpdateItem", updateInput(write));
  return db.execute("DeleteItem", { TableName: TABLE, Key: write.key });
}

async function write(seed: number, writer: number, firstStep: number): Promise<never> {
  for (let step = firstStep; ; step += 1) {
    outstanding += 1;
    await request(plannedWrite(seed, writer, step));
    outstanding -= 1;
    tell(writer, step);
  }
}

export const api = expose({
  files: () => filesOf(DATABASE),

  /** Opens the database, making its table the first time. */
  async open(durability: Durability) {
    db = await Dynatab.open(DATABASE, { persistence: "required", durability });
    const { TableNames } = await db.execute("ListTables", {});
    if (!TableNames?.includes(TABLE)) await db.execute("CreateTable", definition);
  },

  /** All items of every writer, by the engine's own answer. */
  async items(): Promise<PlannedItem[]> {
    const all: PlannedItem[] = [];
    for (let writer = 0; writer < WRITERS; writer += 1) {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await db.execute("Query", {
          TableName: TABLE,
          KeyConditionExpression: "Writer = :w",
          ExpressionAttributeValues: { ":w": { S: writerName(writer) } },
          ExclusiveStartKey: start as never,
        });
        all.push(...((page.Items ?? []) as unknown as PlannedItem[]));
        start = page.LastEvaluatedKey;
      } while (start);
    }
    return all;
  },

  /** Starts the writers, each at its step, and does not wait for them. */
  async write(seed: number, firstSteps: number[]) {
    before = await db.counters();
    for (const [writer, step] of firstSteps.entries()) void write(seed, writer, step);
  },

  /** How many requests wait for their reply, and how many the engine was given at once, on the average. */
  async load() {
    const { requests, batches } = await db.counters();
    return { outstanding, together: (requests - before.requests) / (batches - before.batches) };
  },
});
