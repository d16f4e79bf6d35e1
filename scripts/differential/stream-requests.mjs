/**
 * Requests to the streams of some tables. ARNs, shards, iterators and sequence numbers are each server's own: in a request they stand as words
 * (`$arn`, `$shard`, `$iterator`, `$sequence`), and each side is asked with what it has said itself.
 */

const VIEWS = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

/** The reference server gives a table's stream the records of an earlier table of that name. */
const RUN = Date.now().toString(36);

/** The tables with streams, one of each view type. */
export const streamedTables = VIEWS.map((view) => `stream-${view.toLowerCase().replaceAll("_", "-")}-${RUN}`);

/** The CreateTable request of one of them. */
export const streamedDefinition = (TableName) => ({
  TableName,
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
  StreamSpecification: { StreamEnabled: true, StreamViewType: VIEWS[streamedTables.indexOf(TableName)] },
});

/** A write that changes something, or deletes what may not be there: what writes nothing new is recorded by one side (rule 99). */
function write(random, TableName, number) {
  const Key = { pk: { S: random.pick(["a", "b", "c", "d"]) } };
  const v = { N: String(number) };
  return random.weighted([
    [5, { operation: "PutItem", request: { TableName, Item: { ...Key, v } } }],
    [
      4,
      {
        operation: "UpdateItem",
        request: { TableName, Key, UpdateExpression: "SET v = :v", ExpressionAttributeValues: { ":v": v } },
      },
    ],
    [2, { operation: "DeleteItem", request: { TableName, Key } }],
    [1, { operation: "TransactWriteItems", request: { TransactItems: [{ Put: { TableName, Item: { ...Key, v } } }] } }],
    [1, { operation: "BatchWriteItem", request: { RequestItems: { [TableName]: [{ PutRequest: { Item: { ...Key, v } } }] } } }],
  ]);
}

const TYPES = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"];

function shardIterator(random, faults) {
  const ShardIteratorType = random.chance(faults * 0.4) ? "BOGUS" : random.pick(TYPES);
  const request = { StreamArn: "$arn", ShardId: "$shard", ShardIteratorType };
  const sequential = /_SEQUENCE_/.test(ShardIteratorType);
  if (sequential !== random.chance(faults * 0.3)) request.SequenceNumber = "$sequence";
  if (random.chance(faults * 0.2)) request.SequenceNumber = random.pick(["1", "x".repeat(21), "9".repeat(41)]);
  if (ShardIteratorType === "AT_TIMESTAMP") request.Timestamp = 1_700_000_000;
  if (random.chance(faults * 0.2)) delete request[random.pick(["StreamArn", "ShardId", "ShardIteratorType"])];
  return { operation: "GetShardIterator", request };
}

const limited = (random, faults, most) =>
  random.chance(30) ? { Limit: random.chance(faults) ? random.pick([0, most + 1]) : random.between(1, 3) } : {};
const arn = (random, faults) => (random.chance(faults * 0.3) ? random.pick(["foo", `arn:${"x".repeat(40)}`, `$arn-not`]) : "$arn");

/** A request about one of the tables: `{ table, operation, request }`. */
export function streamRequest(random, faults, number) {
  const table = random.pick(streamedTables);
  const made = random.weighted([
    [8, () => write(random, table, number)],
    [2, () => ({ operation: "ListStreams", request: { TableName: table, ...limited(random, faults, 100) } })],
    [2, () => ({ operation: "DescribeStream", request: { StreamArn: arn(random, faults), ...limited(random, faults, 100) } })],
    [3, () => shardIterator(random, faults)],
    [
      5,
      () => ({
        operation: "GetRecords",
        request: { ShardIterator: random.chance(faults * 0.2) ? "foo" : "$iterator", ...limited(random, faults, 1000) },
      }),
    ],
  ])();
  return { table, ...made };
}

/** What one side has said of its streams. */
export class StreamPlaces {
  #side;
  #places = new Map();

  constructor(side) {
    this.#side = side;
  }

  async #placeOf(table) {
    const known = this.#places.get(table);
    if (known) return known;
    const { LatestStreamArn } = (await this.#side.call("DescribeTable", { TableName: table })).Table;
    const { StreamDescription } = await this.#side.call("DescribeStream", { StreamArn: LatestStreamArn });
    const shard = { StreamArn: LatestStreamArn, ShardId: StreamDescription.Shards[0].ShardId };
    const { ShardIterator } = await this.#side.call("GetShardIterator", { ...shard, ShardIteratorType: "TRIM_HORIZON" });
    const place = { $arn: shard.StreamArn, $shard: shard.ShardId, $iterator: ShardIterator, $sequence: "0".repeat(21) };
    this.#places.set(table, place);
    return place;
  }

  /** The request in this side's words. */
  async resolved(table, request) {
    const place = await this.#placeOf(table);
    return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, place[value] ?? value]));
  }

  /** Takes from an answer what later requests are about. */
  async heard(table, { status, body }) {
    const place = await this.#placeOf(table);
    if (status !== 200) return;
    const { ShardIterator, NextShardIterator, Records } = body;
    place.$iterator = ShardIterator ?? NextShardIterator ?? place.$iterator;
    place.$sequence = Records?.at(-1)?.dynamodb.SequenceNumber ?? place.$sequence;
  }
}
