/** Replays a stream's records from an empty table on: what is missing, repeated or out of order does not fit to what was there. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** What it needs of a record, in the package's and in the SDK's types. */
export interface ReplayedRecord {
  eventName?: string | undefined;
  dynamodb?:
    | { Keys?: Item | undefined; NewImage?: Item | undefined; OldImage?: Item | undefined; SequenceNumber?: string | undefined }
    | undefined;
}

/** The same text for the same item. */
const text = (item: Item | undefined) =>
  item &&
  JSON.stringify(
    Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)),
    (_, value) => (value instanceof Uint8Array ? [...value] : value),
  );

/** A replay as it is kept over a reload. */
export interface ReplayState {
  items: [string, string][];
  count: number;
  after: string;
}

export class Replay {
  readonly #items: Map<string, string>;
  /** Records taken. */
  count: number;
  /** The last one's number. */
  after: string;

  constructor({ items, count, after }: ReplayState = { items: [], count: 0, after: "" }) {
    this.#items = new Map(items);
    this.count = count;
    this.after = after;
  }

  get state(): ReplayState {
    return { items: [...this.#items], count: this.count, after: this.after };
  }

  /** Takes the next record. Throws if it cannot be the next. */
  take({ eventName, dynamodb = {} }: ReplayedRecord): void {
    const key = dynamodb.Keys?.pk?.S ?? "";
    const there = this.#items.get(key);
    const event = dynamodb.NewImage ? (there === undefined ? "INSERT" : "MODIFY") : "REMOVE";
    const number = dynamodb.SequenceNumber ?? "";
    if (text(dynamodb.OldImage) !== there || eventName !== event || number <= this.after) {
      throw new Error(
        `record ${this.count} (${number} after ${this.after}, ${eventName} of ${key}): ${text(dynamodb.OldImage)} was ${there}`,
      );
    }
    if (dynamodb.NewImage) this.#items.set(key, text(dynamodb.NewImage)!);
    else this.#items.delete(key);
    this.count += 1;
    this.after = number;
  }

  /** Whether the items are those of a table. */
  equals(table: ReadonlyMap<string, Item>): boolean {
    return table.size === this.#items.size && [...table].every(([key, item]) => this.#items.get(key) === text(item));
  }
}
