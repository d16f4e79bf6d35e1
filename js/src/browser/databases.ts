/** The databases of this origin that last, without opening them: which there are, the end of one, what is left of one. */

import { INCOMING_NAME } from "../drivers/vfs/incoming.ts";
import { databaseDirectoryName } from "../drivers/vfs/opfs-file.ts";
import type { DatabaseFileBlobs } from "../salvage/salvage.ts";
import { holdAlone } from "./locks.ts";

/** All databases of an origin are in one folder, each in one of its own. */
export const ROOT_FOLDER = "dynatab";

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** The folder of all databases; undefined where there is none, or no private file system. */
async function rootFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  if (typeof navigator === "undefined" || !navigator.storage?.getDirectory) return undefined;
  try {
    const origin = await navigator.storage.getDirectory();
    return await origin.getDirectoryHandle(ROOT_FOLDER);
  } catch (error) {
    // A private window refuses the file system itself.
    if (isNamed(error, "NotFoundError") || isNamed(error, "SecurityError")) return undefined;
    throw error;
  }
}

/** The names of the databases, in order. */
export async function listDatabases(): Promise<string[]> {
  const names: string[] = [];
  const root = await rootFolder();
  if (!root) return names;
  for await (const [name, { kind }] of root.entries()) if (kind === "directory") names.push(decodeURIComponent(name));
  return names.sort();
}

/** Removes a database, if there is one. Rejects with `DatabaseBusyError` while it is open anywhere. */
export async function deleteDatabase(name: string): Promise<void> {
  const root = await rootFolder();
  if (!root) return;
  const release = await holdAlone(name);
  try {
    await root.removeEntry(databaseDirectoryName(name), { recursive: true });
  } catch (error) {
    if (!isNamed(error, "NotFoundError")) throw error;
  } finally {
    release();
  }
}

/** A database's files, copied: they are as they were while nobody had it open. Empty if there is none. */
export async function databaseFiles(name: string): Promise<DatabaseFileBlobs> {
  const files: Record<string, Blob> = {};
  const root = await rootFolder();
  if (!root) return files;
  const release = await holdAlone(name);
  try {
    const folder = await root.getDirectoryHandle(databaseDirectoryName(name));
    for await (const [file, handle] of folder.entries()) {
      if (file === INCOMING_NAME || handle.kind !== "file") continue;
      // A copy: what a file's blob holds is gone once the file changes.
      files[file] = new Blob([await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()]);
    }
  } catch (error) {
    if (!isNamed(error, "NotFoundError")) throw error;
  } finally {
    release();
  }
  return files;
}
