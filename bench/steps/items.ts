/**
 * The items the bench writes and reads: flat, of an exact size, the same wherever they are made. An item is a number (its key follows from
 * it) and a version (its contents follow from both), so that whoever checks an answer makes the item again instead of keeping it.
 */

/** A DynamoDB item of the bench: strings and numbers only. */
export type BenchItem = Record<string, { S: string } | { N: string }>;

/** How large an item is, and whether it carries the attributes of the three indexes. */
export interface ItemShape {
  readonly bytes: number;
  readonly indexed: boolean;
  /** Whether a new version has new index keys, or only a new body. */
  readonly keysChange: boolean;
}

/** Items of one partition key: what a Query of the bench gives. */
export const PARTITION_ITEMS = 100;

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A small generator (mulberry32), started from the item's number and version. */
function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Text of a length; a block of it is repeated where it is long, since making it would take longer than writing it. */
function text(next: () => number, length: number): string {
  let block = "";
  for (let at = 0; at < Math.min(length, 250); at += 1) block += LETTERS[next() % LETTERS.length];
  return block.repeat(Math.ceil(length / 250)).slice(0, length);
}

const digits = (value: number, width: number) => String(value).padStart(width, "0");

/** The key of an item. */
export function keyOf(serial: number): { pk: { S: string }; sk: { S: string } } {
  return {
    pk: { S: `user#${digits(Math.floor(serial / PARTITION_ITEMS), 6)}` },
    sk: { S: `order#${digits(serial % PARTITION_ITEMS, 6)}` },
  };
}

/** The keys an item has in the three indexes. */
export function indexKeysOf(serial: number, version: number) {
  return {
    g1pk: { S: `status#${digits((serial + version) % 20, 4)}` },
    g1sk: { S: `2026-01-${digits(((serial + version) % 28) + 1, 2)}T${digits(serial, 8)}` },
    g2pk: { S: `mail${digits((serial * 7919 + version * 104729) % 1000000, 6)}` },
    lsk: { N: String(100000 + ((serial * 31 + version * 7) % 100000)) },
  };
}

/** DynamoDB's size of a number of the bench: two digits a byte, and one. */
const numberBytes = (value: string) => Math.ceil(value.length / 2) + 1;

/** DynamoDB's size of a flat item without trailing zeros in its numbers. */
export function itemBytes(item: BenchItem): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += name.length + ("S" in value ? value.S.length : numberBytes(value.N));
  return size;
}

/** The item of a number and a version. */
export function makeItem(shape: ItemShape, serial: number, version: number): BenchItem {
  const next = randomSource(serial * 2654435761 + version * 40503);
  const item: BenchItem = {
    ...keyOf(serial),
    ...(shape.indexed ? indexKeysOf(serial, shape.keysChange ? version : 0) : {}),
    body: { S: "" },
  };
  item.body = { S: text(next, Math.max(1, shape.bytes - itemBytes(item))) };
  return item;
}

/** Canonical JSON: attributes sorted by name. Names and values of the bench need no escapes. */
export function canonicalJson(item: BenchItem): string {
  return JSON.stringify(Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))));
}
