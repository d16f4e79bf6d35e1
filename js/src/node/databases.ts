/** Databases in files, without opening them: which there are in a folder, the end of one, what is left of one. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { INCOMING_NAME } from "../drivers/vfs/incoming.ts";
import { lockDirectory } from "../drivers/vfs/node-lock.ts";
import { FILE_NAMES } from "../drivers/vfs/sync-file.ts";
import { asDynatabError, InvalidOptionError, OpenFailedError } from "../errors.ts";
import type { DatabaseFileBlobs } from "../salvage/salvage.ts";

/** Runs something while nobody else has the database. Throws `DatabaseBusyError`. */
function locked<T>(file: string, run: () => T): T {
  let unlock: () => void;
  try {
    unlock = lockDirectory(file);
  } catch (error) {
    throw asDynatabError(error, OpenFailedError);
  }
  try {
    return run();
  } finally {
    unlock();
  }
}

/** The option `file`, which these doors cannot do without. */
export function requiredFile(file: string | undefined): string {
  if (typeof file === "string" && file !== "") return file;
  throw new InvalidOptionError('In Node a database that lasts is in a file: give its path as "file".');
}

/** The databases right below a folder, by their paths, in order. */
export function listDatabases(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return paths
    .map(({ name }) => join(folder, name))
    .filter((path) => existsSync(join(path, FILE_NAMES.wal)))
    .sort();
}

/** Removes a database, if there is one. Throws `DatabaseBusyError` while it is open anywhere. */
export function deleteDatabase(file: string): void {
  if (!existsSync(file)) return;
  locked(file, () => {
    for (const name of [...Object.values(FILE_NAMES), INCOMING_NAME]) rmSync(join(file, name), { force: true });
  });
  // Whatever else somebody has put into the folder is theirs.
  if (readdirSync(file).length === 0) rmSync(file, { recursive: true });
}

/** A database's files, copied; empty if there is none. */
export function databaseFiles(file: string): DatabaseFileBlobs {
  if (!existsSync(file)) return {};
  return locked(file, () => {
    const names = Object.values(FILE_NAMES).filter((name) => existsSync(join(file, name)));
    return Object.fromEntries(names.map((name) => [name, new Blob([readFileSync(join(file, name))])]));
  });
}
