/**
 * The grid of items: only the rows in sight exist. Arrow keys move, Enter opens, the space bar selects; above the first row are the headings, which
 * Enter sorts by, Shift and an arrow make wider, Alt and an arrow move, and Delete takes away.
 */
import { useRef, useState } from "preact/hooks";
import { useVirtualRows } from "../controls/use-virtual-rows.ts";
import { attribute, type Item, typeOf } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import { type Column, moveColumn, resizeColumn, showColumn } from "./columns.ts";
import { type ArrangeColumns, GridHead, type GridOrder } from "./grid-head.tsx";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;
const SELECT_WIDTH = 34;
/** The keyboard's place among the headings. */
const HEADINGS = -1;
/** How much wider a key press makes a column. */
const WIDER = 16;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40;

export interface ItemGridProps {
  label: string;
  items: readonly Item[];
  /** The places of the items in the order in which they are shown, where it is not their own. */
  places: readonly number[] | undefined;
  columns: readonly Column[];
  order: GridOrder;
  arrange: ArrangeColumns;
  /** Places of items. */
  selected: ReadonlySet<number>;
  select: (selected: ReadonlySet<number>) => void;
  open: (item: Item) => void;
  /** Asked for when the end comes near. */
  more: () => void;
}

/** A number's column is aligned to the right. */
const cellClass = (column: Column, item: Item) => {
  const value = attribute(item, column.name);
  const type = value === undefined ? "none" : typeOf(value);
  return `cell type-${type}${column.key ? " key" : ""}`;
};

interface RowProps {
  item: Item;
  at: number;
  top: number;
  columns: readonly Column[];
  selected: boolean;
  active: number | undefined;
  toggle: (at: number, range: boolean) => void;
  open: (item: Item) => void;
  enter: (at: number, column: number) => void;
}

function Row({ item, at, top, columns, selected, active, toggle, open, enter }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      class="grid-row"
      style={{ transform: `translateY(${top}px)` }}
      onDblClick={() => open(item)}
    >
      <div role="gridcell" class="cell select">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selected}
          aria-label={`Select row ${at + 1}`}
          onClick={(event) => toggle(at, event.shiftKey)}
        />
      </div>
      {columns.map((column, place) => {
        const value = attribute(item, column.name);
        return (
          <div
            key={column.name}
            role="gridcell"
            class={cellClass(column, item)}
            style={{ width: `${column.width}px` }}
            data-active={active === place || undefined}
            id={active === place ? "active-cell" : undefined}
            onClick={() => enter(at, place)}
          >
            {column.key && place === 0 ? (
              <button type="button" class="link" tabIndex={-1} onClick={() => open(item)}>
                {value === undefined ? "" : cellText(value)}
              </button>
            ) : value === undefined ? (
              ""
            ) : (
              cellText(value)
            )}
          </div>
        );
      })}
    </div>
  );
}

export function ItemGrid({ label, items, places, columns, order, arrange, selected, select, open, more }: ItemGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<{ row: number; column: number }>();
  const lastToggled = useRef(0);
  const { rows, height, scrollTo } = useVirtualRows({
    count: items.length,
    scroller,
    rowHeight: () => ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
  });
  const width = columns.reduce((sum, column) => sum + column.width, SELECT_WIDTH);
  if (rows.length > 0 && rows.at(-1)!.index >= items.length - AHEAD) queueMicrotask(more);

  const placeOf = (row: number) => places?.[row] ?? row;
  const toggle = (row: number, range: boolean) => {
    const next = new Set(selected);
    const from = lastToggled.current;
    if (range) for (let each = Math.min(row, from); each <= Math.max(row, from); each += 1) next.add(placeOf(each));
    else if (!next.delete(placeOf(row))) next.add(placeOf(row));
    lastToggled.current = row;
    select(next);
  };
  const move = (row: number, column: number) => {
    const next = { row: Math.max(HEADINGS, Math.min(row, items.length - 1)), column: Math.max(0, Math.min(column, columns.length - 1)) };
    setActive(next);
    if (next.row > HEADINGS) scrollTo(next.row);
  };
  const moveHeading = (at: number, by: number) => {
    const name = columns[at]?.name;
    if (name === undefined || at + by < 0 || at + by >= columns.length) return;
    const drawn = columns.map((each) => each.name);
    arrange((layout) => moveColumn(layout, drawn, name, by));
    move(HEADINGS, at + by);
  };
  const hideHeading = (at: number) => {
    const name = columns[at]?.name;
    if (name === undefined || columns.length === 1) return;
    arrange((layout) => showColumn(layout, name, false));
    move(HEADINGS, Math.min(at, columns.length - 2));
  };
  const headingKeys = (event: KeyboardEvent, at: number): Record<string, () => void> => {
    const column = columns[at];
    if (!column) return {};
    const widen = (by: number) => arrange((layout) => resizeColumn(layout, column.name, column.width + by));
    const across = (by: number) => (event.shiftKey ? widen(by * WIDER) : event.altKey ? moveHeading(at, by) : move(HEADINGS, at + by));
    const sort = () => order.sortBy(column.name);
    return { ArrowRight: () => across(1), ArrowLeft: () => across(-1), Enter: sort, " ": sort, Delete: () => hideHeading(at) };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = active ?? { row: 0, column: 0 };
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      ArrowRight: () => move(row, column + 1),
      ArrowLeft: () => move(row, column - 1),
      PageDown: () => move(row + page, column),
      PageUp: () => move(Math.max(0, row - page), column),
      Home: () => move(event.ctrlKey ? 0 : row, 0),
      End: () => move(event.ctrlKey ? items.length - 1 : row, columns.length - 1),
      Enter: () => items[placeOf(row)] && open(items[placeOf(row)]!),
      " ": () => toggle(row, event.shiftKey),
      ...(row === HEADINGS ? headingKeys(event, column) : {}),
    };
    const act = Object.hasOwn(keys, event.key) && event.target === scroller.current ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
  const allSelected = items.length > 0 && selected.size === items.length;
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      aria-label={label}
      aria-description="In the headings above the first row, Enter sorts, Shift and an arrow change a column's width, Alt and an arrow move it, Delete hides it."
      aria-rowcount={items.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={active === undefined ? undefined : "active-cell"}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === scroller.current && active === undefined && items.length > 0 && setActive({ row: 0, column: 0 })}
    >
      <div role="row" class="grid-head" aria-rowindex={1} style={{ width: `${width}px` }}>
        <div role="columnheader" class="cell select">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select all rows"
            checked={allSelected}
            onClick={() => select(allSelected ? new Set() : new Set(items.keys()))}
          />
        </div>
        <GridHead columns={columns} order={order} arrange={arrange} active={active?.row === HEADINGS ? active.column : undefined} />
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${height}px`, width: `${width}px` }}>
        {rows.map(({ index, start }) => {
          const place = placeOf(index);
          const item = items[place];
          return (
            item && (
              <Row
                key={index}
                item={item}
                at={index}
                top={start}
                columns={columns}
                selected={selected.has(place)}
                active={active?.row === index ? active.column : undefined}
                toggle={toggle}
                open={open}
                enter={(row, column) => setActive({ row, column })}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
