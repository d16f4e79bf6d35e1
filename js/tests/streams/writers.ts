/**
 * Three writers at once on one table with a stream: one item at a time, in batches, in transactions. Every write changes an item, so that each is
 * one record. Runs in Node and in pages.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Database } from "../../src/database.ts";

export const TABLE = "Feed";
export type Item = Record<string, AttributeValue>;

/** Keys of each writer; a batch or a transaction names each at most once. */
const KEYS = 40;
const KEY_STEP = 7;

/** How many writes a writer makes in one request. */
export const WRITERS = { single: 1, batch: 25, transaction: 10 } as const;
export type WriterName = keyof typeof WRITERS;

export const tableWithStream = {
  TableName: TABLE,
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
  BillingMode: "PAY_PER_REQUEST" as const,
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const },
};

/** The whole table, by key. */
export async function tableContents(db: Database): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  let from: Item | undefined;
  do {
    const page = await db.execute("Scan", { TableName: TABLE, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) });
    for (const item of page.Items ?? []) items.set(item.pk!.S!, item);
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

/** One write: the item, or the key of the item that goes. */
type Write = { put: Item } | { remove: Item };

/** The write number `n` of a writer; `there` knows which of its items there are. */
function plan(writer: WriterName, n: number, there: Set<string>): Write {
  const pk = `${writer} ${(n * KEY_STEP) % KEYS}`;
  if (n % 3 === 2 && there.delete(pk)) return { remove: { pk: { S: pk } } };
  there.add(pk);
  return { put: { pk: { S: pk }, n: { N: String(n) }, bytes: { B: new Uint8Array([n & 255, 255]) } } };
}

async function send(db: Database, writer: WriterName, writes: readonly Write[]): Promise<void> {
  if (writer === "single") {
    for (const write of writes) {
      if ("put" in write) await db.execute("PutItem", { TableName: TABLE, Item: write.put });
      else await db.execute("DeleteItem", { TableName: TABLE, Key: write.remove });
    }
  } else if (writer === "batch") {
    const requests = writes.map((write) =>
      "put" in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: write.remove } },
    );
    await db.execute("BatchWriteItem", { RequestItems: { [TABLE]: requests } });
  } else {
    const actions = writes.map((write) =>
      "put" in write ? { Put: { TableName: TABLE, Item: write.put } } : { Delete: { TableName: TABLE, Key: write.remove } },
    );
    await db.execute("TransactWriteItems", { TransactItems: actions });
  }
}

/** Makes so many writes, the first of which is number `from`. */
async function write(db: Database, writer: WriterName, from: number, count: number): Promise<void> {
  const there = new Set((await tableContents(db)).keys());
  for (let n = from; n < from + count; ) {
    const together = Math.min(WRITERS[writer], from + count - n);
    const writes = Array.from({ length: together }, (_, at) => plan(writer, n + at, there));
    await send(db, writer, writes);
    n += together;
  }
}

/** All three at once make `count` writes together, numbered from `from` on. */
export async function writeConcurrently(db: Database, count: number, from = 0): Promise<void> {
  const third = Math.floor(count / 3);
  await Promise.all([write(db, "single", from, third), write(db, "batch", from, third), write(db, "transaction", from, count - 2 * third)]);
}
