/** The SQL that explain shows: readable, whole, and told in words, whatever a request makes the engine run. */
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../js/tests/package/built-package.ts";
import { sqlMeaning, sqlPieces } from "../src/explain/sql-text.ts";
import { executionsOf, joinedTraces } from "../src/explain/statements.tsx";

const text = (sql: string) =>
  sqlPieces(sql)
    .map((piece) => piece.text)
    .join("");
const oneLine = (sql: string) => sql.replace(/\s+/g, " ");

const TableName = "Traced";
const item = (n: number) => ({ pk: { S: "a" }, sk: { N: String(n) }, g: { S: "b" }, expires: { N: "9000000000" } });
const key = (n: number) => ({ pk: { S: "a" }, sk: { N: String(n) } });
const value = { ":v": { S: "a" } };
const REQUESTS: [string, object][] = [
  [
    "CreateTable",
    {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
        { AttributeName: "g", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: "ByG", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "ByL",
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "g", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      Tags: [{ Key: "a", Value: "b" }],
    },
  ],
  ["UpdateTimeToLive", { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } }],
  ["PutItem", { TableName, Item: item(1) }],
  ["UpdateItem", { TableName, Key: key(1), UpdateExpression: "SET n = :v", ExpressionAttributeValues: value }],
  ["BatchWriteItem", { RequestItems: { [TableName]: [{ PutRequest: { Item: item(2) } }, { DeleteRequest: { Key: key(3) } }] } }],
  ["TransactWriteItems", { TransactItems: [{ Put: { TableName, Item: item(4) } }], ClientRequestToken: "once" }],
  ["GetItem", { TableName, Key: key(1) }],
  ["BatchGetItem", { RequestItems: { [TableName]: { Keys: [key(1), key(2)] } } }],
  ["Query", { TableName, KeyConditionExpression: "pk = :v", ExpressionAttributeValues: value }],
  ["Query", { TableName, IndexName: "ByG", KeyConditionExpression: "g = :v", ExpressionAttributeValues: value }],
  ["Query", { TableName, IndexName: "ByL", KeyConditionExpression: "pk = :v", ExpressionAttributeValues: value, Select: "ALL_ATTRIBUTES" }],
  ["Scan", { TableName }],
  ["Scan", { TableName, IndexName: "ByG", Segment: 1, TotalSegments: 3 }],
  ["DeleteItem", { TableName, Key: key(1) }],
  ["ListStreams", { TableName }],
  ["DescribeTable", { TableName }],
  ["DeleteTable", { TableName }],
];

describe("the SQL of a request", () => {
  it("is shown whole, with its clauses on lines of their own, and each statement is told in words", async () => {
    const db = await openDatabase();
    const seen = new Set<string>();
    for (const [operation, input] of REQUESTS) {
      await db.execute(operation as "GetItem", input as never, {
        onTrace: ({ statements }) => {
          for (const { sql } of statements) seen.add(sql);
        },
      });
    }
    expect(seen.size).toBeGreaterThan(20);
    for (const sql of seen) {
      expect(oneLine(text(sql))).toBe(oneLine(sql));
      expect(sqlMeaning(sql), sql).toBeDefined();
    }
    expect([...seen].map(sqlMeaning)).toEqual(
      expect.arrayContaining([
        "Finds an item by its whole key",
        "Walks one partition of the table in the order of its sort key",
        "Walks one partition of the global index in the order of its sort key",
        "Walks a local index, and fetches from the table what the index does not hold",
        "Walks the table in the order of the hashes of its partition keys",
        "Writes an item, in the place of the one with its key if there is one",
        "Writes an entry of a global index, in the place of the one with its key if there is one",
        "Writes an entry of a local index, in the place of the one with its key if there is one",
        "Appends a record to the table's stream",
        "Remembers the request's token, so that a repeated transaction is done once",
      ]),
    );
  });

  it("breaks its lines at clauses, not inside brackets or texts", () => {
    expect(text("SELECT size, item FROM t1 WHERE h = ?1 AND pk IN (SELECT pk FROM t2 WHERE a = ' FROM ') ORDER BY sk LIMIT ?2")).toBe(
      "SELECT size, item\nFROM t1\nWHERE h = ?1\n  AND pk IN (SELECT pk FROM t2 WHERE a = ' FROM ')\nORDER BY sk\nLIMIT ?2",
    );
  });

  it("of a cache is told apart from the items it is kept beside", () => {
    expect(sqlMeaning("INSERT INTO t1_u(id, used_at) SELECT id, ?4 FROM t1 WHERE h = ?1")).toBe(
      sqlMeaning("DELETE FROM t1_u WHERE id = 1"),
    );
    expect(sqlMeaning("DELETE FROM t1_u WHERE id = 1")).toMatch(/cache/);
  });

  it("of several pages is counted together", () => {
    const trace = { crossings: 1, bytesIn: 10, bytesOut: 100, statements: [{ sql: "SELECT 1", executions: 1, rows: 20 }] };
    const joined = joinedTraces([trace, trace, { ...trace, statements: [{ sql: "SELECT 2", executions: 3, rows: 0 }] }]);
    expect(joined).toEqual({
      crossings: 3,
      bytesIn: 30,
      bytesOut: 300,
      statements: [
        { sql: "SELECT 1", executions: 2, rows: 40 },
        { sql: "SELECT 2", executions: 3, rows: 0 },
      ],
    });
    expect(executionsOf(joined)).toBe(5);
  });
});
