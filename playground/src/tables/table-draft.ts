/** A table as the form for making one holds it, and the CreateTable request it stands for. */
import type { AttributeDefinition, KeySchemaElement, TableDescription } from "./description.ts";
import { readTargets } from "./description.ts";

/** A row of a key. */
export interface KeyDraft {
  name: string;
  type: "S" | "N" | "B";
}

export interface IndexDraft {
  kind: "GSI" | "LSI";
  name: string;
  /** Not used by an LSI, whose partition key is the table's. */
  partition: KeyDraft[];
  sort: KeyDraft[];
  projection: "ALL" | "KEYS_ONLY" | "INCLUDE";
  /** Attribute names, separated by commas. */
  include: string;
}

export type StreamChoice = "" | "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

export interface TableDraft {
  name: string;
  partition: KeyDraft;
  sort: KeyDraft;
  indexes: IndexDraft[];
  stream: StreamChoice;
  /** The attribute with the time an item expires at; empty for none. */
  ttl: string;
  deletionProtection: boolean;
}

/** The most attributes that the partition key, and the sort key, of a global secondary index may have. */
export const MOST_KEY_PARTS = 4;

export const emptyKey = (): KeyDraft => ({ name: "", type: "S" });

export const emptyDraft = (): TableDraft => ({
  name: "",
  partition: emptyKey(),
  sort: emptyKey(),
  indexes: [],
  stream: "",
  ttl: "",
  deletionProtection: false,
});

export const emptyIndex = (kind: "GSI" | "LSI"): IndexDraft => ({
  kind,
  name: "",
  partition: [emptyKey()],
  sort: [emptyKey()],
  projection: "ALL",
  include: "",
});

const named = (keys: KeyDraft[]) => keys.filter(({ name }) => name !== "");

function schema(partition: KeyDraft[], sort: KeyDraft[]): KeySchemaElement[] {
  return [
    ...named(partition).map(({ name }): KeySchemaElement => ({ AttributeName: name, KeyType: "HASH" })),
    ...named(sort).map(({ name }): KeySchemaElement => ({ AttributeName: name, KeyType: "RANGE" })),
  ];
}

/** The definitions of all keys, once each; two types of one name stay two, which the database refuses with its own words. */
function definitions(keys: KeyDraft[]): AttributeDefinition[] {
  const found = new Map<string, AttributeDefinition>();
  for (const { name, type } of named(keys)) found.set(`${name}/${type}`, { AttributeName: name, AttributeType: type });
  return [...found.values()];
}

function projectionInput({ projection, include }: IndexDraft) {
  const names = include
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { ProjectionType: projection, ...(projection === "INCLUDE" ? { NonKeyAttributes: names } : {}) };
}

/** An index as CreateTable and UpdateTable take it. */
export function indexInput(index: IndexDraft, tablePartition: KeyDraft) {
  return {
    IndexName: index.name,
    KeySchema: schema(index.kind === "LSI" ? [tablePartition] : index.partition, index.sort),
    Projection: projectionInput(index),
  };
}

/** The keys of an index that its table may not have defined yet. */
export function indexKeys(index: IndexDraft): AttributeDefinition[] {
  return definitions([...(index.kind === "LSI" ? [] : index.partition), ...index.sort]);
}

/** CreateTable's input. */
export function createTableInput(draft: TableDraft): Record<string, unknown> & { TableName: string } {
  const of = (kind: "GSI" | "LSI") =>
    draft.indexes.filter((index) => index.kind === kind).map((index) => indexInput(index, draft.partition));
  const [global, local] = [of("GSI"), of("LSI")];
  const indexed = draft.indexes.flatMap((index) => [...(index.kind === "LSI" ? [] : index.partition), ...index.sort]);
  return {
    TableName: draft.name,
    KeySchema: schema([draft.partition], [draft.sort]),
    AttributeDefinitions: definitions([draft.partition, draft.sort, ...indexed]),
    BillingMode: "PAY_PER_REQUEST",
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(draft.stream === "" ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: draft.stream } }),
    ...(draft.deletionProtection ? { DeletionProtectionEnabled: true } : {}),
  };
}

/** A CreateTable input that makes a table like this one. */
export function likeTable(table: TableDescription): Record<string, unknown> & { TableName: string } {
  const provisioned =
    table.BillingModeSummary?.BillingMode !== "PAY_PER_REQUEST" && (table.ProvisionedThroughput?.ReadCapacityUnits ?? 0) > 0;
  const throughput = (given: TableDescription["ProvisionedThroughput"]) => ({
    ProvisionedThroughput: { ReadCapacityUnits: given?.ReadCapacityUnits ?? 1, WriteCapacityUnits: given?.WriteCapacityUnits ?? 1 },
  });
  const indexes = (kind: "GSI" | "LSI", list: TableDescription["GlobalSecondaryIndexes"] = []) =>
    list.map(({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
      IndexName,
      KeySchema,
      Projection,
      ...(provisioned && kind === "GSI" ? throughput(ProvisionedThroughput) : {}),
    }));
  const [global, local] = [indexes("GSI", table.GlobalSecondaryIndexes), indexes("LSI", table.LocalSecondaryIndexes)];
  return {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    ...(provisioned ? { BillingMode: "PROVISIONED", ...throughput(table.ProvisionedThroughput) } : { BillingMode: "PAY_PER_REQUEST" }),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(table.StreamSpecification?.StreamEnabled ? { StreamSpecification: table.StreamSpecification } : {}),
    ...(table.DeletionProtectionEnabled ? { DeletionProtectionEnabled: true } : {}),
  };
}

/** The form's state for a CreateTable input, as far as the form has it; what it has no control for is left out. */
export function draftOf(input: TableDescription): TableDraft {
  const [own, ...rest] = readTargets(input);
  return {
    ...emptyDraft(),
    name: input.TableName,
    partition: own!.partition[0] ?? emptyKey(),
    sort: own!.sort[0] ?? emptyKey(),
    indexes: rest.map(({ kind, index, partition, sort, projection }) => ({
      kind: kind as "GSI" | "LSI",
      name: index ?? "",
      partition,
      sort: sort.length > 0 ? sort : [emptyKey()],
      projection: projection.ProjectionType ?? "ALL",
      include: (projection.NonKeyAttributes ?? []).join(", "),
    })),
    stream: input.StreamSpecification?.StreamEnabled ? ((input.StreamSpecification.StreamViewType ?? "") as StreamChoice) : "",
    deletionProtection: input.DeletionProtectionEnabled === true,
  };
}
