/**
 * The loaded items in the order of one attribute. DynamoDB sorts by an index's sort key and nothing else; this order is the page's own, of the
 * items it has, and the views say so.
 */
import { attribute, type Item, typed } from "../values/attribute-value.ts";

/** By which attribute, and whether upwards. */
export interface PageSort {
  name: string;
  forward: boolean;
}

/** What values of one type are compared by. Types follow one another in this order; what has no order of its own stays as it was. */
const TYPE_ORDER = ["N", "S", "B", "BOOL", "NULL"];

interface SortKey {
  at: number;
  /** Items without the attribute come last, either way. */
  rank: number;
  number: number;
  text: string;
}

function sortKey(item: Item, name: string, at: number): SortKey {
  const value = attribute(item, name);
  if (value === undefined) return { at, rank: TYPE_ORDER.length + 1, number: 0, text: "" };
  const { type, value: inner } = typed(value);
  const place = TYPE_ORDER.indexOf(type);
  const rank = place < 0 ? TYPE_ORDER.length : place;
  if (type === "N") return { at, rank, number: Number(inner), text: inner };
  if (type === "BOOL") return { at, rank, number: Number(inner), text: "" };
  return { at, rank, number: 0, text: type === "B" ? atob(inner) : type === "S" ? inner : "" };
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers of up to 38 digits that are one as doubles: both are whole then, or differ behind the sixteenth digit. */
function compareLongNumbers(a: string, b: string): number {
  if (a === b || !/^-?\d+$/.test(a) || !/^-?\d+$/.test(b)) return compareText(a, b);
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The places of the items in that order. Items that are equal keep theirs. */
export function pageOrder(items: readonly Item[], { name, forward }: PageSort): number[] {
  const keys = items.map((item, at) => sortKey(item, name, at));
  const missing = TYPE_ORDER.length + 1;
  const sign = forward ? 1 : -1;
  keys.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank === missing || b.rank === missing ? a.rank - b.rank : sign * (a.rank - b.rank);
    if (a.number !== b.number) return sign * (a.number - b.number);
    if (a.text !== b.text) return sign * (a.rank === 0 ? compareLongNumbers(a.text, b.text) : compareText(a.text, b.text));
    return a.at - b.at;
  });
  return keys.map(({ at }) => at);
}
