/** Writes and deletes many items, 25 a request and many requests at a time, sending again what DynamoDB has not taken. */
import type { OpenDatabase } from "../database/open-database.ts";
import type { Item } from "../values/attribute-value.ts";

const A_REQUEST = 25;
const AT_ONCE = 40;

type WriteRequest = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Item } };

async function write(database: OpenDatabase, table: string, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  while (left.length > 0) {
    const { UnprocessedItems } = await database.ask("BatchWriteItem", { RequestItems: Object.fromEntries([[table, left]]) });
    left = (UnprocessedItems as Record<string, WriteRequest[]> | undefined)?.[table] ?? [];
  }
}

async function writeAll(database: OpenDatabase, table: string, requests: WriteRequest[], progress: (done: number) => void): Promise<void> {
  for (let at = 0; at < requests.length; at += A_REQUEST * AT_ONCE) {
    const round = requests.slice(at, at + A_REQUEST * AT_ONCE);
    const batches = Array.from({ length: Math.ceil(round.length / A_REQUEST) }, (_, batch) =>
      round.slice(batch * A_REQUEST, (batch + 1) * A_REQUEST),
    );
    await Promise.all(batches.map((batch) => write(database, table, batch)));
    progress(at + round.length);
  }
}

/** Puts items, no two of which have the same key: a request may not hold such. */
export async function putItems(
  database: OpenDatabase,
  table: string,
  items: readonly Item[],
  progress: (done: number) => void = () => {},
): Promise<void> {
  await writeAll(
    database,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
    progress,
  );
}

/** Deletes the items with these keys. */
export async function deleteItems(
  database: OpenDatabase,
  table: string,
  keys: readonly Item[],
  progress: (done: number) => void = () => {},
): Promise<void> {
  await writeAll(
    database,
    table,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
    progress,
  );
}
