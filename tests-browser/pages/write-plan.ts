/**
 * What the writers of the kill test write: a sequence of puts, updates and deletes that depends on nothing but seed, writer and number, so
 * that the test can say what a database must hold after any number of them.
 */

export const TABLE = "Journal";
/** Each has one request out at every moment. */
export const WRITERS = 50;
/** Few enough that most writes meet an older item. */
const KEYS_PER_WRITER = 8;

/** An item of the plan in DynamoDB's JSON. */
export type PlannedItem = Record<string, { S: string } | { N: string }>;

/** One write: an item over whatever there is, a change of what there is, or a deletion. */
export type PlannedWrite = { key: { Writer: { S: string }; Entry: { S: string } } } & (
  | { kind: "put"; item: PlannedItem }
  | { kind: "update"; step: string; colour: string }
  | { kind: "delete" }
);

/** Indexes of every kind and projection; the seldom attributes leave items out of them. */
export const definition = {
  TableName: TABLE,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    { AttributeName: "Writer", AttributeType: "S" as const },
    { AttributeName: "Entry", AttributeType: "S" as const },
    { AttributeName: "Colour", AttributeType: "S" as const },
    { AttributeName: "Step", AttributeType: "N" as const },
    { AttributeName: "Mood", AttributeType: "S" as const },
  ],
  KeySchema: [
    { AttributeName: "Writer", KeyType: "HASH" as const },
    { AttributeName: "Entry", KeyType: "RANGE" as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "ByColour",
      KeySchema: [
        { AttributeName: "Colour", KeyType: "HASH" as const },
        { AttributeName: "Entry", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "ALL" as const },
    },
    {
      IndexName: "ByMood",
      KeySchema: [
        { AttributeName: "Mood", KeyType: "HASH" as const },
        { AttributeName: "Step", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "ByStep",
      KeySchema: [
        { AttributeName: "Writer", KeyType: "HASH" as const },
        { AttributeName: "Step", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["Colour"] },
    },
  ],
};

/** A number below `below` that depends on all of the others (the mixing of MurmurHash3's end). */
export function drawn(below: number, ...from: number[]): number {
  let mixed = 0x9e37_79b9;
  for (const each of from) {
    mixed = Math.imul(mixed ^ each, 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    mixed ^= mixed >>> 16;
  }
  return (mixed >>> 0) % below;
}

export const writerName = (writer: number) => `writer ${writer}`;

/** The write number `step` of a writer. */
export function plannedWrite(seed: number, writer: number, step: number): PlannedWrite {
  const draw = (below: number, what: number) => drawn(below, seed, writer, step, what);
  const key = { Writer: { S: writerName(writer) }, Entry: { S: `entry ${draw(KEYS_PER_WRITER, 0)}` } };
  const kind = draw(6, 1);
  if (kind === 0) return { key, kind: "delete" };
  if (kind <= 2) return { key, kind: "update", step: String(step), colour: `colour ${draw(5, 3)}` };
  const item: PlannedItem = { ...key, Step: { N: String(step) } };
  if (draw(4, 2) > 0) item.Colour = { S: `colour ${draw(5, 3)}` };
  if (draw(3, 4) > 0) item.Mood = { S: `mood ${draw(3, 5)}` };
  // Mostly small, sometimes over several pages of the file.
  const length = draw(12, 6) === 0 ? 20_000 + draw(20_000, 7) : draw(1500, 7);
  item.Text = { S: String.fromCharCode(97 + draw(26, 8)).repeat(length) };
  return { key, kind: "put", item };
}

/** The input of a planned update: the item moves in every index, and a counter tells how often that happened. */
export function updateInput({ key, step, colour }: PlannedWrite & { kind: "update" }) {
  return {
    TableName: TABLE,
    Key: key,
    UpdateExpression: "SET Step = :step, Colour = :colour REMOVE Mood ADD Updates :one",
    ExpressionAttributeValues: { ":step": { N: step }, ":colour": { S: colour }, ":one": { N: "1" } },
  };
}

/** Applies a write to what a writer's entries hold. */
export function apply(entries: Map<string, PlannedItem>, write: PlannedWrite): void {
  const entry = write.key.Entry.S;
  if (write.kind === "delete") entries.delete(entry);
  else if (write.kind === "put") entries.set(entry, write.item);
  else {
    const before: PlannedItem = entries.get(entry) ?? write.key;
    const { Mood: _removed, Updates, ...kept } = before;
    const updates = Updates !== undefined && "N" in Updates ? Number(Updates.N) + 1 : 1;
    entries.set(entry, { ...kept, Step: { N: write.step }, Colour: { S: write.colour }, Updates: { N: String(updates) } });
  }
}
