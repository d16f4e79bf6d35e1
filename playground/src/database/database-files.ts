/** Whole databases as files of SQLite, and as copies of one another. */
import { Dynatab } from "dynatab";
import type { App } from "../app/app.ts";
import { chooseFile, download } from "../exchange/download.ts";
import { databaseNameProblem } from "./database-name.ts";
import { keptDatabases, noteDeleted, noteOpened } from "./registry.ts";

/** Does something with a database: the open one, or one opened for it alone. */
async function withDatabase<T>(app: App, name: string, work: (database: Dynatab) => Promise<T>): Promise<T> {
  const state = app.database.peek();
  if (state.state === "open" && state.database.name === name && state.database.dynatab) return work(state.database.dynatab);
  const database = await Dynatab.open(name, { persistence: "required" });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Downloads a database. */
export async function downloadDatabase(app: App, name: string): Promise<void> {
  download(`${name}.sqlite`, await withDatabase(app, name, (database) => database.dump()));
}

/** Makes a database of a file that was downloaded before. */
async function databaseOf(name: string, file: Blob): Promise<void> {
  const database = await Dynatab.open(name, { persistence: "required" });
  try {
    await database.load(file);
  } finally {
    await database.close();
  }
  noteOpened(name);
}

/** Copies a database under another name. */
export async function duplicateDatabase(app: App, name: string, copy: string): Promise<void> {
  await databaseOf(copy, await withDatabase(app, name, (database) => database.dump()));
}

/** Deletes a database, which is closed first if it is the open one. */
export async function deleteDatabase(app: App, name: string): Promise<void> {
  if (app.databaseName === name) await app.closeDatabase();
  await Dynatab.delete(name);
  noteDeleted(name);
}

/** Gives a database another name: a copy of it, and it goes. The open one is open again under the new name. */
export async function renameDatabase(app: App, name: string, to: string): Promise<void> {
  const wasOpen = app.databaseName === name;
  await duplicateDatabase(app, name, to);
  await deleteDatabase(app, name);
  if (wasOpen) app.router.go({ database: to, route: { view: "databases" } });
}

/** A name no database has yet, made of a file's. */
async function freshName(fileName: string): Promise<string> {
  const taken = new Set((await keptDatabases()).map(({ name }) => name));
  const plain = fileName
    .replace(/\.[^.]*$/, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .slice(0, 100);
  const wish = databaseNameProblem(plain) === undefined ? plain : "opened";
  if (!taken.has(wish)) return wish;
  let count = 2;
  while (taken.has(`${wish}-${count}`)) count += 1;
  return `${wish}-${count}`;
}

/** Opens a file of the user's choice as a new database; returns its name, undefined if none was chosen. */
export async function openDatabaseFile(): Promise<string | undefined> {
  const file = await chooseFile(".sqlite,.db,.sqlite3");
  if (!file) return undefined;
  const name = await freshName(file.name);
  await databaseOf(name, file);
  return name;
}
