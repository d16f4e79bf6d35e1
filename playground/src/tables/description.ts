/** A table's description as the database answers it, and the keys it can be queried by. */

export interface KeySchemaElement {
  AttributeName: string;
  KeyType: "HASH" | "RANGE";
}

export interface AttributeDefinition {
  AttributeName: string;
  AttributeType: "S" | "N" | "B";
}

export interface Projection {
  ProjectionType?: "ALL" | "KEYS_ONLY" | "INCLUDE";
  NonKeyAttributes?: string[];
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection?: Projection;
  IndexStatus?: string;
  IndexSizeBytes?: number;
  ItemCount?: number;
  Backfilling?: boolean;
  ProvisionedThroughput?: { ReadCapacityUnits?: number; WriteCapacityUnits?: number };
}

export interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: string;
}

export interface TableDescription {
  TableName: string;
  TableStatus?: string;
  KeySchema: KeySchemaElement[];
  AttributeDefinitions: AttributeDefinition[];
  ItemCount?: number;
  TableSizeBytes?: number;
  TableArn?: string;
  CreationDateTime?: number;
  BillingModeSummary?: { BillingMode?: string };
  ProvisionedThroughput?: { ReadCapacityUnits?: number; WriteCapacityUnits?: number };
  GlobalSecondaryIndexes?: IndexDescription[];
  LocalSecondaryIndexes?: IndexDescription[];
  StreamSpecification?: StreamSpecification;
  LatestStreamArn?: string;
  DeletionProtectionEnabled?: boolean;
  TableClassSummary?: { TableClass?: string };
}

/** An attribute of a key. */
export interface KeyAttribute {
  name: string;
  type: "S" | "N" | "B";
}

/** The table itself or one of its indexes, as something to read by. */
export interface ReadTarget {
  /** Undefined for the table itself. */
  index?: string;
  kind: "table" | "GSI" | "LSI";
  partition: KeyAttribute[];
  sort: KeyAttribute[];
  projection: Projection;
}

function keyAttributes(schema: KeySchemaElement[], definitions: AttributeDefinition[], type: "HASH" | "RANGE"): KeyAttribute[] {
  return schema
    .filter(({ KeyType }) => KeyType === type)
    .map(({ AttributeName: name }) => ({ name, type: definitions.find((each) => each.AttributeName === name)?.AttributeType ?? "S" }));
}

/** The table and its indexes, the table first. */
export function readTargets(table: TableDescription): ReadTarget[] {
  const target = (kind: ReadTarget["kind"], schema: KeySchemaElement[], projection: Projection, index?: string): ReadTarget => ({
    kind,
    partition: keyAttributes(schema, table.AttributeDefinitions, "HASH"),
    sort: keyAttributes(schema, table.AttributeDefinitions, "RANGE"),
    projection,
    ...(index === undefined ? {} : { index }),
  });
  const indexes = (kind: "GSI" | "LSI", list: IndexDescription[] = []) =>
    list.map(({ IndexName, KeySchema, Projection }) => target(kind, KeySchema, Projection ?? {}, IndexName));
  return [
    target("table", table.KeySchema, { ProjectionType: "ALL" }),
    ...indexes("GSI", table.GlobalSecondaryIndexes),
    ...indexes("LSI", table.LocalSecondaryIndexes),
  ];
}

/** The attributes of the table's primary key. */
export function primaryKey(table: TableDescription): KeyAttribute[] {
  const { partition, sort } = readTargets(table)[0]!;
  return [...partition, ...sort];
}

/** All key attributes of the table and its indexes, once each, the table's first. */
export function allKeyNames(table: TableDescription): string[] {
  return [...new Set(readTargets(table).flatMap(({ partition, sort }) => [...partition, ...sort].map(({ name }) => name)))];
}

/** A target's name for people. */
export function targetName(target: ReadTarget): string {
  return target.index ?? "Table";
}
