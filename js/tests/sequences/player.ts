/** Plays the oracle's lines (crate/oracle) against a database: every reply is the expected one, less what has no order. */
import { isDeepStrictEqual } from "node:util";
import { checkStreams, type StreamSeen } from "./stream-player.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Members = { [name: string]: Json };

/** One request and what is expected of it; see crate/oracle/src/transcript.rs. */
export interface Step {
  operation: string;
  request: Members;
  expect: {
    reply?: Members;
    error?: string;
    messages?: string[];
    item?: Members;
    canceled?: Reason[];
    done?: boolean;
    definition?: Members;
    streams?: StreamSeen[];
    walk?: Walk;
    counts?: Members;
  };
}

/** What a canceled transaction says of an action, and what its message may be. */
interface Reason {
  code: string;
  messages?: string[];
  item?: Members;
}

/** All pages of a Scan: what each partition shows, in order. */
interface Walk {
  runs?: Json[][];
  count: number;
  scanned: number;
  /** Whether pages may end by their size. */
  sized: boolean;
  /** The attributes of `LastEvaluatedKey`, sorted. */
  key: string[];
  consumed?: Members;
}

export interface Sequence {
  seed: number;
  /** When the clock starts, in milliseconds since 1970. */
  start: number;
  tables: Members[];
  steps: Step[];
}

/** What is played against. */
export interface Played {
  /** Sends one request, to the streams API if it is one of its operations. */
  ask(operation: string, request: Members): Promise<{ status: number; reply: Members }>;
  /** Lets time pass, and has everything done that is to be done behind the requests. */
  advance(milliseconds: number): void;
}

const isObject = (value: Json | undefined): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);

function sorted(list: Json): Json {
  if (!Array.isArray(list)) return list;
  const keyed = list.map((element) => [JSON.stringify(ordered(element)), element] as const);
  return keyed.sort(([one], [two]) => (one < two ? -1 : Number(one > two))).map(([, element]) => element);
}

/** Members by name, so that equal objects have one text. */
export function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, ordered(value[name] as Json)]));
}

/** Sets sorted, wherever they are: they have no order. */
export function settled(value: Json): Json {
  if (Array.isArray(value)) return value.map(settled);
  if (!isObject(value)) return value;
  const settle = ([name, member]: [string, Json]) => [name, ["SS", "NS", "BS"].includes(name) ? sorted(member) : settled(member)];
  return Object.fromEntries(Object.entries(value).map(settle));
}

/** A reply without an order where there is none: sets, and the lists of batches. */
function settledReply(reply: Members): Members {
  const lists = (value: Json | undefined): Json =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, list]) => [name, sorted(list)])) : (value as Json);
  const made = settled(reply) as Members;
  for (const name of ["Responses", "ItemCollectionMetrics"]) if (isObject(made[name])) made[name] = lists(made[name]);
  if (Array.isArray(made.ConsumedCapacity)) made.ConsumedCapacity = sorted(made.ConsumedCapacity);
  return made;
}

export function same(what: string, answered: unknown, expected: unknown): void {
  if (isDeepStrictEqual(answered, expected)) return;
  throw new Error(`${what}\nanswered ${JSON.stringify(answered)}\nexpected ${JSON.stringify(expected)}`);
}

/** Asks for one step; throws what is not as expected. */
export async function play(played: Played, step: Step): Promise<void> {
  const { operation, request, expect } = step;
  try {
    if (operation === "Advance") return played.advance(request.Milliseconds as number);
    if (expect.streams) return await checkStreams(played, request.TableName as string, expect.streams);
    if (expect.walk) return await scan(played, request, expect.walk);
    // A Scan that is refused is so in each segment.
    const sent = request.TotalSegments === undefined ? request : { ...request, Segment: 0 };
    const { status, reply } = await played.ask(operation, sent);
    if (expect.error !== undefined) {
      same(
        "error",
        { status, type: reply.__type, item: settled(reply.Item ?? null) },
        {
          status: 400,
          type: expect.error,
          item: settled(expect.item ?? null),
        },
      );
      const message = reply.message ?? reply.Message ?? null;
      if (!expect.messages?.includes(String(message))) same("message", message, expect.messages);
    } else if (expect.canceled) {
      sameReasons(status, reply, expect.canceled);
    } else if (expect.done) {
      same("status", status, 200);
    } else if (expect.definition) {
      same("definition", defined(reply.Table as Members), unordered(expect.definition));
    } else if (expect.counts) {
      same("counts", counted(reply.Table as Members), expect.counts);
    } else {
      same("reply", settledReply(reply), settledReply(expect.reply ?? {}));
    }
  } catch (error) {
    throw new Error(`${operation} ${JSON.stringify(request)}: ${(error as Error).message}`);
  }
}

/** Each action has its reason, and all of them the one sentence. */
function sameReasons(status: number, reply: Members, reasons: readonly Reason[]): void {
  const answered = (reply.CancellationReasons ?? []) as Members[];
  const codes = reasons.map(({ code }) => code).join(", ");
  const expected = reasons.map(({ code, messages, item }, at) => {
    const message = answered[at]?.Message;
    const worded = typeof message === "string" && messages?.includes(message) ? message : messages?.[0];
    return { Code: code, ...(worded === undefined ? {} : { Message: worded }), ...(item === undefined ? {} : { Item: settled(item) }) };
  });
  same(
    "cancellation",
    { status, type: reply.__type, message: reply.Message, reasons: settled(answered) },
    {
      status: 400,
      type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
      message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      reasons: expected,
    },
  );
}

const members = (value: Members, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])));

/** What DescribeTable tells of keys, indexes and stream, and of the indexes what they were made with. */
function defined(table: Members): Members {
  const lists = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
  const definition = members(table, ["AttributeDefinitions", "KeySchema", ...lists, "StreamSpecification"]);
  for (const list of lists) {
    const indexes = definition[list] as Members[] | undefined;
    if (indexes) definition[list] = indexes.map((index) => members(index, ["IndexName", "KeySchema", "Projection"]));
  }
  return unordered(definition);
}

/** The definitions of attributes have no order. */
const unordered = (definition: Members): Members => ({
  ...definition,
  AttributeDefinitions: sorted(definition.AttributeDefinitions ?? []),
});

/** What DescribeTable says of the table and its indexes. */
function counted(table: Members): Members {
  const indexes = [table.GlobalSecondaryIndexes, table.LocalSecondaryIndexes].flatMap((list) => (list ?? []) as Members[]);
  return {
    table: [table.ItemCount as Json, table.TableSizeBytes as Json],
    indexes: Object.fromEntries(indexes.map((index) => [index.IndexName, [index.ItemCount as Json, index.IndexSizeBytes as Json]])),
  };
}

/** All pages of all segments: each partition in one piece, in one segment, in its order. */
async function scan(played: Played, request: Members, walk: Walk): Promise<void> {
  const runs = (walk.runs ?? []).map((run) => run.map(settled));
  const segments = (request.TotalSegments as number | undefined) ?? 0;
  let [count, scanned] = [0, 0];
  const lists: Json[][] = [];
  for (let segment = 0; segment < Math.max(segments, 1); segment += 1) {
    const items: Json[] = [];
    let page: Members = segments > 0 ? { ...request, Segment: segment } : request;
    for (;;) {
      const { status, reply } = await played.ask("Scan", page);
      if (status !== 200) throw new Error(`page\nanswered ${status} ${JSON.stringify(reply)}`);
      count += reply.Count as number;
      scanned += reply.ScannedCount as number;
      same("items", reply.Items !== undefined, walk.runs !== undefined);
      items.push(...((reply.Items ?? []) as Json[]).map(settled));
      if (walk.consumed) same("consumed", reply.ConsumedCapacity, walk.consumed);
      // A page that is full has a key to go on from, any other is the last (rule 52).
      const full = page.Limit === reply.ScannedCount;
      if (full || !walk.sized) same("a page that goes on", reply.LastEvaluatedKey !== undefined, full);
      if (!isObject(reply.LastEvaluatedKey)) break;
      same("key", Object.keys(reply.LastEvaluatedKey).sort(), walk.key);
      page = { ...page, ExclusiveStartKey: reply.LastEvaluatedKey };
    }
    lists.push(items);
  }
  if (!isMadeOf(lists, runs)) same("items of the segments", lists, runs);
  same("Count and ScannedCount", [count, scanned], [walk.count, walk.scanned]);
}

/**
 * Whether these partitions, in some order, make up these lists. Where a projection leaves the keys out, one may look like the beginning of
 * another, so that every way is tried.
 */
function isMadeOf([first, ...rest]: Json[][], runs: Json[][]): boolean {
  if (first === undefined) return runs.length === 0;
  if (first.length === 0) return isMadeOf(rest, runs);
  const texts = runs.map((run) => JSON.stringify(run));
  return runs.some((run, at) => {
    if (texts.indexOf(texts[at] as string) < at || !isDeepStrictEqual(first.slice(0, run.length), run)) return false;
    return isMadeOf([first.slice(run.length), ...rest], [...runs.slice(0, at), ...runs.slice(at + 1)]);
  });
}
