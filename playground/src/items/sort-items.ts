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

/** Types follow one another in this order; values of the others have none among themselves, and stay as they were. */
const TYPE_ORDER = ["N", "S", "B", "BOOL", "NULL"];
const UNORDERED = TYPE_ORDER.length;
/** Items without the attribute come last, either way. */
const MISSING = UNORDERED + 1;

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers of up to 38 digits, as DynamoDB writes them, that are one as doubles: both have one sign, and neither an exponent. */
function compareDigits(a: string, b: string): number {
  if (a.startsWith("-")) return compareDigits(b.slice(1), a.slice(1));
  const whole = (text: string) => text.split(".", 1)[0]!.length;
  return whole(a) - whole(b) || compareText(a, b);
}

/** The places of the items in that order. Items that are equal keep theirs. */
export function pageOrder(items: readonly Item[], { name, forward }: PageSort): number[] {
  // What a hundred thousand items are compared by is taken out of them once.
  const ranks = new Uint8Array(items.length).fill(MISSING);
  const numbers = new Float64Array(items.length);
  const texts: string[] = items.map((item, at) => {
    const value = attribute(item, name);
    if (value === undefined) return "";
    const { type, value: inner } = typed(value);
    const place = TYPE_ORDER.indexOf(type);
    ranks[at] = place < 0 ? UNORDERED : place;
    if (type === "N" || type === "BOOL") numbers[at] = Number(inner);
    if (type === "B") return atob(inner);
    return type === "N" || type === "S" ? inner : "";
  });
  const sign = forward ? 1 : -1;
  return Array.from(items.keys()).sort((a, b) => {
    const rank = ranks[a]!;
    const others = ranks[b]!;
    if (rank !== others) return rank === MISSING || others === MISSING ? rank - others : sign * (rank - others);
    const difference = numbers[a]! - numbers[b]!;
    if (difference !== 0) return sign * difference;
    const text = texts[a]!;
    if (text === texts[b]) return 0;
    return sign * (rank === 0 ? compareDigits(text, texts[b]!) : compareText(text, texts[b]!));
  });
}
