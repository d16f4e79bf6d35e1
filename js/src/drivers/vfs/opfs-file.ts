/**
 * Files in the origin's private file system, through the synchronous handles a dedicated worker has.
 *
 * A handle excludes every other one on its file, in any tab: holding the handles is the database's lock.
 */
import { INCOMING_NAME, type IncomingFile, takeIn } from "./incoming.ts";
import { missingDatabase, refuseEmptied } from "./missing-database.ts";
import { closeAll, DatabaseBusyError, type DatabaseFiles, FILE_NAMES, StorageFullError, type SyncFile } from "./sync-file.ts";

/** A directory name for a database name: any text becomes one legal path component, different texts different ones. */
export function databaseDirectoryName(database: string): string {
  // A lone dot is legal in the encoding and illegal as a file name.
  return encodeURIComponent(database).replaceAll(".", "%2E");
}

/** Opens a database's files in its directory, making them if need be. Throws `DatabaseBusyError` if anyone else holds one. */
export async function openOpfsFiles(directory: FileSystemDirectoryHandle): Promise<DatabaseFiles> {
  await refuseMissing(directory);
  const opening = [FILE_NAMES.database, FILE_NAMES.journal, FILE_NAMES.wal].map((name) => openHandle(directory, name));
  const [incoming, ...opened] = await Promise.allSettled([openIncoming(directory), ...opening]);
  const files = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const refused = [incoming, ...opened].find((result) => result.status === "rejected");
  const [database, journal, wal] = files;
  const beside = incoming.status === "fulfilled" ? incoming.value : undefined;
  try {
    if (refused !== undefined || !database || !journal || !wal) throw refused?.reason;
    if (beside) {
      takeIn({ database, journal, wal }, beside);
      beside.close();
      await directory.removeEntry(INCOMING_NAME);
    }
    refuseEmptied(database, wal);
    return { database, journal, wal, release: () => closeAll(files), receive: () => receive(directory) };
  } catch (error) {
    closeAll(beside ? [...files, beside] : files);
    throw error;
  }
}

/** Makes the database's file before the others, and refuses to where the others are there without it. */
async function refuseMissing(directory: FileSystemDirectoryHandle): Promise<void> {
  if (await exists(directory, FILE_NAMES.database)) return;
  // Something that was to replace it is as good as the file.
  if ((await exists(directory, FILE_NAMES.wal)) && !(await exists(directory, INCOMING_NAME))) throw missingDatabase();
  await directory.getFileHandle(FILE_NAMES.database, { create: true });
}

async function exists(directory: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await directory.getFileHandle(name);
    return true;
  } catch (error) {
    if (isNamed(error, "NotFoundError")) return false;
    throw error;
  }
}

/** What was to replace the database when it was last open: nothing, as a rule. */
async function openIncoming(directory: FileSystemDirectoryHandle): Promise<SyncFile | undefined> {
  try {
    const file = await directory.getFileHandle(INCOMING_NAME);
    return new OpfsFile(await file.createSyncAccessHandle());
  } catch (error) {
    // It is not there, or this very worker is writing it while its engine is started anew.
    if (isNamed(error, "NotFoundError") || isNamed(error, "NoModificationAllowedError")) return undefined;
    throw error;
  }
}

async function receive(directory: FileSystemDirectoryHandle): Promise<IncomingFile> {
  const file = await openHandle(directory, INCOMING_NAME);
  file.truncate(0);
  const close = () => closeAll([file]);
  return {
    file,
    close,
    async discard() {
      close();
      await directory.removeEntry(INCOMING_NAME);
    },
  };
}

async function openHandle(directory: FileSystemDirectoryHandle, name: string): Promise<SyncFile> {
  try {
    const file = await directory.getFileHandle(name, { create: true });
    return new OpfsFile(await file.createSyncAccessHandle());
  } catch (error) {
    if (isNamed(error, "NoModificationAllowedError")) {
      throw new DatabaseBusyError("the database is open in another tab or worker", { cause: error });
    }
    throw quotaOr(error);
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function quotaOr(error: unknown): unknown {
  if (!isNamed(error, "QuotaExceededError")) return error;
  return new StorageFullError("the origin's storage quota is used up", { cause: error });
}

class OpfsFile implements SyncFile {
  readonly #handle: FileSystemSyncAccessHandle;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
  }

  read(into: Uint8Array<ArrayBuffer>, at: number): number {
    return this.#handle.read(into, { at });
  }

  write(from: Uint8Array<ArrayBuffer>, at: number): void {
    let done = 0;
    while (done < from.length) {
      const wrote = this.#write(done === 0 ? from : from.subarray(done), at + done);
      // A browser may cut a write short at the quota instead of throwing.
      if (wrote <= 0) throw new StorageFullError("the file system took no more bytes");
      done += wrote;
    }
  }

  truncate(size: number): void {
    try {
      this.#handle.truncate(size);
    } catch (error) {
      throw quotaOr(error);
    }
  }

  flush(): void {
    this.#handle.flush();
  }

  size(): number {
    return this.#handle.getSize();
  }

  close(): void {
    this.#handle.close();
  }

  #write(from: Uint8Array<ArrayBuffer>, at: number): number {
    try {
      return this.#handle.write(from, { at });
    } catch (error) {
      throw quotaOr(error);
    }
  }
}
