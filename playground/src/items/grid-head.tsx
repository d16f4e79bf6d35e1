/** The headings of the grid: a press sorts, a drag moves the column, a drag at the edge makes it wider. */
import { useRef, useState } from "preact/hooks";
import { type Column, type ColumnLayout, fitColumn, moveColumn, resizeColumn } from "./columns.ts";

/** How the rows are ordered, and what a press on a heading does. */
export interface GridOrder {
  name: string | undefined;
  forward: boolean;
  sortBy: (name: string) => void;
}

/** Changes the layout of the columns. */
export type ArrangeColumns = (change: (layout: ColumnLayout) => ColumnLayout) => void;

export interface GridHeadProps {
  columns: readonly Column[];
  order: GridOrder;
  arrange: ArrangeColumns;
  /** The heading the keyboard is at. */
  active: number | undefined;
}

/** The edge of a heading, which the pointer can pull. */
function Edge({ column, arrange }: { column: Column; arrange: ArrangeColumns }) {
  const from = useRef<{ x: number; width: number } | undefined>(undefined);
  return (
    <span
      class="grid-edge"
      draggable
      onDragStart={(event) => {
        // The heading is not to be dragged by it.
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: column.width };
      }}
      onPointerMove={({ clientX }) => {
        const begun = from.current;
        if (begun) arrange((layout) => resizeColumn(layout, column.name, begun.width + clientX - begun.x));
      }}
      onLostPointerCapture={() => {
        from.current = undefined;
      }}
      onDblClick={() => arrange((layout) => fitColumn(layout, column.name))}
    />
  );
}

export function GridHead({ columns, order, arrange, active }: GridHeadProps) {
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  const names = columns.map(({ name }) => name);
  const drop = (name: string) => {
    if (dragged === undefined || dragged === name) return;
    arrange((layout) => moveColumn(layout, names, dragged, names.indexOf(name) - names.indexOf(dragged)));
  };
  const endDrag = () => {
    setDragged(undefined);
    setOver(undefined);
  };
  return (
    <>
      {columns.map((column, at) => {
        const { name } = column;
        const sorted = order.name === name ? (order.forward ? "ascending" : "descending") : undefined;
        const isActive = active === at;
        const side = dragged === undefined || over !== name ? undefined : names.indexOf(dragged) < at ? "right" : "left";
        return (
          <div
            key={name}
            role="columnheader"
            aria-sort={sorted ?? "none"}
            class={`cell heading${column.key ? " key" : ""}`}
            style={{ width: `${column.width}px` }}
            title={name}
            data-active={isActive || undefined}
            data-drop={side}
            id={isActive ? "active-cell" : undefined}
            draggable
            onDragStart={(event) => {
              event.dataTransfer?.setData("text/plain", name);
              setDragged(name);
            }}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(name);
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(name);
            }}
            onDragEnd={endDrag}
          >
            <button type="button" class="link" tabIndex={-1} onClick={() => order.sortBy(name)}>
              {name}
              {sorted !== undefined && (sorted === "ascending" ? " ↑" : " ↓")}
            </button>
            <Edge column={column} arrange={arrange} />
          </div>
        );
      })}
    </>
  );
}
