/** The page's frame: top bar, side bar, the current view, and what lies above them. */
import { useEffect, useState } from "preact/hooks";
import { deferred } from "../controls/deferred.tsx";
import { Notices } from "../controls/notices.tsx";
import { QuestionDialog } from "../controls/question-dialog.tsx";
import { DatabasesView } from "../database/databases-view.tsx";
import { ItemsView } from "../items/items-view.tsx";
import { CreateTableView } from "../tables/create-table-view.tsx";
import { DefinitionView } from "../tables/definition-view.tsx";
import { TableHeader } from "../tables/table-header.tsx";
import { useApp } from "./context.ts";
import { OpenFailure } from "./open-failure.tsx";
import { Palette } from "./palette.tsx";
import { SideBar } from "./side-bar.tsx";
import { StartView } from "./start-view.tsx";
import { TopBar } from "./top-bar.tsx";

// Not in the first load: the service model, the compression.
const RequestsView = deferred(async () => (await import("../requests/requests-view.tsx")).RequestsView);
const ShareView = deferred(async () => (await import("../share/share-view.tsx")).ShareView);
const SharedView = deferred(async () => (await import("../share/shared-view.tsx")).SharedView);

function TableView({ table, part }: { table: string; part: string }) {
  const app = useApp();
  const description = app.table(table);
  if (!description) return <p class="empty">There is no table {table} in this database.</p>;
  return (
    <>
      <TableHeader table={description} part={part} />
      {part === "definition" ? <DefinitionView key={table} table={description} /> : <ItemsView key={table} table={description} />}
    </>
  );
}

function CurrentView() {
  const app = useApp();
  const state = app.database.value;
  const route = app.route.value;
  if (state.state === "failed") return <OpenFailure name={state.name} error={state.error} />;
  if (route.view === "databases") return <DatabasesView />;
  if (state.state === "opening") return <p class="empty">Opening {state.name}…</p>;
  if (route.view === "shared") return <SharedView hash={route.hash} />;
  if (route.view === "requests") return <RequestsView />;
  if (route.view === "share") return <ShareView />;
  if (route.view === "create") return <CreateTableView />;
  if (route.view === "table") return <TableView table={route.table} part={route.part} />;
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
