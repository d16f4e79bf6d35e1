/** Holds the physical rows of a table's indexes against what its items say they must be. Written for tables whose own keys are strings. */
import { expect } from "vitest";
import type { DatabaseCopy } from "./database-files.ts";
import type { definition } from "./pages/write-plan.ts";

type Definition = typeof definition;
/** An item in DynamoDB's JSON. */
export type StoredItem = Record<string, Record<string, unknown>>;

/** A text for comparing: the same for the same attributes in any order. */
export function canonical(item: object): string {
  return JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const names = (schema: readonly { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName);

function projected(item: StoredItem, projection: { ProjectionType: string; NonKeyAttributes?: string[] }, keys: string[]): StoredItem {
  if (projection.ProjectionType === "ALL") return item;
  const kept = new Set([...keys, ...(projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name)));
}

/** The key's text, where it is the value itself: strings without the two lowest characters in front. */
const textOf = (value: Record<string, unknown>) => String(Object.values(value)[0]);

/** The number of a table's physical tables. */
function numberOf(copy: DatabaseCopy, table: string): string {
  const found = copy.rows("tables", ["number", "name"], "number").find(({ name }) => name === table);
  expect(found, `the catalog names ${table}`).toBeDefined();
  return found!.number!;
}

/** The items of a table, read from its physical rows; keys, sizes and counters are checked on the way. */
export function storedItems(copy: DatabaseCopy, { TableName, KeySchema }: Definition): StoredItem[] {
  const number = numberOf(copy, TableName);
  const rows = copy.rows(`t${number}`, ["h", "pk", "sk", "size", "item"], "h, pk, sk");
  const [hash, range] = names(KeySchema);
  const items = rows.map(({ pk, sk, item }) => {
    const parsed = JSON.parse(item!) as StoredItem;
    expect([textOf(parsed[hash!]!), textOf(parsed[range!]!)]).toEqual([pk, sk]);
    return parsed;
  });
  const counted = copy.rows("counters", ["table_number", "items", "bytes"], "table_number").find((row) => row.table_number === number);
  const bytes = rows.reduce((sum, { size }) => sum + Number(size), 0);
  expect(counted).toMatchObject({ items: String(rows.length), bytes: String(bytes) });
  return items;
}

/** Checks every index of the table against its items. */
export function checkIndexes(copy: DatabaseCopy, table: Definition, items: readonly StoredItem[]): void {
  const number = numberOf(copy, table.TableName);
  const tableKeys = names(table.KeySchema);
  const catalog = copy.rows("indexes", ["table_number", "number", "kind", "name"], "table_number, number");
  const all = [
    ...table.GlobalSecondaryIndexes.map((index) => ({ index, letter: "g" })),
    ...table.LocalSecondaryIndexes.map((index) => ({ index, letter: "l" })),
  ];
  for (const { index, letter } of all) {
    const entry = catalog.find((row) => row.table_number === number && row.name === index.IndexName);
    expect(entry, `the catalog names ${index.IndexName}`).toBeDefined();
    const keys = names(index.KeySchema);
    const due = items.filter((item) => keys.every((key) => item[key] !== undefined));
    const expected = due.map((item) => canonical(projected(item, index.Projection, [...keys, ...tableKeys])));

    const base = letter === "g" ? ["bpk", "bsk"] : ["bsk"];
    const rows = copy.rows(`t${number}_${letter}${entry!.number}`, ["h", "pk", "sk", ...base, "item"], "h, pk, sk");
    const entries = rows.map((row) => ({ row, item: JSON.parse(row.item!) as StoredItem }));
    expect(entries.map(({ item }) => canonical(item)).sort(), `the entries of ${index.IndexName}`).toEqual(expected.sort());
    const [hash, range] = keys;
    for (const [at, { row, item }] of entries.entries()) {
      expect(row.pk).toBe(textOf(item[hash!]!));
      const own = base.map((column) => row[column]);
      expect(own).toEqual((letter === "g" ? tableKeys : tableKeys.slice(1)).map((key) => textOf(item[key]!)));
      // A number's text is the engine's own; that it sorts as the number does is what matters.
      const before = entries[at - 1];
      if (before?.row.pk === row.pk && item[range!]!.N !== undefined) {
        expect(Number(before.item[range!]!.N)).toBeLessThanOrEqual(Number(item[range!]!.N));
      } else if (item[range!]!.S !== undefined) expect(row.sk).toBe(item[range!]!.S);
    }
  }
}
