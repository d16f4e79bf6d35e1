/** The columns of a grid: key attributes first, then the others in the order they turn up, with widths after what stands in them. */
import type { Item } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";

export interface Column {
  name: string;
  width: number;
  key: boolean;
}

/** Items looked at for columns and widths: enough to know a table by. */
const LOOKED_AT = 400;
/** More columns are not drawn; the editor shows every attribute. */
const MOST = 40;
const LEAST_WIDTH = 72;
const MOST_WIDTH = 320;
const CHARACTER = 8;
const PADDING = 22;

const clamp = (width: number) => Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width)));

/** A sample of a list: its beginning, and items spread over the rest. */
function sample(items: readonly Item[]): Item[] {
  if (items.length <= LOOKED_AT) return [...items];
  const step = items.length / (LOOKED_AT / 2);
  return [...items.slice(0, LOOKED_AT / 2), ...Array.from({ length: LOOKED_AT / 2 }, (_, at) => items[Math.floor(at * step)]!)];
}

/** The columns for these items. */
export function gridColumns(items: readonly Item[], keyNames: readonly string[]): { columns: Column[]; left: number } {
  const widths = new Map<string, number>(keyNames.map((name) => [name, 0]));
  for (const item of sample(items)) {
    for (const [name, value] of Object.entries(item)) widths.set(name, Math.max(widths.get(name) ?? 0, cellText(value).length));
  }
  const present = [...widths].filter(([, longest]) => longest > 0 || items.length === 0);
  const columns = present.slice(0, MOST).map(([name, longest]) => ({
    name,
    width: clamp(Math.max(longest, name.length + 2) * CHARACTER + PADDING),
    key: keyNames.includes(name),
  }));
  return { columns, left: present.length - columns.length };
}
