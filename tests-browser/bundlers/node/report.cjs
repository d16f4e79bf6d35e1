// Counts a visit in a file and prints the count as JSON. The database stays open: the process must end all the same.
const TableName = "Visits";
const Key = { Page: { S: "/" } };

exports.report = async (Dynatab) => {
  const db = await Dynatab.open("visitors", { file: "visits" });
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
  console.log(JSON.stringify({ persistence: db.persistence, visits: Item.Visits.N }));
};
