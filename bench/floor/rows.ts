/**
 * Items as rows of the physical layout (`docs/layout.md`): the bytes the floor writes, made before the clock starts. The hash is another one
 * than the engine's; it spreads as well and costs the floor nothing.
 */
import { type BenchItem, canonicalJson, itemBytes, keyOf } from "../steps/items.ts";

/** A row's values in the order of its table's columns (without `id`), texts one after another in one buffer. */
export interface Row {
  readonly hash: number;
  /** All texts but the item; the item's own. */
  readonly texts: Uint8Array;
  /** Where each text ends. The last one is the item. */
  readonly ends: readonly number[];
  readonly size: number;
}

/** A physical table of the floor. */
export interface RowTable {
  readonly name: string;
  readonly keyColumns: readonly string[];
  readonly base: boolean;
}

/** The base table and the three index tables of a step. */
export function rowTables(name: string, indexed: boolean): readonly RowTable[] {
  const base = { name, keyColumns: ["sk"], base: true };
  const gsi = (number: number) => ({ name: `${name}_g${number}`, keyColumns: ["sk", "bpk", "bsk"], base: false });
  return indexed ? [base, gsi(1), gsi(2), { name: `${name}_l3`, keyColumns: ["sk", "bsk"], base: false }] : [base];
}

const encoder = new TextEncoder();

/** 24 bits of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 8) & 0xffffff;
}

function row(keys: readonly string[], size: number, item: string | undefined): Row {
  const texts = [...keys, ...(item === undefined ? [] : [item])];
  const ends: number[] = [];
  let end = 0;
  for (const text of texts) ends.push((end += text.length));
  return { hash: hashOf(keys[0]!), texts: encoder.encode(texts.join("")), ends, size };
}

/** The row of an item in the base table. */
export function baseRow(item: BenchItem): Row {
  return row([textOf(item, "pk"), textOf(item, "sk")], itemBytes(item), canonicalJson(item));
}

/** The key of a base row, for reads and deletes. */
export function keyRow(serial: number): Row {
  const { pk, sk } = keyOf(serial);
  return row([pk.S, sk.S], 0, undefined);
}

/** The partition a Query reads. */
export function partitionRow(serial: number): Row {
  return row([keyOf(serial).pk.S], 0, undefined);
}

/** The hashes of a Scan's segment: from the first up to the one behind the last. */
export function segmentHashes(segment: number, segments: number): readonly [number, number] {
  const bound = (n: number) => Math.ceil((n * 0x1000000) / segments);
  return [bound(segment), bound(segment + 1)];
}

/** The rows of an item in the three index tables; without `withItem` only their keys. */
export function entryRows(item: BenchItem, projectsAll: boolean, withItem: boolean): readonly Row[] {
  const [pk, sk] = [textOf(item, "pk"), textOf(item, "sk")];
  const projected = (names: readonly string[]): BenchItem =>
    projectsAll ? item : Object.fromEntries(["pk", "sk", ...names].map((name) => [name, item[name]!]));
  const entry = (keys: readonly string[], contents: BenchItem) =>
    row(keys, itemBytes(contents), withItem ? canonicalJson(contents) : undefined);
  const mail = Object.fromEntries(["pk", "sk", "g2pk"].map((name) => [name, item[name]!]));
  return [
    entry([textOf(item, "g1pk"), textOf(item, "g1sk"), pk, sk], projected(["g1pk", "g1sk"])),
    entry([textOf(item, "g2pk"), "", pk, sk], mail),
    entry([pk, textOf(item, "lsk"), sk], projected(["lsk"])),
  ];
}

function textOf(item: BenchItem, name: string): string {
  const value = item[name]!;
  return "S" in value ? value.S : value.N;
}
