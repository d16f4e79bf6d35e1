/** The keys a table and its indexes can be queried by, read from a table's description. */
import type {
  AttributeDefinition,
  AttributeValue,
  KeySchemaElement,
  ScalarAttributeType,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import { base64Bytes } from "./dynamodb-json.ts";

/** An attribute that is part of a key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: ScalarAttributeType;
}

/** A key of the table or of one of its indexes. */
export interface QueryableKey {
  /** Undefined for the table itself. */
  readonly index: string | undefined;
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

/** The types a key attribute can have, by DynamoDB's letters. */
export const KEY_TYPES: ReadonlyArray<readonly [ScalarAttributeType, string]> = [
  ["S", "String"],
  ["N", "Number"],
  ["B", "Binary"],
];

function attribute(
  schema: readonly KeySchemaElement[],
  role: "HASH" | "RANGE",
  definitions: readonly AttributeDefinition[],
): KeyAttribute | undefined {
  const name = schema.find(({ KeyType }) => KeyType === role)?.AttributeName;
  if (name === undefined) return undefined;
  return { name, type: definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? "S" };
}

/** The table's own key first, then its indexes'. */
export function queryableKeys(table: TableDescription): QueryableKey[] {
  const all = [
    { IndexName: undefined, KeySchema: table.KeySchema },
    ...(table.GlobalSecondaryIndexes ?? []),
    ...(table.LocalSecondaryIndexes ?? []),
  ];
  return all.flatMap(({ IndexName, KeySchema = [] }) => {
    const partition = attribute(KeySchema, "HASH", table.AttributeDefinitions ?? []);
    if (!partition) return [];
    return [{ index: IndexName, partition, sort: attribute(KeySchema, "RANGE", table.AttributeDefinitions ?? []) }];
  });
}

/** `Artist (S)` */
export function attributeText({ name, type }: KeyAttribute): string {
  return `${name} (${type})`;
}

/** What was typed into a field, as a value of the key's type; binary is typed as base64. */
export function keyValue({ type }: KeyAttribute, typed: string): AttributeValue {
  if (type === "N") return { N: typed.trim() };
  if (type === "B") return { B: base64Bytes(typed.trim()) };
  return { S: typed };
}
