/** `db.changes()` with the real engine, in the package as it is built. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageDir } from "../../../scripts/build.mjs";
import type { Change, ChangesOptions } from "../../src/changes/change.ts";
import type * as DynatabNode from "../../src/node/index.ts";
import { Replay } from "../streams/replay.ts";
import { TABLE, tableContents, tableWithStream, writeConcurrently } from "../streams/writers.ts";

const DAY = 24 * 60 * 60 * 1000;
const pkg = fileURLToPath(new URL("../../../pkg", import.meta.url));
let dynatab: typeof DynatabNode;
let db: DynatabNode.Dynatab;

async function load(folder: string): Promise<typeof DynatabNode> {
  if (!existsSync(folder)) throw new Error("The package is not built: npm run build");
  return (await import(pathToFileURL(join(folder, "dist", "node.js")).href)) as typeof DynatabNode;
}

beforeEach(async () => {
  dynatab = await load(pkg);
  db = await dynatab.Dynatab.open("changes");
  await db.execute("CreateTable", tableWithStream);
});
afterEach(async () => {
  vi.useRealTimers();
  await db.close();
});

const changes = (options: Partial<ChangesOptions> = {}) => db.changes({ TableName: TABLE, ...options });
const put = (pk: string, n = 0) => db.execute("PutItem", { TableName: TABLE, Item: { pk: { S: pk }, n: { N: String(n) } } });
const keyOf = (change: Change) => change.dynamodb.Keys.pk?.S;
const enableStream = (StreamEnabled: boolean) =>
  db.execute("UpdateTable", {
    TableName: TABLE,
    StreamSpecification: { StreamEnabled, ...(StreamEnabled && { StreamViewType: "NEW_AND_OLD_IMAGES" as const }) },
  });

/** The keys of the next so many changes. */
async function take(from: AsyncIterableIterator<Change>, count: number): Promise<(string | undefined)[]> {
  const keys: (string | undefined)[] = [];
  while (keys.length < count) keys.push(keyOf((await from.next()).value as Change));
  return keys;
}

/** Whether a promise is still open when everything that was on its way has arrived. */
async function waits(promise: Promise<unknown>): Promise<boolean> {
  let open = true;
  const settled = () => {
    open = false;
  };
  promise.then(settled, settled);
  await db.execute("ListTables", {});
  await new Promise((resolve) => setTimeout(resolve, 5));
  return open;
}

describe("the changes of a table", () => {
  test("are the stream's records, with bytes and dates as in execute", async () => {
    const following = changes();
    const Item = { pk: { S: "a" }, data: { B: new Uint8Array([1, 255]) }, list: { L: [{ BS: [new Uint8Array([7])] }] } };
    await db.execute("PutItem", { TableName: TABLE, Item });
    await db.execute("DeleteItem", { TableName: TABLE, Key: { pk: { S: "a" } } });
    const [inserted, removed] = [(await following.next()).value as Change, (await following.next()).value as Change];
    expect(inserted).toMatchObject({ eventName: "INSERT", eventSource: "aws:dynamodb", awsRegion: "eu-west-2" });
    expect(inserted.dynamodb.NewImage).toEqual(Item);
    expect(inserted.dynamodb.ApproximateCreationDateTime).toBeInstanceOf(Date);
    expect(removed).toMatchObject({ eventName: "REMOVE", dynamodb: { OldImage: Item, StreamViewType: "NEW_AND_OLD_IMAGES" } });
    await following.return?.();
  });

  test("begin when they are asked for, not when the first one is awaited", async () => {
    await put("before");
    const [now, oldest] = [changes(), changes({ from: "oldest" })];
    await put("after");
    expect(await take(now, 1)).toEqual(["after"]);
    expect(await take(oldest, 2)).toEqual(["before", "after"]);
  });

  test("reach every consumer, a waiting one and one that comes later, by name and by ARN", async () => {
    const { Table } = await db.execute("DescribeTable", { TableName: TABLE });
    const all = [changes(), changes({ TableName: Table!.TableArn! })];
    const first = all.map((one) => take(one, 1));
    expect(await waits(Promise.race(first))).toBe(true);
    await put("a");
    expect(await Promise.all(first)).toEqual([["a"], ["a"]]);
    await put("b");
    await put("c");
    expect(await Promise.all(all.map((one) => take(one, 2)))).toEqual([
      ["b", "c"],
      ["b", "c"],
    ]);
  });

  test("come one after another to calls of next that do not wait for each other", async () => {
    const following = changes();
    const three = [following.next(), following.next(), following.next()];
    for (const key of ["a", "b", "c"]) await put(key);
    expect((await Promise.all(three)).map(({ value }) => keyOf(value as Change))).toEqual(["a", "b", "c"]);
  });

  test("go on when the stream is disabled and enabled again, and behind a number of the first stream", async () => {
    const following = changes();
    await put("a");
    const first = (await following.next()).value as Change;
    await put("b");
    await enableStream(false);
    await put("unseen");
    expect(await take(following, 1)).toEqual(["b"]);
    const next = take(following, 1);
    expect(await waits(next)).toBe(true);
    await enableStream(true);
    await put("c");
    expect(await next).toEqual(["c"]);
    expect(await take(changes({ after: first.dynamodb.SequenceNumber }), 2)).toEqual(["b", "c"]);
  });

  test("come from what nobody asked for too: expiry", async () => {
    await db.execute("UpdateTimeToLive", { TableName: TABLE, TimeToLiveSpecification: { Enabled: true, AttributeName: "n" } });
    const following = changes();
    await put("a", Math.floor(Date.now() / 1000) - 10);
    expect((await following.next()).value).toMatchObject({ eventName: "INSERT" });
    expect((await following.next()).value).toMatchObject({ eventName: "REMOVE", userIdentity: { PrincipalId: "dynamodb.amazonaws.com" } });
  });
});

describe("ten thousand writes by three writers at once", () => {
  const WRITES = 10_000;

  test("are seen each once and in order, by a consumer that goes away and comes back", async () => {
    const replay = new Replay();
    const writing = writeConcurrently(db, WRITES);
    let from: Partial<ChangesOptions> = { from: "oldest" };
    while (replay.count < WRITES) {
      for await (const change of changes(from)) {
        replay.take(change);
        if (replay.count % 1234 === 0 || replay.count === WRITES) break;
      }
      from = { after: replay.after };
    }
    await writing;
    expect(replay.equals(await tableContents(db))).toBe(true);
    expect(await waits(changes(from).next())).toBe(true);
  });

  test("cost a consumer that sleeps through them no requests, and what it missed is read in pages", async () => {
    const following = changes();
    expect(await waits(following.next())).toBe(true);
    const requests = async () => (await db.counters()).requests;
    const writing = await requests();
    await writeConcurrently(db, WRITES);
    const slept = await requests();
    const silent = await dynatab.Dynatab.open("silent");
    await silent.execute("CreateTable", tableWithStream);
    const before = (await silent.counters()).requests;
    await writeConcurrently(silent, WRITES);
    // The one read for the `next` that waited.
    expect(slept - writing).toBe((await silent.counters()).requests - before + 1);
    await silent.close();
    const replay = new Replay();
    for await (const change of changes({ from: "oldest" })) {
      replay.take(change);
      if (replay.count === WRITES) break;
    }
    expect((await requests()) - slept).toBe(Math.ceil(WRITES / 1000));
  });
});

describe("the end", () => {
  test("comes with the table's, when everything is read", async () => {
    const following = changes();
    await put("a");
    await put("b");
    const keys: unknown[] = [];
    const reading = (async () => {
      for await (const change of following) keys.push(keyOf(change));
    })();
    await db.execute("DeleteTable", { TableName: TABLE });
    await reading;
    expect(keys).toEqual(["a", "b"]);
    expect(await following.next()).toEqual({ done: true, value: undefined });
  });

  test("comes to a waiting next by return", async () => {
    const following = changes();
    const next = following.next();
    expect(await waits(next)).toBe(true);
    await following.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("is the signal's reason, for a waiting next and from the start", async () => {
    const abort = new AbortController();
    const following = changes({ signal: abort.signal });
    const next = following.next();
    expect(await waits(next)).toBe(true);
    abort.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    expect(await following.next()).toEqual({ done: true, value: undefined });
    await expect(changes({ signal: abort.signal }).next()).rejects.toThrow("enough");
  });

  test("is DatabaseClosedError when the database is closed", async () => {
    const next = changes().next();
    expect(await waits(next)).toBe(true);
    await db.close();
    await expect(next).rejects.toBeInstanceOf(dynatab.DatabaseClosedError);
    await expect(changes().next()).rejects.toBeInstanceOf(dynatab.DatabaseClosedError);
  });

  test("is DatabaseReplacedError when another database is loaded, for one that waits and for one with changes in hand", async () => {
    await put("a");
    const file = await db.dump();
    const [waiting, slow] = [changes(), changes()];
    await put("b");
    await put("c");
    expect(await take(waiting, 2)).toEqual(["b", "c"]);
    expect(await take(slow, 1)).toEqual(["b"]);
    const next = waiting.next();
    await db.load(file);
    // The numbers of the changes that were read are given again, to others.
    for (const key of ["d", "e", "f"]) await put(key);
    for (const told of [next, slow.next()]) {
      await expect(told).rejects.toMatchObject({ name: "DatabaseReplacedError", message: expect.stringContaining('from: "now"') });
    }
    const anew = changes();
    await put("g");
    expect(await take(anew, 1)).toEqual(["g"]);
  });

  test("is ChangesTrimmedError where records that were to come are a day old, and where there never were any", async () => {
    await db.close();
    vi.useFakeTimers({ toFake: ["Date"] });
    db = await dynatab.Dynatab.open("changes");
    await db.execute("CreateTable", tableWithStream);
    for (const key of ["a", "b", "c"]) await put(key);
    const behind = changes({ from: "oldest" });
    const [first] = [(await behind.next()).value as Change];
    const after = first.dynamodb.SequenceNumber;
    expect(await take(changes({ after }), 2)).toEqual(["b", "c"]);
    vi.setSystemTime(Date.now() + DAY + 1);
    await put("d");
    const trimmed = changes({ after }).next();
    await expect(trimmed).rejects.toBeInstanceOf(dynatab.ChangesTrimmedError);
    await expect(trimmed).rejects.toMatchObject({ name: "ChangesTrimmedError", after });
    await expect(changes({ after: "99" }).next()).rejects.toBeInstanceOf(dynatab.ChangesTrimmedError);
    expect(await take(behind, 3), "what it had read before is its own").toEqual(["b", "c", "d"]);
    expect(await take(changes({ from: "oldest" }), 1)).toEqual(["d"]);
  });

  test("is an error at once for a table without a stream, or without a table, or an option without meaning", async () => {
    await enableStream(false);
    await expect(changes().next()).rejects.toBeInstanceOf(dynatab.StreamNotEnabledError);
    await expect(changes({ TableName: "None" }).next()).rejects.toBeInstanceOf(dynatab.ResourceNotFoundException);
    for (const options of [{ after: "x" }, { from: "later" as "now" }, { TableName: 3 as unknown as string }]) {
      expect(() => changes(options)).toThrow(dynatab.InvalidOptionError);
    }
  });
});

test("changes go on over the engine's death", async () => {
  const testPackage = await load(packageDir("test"));
  const other = await testPackage.Dynatab.open("trapped");
  await other.execute("CreateTable", tableWithStream);
  const following = other.changes({ TableName: TABLE });
  const item = (pk: string) => ({ TableName: TABLE, Item: { pk: { S: pk } } });
  await other.execute("PutItem", item("a"));
  expect(keyOf((await following.next()).value as Change)).toBe("a");
  const next = following.next();
  await expect(other.dispatch("DynatabTest.Trap", "{}")).rejects.toMatchObject({ name: "EngineCrashedError" });
  await other.execute("PutItem", item("b"));
  expect(keyOf((await next).value as Change)).toBe("b");
  await other.close();
});
