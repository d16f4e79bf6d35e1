/** `db.dump()` and `db.load()` on the built package in Node: in memory and in files, refusals, and a kill at every moment of a load. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openAsBlob, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import { INCOMING_NAME } from "../../src/drivers/vfs/incoming.ts";
import type { Dynatab as Database } from "../../src/node/index.ts";
import { seeded } from "../seeded.ts";
import { databasePath as folder, nodeEntry, openDatabase as open } from "./built-package.ts";

const TableName = "Music";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: ["Artist", "Song", "Genre"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
  KeySchema: [
    { AttributeName: "Artist", KeyType: "HASH" as const },
    { AttributeName: "Song", KeyType: "RANGE" as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "Genres",
      KeySchema: [{ AttributeName: "Genre", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "ALL" as const },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" as const },
};

async function fill(db: Database, items: number): Promise<void> {
  await db.execute("CreateTable", definition);
  const put = (n: number) =>
    db.execute("PutItem", {
      TableName,
      Item: {
        Artist: { S: `Artist ${n % 7}` },
        Song: { S: `Song ${n} ${"é".repeat(n % 50)}` },
        Genre: { S: `Genre ${n % 3}` },
        Blob: { B: new Uint8Array(n % 300) },
        Rating: { N: `${n}.5` },
      },
    });
  await Promise.all(Array.from({ length: items }, (_, n) => put(n)));
  await db.execute("TagResource", { ResourceArn: await arn(db), Tags: [{ Key: "a", Value: "b" }] });
}

const arn = async (db: Database) => (await db.execute("DescribeTable", { TableName })).Table!.TableArn!;

/** Everything a client can see of the database. */
async function seen(db: Database): Promise<unknown> {
  const { Table } = await db.execute("DescribeTable", { TableName });
  const { Items, Count } = await db.execute("Scan", { TableName });
  const index = await db.execute("Query", {
    TableName,
    IndexName: "Genres",
    KeyConditionExpression: "Genre = :g",
    ExpressionAttributeValues: { ":g": { S: "Genre 1" } },
  });
  const { Tags } = await db.execute("ListTagsOfResource", { ResourceArn: Table!.TableArn! });
  const { Streams } = await db.execute("ListStreams", {});
  const records = await streamRecords(db, Table!.LatestStreamArn!);
  return { Table, Items, Count, index: index.Items, Tags, Streams, records };
}

async function streamRecords(db: Database, StreamArn: string): Promise<unknown> {
  const { StreamDescription } = (await db.execute("DescribeStream", { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const { ShardIterator } = await db.execute("GetShardIterator", {
    StreamArn,
    ShardId: StreamDescription.Shards[0]!.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  return ((await db.execute("GetRecords", { ShardIterator })) as { Records: unknown[] }).Records;
}

const grounds = [
  { from: "memory", to: "memory" },
  { from: "memory", to: "file" },
  { from: "file", to: "memory" },
  { from: "file", to: "file" },
] as const;

describe.each(grounds)("from a database in $from into one in $to", ({ from, to }) => {
  test("everything is there: items, indexes, tags, streams, counters; and writing goes on", async () => {
    const source = await open(from === "file" ? folder() : undefined);
    await fill(source, 300);
    const dump = await source.dump();
    const before = await seen(source);
    const file = to === "file" ? folder() : undefined;
    const target = await open(file);
    await target.execute("CreateTable", { ...definition, TableName: "Gone" });
    await target.load(dump);
    expect(await seen(target)).toEqual(before);
    expect((await target.execute("ListTables", {})).TableNames).toEqual([TableName]);
    await target.execute("PutItem", { TableName, Item: { Artist: { S: "New" }, Song: { S: "New" } } });
    expect((await target.execute("Scan", { TableName })).Count).toBe(301);
    await target.close();
    if (file === undefined) return;
    expect(existsSync(join(file, INCOMING_NAME))).toBe(false);
    expect((await (await open(file)).execute("Scan", { TableName })).Count).toBe(301);
  });
});

describe("a dump", () => {
  test("is one SQLite file, without a log, as long as its header says", async () => {
    const db = await open(folder());
    await fill(db, 50);
    const bytes = new Uint8Array(await (await db.dump()).arrayBuffer());
    const header = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 15))).toBe("SQLite format 3");
    expect(bytes.length).toBe(header.getUint16(16) * header.getUint32(28));
    expect([bytes[18], bytes[19]]).toEqual([1, 1]);
  });

  test.each(["memory", "file"])("of a database in %s is written to a file, and read from it, as one in a blob is", async (where) => {
    const db = await open(where === "file" ? folder() : undefined);
    await fill(db, 300);
    const path = folder();
    for (let time = 0; time < 2; time += 1) await db.dumpTo(path);
    const bytes = readFileSync(path);
    expect(bytes.equals(new Uint8Array(await (await db.dump()).arrayBuffer()))).toBe(true);
    expect([bytes[18], bytes[19]]).toEqual([1, 1]);
    expect(readdirSync(dirname(path))).toEqual(["db"]);
    const other = await open();
    await other.load(await openAsBlob(path));
    expect(await seen(other)).toEqual(await seen(db));
  });

  test("that cannot be written leaves no file, and the one that was there", async () => {
    const db = await open();
    const path = folder();
    await expect(db.dumpTo(join(path, "nowhere", "copy"))).rejects.toMatchObject({ name: "StorageError" });
    writeFileSync(path, "as it was");
    await db.close();
    await expect(db.dumpTo(path)).rejects.toMatchObject({ name: "DatabaseClosedError" });
    expect(readFileSync(path, "utf8")).toBe("as it was");
    expect(readdirSync(dirname(path))).toEqual(["db"]);
  });

  test("of a database that is being written to is one moment of it", async () => {
    const db = await open(folder());
    await db.execute("CreateTable", definition);
    const pair = (n: number) =>
      db.execute("TransactWriteItems", {
        TransactItems: ["Left", "Right"].map((Song) => ({
          Put: { TableName, Item: { Artist: { S: "Pair" }, Song: { S: Song }, Step: { N: String(n) } } },
        })),
      });
    const writing = (async () => {
      for (let n = 0; n < 200; n += 1) await pair(n);
    })();
    const other = await open();
    for (let round = 0; round < 5; round += 1) {
      await other.load(await db.dump());
      const steps = (await other.execute("Scan", { TableName })).Items!.map((item) => item.Step!.N);
      expect(new Set(steps).size, "both sides are of one step").toBeLessThanOrEqual(1);
    }
    await writing;
  });

  test("can be loaded from whatever bytes come in", async () => {
    const db = await open();
    await fill(db, 10);
    const dump = await db.dump();
    const bytes = await dump.arrayBuffer();
    for (const file of [bytes, new Uint8Array(bytes), dump.stream(), new Response(dump)]) {
      const target = await open();
      await target.load(file);
      expect((await target.execute("Scan", { TableName })).Count).toBe(10);
    }
  });
});

describe.each(["memory", "file"] as const)("what is no whole database of ours is refused, the data in %s", (where) => {
  async function filled(): Promise<{ db: Database; bytes: Uint8Array<ArrayBuffer> }> {
    const db = await open(where === "file" ? folder() : undefined);
    await fill(db, 200);
    return { db, bytes: new Uint8Array(await (await db.dump()).arrayBuffer()) };
  }

  test("with a typed error, and nothing has changed", async () => {
    const { db, bytes } = await filled();
    const before = await seen(db);
    const changed = (change: (copy: Uint8Array, header: DataView) => void) => {
      const copy = bytes.slice();
      change(copy, new DataView(copy.buffer));
      return copy;
    };
    const damaged = changed((copy) => copy.fill(0x55, 3 * 8192 + 100, 5 * 8192));
    const refusals: [string, Uint8Array][] = [
      ["ForeignDatabaseError", new Uint8Array(0)],
      ["ForeignDatabaseError", new TextEncoder().encode("not a database at all. ".repeat(500))],
      ["ForeignDatabaseError", changed((_, header) => header.setUint32(68, 7))],
      ["VersionMismatchError", changed((_, header) => header.setUint32(60, 99))],
      ["DatabaseCorruptError", bytes.subarray(0, bytes.length - 8192)],
      ["DatabaseCorruptError", bytes.subarray(0, bytes.length - 5)],
      ["DatabaseCorruptError", damaged],
    ];
    for (const [name, file] of refusals) {
      await expect(db.load(file)).rejects.toMatchObject({ name });
      expect(await seen(db)).toEqual(before);
    }
    await db.execute("DeleteTable", { TableName });
  });

  test("and a load that was aborted before it began does nothing", async () => {
    const { db, bytes } = await filled();
    const before = await seen(db);
    await expect(db.load(bytes, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(await seen(db)).toEqual(before);
  });
});

test("a closed database neither dumps nor loads", async () => {
  const db = await open();
  const dump = await db.dump();
  await db.close();
  await expect(db.dump()).rejects.toMatchObject({ name: "DatabaseClosedError" });
  await expect(db.load(dump)).rejects.toMatchObject({ name: "DatabaseClosedError" });
});

/** Loads one file after another, saying which one is about to be loaded and which one is. */
const LOADER = `
import { readFileSync } from "node:fs";
import { Dynatab } from ${JSON.stringify(nodeEntry)};
const [file, ...dumps] = process.argv.slice(1);
const db = await Dynatab.open("dump", { file });
const files = dumps.map((path) => readFileSync(path));
for (let n = 0; ; n += 1) {
  process.stdout.write("load " + (n % files.length) + "\\n");
  await db.load(files[n % files.length]);
  process.stdout.write("done " + (n % files.length) + "\\n");
}
`;

test(`after a kill in the middle of a load there is the one database or the other, whole`, async () => {
  const file = folder();
  const dumps: string[] = [];
  for (const items of [40, 400]) {
    const source = await open();
    await fill(source, items);
    const path = join(file, "..", `dump-${items}`);
    writeFileSync(path, new Uint8Array(await (await source.dump()).arrayBuffer()));
    dumps.push(path);
  }
  const first = await open(file);
  await first.load(readFileSync(dumps[0]!));
  await first.close();
  const draw = seeded(seed);
  for (let round = 0; round < count("loadKills"); round += 1) {
    const said = await killed(spawn(process.execPath, ["--input-type=module", "--eval", LOADER, file, ...dumps]), draw() * 150);
    const db = await open(file);
    const { Count } = await db.execute("Scan", { TableName });
    await db.close();
    const lines = said.trim().split("\n");
    const possible = lines.slice(-2).map((line) => [40, 400][Number(line.split(" ")[1])]);
    expect(lines.length < 2 ? [40, 400] : possible, `seed ${seed}: ${said}`).toContain(Count);
  }
});

/** Kills a process so long after it has said its first word; gives all it said. */
async function killed(child: ChildProcess, afterMs: number): Promise<string> {
  let said = "";
  let wrong = "";
  child.stderr?.on("data", (bytes) => {
    wrong += bytes;
  });
  const begun = new Promise<void>((resolve) => {
    child.stdout?.on("data", (bytes) => {
      said += bytes;
      resolve();
    });
  });
  const ended = once(child, "exit");
  await Promise.race([begun, ended]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill("SIGKILL");
  await ended;
  expect(wrong).toBe("");
  return said;
}
