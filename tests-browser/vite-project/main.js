// What a newcomer would write first: open, make a table once, put, read back. The test reads `globalThis.report`.
import { Dynatab } from "dynatab";

const Key = { Artist: { S: "The Amber Anchors" }, SongTitle: { S: "Hello" } };

async function run() {
  const db = await Dynatab.open("newcomer");
  const { TableNames } = await db.execute("ListTables", {});
  const visits = TableNames.includes("Music") ? await db.execute("GetItem", { TableName: "Music", Key }) : {};
  if (!TableNames.includes("Music")) {
    await db.execute("CreateTable", {
      TableName: "Music",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "Artist", AttributeType: "S" },
        { AttributeName: "SongTitle", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "Artist", KeyType: "HASH" },
        { AttributeName: "SongTitle", KeyType: "RANGE" },
      ],
    });
  }
  const Visits = { N: String(Number(visits.Item?.Visits.N ?? 0) + 1) };
  await db.execute("PutItem", { TableName: "Music", Item: { ...Key, Visits } });
  const { Item } = await db.execute("GetItem", { TableName: "Music", Key });
  await db.close();
  return { persistence: db.persistence, Item };
}

globalThis.report = await run().catch((error) => ({ error: `${error.name}: ${error.message}` }));
