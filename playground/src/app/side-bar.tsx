/** The tables of the open database, and the views that belong to no table. */
import { Icon, type IconName } from "../controls/icon.tsx";
import { useApp } from "./context.ts";
import { hashOf, type Route } from "./route.ts";
import { follow } from "./top-bar.tsx";

function NavLink({
  route,
  icon,
  label,
  count,
  current,
}: {
  route: Route;
  icon: IconName;
  label: string;
  count?: number;
  current: boolean;
}) {
  const app = useApp();
  return (
    <li>
      <a
        class="nav-link"
        href={hashOf({ database: app.databaseName, route })}
        aria-current={current ? "page" : undefined}
        onClick={(event) => follow(event, () => app.go(route))}
      >
        <Icon name={icon} />
        <span class="nav-label">{label}</span>
        {count === undefined ? null : <span class="count">{count.toLocaleString("en")}</span>}
      </a>
    </li>
  );
}

export function SideBar() {
  const app = useApp();
  const route = app.route.value;
  const tables = app.tables.value;
  return (
    <aside class="side" id="side" aria-label="Tables and views">
      <nav aria-label="Tables">
        <div class="side-head">
          <h2>Tables</h2>
          <button
            type="button"
            class="ghost small"
            aria-label="Create a table"
            title="Create a table"
            onClick={() => app.go({ view: "create" })}
          >
            <Icon name="plus" />
          </button>
        </div>
        <ul>
          {tables.map((table) => (
            <NavLink
              key={table.TableName}
              route={{ view: "table", table: table.TableName, part: route.view === "table" ? route.part : "items" }}
              icon="table"
              label={table.TableName}
              count={table.ItemCount ?? 0}
              current={route.view === "table" && route.table === table.TableName}
            />
          ))}
        </ul>
        {tables.length === 0 && <p class="muted pad">No tables yet.</p>}
      </nav>
      <nav aria-label="Views">
        <div class="side-head">
          <h2>Workspace</h2>
        </div>
        <ul>
          <NavLink route={{ view: "requests" }} icon="terminal" label="Requests" current={route.view === "requests"} />
          <NavLink route={{ view: "share" }} icon="share" label="Share" current={route.view === "share"} />
          {!app.endpoint && (
            <NavLink route={{ view: "databases" }} icon="database" label="Databases" current={route.view === "databases"} />
          )}
        </ul>
      </nav>
    </aside>
  );
}
