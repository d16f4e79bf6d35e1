/** What a write changed, attribute by attribute, of which item, and the write that takes it back. */
import { primaryKey, type TableDescription } from "../tables/description.ts";
import { type AttributeValue, attribute, type Item, sameValue } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import type { StreamRecord } from "./stream-tail.ts";

export interface AttributeChange {
  name: string;
  before: AttributeValue | undefined;
  after: AttributeValue | undefined;
}

/** The attributes that differ between two images; an image that the stream does not carry is empty. */
export function imageChanges(before: Item = {}, after: Item = {}): AttributeChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, before: attribute(before, name), after: attribute(after, name) }))
    .filter((change) => !sameValue(change.before, change.after));
}

/** The request that takes a write back, or undefined where the stream does not carry what was there before. */
export function undoRequest(table: string, { eventName, keys, oldImage }: StreamRecord): { operation: string; input: object } | undefined {
  if (eventName === "INSERT") return { operation: "DeleteItem", input: { TableName: table, Key: keys } };
  if (oldImage === undefined) return undefined;
  return { operation: "PutItem", input: { TableName: table, Item: oldImage } };
}

/** An item's key, its parts in the order of the table's: servers tell them in any. */
export function keyText(table: TableDescription, keys: Item): string {
  return primaryKey(table)
    .flatMap(({ name }) => attribute(keys, name) ?? [])
    .map(cellText)
    .join(" / ");
}
