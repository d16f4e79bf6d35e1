/** Imports into a table or a database, and exports of them, as the page's menus and commands offer them. */
import type { App } from "../app/app.ts";
import { putItems } from "../items/put-items.ts";
import { primaryKey, type TableDescription } from "../tables/description.ts";
import type { Item } from "../values/attribute-value.ts";
import { chooseFile, download } from "./download.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./export-formats.ts";
import { fileItems, firstProblem, ItemFileError, itemsFile, lastOfEachKey } from "./item-files.ts";
import { STREAMED_FROM_BYTES, streamImport } from "./stream-import.ts";
import { readWorkbenchModel, workbenchModel } from "./workbench-model.ts";

/** Every item of a table. */
async function allItems(app: App, table: string): Promise<Item[]> {
  const pages: Item[][] = [];
  let from: unknown;
  do {
    const page = await app.open.ask("Scan", { TableName: table, ...(from === undefined ? {} : { ExclusiveStartKey: from }) });
    pages.push(page.Items ?? []);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return pages.flat();
}

/** Downloads a table's items. */
export async function exportItems(app: App, table: TableDescription, format: ExportFormat): Promise<void> {
  const items = await allItems(app, table.TableName);
  const names = primaryKey(table).map(({ name }) => name);
  download(`${table.TableName}.${EXPORT_FORMATS[format].extension}`, itemsFile(format, items, names));
}

/** Puts the items of a file the user chooses, and tells what came of it; false if none was chosen. */
export async function importItems(app: App, table: TableDescription): Promise<boolean> {
  const file = await chooseFile(".json,.jsonl,.ndjson,.csv,.gz");
  if (!file) return false;
  const { dynatab } = app.open;
  // An endpoint takes no files: what is in one is put like anything else.
  if (file.size < STREAMED_FROM_BYTES || !dynatab) {
    app.say("Imported", `${(await importWhole(app, table, file)).toLocaleString("en")} items`);
  } else {
    const { items, rejected, rejections } = await streamImport(app, dynatab, table, file);
    app.say("Imported", `${items.toLocaleString("en")} items`);
    const [first] = rejections;
    if (first) {
      app.sayError(new ItemFileError(`Records refused: ${rejected.toLocaleString("en")}. Record ${first.record}: ${first.message}`));
    }
  }
  app.noteWrite();
  await app.refreshTables();
  return true;
}

/** Puts all items of a file, or none. */
async function importWhole(app: App, table: TableDescription, file: File): Promise<number> {
  const keys = primaryKey(table);
  const items = fileItems(file.name, new Uint8Array(await file.arrayBuffer()), keys);
  const problem = firstProblem(items, keys);
  if (problem !== undefined) throw new ItemFileError(`Nothing was imported. ${problem}`);
  await putItems(app.open, table.TableName, lastOfEachKey(items, keys));
  return items.length;
}

/** Downloads all tables as a data model of NoSQL Workbench. */
export async function exportModel(app: App): Promise<void> {
  const tables = await Promise.all(app.tables.peek().map(async (table) => ({ table, items: await allItems(app, table.TableName) })));
  download(`${app.databaseName}.json`, new Blob([workbenchModel(app.databaseName, tables)], { type: "application/json" }));
}

/** Makes the tables of a data model the user chooses; returns their names. */
export async function importModel(app: App): Promise<string[]> {
  const file = await chooseFile(".json");
  if (!file) return [];
  const tables = readWorkbenchModel(await file.text());
  for (const { definition, items } of tables) {
    await app.open.createTable(definition);
    await putItems(app.open, definition.TableName, items);
  }
  await app.refreshTables();
  return tables.map(({ definition }) => definition.TableName);
}
