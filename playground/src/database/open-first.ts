/** Which database is open: the one the address names, the one used last, or, for somebody new, a sample. */
import { effect } from "@preact/signals";
import type { App } from "../app/app.ts";
import { FIRST_SAMPLE, loadSample } from "../samples/load-sample.ts";
import { knownDatabases } from "./registry.ts";

/** Opens the first database. Somebody new finds one with data in it. */
export async function openFirst(app: App): Promise<void> {
  const { database: named } = app.router.place.peek();
  const known = knownDatabases();
  const name = named ?? known[0]?.name ?? app.databaseName;
  await app.openDatabase(name);
  const state = app.database.peek();
  if (state.state !== "open") return;
  // The address may have become another meanwhile.
  const now = app.router.place.peek();
  if (now.route.view === "shared") return;
  if (now.database === undefined) app.go(now.route, true);
  const isNew = known.length === 0 && named === undefined;
  if (!isNew || app.tables.peek().length > 0) return;
  await app.attempt(async () => {
    await loadSample(state.database, FIRST_SAMPLE);
    await app.refreshTables();
    app.goTable(FIRST_SAMPLE.tables[0]!.definition.TableName);
  });
}

/** Opens another database when the address names another. */
export function followPlace(app: App): () => void {
  return effect(() => {
    const { database } = app.router.place.value;
    const state = app.database.peek();
    const now = state.state === "open" ? state.database.name : state.name;
    if (database !== undefined && database !== now) void app.openDatabase(database);
  });
}
