/** Reads a stream of an endpoint from its beginning and goes on as it grows, by the requests any consumer of DynamoDB Streams makes. */
import type { OpenDatabase } from "../database/open-database.ts";
import type { Item } from "../values/attribute-value.ts";
import type { StreamRecord } from "./stream-tail.ts";

/** Between two looks. */
const EVERY_MS = 1000;

/** A record as the endpoint tells it. */
interface WireRecord extends Pick<StreamRecord, "eventID" | "eventName" | "userIdentity"> {
  dynamodb: { ApproximateCreationDateTime?: number; Keys: Item; NewImage?: Item; OldImage?: Item };
}

function recordOf({ eventID, eventName, userIdentity, dynamodb }: WireRecord): StreamRecord {
  const { ApproximateCreationDateTime = 0, Keys, NewImage, OldImage } = dynamodb;
  return {
    eventID,
    eventName,
    ...(userIdentity && { userIdentity }),
    at: ApproximateCreationDateTime * 1000,
    keys: Keys,
    newImage: NewImage,
    oldImage: OldImage,
  };
}

/** Where reading goes on in each shard; a shard that has ended has no iterator. */
class ShardIterators {
  readonly #database: OpenDatabase;
  readonly #arn: string;
  readonly #next = new Map<string, string | undefined>();

  constructor(database: OpenDatabase, arn: string) {
    this.#database = database;
    this.#arn = arn;
  }

  /** The records since the last call, the oldest first. */
  async read(): Promise<StreamRecord[]> {
    await this.#find();
    const found: StreamRecord[] = [];
    for (const [shard, iterator] of this.#next) {
      let next = iterator;
      while (next !== undefined) {
        const { Records, NextShardIterator } = await this.#database.ask("GetRecords", { ShardIterator: next });
        const records = Records as WireRecord[];
        next = NextShardIterator as string | undefined;
        this.#next.set(shard, next);
        found.push(...records.map(recordOf));
        if (records.length === 0) break;
      }
    }
    return found;
  }

  async #find(): Promise<void> {
    const { StreamDescription } = await this.#database.ask("DescribeStream", { StreamArn: this.#arn });
    for (const { ShardId } of (StreamDescription as { Shards: { ShardId: string }[] }).Shards) {
      if (this.#next.has(ShardId)) continue;
      const from = { StreamArn: this.#arn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
      this.#next.set(ShardId, (await this.#database.ask("GetShardIterator", from)).ShardIterator as string);
    }
  }
}

/** Tells what is new every second, or as often as the browser lets a hidden page look, the oldest first, until the signal ends it. */
export async function pollStream(
  database: OpenDatabase,
  { arn, signal }: { arn: string; signal: AbortSignal },
  tell: (records: StreamRecord[]) => void,
): Promise<void> {
  const shards = new ShardIterators(database, arn);
  while (!signal.aborted) {
    const records = await shards.read();
    if (records.length > 0 && !signal.aborted) tell(records);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
