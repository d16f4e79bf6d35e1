/**
 * A database on wa-sqlite's own access-handle pool, as the package ships it: what the file system of ours is held against. Write-ahead log
 * and exclusive locking like ours, since a rollback journal would be twice as slow again.
 */
import createModule from "@livestore/wa-sqlite/dist/wa-sqlite.mjs";
import { AccessHandlePoolVFS } from "@livestore/wa-sqlite/src/examples/AccessHandlePoolVFS.js";
import { openInstance } from "../../js/src/drivers/sqlite-module.ts";
import { querySql } from "../../js/src/drivers/statement.ts";
import { DEFAULT_PAGE_BYTES, type WaSqliteAssets } from "../../js/src/drivers/wa-sqlite.ts";
import { type WaSqliteExports, waSqliteFunctions } from "../../js/src/drivers/wa-sqlite-exports.ts";
import { WA_SQLITE } from "../../js/src/generated/sqlite-builds.ts";
import type { FloorStorage } from "./floor.ts";

const OPEN_READWRITE_CREATE = 0x2 | 0x4;

/** Opens one; `directory` is a folder of the origin's private file system, and the name of the file system within SQLite. */
export async function openStockPool(assets: WaSqliteAssets, directory: string): Promise<FloorStorage> {
  let instance: WebAssembly.Instance | undefined;
  const script = await createModule({
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(assets.module, imports).then((made) => {
        instance = made;
        done(made);
      });
      return {};
    },
  });
  if (!instance) throw new Error("wa-sqlite did not take the instance it was given");
  const { exports: module, memory } = openInstance<WaSqliteExports>(instance, WA_SQLITE);
  const vfs = await AccessHandlePoolVFS.create(directory, script);
  script.vfs_register(vfs, false);

  const names = new TextEncoder().encode(`bench\0${directory}\0`);
  const scratch = module._malloc(names.length + 4);
  new Uint8Array(memory.buffer).set(names, scratch + 4);
  const code = module._sqlite3_open_v2(scratch + 4, scratch, OPEN_READWRITE_CREATE, scratch + 4 + "bench\0".length);
  const db = new DataView(memory.buffer).getUint32(scratch, true);
  module._free(scratch);
  if (code !== 0) throw new Error(`SQLite could not open the pool (code ${code})`);

  const connection = { api: waSqliteFunctions(module), db, memory };
  const pragmas = ["locking_mode=EXCLUSIVE", "temp_store=MEMORY", "cache_size=-65536", `page_size=${DEFAULT_PAGE_BYTES}`];
  for (const pragma of [...pragmas, "journal_mode=WAL", "synchronous=FULL"]) querySql(connection, `PRAGMA ${pragma}`);
  return {
    ...connection,
    checkpointDue: false,
    checkpoint() {},
    close() {
      module._sqlite3_close_v2(db);
      void vfs.close();
    },
  };
}
