/** Attributes with few values, as ways to narrow down what is shown. */
import { attribute, type Item, typeOf } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";

export interface Facet {
  name: string;
  values: { text: string; count: number }[];
}

const MOST_VALUES = 8;
const MOST_FACETS = 6;

/** The facets of these items, without key attributes. */
export function facetsOf(items: readonly Item[], without: readonly string[]): Facet[] {
  const counts = new Map<string, Map<string, number>>();
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      if (without.includes(name) || !["S", "N", "BOOL"].includes(typeOf(value))) continue;
      const values = counts.get(name) ?? new Map<string, number>();
      // One more than are shown is enough to know that there are too many.
      if (values.size <= MOST_VALUES) values.set(cellText(value), (values.get(cellText(value)) ?? 0) + 1);
      counts.set(name, values);
    }
  }
  return [...counts]
    .filter(([, values]) => values.size > 1 && values.size <= MOST_VALUES)
    .slice(0, MOST_FACETS)
    .map(([name, values]) => ({ name, values: [...values].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count) }));
}

/** Whether an item has the chosen values: one of those chosen of each facet. */
export function isChosen(item: Item, chosen: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  for (const [name, texts] of chosen) {
    if (texts.size === 0) continue;
    const value = attribute(item, name);
    if (value === undefined || !texts.has(cellText(value))) return false;
  }
  return true;
}
