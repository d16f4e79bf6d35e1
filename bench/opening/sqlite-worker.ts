/**
 * The least that opening can be: a fresh worker that loads SQLite and opens a database, and nothing else. In memory that is sql.js; with a
 * folder's name it is wa-sqlite on the files of a database the product has made.
 */
import { loadWasm } from "../../js/src/browser/wasm.ts";
import { openSqlJs } from "../../js/src/drivers/sqljs.ts";
import { querySql } from "../../js/src/drivers/statement.ts";
import { databaseDirectoryName, openOpfsFiles } from "../../js/src/drivers/vfs/opfs-file.ts";
import { openWaSqlite } from "../../js/src/drivers/wa-sqlite.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const address = (file: string) => new URL(`/product/dist/${file}`, scope.location.origin).href;

async function open(database: string | undefined) {
  if (database === undefined) return openSqlJs({ module: await loadWasm(address("sqljs.wasm")) });
  const module = loadWasm(address("wa-sqlite.wasm"));
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("dynatab");
  const files = await openOpfsFiles(await root.getDirectoryHandle(databaseDirectoryName(database)));
  return openWaSqlite({ module: await module }, { files });
}

scope.onmessage = async ({ data }: MessageEvent<string | undefined>) => {
  const driver = await open(data);
  const tables = Number(querySql(driver, "SELECT count(*) FROM sqlite_schema")[0]?.[0]);
  scope.postMessage(tables);
  driver.close();
  scope.postMessage("closed");
};
