/** The grid of items: only the rows in sight exist. Arrow keys move, Enter opens, the space bar selects. */
import { useMemo, useRef, useState } from "preact/hooks";
import { useVirtualRows } from "../controls/use-virtual-rows.ts";
import { attribute, type Item, typeOf } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import { type Column, gridColumns } from "./columns.ts";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;
const SELECT_WIDTH = 34;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40;

export interface ItemGridProps {
  label: string;
  items: readonly Item[];
  keyNames: readonly string[];
  selected: ReadonlySet<number>;
  select: (selected: ReadonlySet<number>) => void;
  open: (item: Item, at: number) => void;
  /** Asked for when the end comes near. */
  more: () => void;
  /** The sort key that the rows are in the order of, and what a press on its heading does. */
  order?: { name: string; forward: boolean; turn: () => void };
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
  columns: Column[];
  selected: boolean;
  active: number | undefined;
  toggle: (at: number, range: boolean) => void;
  open: (item: Item, at: number) => void;
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
      onDblClick={() => open(item, at)}
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
              <button type="button" class="link" tabIndex={-1} onClick={() => open(item, at)}>
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

export function ItemGrid({ label, items, keyNames, selected, select, open, more, order }: ItemGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<{ row: number; column: number }>();
  const lastToggled = useRef(0);
  // Widths rest on a sample, so that a page more does not move the columns of a large result.
  const shape = items.length > 2000 ? Math.floor(Math.log2(items.length)) : items.length;
  const { columns, left } = useMemo(() => gridColumns(items, keyNames), [shape, keyNames.join("\0"), items[0]]);
  const { rows, height, scrollTo } = useVirtualRows({
    count: items.length,
    scroller,
    rowHeight: () => ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
  });
  const width = columns.reduce((sum, column) => sum + column.width, SELECT_WIDTH);
  if (rows.length > 0 && rows.at(-1)!.index >= items.length - AHEAD) queueMicrotask(more);

  const toggle = (at: number, range: boolean) => {
    const next = new Set(selected);
    if (range) for (let row = Math.min(at, lastToggled.current); row <= Math.max(at, lastToggled.current); row += 1) next.add(row);
    else if (!next.delete(at)) next.add(at);
    lastToggled.current = at;
    select(next);
  };
  const move = (row: number, column: number) => {
    const next = { row: Math.max(0, Math.min(row, items.length - 1)), column: Math.max(0, Math.min(column, columns.length - 1)) };
    setActive(next);
    scrollTo(next.row);
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
      PageUp: () => move(row - page, column),
      Home: () => move(event.ctrlKey ? 0 : row, 0),
      End: () => move(event.ctrlKey ? items.length - 1 : row, columns.length - 1),
      Enter: () => items[row] && open(items[row], row),
      " ": () => toggle(row, event.shiftKey),
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
        {columns.map((column) => {
          const sorted = order?.name === column.name ? (order.forward ? "ascending" : "descending") : undefined;
          return (
            <div
              key={column.name}
              role="columnheader"
              aria-sort={sorted}
              class={`cell${column.key ? " key" : ""}`}
              style={{ width: `${column.width}px` }}
              title={column.name}
            >
              {sorted === undefined ? (
                column.name
              ) : (
                <button type="button" class="link" tabIndex={-1} onClick={order!.turn}>
                  {column.name} {sorted === "ascending" ? "↑" : "↓"}
                </button>
              )}
            </div>
          );
        })}
        {left > 0 && <div class="cell muted">and {left} more</div>}
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${height}px`, width: `${width}px` }}>
        {rows.map(({ index, start }) => (
          <Row
            key={index}
            item={items[index]!}
            at={index}
            top={start}
            columns={columns}
            selected={selected.has(index)}
            active={active?.row === index ? active.column : undefined}
            toggle={toggle}
            open={open}
            enter={(row, column) => setActive({ row, column })}
          />
        ))}
      </div>
    </div>
  );
}
