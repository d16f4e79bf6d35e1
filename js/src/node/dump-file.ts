/** A whole database as a file of its own: it has its name when it is whole. */
import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { makeNamesDurable, openNodeFile } from "../drivers/vfs/node-file.ts";
import type { SyncFile } from "../drivers/vfs/sync-file.ts";
import { asDynatabError, StorageError } from "../errors.ts";

/** Has the file written under another name, and then gives it its own, in the place of one that was there. Rejects with `DynatabError`. */
export async function writeDumpFile(path: string, dump: (file: SyncFile) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    rmSync(partial, { force: true });
    const file = openNodeFile(partial);
    try {
      await dump(file);
      file.flush();
    } finally {
      file.close();
    }
    renameSync(partial, path);
    makeNamesDurable(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw asDynatabError(error, StorageError);
  }
}
