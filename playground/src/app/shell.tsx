/** The page's frame: top bar, side bar, the current view, and what lies above them. */
import { useEffect, useState } from "preact/hooks";
import { deferred } from "../controls/deferred.tsx";
import { Notices } from "../controls/notices.tsx";
import { QuestionDialog } from "../controls/question-dialog.tsx";
import { DatabasesView } from "../database/databases-view.tsx";
import { ItemsView } from "../items/items-view.tsx";
import { CreateTableView } from "../tables/create-table-view.tsx";
import { DefinitionView } from "../tables/definition-view.tsx";
import type { TableDescription } from "../tables/description.ts";
import { TableHeader } from "../tables/table-header.tsx";
import { useApp } from "./context.ts";
import { OpenFailure } from "./open-failure.tsx";
import { Palette } from "./palette.tsx";
import type { TableView } from "./route.ts";
import { SideBar } from "./side-bar.tsx";
import { StartView } from "./start-view.tsx";
import { TopBar } from "./top-bar.tsx";

// Not in the first load: the service model, the compression.
const RequestsView = deferred(async () => (await import("../requests/requests-view.tsx")).RequestsView);
const ShareView = deferred(async () => (await import("../share/share-view.tsx")).ShareView);
const SharedView = deferred(async () => (await import("../share/shared-view.tsx")).SharedView);

const GroupsView = deferred(async () => (await import("../groups/groups-view.tsx")).GroupsView);
const StreamView = deferred(async () => (await import("../stream/stream-view.tsx")).StreamView);

function TablePart({ table, part }: { table: TableDescription; part: TableView }) {
  if (part === "definition") return <DefinitionView table={table} />;
  if (part === "groups") return <GroupsView table={table} />;
  if (part === "stream") return <StreamView table={table} />;
  return <ItemsView table={table} />;
}

function TablePage({ table, part }: { table: string; part: TableView }) {
  const app = useApp();
  const description = app.table(table);
  if (!description) return <p class="empty">There is no table {table} in this database.</p>;
  return (
    <>
      <TableHeader table={description} part={part} />
      <TablePart key={table} table={description} part={part} />
    </>
  );
}

function CurrentView() {
  const app = useApp();
  const state = app.database.value;
  const route = app.route.value;
  if (state.state === "failed") return <OpenFailure name={state.name} error={state.error} />;
  if (route.view === "databases" && !app.endpoint) return <DatabasesView />;
  if (state.state === "closed") return <p class="empty">No database is open.</p>;
  if (state.state === "opening") return <p class="empty">Opening {state.name}…</p>;
  if (route.view === "shared") return <SharedView hash={route.hash} />;
  if (route.view === "requests") return <RequestsView />;
  if (route.view === "share") return <ShareView />;
  if (route.view === "create") return <CreateTableView />;
  if (route.view === "table") return <TablePage table={route.table} part={route.part} />;
  return <StartView />;
}

export function Shell() {
  const app = useApp();
  const [menuOpen, setMenuOpen] = useState(false);
  const route = app.route.value;
  useEffect(() => setMenuOpen(false), [route]);
  return (
    <div class="shell" data-menu={menuOpen ? "open" : "closed"}>
      <TopBar menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} />
      <SideBar />
      <main class="main" id="main" tabIndex={-1}>
        <CurrentView />
      </main>
      <Notices />
      <QuestionDialog />
      <Palette />
    </div>
  );
}
