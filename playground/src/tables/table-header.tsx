/** A table's name, its figures and the ways to look at it. */
import { useApp } from "../app/context.ts";
import { hashOf, type TableView } from "../app/route.ts";
import { follow } from "../app/top-bar.tsx";
import { bytesText } from "../values/item-size.ts";
import type { TableDescription } from "./description.ts";

const PARTS: { part: TableView; label: string }[] = [
  { part: "items", label: "Items" },
  { part: "groups", label: "Single table" },
  { part: "stream", label: "Stream" },
  { part: "definition", label: "Definition" },
];

export function TableHeader({ table, part }: { table: TableDescription; part: string }) {
  const app = useApp();
  const name = table.TableName;
  return (
    <header class="table-head">
      <h1>{name}</h1>
      <p class="muted figures">
        {(table.ItemCount ?? 0).toLocaleString("en")} items · {bytesText(table.TableSizeBytes ?? 0)}
        {table.TableStatus !== "ACTIVE" && ` · ${table.TableStatus}`}
      </p>
      <nav class="tabs" aria-label={`Views of ${name}`}>
        {PARTS.map((each) => (
          <a
            key={each.part}
            href={hashOf({ database: app.databaseName, route: { view: "table", table: name, part: each.part } })}
            aria-current={each.part === part ? "page" : undefined}
            onClick={(event) => follow(event, () => app.goTable(name, each.part))}
          >
            {each.label}
          </a>
        ))}
      </nav>
    </header>
  );
}
