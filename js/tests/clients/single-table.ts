/**
 * Where the clients of this folder work: the package as it is built (`pkg/`), opened in this process in memory, with one table in the
 * usual single-table design: `pk` and `sk`, and one overloaded index over `gsi1pk` and `gsi1sk`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach } from "vitest";
import type * as DynatabNode from "../../src/node/index.ts";

const pkg = fileURLToPath(new URL("../../../pkg", import.meta.url));
const opened: DynatabNode.Database[] = [];

afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
});

/** A fresh database in memory, closed when the test ends. */
export async function openDatabase(): Promise<DynatabNode.Database> {
  if (!existsSync(pkg)) throw new Error("The package is not built: npm run build");
  const dynatab = (await import(pathToFileURL(join(pkg, "dist", "node.js")).href)) as typeof DynatabNode;
  const db = await dynatab.Dynatab.open("clients");
  opened.push(db);
  return db;
}

const singleTable: CreateTableCommandInput = {
  TableName: "Shop",
  AttributeDefinitions: ["pk", "sk", "gsi1pk", "gsi1sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "gsi1",
      KeySchema: [
        { AttributeName: "gsi1pk", KeyType: "HASH" },
        { AttributeName: "gsi1sk", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  BillingMode: "PAY_PER_REQUEST",
};

/** The AWS SDK's client of a fresh database that has the table `Shop`. */
export async function openShop(): Promise<DynamoDBClient> {
  const client = new DynamoDBClient((await openDatabase()).clientConfig());
  await client.send(new CreateTableCommand(singleTable));
  return client;
}
