/** The real AWS SDK in a page, over a database in the origin's private file system. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  ListTablesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Dynatab } from "dynatab";
import { expose, outcome } from "./expose.ts";
import { messages } from "./message-count.ts";
import { type QueryTarget, type SampleItem, sampleTables } from "./samples.ts";

let db: Dynatab;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

/** A partition of a table or an index, read page by page. */
export interface PagedQuery {
  items: SampleItem[];
  /** Items in each page that was not the last. */
  pageSizes: number[];
}

async function queryPartition(target: QueryTarget, value: string | number, forward: boolean, limit: number): Promise<PagedQuery> {
  const found: PagedQuery = { items: [], pageSizes: [] };
  let start: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: target.table,
        IndexName: target.index,
        KeyConditionExpression: "#hash = :value",
        ExpressionAttributeNames: { "#hash": target.hash },
        ExpressionAttributeValues: { ":value": value },
        ScanIndexForward: forward,
        Limit: limit,
        ExclusiveStartKey: start,
      }),
    );
    found.items.push(...((page.Items ?? []) as SampleItem[]));
    start = page.LastEvaluatedKey;
    if (start) found.pageSizes.push(page.Count ?? 0);
  } while (start);
  return found;
}

const put = (table: string, item: SampleItem) => documents.send(new PutCommand({ TableName: table, Item: item }));

export const api = expose({
  async open(name: string) {
    db = await Dynatab.open(name);
    client = new DynamoDBClient(db.clientConfig());
    documents = DynamoDBDocumentClient.from(client);
    return db.persistence;
  },

  close: () => db.close(),

  async createSampleTables() {
    for (const { definition } of sampleTables) await client.send(new CreateTableCommand(definition));
  },

  /** Writes all sample items, fifty at a time; gives their number. */
  async putSampleItems() {
    const all = sampleTables.flatMap(({ definition, items }) => items.map((item) => ({ table: definition.TableName, item })));
    for (let first = 0; first < all.length; first += 50) {
      await Promise.all(all.slice(first, first + 50).map(({ table, item }) => put(table, item)));
    }
    return all.length;
  },

  /** Reads these partitions one after another. */
  async queryPartitions(target: QueryTarget, values: (string | number)[], forward: boolean, limit: number) {
    const partitions: PagedQuery[] = [];
    for (const value of values) partitions.push(await queryPartition(target, value, forward, limit));
    return partitions;
  },

  async createTable(definition: CreateTableCommandInput) {
    return (await client.send(new CreateTableCommand(definition))).TableDescription;
  },
  async describeTable(TableName: string) {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  },
  async deleteTable(TableName: string) {
    await client.send(new DeleteTableCommand({ TableName }));
  },
  async listTables() {
    return (await client.send(new ListTablesCommand({}))).TableNames;
  },
  async putItem(table: string, item: SampleItem) {
    await put(table, item);
  },
  async getItem(TableName: string, Key: SampleItem) {
    return (await documents.send(new GetCommand({ TableName, Key }))).Item as SampleItem | undefined;
  },

  /** Reads from a table that may not exist; how the SDK tells that. */
  async refusal(TableName: string, Key: SampleItem) {
    try {
      await documents.send(new GetCommand({ TableName, Key }));
      return undefined;
    } catch (error) {
      const { name, message, $metadata } = error as DynamoDBServiceException;
      const ownClass = error instanceof (name === "ResourceNotFoundException" ? ResourceNotFoundException : DynamoDBServiceException);
      return { name, message, ownClass, status: $metadata.httpStatusCode, attempts: $metadata.attempts };
    }
  },

  /** Writes an item in the batch that crashes the engine; what becomes of it, and how often the SDK sent the write. */
  async putIntoCrash(TableName: string, Item: SampleItem) {
    const config = db.clientConfig();
    const { requestHandler } = config;
    let sent = 0;
    const handle: typeof requestHandler.handle = (request, options) => {
      sent += 1;
      if (sent === 1) void outcome(db.dispatch("DynatabTest.Trap", "{}"));
      return requestHandler.handle(request, options);
    };
    const crashing = DynamoDBDocumentClient.from(new DynamoDBClient({ ...config, requestHandler: { ...requestHandler, handle } }));
    const { error } = await outcome(crashing.send(new PutCommand({ TableName, Item })));
    return { error, sent };
  },

  /** Makes many requests in one turn; gives the messages between page and worker that took. */
  async messagesOfOneTurn(table: string, items: SampleItem[]) {
    const before = { ...messages };
    await Promise.all(items.map((item) => put(table, item)));
    return { sent: messages.sent - before.sent, received: messages.received - before.received };
  },
});
