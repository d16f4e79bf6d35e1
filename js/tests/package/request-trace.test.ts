/** `onTrace`: what a request did in SQLite, told with its answer, in the package as it is built. */
import { describe, expect, test } from "vitest";
import type { Dynatab, RequestTrace } from "../../src/node/index.ts";
import { databasePath, openDatabase } from "./built-package.ts";

const TableName = "Music";
const song = (n: number) => ({ Artist: { S: "one" }, Number: { N: String(n) }, Genre: { S: "Jazz" } });
const artist = { KeyConditionExpression: "Artist = :a", ExpressionAttributeValues: { ":a": { S: "one" } } };

async function openWithTable(ground: "memory" | "file"): Promise<Dynatab> {
  const db = await openDatabase(ground === "file" ? databasePath() : undefined);
  await db.execute("CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "Artist", AttributeType: "S" },
      { AttributeName: "Number", AttributeType: "N" },
      { AttributeName: "Genre", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "Artist", KeyType: "HASH" },
      { AttributeName: "Number", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: "ByGenre", KeySchema: [{ AttributeName: "Genre", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
    ],
  });
  return db;
}

/** What the calls trace. */
async function traced(run: (onTrace: (trace: RequestTrace) => void) => Promise<unknown>): Promise<RequestTrace[]> {
  const traces: RequestTrace[] = [];
  await run((trace) => traces.push(trace));
  return traces;
}

const executions = ({ statements }: RequestTrace) => statements.reduce((sum, each) => sum + each.executions, 0);

describe.each(["memory", "file"] as const)("a database in %s", (ground) => {
  test("tells of a read its one crossing, its statement's text and the rows, however often the statement has run before", async () => {
    const db = await openWithTable(ground);
    for (let n = 0; n < 3; n += 1) await db.execute("PutItem", { TableName, Item: song(n) });
    for (let time = 0; time < 2; time += 1) {
      const [trace] = await traced((onTrace) => db.execute("Query", { TableName, ...artist }, { onTrace }));
      expect(trace!.crossings).toBe(1);
      expect(trace!.statements).toEqual([{ sql: expect.stringMatching(/^SELECT .* FROM t\d+ /), executions: 1, rows: 3 }]);
    }
  });

  test("counts what the counters count", async () => {
    const db = await openWithTable(ground);
    const requests: [string, object][] = [
      ["PutItem", { TableName, Item: song(1), ReturnValues: "ALL_OLD" }],
      ["BatchWriteItem", { RequestItems: { [TableName]: Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: song(n) } })) } }],
      ["GetItem", { TableName, Key: { Artist: { S: "one" }, Number: { N: "7" } } }],
      ["Query", { TableName, ...artist }],
      ["Scan", { TableName, IndexName: "ByGenre" }],
      ["DeleteItem", { TableName, Key: { Artist: { S: "one" }, Number: { N: "7" } } }],
      ["ListTables", {}],
    ];
    for (const [operation, input] of requests) {
      const before = await db.counters();
      const [trace] = await traced((onTrace) => db.execute(operation as "GetItem", input as never, { onTrace }));
      const after = await db.counters();
      const { crossings, bytesIn, bytesOut } = trace!;
      expect({ crossings, statements: executions(trace!), bytesIn, bytesOut }).toEqual({
        crossings: after.crossings - before.crossings,
        statements: after.statements - before.statements,
        bytesIn: after.bytesIn - before.bytesIn,
        bytesOut: after.bytesOut - before.bytesOut,
      });
    }
  });

  test("tells of one statement that runs for many items once, with its count", async () => {
    const db = await openWithTable(ground);
    const RequestItems = { [TableName]: Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: song(n) } })) };
    const [trace] = await traced((onTrace) => db.execute("BatchWriteItem", { RequestItems }, { onTrace }));
    expect(trace!.crossings).toBeLessThanOrEqual(3);
    const inserts = trace!.statements.filter(({ sql }) => sql.startsWith("INSERT INTO t"));
    expect(inserts.map(({ executions: times }) => times)).toEqual([25, 25]);
    expect(new Set(trace!.statements.map(({ sql }) => sql)).size).toBe(trace!.statements.length);
  });

  test("tells of a request among others made in the same turn nothing but its own", async () => {
    const db = await openWithTable(ground);
    await db.execute("PutItem", { TableName, Item: song(1) });
    const [trace] = await traced((onTrace) =>
      Promise.all([
        ...Array.from({ length: 10 }, (_, n) => db.execute("PutItem", { TableName, Item: song(n + 10) })),
        db.execute("GetItem", { TableName, Key: { Artist: { S: "one" }, Number: { N: "19" } } }, { onTrace }).then(({ Item }) => {
          expect(Item).toEqual(song(19));
        }),
        ...Array.from({ length: 10 }, (_, n) => db.execute("PutItem", { TableName, Item: song(n + 20) })),
      ]),
    );
    expect(trace).toMatchObject({ crossings: 1, statements: [{ executions: 1, rows: 1 }] });
  });
});

test("a request that is refused tells what it took to refuse it", async () => {
  const db = await openWithTable("memory");
  await db.execute("PutItem", { TableName, Item: song(1) });
  const [conflict] = await traced(async (onTrace) => {
    const put = db.execute("PutItem", { TableName, Item: song(1), ConditionExpression: "attribute_not_exists(Artist)" }, { onTrace });
    await expect(put).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });
  expect(conflict!.crossings).toBeGreaterThan(0);
  const [malformed] = await traced(async (onTrace) => {
    await expect(db.execute("GetItem", { TableName, Key: {} }, { onTrace })).rejects.toMatchObject({ name: "ValidationException" });
  });
  expect(malformed).toEqual({ crossings: 0, statements: [], bytesIn: 0, bytesOut: 0 });
});

test("the raw door tells as well, before its call settles", async () => {
  const db = await openWithTable("memory");
  const heard: string[] = [];
  const reply = await db.dispatch("DynamoDB_20120810.Scan", JSON.stringify({ TableName }), { onTrace: () => heard.push("trace") });
  heard.push("answer");
  expect(reply.status).toBe(200);
  expect(heard).toEqual(["trace", "answer"]);
});

test("what a listener throws rejects its own call only", async () => {
  const db = await openWithTable("memory");
  const onTrace = () => {
    throw new Error("no room to note it");
  };
  const [noted, other] = await Promise.allSettled([db.execute("ListTables", {}, { onTrace }), db.execute("ListTables", {})]);
  expect(noted).toMatchObject({ status: "rejected", reason: { message: "no room to note it" } });
  expect(other).toMatchObject({ status: "fulfilled" });
});
