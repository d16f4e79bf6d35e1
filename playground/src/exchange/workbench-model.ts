/** NoSQL Workbench's data models: tables with their keys, indexes and sample items in one JSON file. */
import { readTargets, type TableDescription } from "../tables/description.ts";
import type { Item } from "../values/attribute-value.ts";
import { itemProblems } from "../values/check-item.ts";

export interface ModelTable {
  definition: { TableName: string; [member: string]: unknown };
  items: Item[];
}

/** The file is no data model. */
export class ModelError extends Error {}

interface WorkbenchKey {
  AttributeName: string;
  AttributeType: string;
}

interface WorkbenchKeys {
  PartitionKey: WorkbenchKey;
  SortKey?: WorkbenchKey;
}

interface WorkbenchTable {
  TableName: string;
  KeyAttributes: WorkbenchKeys;
  GlobalSecondaryIndexes?: {
    IndexName: string;
    KeyAttributes: WorkbenchKeys;
    Projection?: { ProjectionType?: string; NonKeyAttributes?: string[] };
  }[];
  TableData?: unknown[];
}

const schema = ({ PartitionKey, SortKey }: WorkbenchKeys) => [
  { AttributeName: PartitionKey.AttributeName, KeyType: "HASH" },
  ...(SortKey ? [{ AttributeName: SortKey.AttributeName, KeyType: "RANGE" }] : []),
];

function tableOf(table: WorkbenchTable): ModelTable {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const keys = [table, ...indexes].flatMap(({ KeyAttributes }) => [
    KeyAttributes.PartitionKey,
    ...(KeyAttributes.SortKey ? [KeyAttributes.SortKey] : []),
  ]);
  const definitions = new Map(keys.map(({ AttributeName, AttributeType }) => [AttributeName, { AttributeName, AttributeType }]));
  const items = table.TableData ?? [];
  const problem = items.flatMap((item) => itemProblems(item))[0];
  if (problem !== undefined) throw new ModelError(`${table.TableName} has an item that is none: ${problem}`);
  return {
    definition: {
      TableName: table.TableName,
      KeySchema: schema(table.KeyAttributes),
      AttributeDefinitions: [...definitions.values()],
      BillingMode: "PAY_PER_REQUEST",
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map(({ IndexName, KeyAttributes, Projection }) => ({
              IndexName,
              KeySchema: schema(KeyAttributes),
              Projection: { ...Projection, ProjectionType: Projection?.ProjectionType ?? "ALL" },
            })),
          }),
    },
    items: items as Item[],
  };
}

/** The tables of a data model. Throws `ModelError`. */
export function readWorkbenchModel(text: string): ModelTable[] {
  const model = JSON.parse(text) as { DataModel?: WorkbenchTable[] };
  if (!Array.isArray(model.DataModel)) throw new ModelError("This is no data model of NoSQL Workbench: it has no DataModel");
  try {
    return model.DataModel.map(tableOf);
  } catch (error) {
    throw error instanceof ModelError ? error : new ModelError("This data model has a table without a name or keys");
  }
}

/** The data model of some tables. */
export function workbenchModel(name: string, tables: readonly { table: TableDescription; items: readonly Item[] }[]): string {
  const key = (given: { name: string; type: string } | undefined) => given && { AttributeName: given.name, AttributeType: given.type };
  const model = tables.map(({ table, items }) => {
    const [own, ...rest] = readTargets(table);
    const keys = (target: NonNullable<typeof own>) => ({
      PartitionKey: key(target.partition[0]),
      ...(target.sort[0] ? { SortKey: key(target.sort[0]) } : {}),
    });
    return {
      TableName: table.TableName,
      KeyAttributes: keys(own!),
      NonKeyAttributes: [],
      TableFacets: [],
      // Workbench knows neither local indexes nor keys of several attributes.
      GlobalSecondaryIndexes: rest
        .filter(({ kind, partition, sort }) => kind === "GSI" && partition.length === 1 && sort.length <= 1)
        .map((target) => ({ IndexName: target.index, KeyAttributes: keys(target), Projection: target.projection })),
      TableData: items,
      DataAccess: { MySql: {} },
      BillingMode: "PAY_PER_REQUEST",
    };
  });
  const now = new Date().toLocaleString("en-US");
  const metadata = { Author: "", DateCreated: now, DateLastModified: now, Description: "", AWSService: "Amazon DynamoDB", Version: "3.0" };
  return `${JSON.stringify({ ModelName: name, ModelMetadata: metadata, DataModel: model }, null, 2)}\n`;
}
