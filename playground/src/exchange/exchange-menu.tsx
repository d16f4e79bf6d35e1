/** The menu of imports and exports of a table. */
import { useRef } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import type { TableDescription } from "../tables/description.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./export-formats.ts";

/** Not in the first load: compression and CSV. */
const actions = () => import("./exchange-actions.ts");

export function ExchangeMenu({ table, imported }: { table: TableDescription; imported: () => void }) {
  const app = useApp();
  const menu = useRef<HTMLDetailsElement>(null);
  const choose = (work: () => Promise<void>) => {
    menu.current?.removeAttribute("open");
    void app.attempt(work);
  };
  const importFile = async () => {
    if (await (await actions()).importItems(app, table)) imported();
  };
  return (
    <details class="more menu" ref={menu}>
      <summary>
        <Icon name="download" /> Import, export
      </summary>
      <div class="more-fields">
        <button type="button" class="ghost" onClick={() => choose(importFile)}>
          Import a file…
        </button>
        {Object.entries(EXPORT_FORMATS).map(([format, { label }]) => (
          <button
            key={format}
            type="button"
            class="ghost"
            onClick={() => choose(async () => (await actions()).exportItems(app, table, format as ExportFormat))}
          >
            Export as {label}
          </button>
        ))}
      </div>
    </details>
  );
}
