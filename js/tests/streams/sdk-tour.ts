/** The AWS SDK's client of DynamoDB Streams over a database: every operation, every kind of iterator, pages. Runs in Node and in pages. */
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import type { Database } from "../../src/database.ts";
import type { Replay } from "./replay.ts";
import { TABLE, tableWithStream } from "./writers.ts";

/** The ARN of the table's stream, and its only shard. */
async function streamOf(client: DynamoDBStreamsClient, table: string) {
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: table }));
  const { StreamArn } = Streams.at(-1) ?? {};
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  return { StreamArn, ShardId: StreamDescription?.Shards?.[0]?.ShardId };
}

/** Reads the stream with a loop as the SDK's users write it, until so many records have come. */
export async function tailWithSdk(db: Database, replay: Replay, until: number): Promise<void> {
  const client = new DynamoDBStreamsClient(db.clientConfig());
  const start = { ...(await streamOf(client, TABLE)), ShardIteratorType: "TRIM_HORIZON" as const };
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
  while (replay.count < until) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 100 }));
    for (const record of Records) replay.take(record);
    ShardIterator = NextShardIterator;
    if (Records.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Goes through all of the API on a table of its own; what it saw, as JSON. */
export async function tour(db: Database) {
  const client = new DynamoDBStreamsClient(db.clientConfig());
  const table = "Tour";
  await db.execute("CreateTable", { ...tableWithStream, TableName: table });
  await db.execute("CreateTable", { ...tableWithStream, TableName: "Tour2" });
  const before = new Date(Date.now() - 60_000);
  for (let n = 0; n < 5; n += 1)
    await db.execute("PutItem", { TableName: table, Item: { pk: { S: `item ${n}` }, data: { B: new Uint8Array([n]) } } });

  const pages: string[][] = [];
  let start: string | undefined;
  do {
    const page = await client.send(new ListStreamsCommand({ Limit: 1, ExclusiveStartStreamArn: start }));
    pages.push((page.Streams ?? []).map(({ TableName }) => TableName ?? ""));
    start = page.LastEvaluatedStreamArn;
  } while (start !== undefined);

  const stream = await streamOf(client, table);
  const { StreamDescription: described } = await client.send(new DescribeStreamCommand({ ...stream, Limit: 1 }));
  const numberOf = (n: number) => String(n).padStart(21, "0");
  const recordsAt = async (ShardIterator: string | undefined) => {
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ dynamodb }) => dynamodb?.NewImage?.pk?.S);
  };
  const read = async (ShardIteratorType: ShardIteratorType, SequenceNumber?: string) =>
    recordsAt((await client.send(new GetShardIteratorCommand({ ...stream, ShardIteratorType, SequenceNumber }))).ShardIterator);
  // This version of the SDK's client does not know the fifth kind yet; the service and `execute` do.
  const atTime = await db.execute("GetShardIterator", { ...stream, ShardIteratorType: "AT_TIMESTAMP", Timestamp: before });
  const iterators = {
    TRIM_HORIZON: await read("TRIM_HORIZON"),
    LATEST: await read("LATEST"),
    AT_SEQUENCE_NUMBER: await read("AT_SEQUENCE_NUMBER", numberOf(3)),
    AFTER_SEQUENCE_NUMBER: await read("AFTER_SEQUENCE_NUMBER", numberOf(3)),
    AT_TIMESTAMP: await recordsAt(atTime.ShardIterator as string),
  };

  const { ShardIterator } = await client.send(new GetShardIteratorCommand({ ...stream, ShardIteratorType: "TRIM_HORIZON" }));
  const recordPages: number[] = [];
  let next = ShardIterator;
  let first: { data: number[]; created: boolean; eventName: string | undefined } | undefined;
  await db.execute("UpdateTable", { TableName: table, StreamSpecification: { StreamEnabled: false } });
  while (next !== undefined) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: next, Limit: 2 }));
    recordPages.push(Records.length);
    const record = Records[0];
    first ??= {
      data: [...(record?.dynamodb?.NewImage?.data?.B ?? [])],
      created: record?.dynamodb?.ApproximateCreationDateTime instanceof Date,
      eventName: record?.eventName,
    };
    next = NextShardIterator;
  }

  const refusal = await client
    .send(new GetShardIteratorCommand({ ...stream, ShardId: "shardId-00000000000000000000-00000009", ShardIteratorType: "LATEST" }))
    .then(
      () => undefined,
      (error: Error & { $metadata: { attempts?: number } }) => ({ name: error.name, attempts: error.$metadata.attempts }),
    );
  return {
    streamPages: pages.filter(([name]) => name?.startsWith("Tour")),
    described: {
      status: described?.StreamStatus,
      view: described?.StreamViewType,
      keys: described?.KeySchema,
      shards: described?.Shards?.map(({ SequenceNumberRange }) => SequenceNumberRange),
    },
    iterators,
    recordPages,
    first,
    refusal,
  };
}

/** What a tour must have seen. */
export const expectedTour = {
  streamPages: [["Tour"], ["Tour2"]],
  described: {
    status: "ENABLED",
    view: "NEW_AND_OLD_IMAGES",
    keys: tableWithStream.KeySchema,
    shards: [{ StartingSequenceNumber: "000000000000000000001" }],
  },
  iterators: {
    TRIM_HORIZON: ["item 0", "item 1", "item 2", "item 3", "item 4"],
    LATEST: [],
    AT_SEQUENCE_NUMBER: ["item 2", "item 3", "item 4"],
    AFTER_SEQUENCE_NUMBER: ["item 3", "item 4"],
    AT_TIMESTAMP: ["item 0", "item 1", "item 2", "item 3", "item 4"],
  },
  // The stream is closed: its last page has no next one.
  recordPages: [2, 2, 1],
  first: { data: [0], created: true, eventName: "INSERT" },
  refusal: { name: "ResourceNotFoundException", attempts: 1 },
};
