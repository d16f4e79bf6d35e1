/**
 * What is measured: each step is a kind of request on a table of its own, so many at once and so often a round. Every layer takes the same
 * requests in the same order and meets the same data.
 */
import { type BenchItem, type ItemShape, keyOf, makeItem, PARTITION_ITEMS } from "./items.ts";

/** One request, before a layer makes its own form of it. */
export type BenchRequest =
  | { readonly operation: "PutItem"; readonly serial: number; readonly item: BenchItem; readonly before: BenchItem | undefined }
  | { readonly operation: "UpdateItem"; readonly serial: number; readonly after: BenchItem }
  | { readonly operation: "GetItem"; readonly serial: number; readonly expected: BenchItem | undefined }
  | { readonly operation: "Query"; readonly first: number; readonly version: number }
  | { readonly operation: "DeleteItem"; readonly serial: number }
  | { readonly operation: "BatchWriteItem"; readonly items: readonly BenchItem[] }
  | { readonly operation: "Scan"; readonly segment: number; readonly segments: number };

/** A step of the bench. Rounds count from 0; round 0 warms up and is not reported. */
export interface Step {
  readonly name: string;
  readonly title: string;
  readonly shape: ItemShape;
  /** Requests made at once: 1 is one after another; otherwise a group commit, a packed batch, a turn of the page. */
  readonly width: number;
  /** Timed operations a round; each is `width` requests. */
  readonly ops: number;
  /** What must be in the table before this round's clock starts, beyond what the rounds before have put there. */
  load(round: number): readonly BenchItem[];
  /** The timed requests of a round, `width` for each operation. */
  requests(round: number): readonly BenchRequest[];
  /** Items that the requests of one operation must have looked at, where that is known of all only. */
  readonly scanned?: number;
  /** A few requests (gets and queries) whose answers prove what the round did. */
  proof(round: number): readonly BenchRequest[];
}

const SMALL: ItemShape = { bytes: 300, indexed: false, keysChange: false };
const range = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);

/** The numbers from 0 on in an order that is not the stored one; the same every time. */
function scattered(count: number, of: number, round: number): number[] {
  return range(0, count).map((n) => (n * 7919 + round * 104729) % of);
}

/** Some of a list's members, spread over it. */
function sample<T>(list: readonly T[], count: number): T[] {
  return range(0, Math.min(count, list.length)).map((n) => list[Math.floor((n * list.length) / count)]!);
}

const get = (shape: ItemShape, serial: number, version: number): BenchRequest => ({
  operation: "GetItem",
  serial,
  expected: makeItem(shape, serial, version),
});

/** New items, each round further ones. */
function inserts(name: string, title: string, shape: ItemShape, ops: number, width = 1): Step {
  const serials = (round: number) => range(round * ops * width, ops * width);
  return {
    name,
    title,
    shape,
    width,
    ops,
    load: () => [],
    requests: (round) =>
      serials(round).map((serial) => ({ operation: "PutItem", serial, item: makeItem(shape, serial, 0), before: undefined })),
    proof: (round) => sample(serials(round), 5).map((serial) => get(shape, serial, 0)),
  };
}

/** The same items again and again, each round in a new version. */
function rewrites(name: string, title: string, shape: ItemShape, ops: number): Step {
  return {
    name,
    title,
    shape,
    width: 1,
    ops,
    load: (round) => (round === 0 ? range(0, ops).map((serial) => makeItem(shape, serial, 0)) : []),
    requests: (round) =>
      range(0, ops).map((serial) => ({
        operation: "PutItem",
        serial,
        item: makeItem(shape, serial, round + 1),
        before: makeItem(shape, serial, round),
      })),
    proof: (round) => sample(range(0, ops), 5).map((serial) => get(shape, serial, round + 1)),
  };
}

/** A counter in every item, each round one higher. */
function updates(ops: number): Step {
  const counted = (serial: number, count: number): BenchItem => ({ ...makeItem(SMALL, serial, 0), cnt: { N: String(count) } });
  return {
    name: "update",
    title: "UpdateItem of a counter in 300 B",
    shape: SMALL,
    width: 1,
    ops,
    load: (round) => (round === 0 ? range(0, ops).map((serial) => makeItem(SMALL, serial, 0)) : []),
    requests: (round) => range(0, ops).map((serial) => ({ operation: "UpdateItem", serial, after: counted(serial, round + 1) })),
    proof: (round) => sample(range(0, ops), 5).map((serial) => ({ operation: "GetItem", serial, expected: counted(serial, round + 1) })),
  };
}

/** How many items stand in the tables that are only read. */
const READ_ITEMS = 2000;
const readTable = (round: number) => (round === 0 ? range(0, READ_ITEMS).map((serial) => makeItem(SMALL, serial, 0)) : []);

function gets(name: string, title: string, ops: number, width = 1): Step {
  return {
    name,
    title,
    shape: SMALL,
    width,
    ops,
    load: readTable,
    requests: (round) => scattered(ops * width, READ_ITEMS, round).map((serial) => get(SMALL, serial, 0)),
    proof: () => [],
  };
}

function queries(ops: number): Step {
  const partitions = READ_ITEMS / PARTITION_ITEMS;
  return {
    name: "query-100",
    title: "Query of 100 items of 300 B",
    shape: SMALL,
    width: 1,
    ops,
    load: readTable,
    requests: (round) =>
      scattered(ops, partitions, round).map((partition) => ({ operation: "Query", first: partition * PARTITION_ITEMS, version: 0 })),
    proof: () => [],
  };
}

function deletes(ops: number): Step {
  return {
    name: "delete",
    title: "DeleteItem",
    shape: SMALL,
    width: 1,
    ops,
    load: (round) => range(round * ops, ops).map((serial) => makeItem(SMALL, serial, 0)),
    requests: (round) => range(round * ops, ops).map((serial) => ({ operation: "DeleteItem", serial })),
    proof: (round) => sample(range(round * ops, ops), 5).map((serial) => ({ operation: "GetItem", serial, expected: undefined })),
  };
}

/** Batches of new items. */
function batches(ops: number): Step {
  const size = 25;
  const serials = (round: number, op: number) => range((round * ops + op) * size, size);
  return {
    name: "batch-25",
    title: "BatchWriteItem of 25 items of 300 B",
    shape: SMALL,
    width: 1,
    ops,
    load: () => [],
    requests: (round) =>
      range(0, ops).map((op) => ({ operation: "BatchWriteItem", items: serials(round, op).map((serial) => makeItem(SMALL, serial, 0)) })),
    proof: (round) => sample(serials(round, 0), 5).map((serial) => get(SMALL, serial, 0)),
  };
}

/** A tenth of the items passes the filter. */
const SCAN_KINDS = 10;
const SCAN_KIND = "k3";

/** All items by a filter, in segments that fit a page each, all at once. */
function scans(items: number, ops: number): Step {
  const segments = 8;
  const ofKind = (serial: number): BenchItem => ({ ...makeItem(SMALL, serial, 0), kind: { S: `k${serial % SCAN_KINDS}` } });
  return {
    name: "scan-filter",
    title: `Scan of ${items} items with a filter, ${segments} segments at once`,
    shape: SMALL,
    width: segments,
    ops,
    scanned: items,
    load: (round) => (round === 0 ? range(0, items).map(ofKind) : []),
    requests: () => range(0, ops).flatMap(() => range(0, segments).map((segment) => ({ operation: "Scan" as const, segment, segments }))),
    proof: () => [],
  };
}

/** All steps. `scale` makes them shorter (a test that the bench works) or longer. */
export function makeSteps(scale = 1): readonly Step[] {
  const times = (ops: number) => Math.max(2, Math.round(ops * scale));
  return [
    inserts("put-300", "PutItem 300 B", SMALL, times(400)),
    inserts("put-2k", "PutItem 2 kB", { ...SMALL, bytes: 2000 }, times(200)),
    inserts("put-40k", "PutItem 40 kB", { ...SMALL, bytes: 40_000 }, times(60)),
    rewrites(
      "put-indexed",
      "PutItem 300 B, 2 GSIs + 1 LSI, all entries changing",
      { bytes: 300, indexed: true, keysChange: true },
      times(200),
    ),
    rewrites(
      "put-unchanged",
      "PutItem 300 B, 2 GSIs + 1 LSI, no entry changing",
      { bytes: 300, indexed: true, keysChange: false },
      times(200),
    ),
    updates(times(200)),
    gets("get", "GetItem 300 B", times(400)),
    queries(times(60)),
    deletes(times(200)),
    inserts("commit-25", "25 PutItem 300 B at once", SMALL, times(20), 25),
    inserts("put-50", "50 PutItem 300 B at once", SMALL, times(20), 50),
    batches(times(20)),
    scans(times(10_000), times(5)),
    gets("get-50", "50 GetItem 300 B at once", times(20), 50),
  ];
}

/** The request as DynamoDB takes it, on a table. */
export function wireInput(request: BenchRequest, table: string): object {
  switch (request.operation) {
    case "PutItem":
      return { TableName: table, Item: request.item };
    case "UpdateItem":
      return {
        TableName: table,
        Key: keyOf(request.serial),
        UpdateExpression: "SET cnt = if_not_exists(cnt, :zero) + :one",
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      };
    case "GetItem":
    case "DeleteItem":
      return { TableName: table, Key: keyOf(request.serial) };
    case "BatchWriteItem":
      return { RequestItems: { [table]: request.items.map((Item) => ({ PutRequest: { Item } })) } };
    case "Scan":
      return {
        TableName: table,
        Segment: request.segment,
        TotalSegments: request.segments,
        FilterExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: SCAN_KIND } },
      };
    case "Query":
      return { TableName: table, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": keyOf(request.first).pk } };
  }
}

/** What answers of all operations here may hold. */
interface Answer {
  readonly Item?: BenchItem;
  readonly Items?: BenchItem[];
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly Attributes?: BenchItem;
  readonly UnprocessedItems?: object;
  readonly LastEvaluatedKey?: object;
}

/** Throws unless the answers to one operation's requests have together looked at all items. */
export function checkScanned(answers: readonly unknown[], scanned: number): void {
  const sum = (answers as readonly Answer[]).reduce((all, { ScannedCount = 0 }) => all + ScannedCount, 0);
  if (sum !== scanned) throw new Error(`${sum} items were scanned instead of ${scanned}`);
}

/** Throws unless this is the answer to the request; called after the clock has stopped. */
export function checkAnswer(request: BenchRequest, answer: unknown, shape: ItemShape): void {
  const { Item, Items, Count, Attributes, UnprocessedItems } = answer as Answer;
  const wrong = (what: string) => new Error(`${request.operation} gave the wrong answer: ${what}`);
  switch (request.operation) {
    case "UpdateItem":
      if (!sameItem(Attributes, { cnt: request.after.cnt! })) throw wrong(`${JSON.stringify(Attributes)} for item ${request.serial}`);
      break;
    case "GetItem":
      if (!sameItem(Item, request.expected)) throw wrong(`${JSON.stringify(Item)?.slice(0, 200)} for item ${request.serial}`);
      break;
    case "BatchWriteItem":
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw wrong("unprocessed items");
      break;
    case "Scan":
      if (Count !== Items?.length || !Items?.every(({ kind }) => kind && "S" in kind && kind.S === SCAN_KIND))
        throw wrong(`${Count} items`);
      break;
    case "Query": {
      if (Count !== PARTITION_ITEMS || Items?.length !== PARTITION_ITEMS) throw wrong(`${Count} items`);
      const at = (n: number) => sameItem(Items[n], makeItem(shape, request.first + n, request.version));
      for (const n of [0, 1, PARTITION_ITEMS >> 1, PARTITION_ITEMS - 1]) if (!at(n)) throw wrong(`another item in place ${n}`);
      break;
    }
    default:
      if (Item !== undefined || Items !== undefined) throw wrong("items where none were asked for");
  }
}

function sameItem(a: BenchItem | undefined, b: BenchItem | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const names = Object.keys(b);
  if (Object.keys(a).length !== names.length) return false;
  return names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
