/** An index that is made over a table full of items, while requests go on. */
import { Dynatab } from "dynatab";
import { expose } from "./expose.ts";
import { filesOf } from "./files.ts";
import { definition, drawn, TABLE, WRITERS, writerName } from "./write-plan.ts";

const DATABASE = "backfill";
const INDEX = definition.GlobalSecondaryIndexes[0]!;
const BATCH = 25;
const BATCHES_AT_ONCE = 40;
let db: Dynatab;

const keyOf = (n: number) => ({ Writer: { S: writerName(n % WRITERS) }, Entry: { S: `entry ${n}` } });

/** An item; three in four are in the index. */
const itemOf = (n: number, step: number) => ({
  ...keyOf(n),
  Step: { N: String(step) },
  ...(drawn(4, n, step) > 0 && { Colour: { S: `colour ${drawn(50, n, step)}` } }),
  Text: { S: "abcdefghij".repeat(5 + drawn(20, n, step)) },
});

async function describeIndex() {
  const { Table } = await db.execute("DescribeTable", { TableName: TABLE });
  const { IndexStatus: status, Backfilling: backfilling, ItemCount: entries = 0 } = Table?.GlobalSecondaryIndexes?.[0] ?? {};
  return { status, backfilling, entries };
}

export const api = expose({
  files: () => filesOf(DATABASE),

  async open() {
    db = await Dynatab.open(DATABASE, { persistence: "required" });
  },

  close: () => db.close(),

  describeIndex,

  /** Fills the table, which has no global index yet. */
  async load(items: number) {
    const attributes = ["Writer", "Entry", "Step"];
    await db.execute("CreateTable", {
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: definition.KeySchema,
      LocalSecondaryIndexes: definition.LocalSecondaryIndexes,
      AttributeDefinitions: definition.AttributeDefinitions.filter(({ AttributeName }) => attributes.includes(AttributeName)),
    });
    const numbers = Array.from({ length: items }, (_, n) => n);
    while (numbers.length > 0) {
      const batches = Array.from({ length: BATCHES_AT_ONCE }, () => numbers.splice(0, BATCH)).filter(({ length }) => length > 0);
      await Promise.all(
        batches.map((batch) =>
          db.execute("BatchWriteItem", { RequestItems: { [TABLE]: batch.map((n) => ({ PutRequest: { Item: itemOf(n, n) } })) } }),
        ),
      );
    }
  },

  async createIndex() {
    await db.execute("UpdateTable", {
      TableName: TABLE,
      AttributeDefinitions: definition.AttributeDefinitions.filter(({ AttributeName }) => ["Colour", "Entry"].includes(AttributeName)),
      GlobalSecondaryIndexUpdates: [{ Create: INDEX }],
    });
  },

  /**
   * Puts, deletes and reads items all over the table until so much of the index is filled, or all of it; says how many requests were answered
   * while it was being filled, and how far it is.
   */
  async askWhileFilling(items: number, seed: number, entries: number) {
    let answered = 0;
    for (let step = 0; ; step += 1) {
      const n = drawn(items, seed, step);
      const kind = drawn(4, seed, step, 1);
      if (kind === 0) await db.execute("GetItem", { TableName: TABLE, Key: keyOf(n) });
      else if (kind === 1) await db.execute("DeleteItem", { TableName: TABLE, Key: keyOf(n) });
      else await db.execute("PutItem", { TableName: TABLE, Item: itemOf(n, items + step) });
      answered += 1;
      const index = await describeIndex();
      if (index.status === "ACTIVE" || index.entries >= entries) return { answered, ...index };
    }
  },

  /** The items of one colour that the index finds. */
  async colour(colour: string) {
    const found = await db.execute("Query", {
      TableName: TABLE,
      IndexName: INDEX.IndexName,
      KeyConditionExpression: "Colour = :c",
      ExpressionAttributeValues: { ":c": { S: colour } },
      Select: "COUNT",
    });
    return found.Count;
  },
});
