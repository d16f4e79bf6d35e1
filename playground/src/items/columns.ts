/**
 * The columns of a grid: key attributes first, then the others in the order they turn up, with widths after what stands in them; and what the
 * user has made of them.
 */
import type { Item } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";

export interface Column {
  name: string;
  width: number;
  key: boolean;
}

/** What the user has made of a table's columns. */
export interface ColumnLayout {
  /** The columns that were drawn when one was moved, in their order; the others follow. */
  order: readonly string[];
  /** Columns that were taken away or put in. */
  shown: Readonly<Record<string, boolean>>;
  /** Widths in pixels. */
  widths: Readonly<Record<string, number>>;
}

/** Columns as they come. */
export const PLAIN_LAYOUT: ColumnLayout = { order: [], shown: {}, widths: {} };

/** Items looked at for columns and widths: enough to know a table by. */
const LOOKED_AT = 400;
/** More columns are drawn only where the user has put them in; the editor shows every attribute. */
const MOST = 40;
const LEAST_WIDTH = 72;
const MOST_WIDTH = 320;
/** Nothing narrower can be taken hold of. */
const NARROWEST = 40;
const WIDEST = 1200;
const PADDING = 22;
/** For the arrow that tells the order, beside a heading. */
const ARROW = 16;
/** Headings are bold. */
const BOLD = 1.08;

/** About how wide a text is, in pixels: no font's exact widths, but wide enough for most. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /[A-Z#@%&_]/.test(character) ? 9.4 : /[0-9m w]/.test(character) ? 8.4 : 7.6;
  return width;
}

const clamp = (width: number) => Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width)));

/** A sample of a list: its beginning, and items spread over the rest. */
function sample(items: readonly Item[]): Item[] {
  if (items.length <= LOOKED_AT) return [...items];
  const step = items.length / (LOOKED_AT / 2);
  return [...items.slice(0, LOOKED_AT / 2), ...Array.from({ length: LOOKED_AT / 2 }, (_, at) => items[Math.floor(at * step)]!)];
}

/** All columns these items have. */
export function itemColumns(items: readonly Item[], keyNames: readonly string[]): Column[] {
  const widths = new Map<string, number>(keyNames.map((name) => [name, 0]));
  for (const item of sample(items)) {
    for (const [name, value] of Object.entries(item)) widths.set(name, Math.max(widths.get(name) ?? 0, textWidth(cellText(value))));
  }
  const present = [...widths].filter(([, widest]) => widest > 0 || items.length === 0);
  return present.map(([name, widest]) => ({
    name,
    width: clamp(Math.max(widest, textWidth(name) * BOLD + ARROW) + PADDING),
    key: keyNames.includes(name),
  }));
}

/** A column, and whether it is drawn. */
export interface PlacedColumn extends Column {
  shown: boolean;
}

/** The columns as the user wants them: in their order, with their widths. */
export function placedColumns(columns: readonly Column[], { order, shown, widths }: ColumnLayout): PlacedColumn[] {
  const place = new Map(order.map((name, at) => [name, at]));
  const placed = columns.map((column, at) => ({
    ...column,
    width: Object.hasOwn(widths, column.name) ? widths[column.name]! : column.width,
    shown: Object.hasOwn(shown, column.name) ? shown[column.name]! : at < MOST,
  }));
  const rank = (name: string) => place.get(name) ?? order.length;
  return placed.sort((a, b) => rank(a.name) - rank(b.name));
}

/** The layout with one of the columns that are drawn moved by so many places among them. */
export function moveColumn(layout: ColumnLayout, drawn: readonly string[], name: string, by: number): ColumnLayout {
  const to = Math.max(0, Math.min(drawn.length - 1, drawn.indexOf(name) + by));
  const order = drawn.filter((each) => each !== name);
  order.splice(to, 0, name);
  return { ...layout, order };
}

/** The layout with a column shown or not. */
export function showColumn(layout: ColumnLayout, name: string, shown: boolean): ColumnLayout {
  return { ...layout, shown: { ...layout.shown, [name]: shown } };
}

/** The layout with a column of that width. */
export function resizeColumn(layout: ColumnLayout, name: string, width: number): ColumnLayout {
  return { ...layout, widths: { ...layout.widths, [name]: Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))) } };
}

/** The layout with a column as wide as what stands in it. */
export function fitColumn(layout: ColumnLayout, name: string): ColumnLayout {
  return { ...layout, widths: Object.fromEntries(Object.entries(layout.widths).filter(([each]) => each !== name)) };
}
