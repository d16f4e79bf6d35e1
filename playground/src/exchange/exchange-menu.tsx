/** The menu of imports and exports of a table. */
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { Menu } from "../controls/menu.tsx";
import type { TableDescription } from "../tables/description.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./export-formats.ts";

/** Not in the first load: compression and CSV. */
const actions = () => import("./exchange-actions.ts");

export function ExchangeMenu({ table, imported }: { table: TableDescription; imported: () => void }) {
  const app = useApp();
  const choose = (event: MouseEvent, work: () => Promise<void>) => {
    (event.currentTarget as HTMLElement).closest("details")?.removeAttribute("open");
    void app.attempt(work);
  };
  const importFile = async () => {
    if (await (await actions()).importItems(app, table)) imported();
  };
  return (
    <Menu
      title={
        <>
          <Icon name="download" /> Import, export
        </>
      }
    >
      <button type="button" class="ghost" onClick={(event) => choose(event, importFile)}>
        Import a file…
      </button>
      {Object.entries(EXPORT_FORMATS).map(([format, { label }]) => (
        <button
          key={format}
          type="button"
          class="ghost"
          onClick={(event) => choose(event, async () => (await actions()).exportItems(app, table, format as ExportFormat))}
        >
          Export as {label}
        </button>
      ))}
    </Menu>
  );
}
