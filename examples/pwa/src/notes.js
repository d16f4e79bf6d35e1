// The application's data: what it would be on AWS, too. Only the client's configuration is another.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { Dynatab } from "dynatab";

const TableName = "FieldNotes";
/** All notes of one person are one item collection, in the order they were written. */
const Observer = "me";

export class Notes {
  /** Opens the notes of this device, making their table at the first visit. */
  static async open() {
    const db = await Dynatab.open("field-notes");
    const { TableNames } = await db.execute("ListTables", {});
    if (!TableNames.includes(TableName)) {
      await db.execute("CreateTable", {
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "Observer", AttributeType: "S" },
          { AttributeName: "WrittenAt", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "Observer", KeyType: "HASH" },
          { AttributeName: "WrittenAt", KeyType: "RANGE" },
        ],
      });
    }
    return new Notes(db, DynamoDBDocument.from(new DynamoDBClient(db.clientConfig())));
  }

  constructor(db, client) {
    this.client = client;
    /** Whether notes outlive the page, and why not if they do not. */
    this.lasting = db.persistence !== "memory";
    this.reason = db.persistenceReason;
  }

  async add(place, text) {
    const WrittenAt = `${new Date().toISOString()}#${crypto.randomUUID()}`;
    await this.client.put({ TableName, Item: { Observer, WrittenAt, Place: place, Text: text } });
  }

  async remove({ WrittenAt }) {
    await this.client.delete({ TableName, Key: { Observer, WrittenAt } });
  }

  /** The newest ones. */
  async latest(Limit = 100) {
    const { Items } = await this.client.query({
      TableName,
      KeyConditionExpression: "Observer = :observer",
      ExpressionAttributeValues: { ":observer": Observer },
      ScanIndexForward: false,
      Limit,
    });
    return Items;
  }
}
