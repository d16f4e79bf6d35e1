/** Imports a source that is made while it is read, of any size; tells the test how far it is, and reads back what is there. */
import { Dynatab, type ImportProgress, type ImportResult } from "dynatab";
import { expose } from "./expose.ts";

const DATABASE = "imported";
const TABLE = "Records";
/** Items of one partition key. */
const PARTITION = 50;
/** The text of an item's body; with the item's place in front of it no two items are alike. */
const BODY = "The quick brown fox jumps over the lazy dog. ".repeat(20);
/** Items whose lines are made at once. */
const BATCH = 64;

const definition = {
  TableName: TABLE,
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" as const },
    { AttributeName: "sk", AttributeType: "N" as const },
    { AttributeName: "group", AttributeType: "S" as const },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" as const },
    { AttributeName: "sk", KeyType: "RANGE" as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byGroup",
      KeySchema: [{ AttributeName: "group", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
  BillingMode: "PAY_PER_REQUEST" as const,
};

let db: Dynatab;
const { told } = globalThis as unknown as { told(progress: ImportProgress): Promise<void> };

function itemAt(at: number) {
  return {
    pk: { S: `partition ${Math.floor(at / PARTITION)}` },
    sk: { N: String(at % PARTITION) },
    group: { S: `group ${at % 1000}` },
    body: { S: `${at} ${BODY}` },
  };
}

/** The place of an item, which must be the item of that place. */
function placeOf(item: object): number {
  const { body } = item as ReturnType<typeof itemAt>;
  const at = Number.parseInt(body.S, 10);
  const expected = itemAt(at) as Record<string, object>;
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify((item as typeof expected)[name]) !== JSON.stringify(value)) throw new Error(`item ${at} is not what was imported`);
  }
  return at;
}

/** The source, and the most that was asked of it between two answers of the engine. */
class Source {
  most = 0;
  #made = 0;
  #answered = 0;
  readonly #count: number;
  readonly #encoder = new TextEncoder();

  constructor(count: number) {
    this.#count = count;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    // In an order that is not the stored one.
    const stride = 7919;
    for (let at = 0; at < this.#count; at += BATCH) {
      const places = Array.from({ length: Math.min(BATCH, this.#count - at) }, (_, n) => ((at + n) * stride) % this.#count);
      const piece = this.#encoder.encode(places.map((place) => `${JSON.stringify({ Item: itemAt(place) })}\n`).join(""));
      this.#made += piece.length;
      this.most = Math.max(this.most, this.#made - this.#answered);
      yield piece;
    }
  }

  /** The engine has answered. */
  note(): void {
    this.#answered = this.#made;
  }
}

async function* scan(segment: number, segments: number) {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await db.execute("Scan", {
      TableName: TABLE,
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: start as never,
    });
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

async function counts() {
  const { Table } = await db.execute("DescribeTable", { TableName: TABLE });
  const [index] = Table?.GlobalSecondaryIndexes ?? [];
  return { items: Table?.ItemCount ?? 0, entries: index?.ItemCount ?? 0, index: index?.IndexStatus };
}

export const api = expose({
  /** Opens the database, making its table the first time, and tells what is there. */
  async open() {
    db = await Dynatab.open(DATABASE, { persistence: "required" });
    const { TableNames } = await db.execute("ListTables", {});
    if (!TableNames?.includes(TABLE)) await db.execute("CreateTable", definition);
    return counts();
  },

  /** Imports so many items; the most that was asked of the source between two answers, and how long the longest request of somebody else took. */
  async import(count: number): Promise<ImportResult & { most: number; answered: number; slowest: number; milliseconds: number }> {
    const source = new Source(count);
    let heard = 0;
    let importing = true;
    let answered = 0;
    let slowest = 0;
    const others = async () => {
      while (importing) {
        const asked = performance.now();
        await db.execute("GetItem", { TableName: TABLE, Key: { pk: { S: "partition 0" }, sk: { N: "0" } } });
        slowest = Math.max(slowest, performance.now() - asked);
        answered += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const other = others();
    const began = performance.now();
    const result = await db.importItems(TABLE, source.pieces(), {
      clientToken: "source",
      onProgress: (progress) => {
        source.note();
        if (performance.now() - heard < 20) return;
        heard = performance.now();
        void told(progress);
      },
    });
    const milliseconds = performance.now() - began;
    importing = false;
    await other;
    return { ...result, most: source.most, answered, slowest, milliseconds };
  },

  /** Reads everything: how many items there are, how many of them differ, and how many entries the index has. */
  async check(count: number) {
    const seen = new Uint8Array(count);
    let items = 0;
    const segments = 4;
    await Promise.all(
      Array.from({ length: segments }, async (_, segment) => {
        for await (const item of scan(segment, segments)) {
          items += 1;
          seen[placeOf(item)] = 1;
        }
      }),
    );
    const different = seen.reduce((sum, each) => sum + each, 0);
    let entries = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await db.execute("Scan", { TableName: TABLE, IndexName: "byGroup", Select: "COUNT", ExclusiveStartKey: start as never });
      entries += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start);
    return { items, different, entries, counted: await counts() };
  },
});
