/** Reads a table's stream from its beginning and goes on as it grows: the requests any consumer of DynamoDB Streams makes. */
import type { OpenDatabase } from "../database/open-database.ts";
import type { Item } from "../values/attribute-value.ts";

export interface StreamRecord {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  userIdentity?: { type?: string };
  dynamodb: {
    ApproximateCreationDateTime?: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    StreamViewType: string;
  };
}

interface Shard {
  ShardId: string;
  SequenceNumberRange?: { EndingSequenceNumber?: string };
}

export class StreamReader {
  readonly #database: OpenDatabase;
  readonly #arn: string;
  /** Where reading goes on in each shard; a shard that has ended has none. */
  readonly #iterators = new Map<string, string | undefined>();

  constructor(database: OpenDatabase, arn: string) {
    this.#database = database;
    this.#arn = arn;
  }

  /** The records since the last call, in their order. */
  async read(): Promise<StreamRecord[]> {
    await this.#findShards();
    const found: StreamRecord[] = [];
    for (const [shard, iterator] of this.#iterators) {
      let next = iterator;
      while (next !== undefined) {
        const answer = await this.#database.ask("GetRecords", { ShardIterator: next });
        const records = answer.Records as StreamRecord[];
        next = answer.NextShardIterator as string | undefined;
        this.#iterators.set(shard, next);
        found.push(...records);
        if (records.length === 0) break;
      }
    }
    return found;
  }

  async #findShards(): Promise<void> {
    const { StreamDescription } = await this.#database.ask("DescribeStream", { StreamArn: this.#arn });
    for (const { ShardId } of (StreamDescription as { Shards: Shard[] }).Shards) {
      if (this.#iterators.has(ShardId)) continue;
      const { ShardIterator } = await this.#database.ask("GetShardIterator", {
        StreamArn: this.#arn,
        ShardId,
        ShardIteratorType: "TRIM_HORIZON",
      });
      this.#iterators.set(ShardId, ShardIterator as string);
    }
  }
}
