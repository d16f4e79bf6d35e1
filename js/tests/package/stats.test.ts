/** `db.stats()` in the package as it is built, and that the package's own operations have no door but the package's. */
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { afterTest, databasePath, dynatab, openDatabase } from "./built-package.ts";

test.each(["memory", "file"] as const)("stats counts what is in a database in %s", async (persistence) => {
  const db = await openDatabase(persistence === "file" ? databasePath() : undefined);
  expect((await db.stats()).tables).toEqual([]);
  await db.execute("CreateTable", {
    TableName: "Music",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "g", AttributeType: "S" },
    ],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      { IndexName: "byG", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } },
    ],
    BillingMode: "PAY_PER_REQUEST",
  });
  await db.execute("PutItem", { TableName: "Music", Item: { pk: { S: "a" }, g: { S: "b" }, v: { S: "0123456789" } } });
  await db.execute("PutItem", { TableName: "Music", Item: { pk: { S: "c" } } });
  const stats = await db.stats();
  expect(stats.tables).toEqual([
    {
      tableName: "Music",
      status: "ACTIVE",
      itemCount: 2,
      sizeBytes: 19,
      indexes: [{ indexName: "byG", itemCount: 1, sizeBytes: 5 }],
    },
  ]);
  const { pageBytes, journalMode } = stats.storage;
  expect(stats.storage).toMatchObject({ persistence, sqliteVersion: expect.stringMatching(/^3\.\d+\.\d+$/) });
  expect(journalMode).toBe(persistence === "file" ? "wal" : "memory");
  expect(stats.sizeBytes % pageBytes).toBe(0);
  expect(stats.sizeBytes).toBeGreaterThan(pageBytes);
  expect(stats.freeBytes % pageBytes).toBe(0);
});

test("the package's own operations are unknown to dispatch, to the SDK's handler and over HTTP", async () => {
  const db = await openDatabase();
  const unknown = { __type: "com.amazon.coral.service#UnknownOperationException" };
  const target = "Dynatab.DescribeDatabase";
  const reply = await db.dispatch(target, "{}");
  expect([reply.status, JSON.parse(new TextDecoder().decode(reply.body))]).toEqual([400, unknown]);

  const client = new DynamoDBClient(db.clientConfig());
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers["x-amz-target"] = target;
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: "UnknownOperationException" });

  const endpoint = await dynatab.serve({ port: 0, db });
  afterTest(() => endpoint.close());
  const answer = await fetch(endpoint.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-date": "20261122T000000Z",
      "x-amz-target": target,
      authorization: "AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: "{}",
  });
  expect([answer.status, await answer.json()]).toEqual([400, unknown]);
});

test("stats rejects when the database is closed or the call is aborted", async () => {
  const db = await openDatabase();
  await expect(db.stats({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  await db.close();
  await expect(db.stats()).rejects.toBeInstanceOf(dynatab.DatabaseClosedError);
});
