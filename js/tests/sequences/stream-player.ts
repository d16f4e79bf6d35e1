/**
 * Reads the streams of a table through the streams API: what they have recorded is what the oracle says, each change once and in order, and
 * replaying a stream that has seen everything from an empty table gives the table.
 */
import { type Json, type Members, ordered, type Played, same, settled } from "./player.ts";

/** A stream as the oracle tells it. */
export interface StreamSeen {
  view: string;
  enabled: boolean;
  /** Whether replaying it gives the table. */
  rebuilds: boolean;
  records: Members[];
}

async function ask({ ask: send }: Played, operation: string, request: Members): Promise<Members> {
  const { status, reply } = await send(operation, request);
  if (status !== 200) throw new Error(`${operation} ${JSON.stringify(request)}\nanswered ${status} ${JSON.stringify(reply)}`);
  return reply;
}

/** All records of a stream, a few at a time. */
async function recordsOf(played: Played, { StreamArn, Shards }: Members): Promise<Members[]> {
  const shard = { StreamArn: StreamArn!, ShardId: (Shards as Members[])[0]!.ShardId!, ShardIteratorType: "TRIM_HORIZON" };
  let iterator = (await ask(played, "GetShardIterator", shard)).ShardIterator;
  const records: Members[] = [];
  while (iterator !== undefined) {
    const page = await ask(played, "GetRecords", { ShardIterator: iterator, Limit: 7 });
    const found = page.Records as Members[];
    records.push(...found);
    if (found.length === 0) break;
    iterator = page.NextShardIterator;
  }
  return records;
}

const text = (value: Json | undefined) => JSON.stringify(ordered(settled(value ?? null)));
const changeOf = (record: Members) => record.dynamodb as Members;

/** A record as the oracle tells it. */
function told(record: Members): Members {
  const { Keys, NewImage, OldImage, ApproximateCreationDateTime } = changeOf(record);
  const byService = text(record.userIdentity) === '{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}';
  return {
    event: record.eventName!,
    keys: Keys!,
    ...(NewImage === undefined ? {} : { new: NewImage }),
    ...(OldImage === undefined ? {} : { old: OldImage }),
    ...(byService ? { service: true } : { at: ApproximateCreationDateTime! }),
  };
}

/** The texts of records; expired items that go one after another go in any order. */
function texts(records: readonly Members[]): string[] {
  const runs: string[][] = [];
  for (const [at, record] of records.entries()) {
    const goesOn = at > 0 && record.service === true && records[at - 1]!.service === true;
    if (goesOn) runs.at(-1)!.push(text(record));
    else runs.push([text(record)]);
  }
  return runs.flatMap((run) => run.sort());
}

/** Replays records from an empty table, and holds the items against those of the table. */
async function checkRebuilt(played: Played, TableName: string, records: readonly Members[]): Promise<void> {
  const rebuilt = new Map<string, string>();
  for (const record of records) {
    const { Keys, NewImage, OldImage } = changeOf(record);
    const key = text(Keys);
    same("the item a record replaces", rebuilt.get(key), OldImage === undefined ? undefined : text(OldImage));
    if (NewImage === undefined) rebuilt.delete(key);
    else rebuilt.set(key, text(NewImage));
  }
  const items: string[] = [];
  let page = await ask(played, "Scan", { TableName });
  for (;;) {
    items.push(...(page.Items as Members[]).map(text));
    if (page.LastEvaluatedKey === undefined) break;
    page = await ask(played, "Scan", { TableName, ExclusiveStartKey: page.LastEvaluatedKey });
  }
  same("replayed", [...rebuilt.values()].sort(), items.sort());
}

/** Reads all streams a table has had. */
export async function checkStreams(played: Played, TableName: string, expected: readonly StreamSeen[]): Promise<void> {
  const listed = (await ask(played, "ListStreams", { TableName })).Streams as Members[];
  same("streams", listed.length, expected.length);
  for (const [at, { view, enabled, rebuilds, records }] of expected.entries()) {
    const reply = await ask(played, "DescribeStream", { StreamArn: listed[at]!.StreamArn! });
    const description = reply.StreamDescription as Members;
    same("stream", [description.StreamStatus, description.StreamViewType], [enabled ? "ENABLED" : "DISABLED", view]);
    const found = await recordsOf(played, description);
    const numbers = found.map((record) => changeOf(record).SequenceNumber as string);
    same("ascending numbers", numbers, [...new Set(numbers)].sort());
    same("distinct ids", new Set(found.map(({ eventID }) => eventID)).size, found.length);
    same("records", texts(found.map(told)), texts(records));
    if (rebuilds) await checkRebuilt(played, TableName, found);
  }
}
