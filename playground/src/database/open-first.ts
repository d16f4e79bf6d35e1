/** Which database is open: the one the address names, the one the page names, the one used last, or, for somebody new, a sample. */
import { effect } from "@preact/signals";
import type { App } from "../app/app.ts";
import { FIRST_SAMPLE, loadSample } from "../samples/load-sample.ts";
import type { Sample } from "../samples/sample.ts";
import { knownDatabases } from "./registry.ts";

/** What the page around the playground says of the database it begins with. */
export interface FirstDatabase {
  database: string | undefined;
  /** What is put into it while it has no tables. */
  sample: Sample | undefined;
}

/** Opens the first database. Somebody new finds one with data in it, unless the page names one. */
export async function openFirst(app: App, { database: wished, sample }: FirstDatabase): Promise<void> {
  const { database: named } = app.router.place.peek();
  const known = knownDatabases();
  const name = named ?? wished ?? known[0]?.name ?? app.databaseName;
  await app.openDatabase(name);
  if (app.database.peek().state !== "open") return;
  // The address may have become another meanwhile.
  const now = app.router.place.peek();
  if (now.route.view === "shared") return;
  if (now.database === undefined) app.go(now.route, true);
  const isNew = named === undefined && wished === undefined && known.length === 0 && app.endpoint === undefined;
  const filling = isNew ? (sample ?? FIRST_SAMPLE) : named === undefined || named === wished ? sample : undefined;
  if (filling) await app.attempt(() => fillEmpty(app, filling));
}

/** Loads the sample if the database has no tables: once, though several playgrounds of the origin may have just opened the same one. */
async function fillEmpty(app: App, sample: Sample): Promise<void> {
  const fill = async () => {
    await app.refreshTables();
    if (app.tables.peek().length > 0) return;
    await loadSample(app.open, sample);
    await app.refreshTables();
    if (app.route.peek().view === "start") app.goTable(sample.tables[0]!.definition.TableName);
  };
  if (navigator.locks) await navigator.locks.request(`dynatab-playground-sample:${app.databaseName}`, fill);
  else await fill();
}

/** Opens another database when the address names another. */
export function followPlace(app: App): () => void {
  return effect(() => {
    const { database } = app.router.place.value;
    const state = app.database.peek();
    const now = state.state === "open" ? state.database.name : state.name;
    if (app.endpoint === undefined && database !== undefined && database !== now) void app.openDatabase(database);
  });
}
