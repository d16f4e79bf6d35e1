/** The tables of the bench, as CreateTable takes them. */
import type { ItemShape } from "./items.ts";

/** The three indexes: two global ones (the second has no sort key) and a local one. */
export const INDEX_NAMES = ["by-status", "by-mail", "by-rank"] as const;

const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
];

/**
 * The table for items of a shape. Where index keys change with every version, two indexes project everything; where only the body changes,
 * all project the keys, so that no entry changes at all.
 */
export function createTableRequest(name: string, shape: ItemShape) {
  const attributes: Record<string, "S" | "N"> = {
    pk: "S",
    sk: "S",
    ...(shape.indexed ? { g1pk: "S", g1sk: "S", g2pk: "S", lsk: "N" } : {}),
  };
  const everything = { ProjectionType: shape.keysChange ? ("ALL" as const) : ("KEYS_ONLY" as const) };
  const keysOnly = { ProjectionType: "KEYS_ONLY" as const };
  const indexes = {
    GlobalSecondaryIndexes: [
      { IndexName: INDEX_NAMES[0], KeySchema: key("g1pk", "g1sk"), Projection: everything },
      { IndexName: INDEX_NAMES[1], KeySchema: key("g2pk"), Projection: keysOnly },
    ],
    LocalSecondaryIndexes: [{ IndexName: INDEX_NAMES[2], KeySchema: key("pk", "lsk"), Projection: everything }],
  };
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: key("pk", "sk"),
    ...(shape.indexed ? indexes : {}),
  };
}
