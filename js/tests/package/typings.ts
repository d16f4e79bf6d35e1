/** Compiled by the type check, never run: what `execute`, `clientConfig` and the errors promise to a compiler. */
import { DynamoDB, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ConditionalCheckFailedException, Dynatab, type OperationName } from "../../src/index.ts";
import { Dynatab as NodeDynatab, serve } from "../../src/node/index.ts";

export async function inABrowser(): Promise<void> {
  await using db = await Dynatab.open("x", { persistence: "required", durability: "relaxed" });
  // @ts-expect-error: a file is Node's
  await Dynatab.open("x", { file: "y" });
  // @ts-expect-error: there is no such choice
  await Dynatab.open("x", { persistence: "maybe" });

  const { Item } = await db.execute("GetItem", { TableName: "T", Key: { a: { S: "x" } } });
  const text: string | undefined = Item?.a?.S;
  const { Table } = await db.execute("DescribeTable", { TableName: "T" });
  const created: Date | undefined = Table?.CreationDateTime;
  // @ts-expect-error: a table's name is a string
  await db.execute("GetItem", { TableName: 3, Key: {} });
  // @ts-expect-error: there is no such operation
  await db.execute("GetItems", {});
  const operation: OperationName = "TransactWriteItems";

  const clients = [
    new DynamoDBClient(db.clientConfig()),
    new DynamoDB({ ...db.clientConfig(), maxAttempts: 1 }),
    DynamoDBDocument.from(new DynamoDB(db.clientConfig())),
    DynamoDBDocumentClient.from(new DynamoDBClient(db.clientConfig())),
  ];
  try {
    await db.execute("PutItem", { TableName: "T", Item: {} });
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) console.log(error.Item?.a?.S, text, created, operation, clients);
  }
}

export async function inNode(): Promise<void> {
  const db = await NodeDynatab.open("x", { file: "y" });
  const endpoint = await serve({ port: 0, db });
  const url: string = endpoint.url;
  console.log(url);
}
