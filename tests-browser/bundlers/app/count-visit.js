// What an application does first: open, make a table once, write and read. How it writes is for whoever calls.
import { Dynatab } from "dynatab";

const TableName = "Visits";
const Key = { Page: { S: "/" } };

/** Counts a visit, by sending `UpdateItem` to the database; resolves to the number of visits so far and where they are kept. */
export async function countVisit(updateItem) {
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
  await updateItem(db, { TableName, Key, UpdateExpression: "ADD Visits :one", ExpressionAttributeValues: { ":one": { N: "1" } } });
  const { Item } = await db.execute("GetItem", { TableName, Key });
  await db.close();
  const memory = await Dynatab.open("visitors", { persistence: "memory" });
  const { TableNames: forgotten } = await memory.execute("ListTables", {});
  await memory.close();
  return { persistence: db.persistence, visits: Item.Visits.N, inMemory: forgotten };
}
