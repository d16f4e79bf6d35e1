/** The menu of columns: which are drawn, in which order. */
import { Icon } from "../controls/icon.tsx";
import { Menu } from "../controls/menu.tsx";
import { type ColumnLayout, moveColumn, PLAIN_LAYOUT, type PlacedColumn, showColumn } from "./columns.ts";
import type { ArrangeColumns } from "./grid-head.tsx";

export interface ColumnsMenuProps {
  columns: readonly PlacedColumn[];
  layout: ColumnLayout;
  arrange: ArrangeColumns;
}

export function ColumnsMenu({ columns, layout, arrange }: ColumnsMenuProps) {
  const drawn = columns.filter(({ shown }) => shown).map(({ name }) => name);
  const hidden = columns.length - drawn.length;
  return (
    <Menu
      title={
        <>
          <Icon name="sliders" /> Columns{hidden > 0 && <span class="muted"> {hidden} hidden</span>}
        </>
      }
    >
      <div class="columns-menu">
        <ul aria-label="Columns">
          {columns.map(({ name, shown }) => (
            <li key={name}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={shown}
                  disabled={shown && drawn.length === 1}
                  onChange={(event) => {
                    const { checked } = event.currentTarget;
                    arrange((before) => showColumn(before, name, checked));
                  }}
                />
                <span class="column-name">{name}</span>
              </label>
              {shown &&
                ([-1, 1] as const).map((by) => (
                  <button
                    key={by}
                    type="button"
                    class="ghost small"
                    aria-label={`Move ${name} ${by < 0 ? "to the left" : "to the right"}`}
                    disabled={drawn.indexOf(name) + by < 0 || drawn.indexOf(name) + by >= drawn.length}
                    onClick={() => arrange((before) => moveColumn(before, drawn, name, by))}
                  >
                    <Icon name={by < 0 ? "up" : "down"} />
                  </button>
                ))}
            </li>
          ))}
        </ul>
        <button type="button" class="ghost" disabled={layout === PLAIN_LAYOUT} onClick={() => arrange(() => PLAIN_LAYOUT)}>
          As they come
        </button>
      </div>
    </Menu>
  );
}
