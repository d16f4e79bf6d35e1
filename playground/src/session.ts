/** The database behind the page, and the AWS SDK's two clients that talk to it: one for DynamoDB JSON, one for plain JSON. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Dynatab } from "dynatab";

/** The playground's own database; databases belong to the address a page is served from. */
const NAME = "playground";

/** What every part of the page asks its questions through. */
export interface Session {
  readonly db: Dynatab;
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
}

/** Opens the database: durable where the browser can keep it, otherwise in memory, which `db.persistence` tells. */
export async function openSession(): Promise<Session> {
  const db = await Dynatab.open(NAME);
  const client = new DynamoDBClient(db.clientConfig());
  return { db, client, documents: DynamoDBDocumentClient.from(client) };
}
