/** What the user has made of the columns of each table, as the browser keeps it. */
import { type ColumnLayout, PLAIN_LAYOUT } from "./columns.ts";

const KEY = "dynatab-playground-columns";

type Kept = Record<string, ColumnLayout>;

/** Where the browser keeps nothing, the page remembers as long as it lives. */
let remembered: Kept = {};

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Kept;
  } catch {
    return remembered;
  }
}

function isLayout(value: unknown): value is ColumnLayout {
  const { order, shown, widths } = (value ?? {}) as Partial<Record<keyof ColumnLayout, unknown>>;
  return Array.isArray(order) && typeof shown === "object" && shown !== null && typeof widths === "object" && widths !== null;
}

/** The layout kept for a table, named with its database. */
export function keptLayout(table: string): ColumnLayout {
  const kept = read();
  const layout = Object.hasOwn(kept, table) ? kept[table] : undefined;
  return isLayout(layout) ? layout : PLAIN_LAYOUT;
}

/** Keeps it. */
export function keepLayout(table: string, layout: ColumnLayout): void {
  const others = Object.entries(read()).filter(([each]) => each !== table);
  remembered = Object.fromEntries(layout === PLAIN_LAYOUT ? others : [...others, [table, layout]]);
  try {
    localStorage.setItem(KEY, JSON.stringify(remembered));
  } catch {
    // It is remembered as long as the page lives.
  }
}
