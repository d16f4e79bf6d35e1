/** What requests cost: capacity as DynamoDB reported it, and its price on demand. */
import type { ConsumedCapacity, Exchange } from "../database/exchange.ts";

/** US dollars for a million request units on demand, standard table class, US East (N. Virginia). */
export const PRICE = { read: 0.125, write: 0.625, region: "US East (N. Virginia)" } as const;

const READS = /^(Get|BatchGet|TransactGet|Query|Scan)/;

export interface Cost {
  units: number;
  kind: "read" | "write";
  /** In US dollars. */
  price: number;
  /** Units by table and index. */
  parts: { name: string; units: number }[];
}

function partsOf(capacity: ConsumedCapacity): { name: string; units: number }[] {
  const indexes = { ...capacity.GlobalSecondaryIndexes, ...capacity.LocalSecondaryIndexes };
  return [
    ...(capacity.Table?.CapacityUnits ? [{ name: capacity.TableName ?? "Table", units: capacity.Table.CapacityUnits }] : []),
    ...Object.entries(indexes).map(([name, { CapacityUnits = 0 }]) => ({ name, units: CapacityUnits })),
  ];
}

/** The cost of some exchanges of one operation together. */
export function costOf(exchanges: readonly Exchange[]): Cost {
  const parts = new Map<string, number>();
  let units = 0;
  for (const capacity of exchanges.flatMap((each) => each.capacity)) {
    units += capacity.CapacityUnits ?? 0;
    for (const part of partsOf(capacity)) parts.set(part.name, (parts.get(part.name) ?? 0) + part.units);
  }
  const kind = READS.test(exchanges[0]?.operation ?? "") ? "read" : "write";
  return { units, kind, price: (units * PRICE[kind]) / 1_000_000, parts: [...parts].map(([name, each]) => ({ name, units: each })) };
}

/** A very small amount of money, readable. */
export function priceText(dollars: number): string {
  if (dollars === 0) return "$0";
  if (dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toFixed(12).replace(/0+$/, "")}`;
}
