// What an application does first: open, make a table once, write and read; the AWS SDK cannot be had without a bundler.
import { Dynatab } from "dynatab";

const TableName = "Visits";
const Key = { Page: { S: "/" } };

/** Counts a visit; resolves to the number of visits so far and where they are kept. */
export async function visit() {
  const db = await Dynatab.open("visitors");
  const { TableNames } = await db.execute("ListTables", {});
  if (!TableNames.includes(TableName)) {
    await db.execute("CreateTable", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Page", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "Page", KeyType: "HASH" }],
    });
  }
  const UpdateExpression = "ADD Visits :one";
  await db.execute("UpdateItem", { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":one": { N: "1" } } });
  const { Item } = await db.execute("GetItem", { TableName, Key });
  await db.close();
  const memory = await Dynatab.open("visitors", { persistence: "memory" });
  const { TableNames: forgotten } = await memory.execute("ListTables", {});
  await memory.close();
  return { persistence: db.persistence, visits: Item.Visits.N, inMemory: forgotten };
}
