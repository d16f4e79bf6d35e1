/**
 * Sample data: the shapes of the AWS documentation's Music and Forum/Thread/Reply tables, filled with 1,000 items of our own. The page
 * writes them, the test computes from them what every query must find.
 */
import type { CreateTableCommandInput, GlobalSecondaryIndex, LocalSecondaryIndex } from "@aws-sdk/client-dynamodb";

/** An item as `lib-dynamodb` takes and gives it. */
export type SampleItem = Record<string, string | number | string[]>;

export interface SampleTable {
  definition: CreateTableCommandInput & { TableName: string };
  items: SampleItem[];
}

const ADJECTIVES = ["Amber", "Brave", "Crooked", "Distant", "Éclair", "Frosty", "Golden", "Hollow", "Iron", "Jolly"];
const NOUNS = [
  "Anchors",
  "Birches",
  "Comets",
  "Dunes",
  "Embers",
  "Ferries",
  "Gardens",
  "Harbours",
  "Islands",
  "Jetties",
  "日の出",
  "🎷 Quartet",
];
const GENRES = ["Jazz", "Rock", "Folk", "Ambient", "Chanson"];

/** The n-th of a list, going round. */
const nth = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** Spreads numbers so that no order of the data is an order of its making. */
const spread = (n: number, below: number): number => (n * 7919 + 104_729) % below;

const attributes = (types: Record<string, "S" | "N">) =>
  Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));

function keys(hash: string, range?: string) {
  const schema: { AttributeName: string; KeyType: "HASH" | "RANGE" }[] = [{ AttributeName: hash, KeyType: "HASH" }];
  if (range !== undefined) schema.push({ AttributeName: range, KeyType: "RANGE" });
  return schema;
}

const index = (IndexName: string, hash: string, range: string, projection: "ALL" | "KEYS_ONLY" | string[]) => ({
  IndexName,
  KeySchema: keys(hash, range),
  Projection: Array.isArray(projection)
    ? { ProjectionType: "INCLUDE" as const, NonKeyAttributes: projection }
    : { ProjectionType: projection },
});

function songs(): SampleItem[] {
  return Array.from({ length: 400 }, (_, n) => {
    const album = Math.floor(n / 8);
    const song: SampleItem = {
      Artist: `The ${nth(ADJECTIVES, Math.floor(n / 16))} ${nth(NOUNS, Math.floor(n / 16))}`,
      SongTitle: `${nth(NOUNS, spread(n, 97))} No. ${n}`,
      AlbumTitle: `${nth(ADJECTIVES, album * 3)} ${nth(NOUNS, album * 5)}`,
      Year: 1960 + spread(album, 60),
      Price: (spread(n, 4000) - 500) / 100,
    };
    // Every seventh song has no genre: the index over genres does not hold it.
    if (n % 7 !== 0) song.Genre = nth(GENRES, spread(n, 31));
    return song;
  });
}

const music: SampleTable = {
  definition: {
    TableName: "Music",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes({ Artist: "S", SongTitle: "S", AlbumTitle: "S", Genre: "S", Year: "N", Price: "N" }),
    KeySchema: keys("Artist", "SongTitle"),
    LocalSecondaryIndexes: [index("AlbumTitleIndex", "Artist", "AlbumTitle", "ALL"), index("YearIndex", "Artist", "Year", "KEYS_ONLY")],
    GlobalSecondaryIndexes: [
      index("GenreAlbumTitleIndex", "Genre", "AlbumTitle", "ALL"),
      index("GenrePriceIndex", "Genre", "Price", ["Year"]),
      index("YearPriceIndex", "Year", "Price", "KEYS_ONLY"),
    ],
  },
  items: songs(),
};

const FORUMS = ["Amazon DynamoDB", "Amazon S3", "Browsers", "Kitchen talk", "Sailing"];
const subject = (n: number) => `${nth(ADJECTIVES, n)} question about ${nth(NOUNS, spread(n, 53))} (${n})`;
const moment = (n: number) => new Date(Date.UTC(2026, 0, 1) + spread(n, 20_000_000) * 1000).toISOString();
const PEOPLE = Array.from({ length: 12 }, (_, n) => `User ${String.fromCharCode(65 + n)}`);
const THREADS = 95;

const forum: SampleTable = {
  definition: {
    TableName: "Forum",
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 5 },
    AttributeDefinitions: attributes({ Name: "S" }),
    KeySchema: keys("Name"),
  },
  items: FORUMS.map((Name, n) => ({
    Name,
    Category: n < 2 ? "Amazon Web Services" : "Other",
    Threads: THREADS / FORUMS.length,
    Views: n * 1000,
  })),
};

const thread: SampleTable = {
  definition: {
    TableName: "Thread",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes({ ForumName: "S", Subject: "S", LastPostDateTime: "S" }),
    KeySchema: keys("ForumName", "Subject"),
    LocalSecondaryIndexes: [index("LastPostIndex", "ForumName", "LastPostDateTime", ["Views"])],
  },
  items: Array.from({ length: THREADS }, (_, n) => ({
    ForumName: nth(FORUMS, n),
    Subject: subject(n),
    Message: `${nth(ADJECTIVES, n * 3)} text of thread ${n}. `.repeat(1 + (n % 9)),
    LastPostedBy: nth(PEOPLE, n),
    LastPostDateTime: moment(n),
    Views: spread(n, 500),
    Tags: ["sample", `tag-${n % 4}`],
  })),
};

const reply: SampleTable = {
  definition: {
    TableName: "Reply",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes({ Id: "S", ReplyDateTime: "S", PostedBy: "S", Message: "S" }),
    KeySchema: keys("Id", "ReplyDateTime"),
    LocalSecondaryIndexes: [index("PostedByIndex", "Id", "PostedBy", "KEYS_ONLY")],
    GlobalSecondaryIndexes: [index("PostedByMessageIndex", "PostedBy", "Message", "ALL")],
  },
  items: Array.from({ length: 500 }, (_, n) => ({
    Id: `${nth(FORUMS, n % 20)}#${subject(n % 20)}`,
    ReplyDateTime: moment(n),
    PostedBy: nth(PEOPLE, spread(n, 89)),
    Message: `${nth(NOUNS, spread(n, 41))}, says reply ${n}`,
  })),
};

/** All tables; their items are 1,000 together. */
export const sampleTables: readonly SampleTable[] = [music, forum, thread, reply];

/** Something to query: a table, or one of its indexes. */
export interface QueryTarget {
  table: string;
  index?: string;
  hash: string;
  range?: string;
}

/** The two key attributes of a schema. */
function keyNames(schema: readonly { AttributeName?: string | undefined }[] | undefined): { hash: string; range?: string } {
  const [hash, range] = schema ?? [];
  return { hash: hash!.AttributeName!, ...(range ? { range: range.AttributeName! } : {}) };
}

/** A table's indexes, global and local. */
function indexesOf({ definition }: SampleTable): (GlobalSecondaryIndex | LocalSecondaryIndex)[] {
  return [...(definition.GlobalSecondaryIndexes ?? []), ...(definition.LocalSecondaryIndexes ?? [])];
}

/** A table and all its indexes. */
export function queryTargets(sample: SampleTable): QueryTarget[] {
  const table = sample.definition.TableName;
  const own = { table, ...keyNames(sample.definition.KeySchema) };
  return [own, ...indexesOf(sample).map((each) => ({ table, index: each.IndexName!, ...keyNames(each.KeySchema) }))];
}

/** What the target must hold, computed from the data: items that have its keys, cut to what it projects. */
export function expectedItems(sample: SampleTable, { index: name, hash, range }: QueryTarget): SampleItem[] {
  const found = indexesOf(sample).find(({ IndexName }) => IndexName === name);
  const present = sample.items.filter((item) => item[hash] !== undefined && (range === undefined || item[range] !== undefined));
  const { ProjectionType: type = "ALL", NonKeyAttributes: extra = [] } = found?.Projection ?? {};
  if (type === "ALL") return present;
  const { hash: tableHash, range: tableRange } = keyNames(sample.definition.KeySchema);
  const kept = new Set([hash, range, tableHash, tableRange, ...extra]);
  return present.map((item) => Object.fromEntries(Object.entries(item).filter(([attribute]) => kept.has(attribute))));
}
