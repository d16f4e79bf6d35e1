/**
 * The `node:fs` twin of the private file system: durable databases in Node, and the ground for crash and fault trials.
 */
import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { INCOMING_NAME, type IncomingFile, takeIn } from "./incoming.ts";
import { missingDatabase, refuseEmptied } from "./missing-database.ts";
import { lockDirectory } from "./node-lock.ts";
import { closeAll, type DatabaseFiles, FILE_NAMES, StorageFullError, type SyncFile } from "./sync-file.ts";

/** Opens a database's files in a directory of its own, making both if need be. Throws `DatabaseBusyError` if anyone else holds them. */
export function openNodeFiles(directory: string): DatabaseFiles {
  mkdirSync(directory, { recursive: true });
  const unlock = lockDirectory(directory);
  const present = (name: string) => existsSync(join(directory, name));
  const files: SyncFile[] = [];
  const open = (name: string): SyncFile => {
    const file = new NodeFile(join(directory, name));
    files.push(file);
    return file;
  };
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    closeAll(files);
    unlock();
  };
  try {
    // Something that was to replace it is as good as the file.
    if (!present(FILE_NAMES.database) && present(FILE_NAMES.wal) && !present(INCOMING_NAME)) throw missingDatabase();
    const opened = {
      database: open(FILE_NAMES.database),
      journal: open(FILE_NAMES.journal),
      wal: open(FILE_NAMES.wal),
    };
    makeNamesDurable(directory);
    takeInBeside(directory, opened);
    refuseEmptied(opened.database, opened.wal);
    return { ...opened, release, receive: async () => receive(directory) };
  } catch (error) {
    release();
    throw error;
  }
}

/** Finishes what a replacement left when it was interrupted. */
function takeInBeside(directory: string, files: Omit<DatabaseFiles, "release">): void {
  const path = join(directory, INCOMING_NAME);
  if (!existsSync(path)) return;
  const incoming = new NodeFile(path);
  try {
    takeIn(files, incoming);
  } finally {
    incoming.close();
  }
  rmSync(path);
}

function receive(directory: string): IncomingFile {
  const path = join(directory, INCOMING_NAME);
  const file = new NodeFile(path);
  file.truncate(0);
  makeNamesDurable(directory);
  const close = () => file.close();
  return {
    file,
    close,
    discard() {
      close();
      rmSync(path, { force: true });
    },
  };
}

/** Opens one file by itself, making it if need be. */
export function openNodeFile(path: string): SyncFile {
  return new NodeFile(path);
}

/** A file's bytes survive a power loss only if its name does. Where directories cannot be flushed (Windows) the system does it alone. */
export function makeNamesDurable(directory: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

class NodeFile implements SyncFile {
  readonly #descriptor: number;
  #closed = false;

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  read(into: Uint8Array, at: number): number {
    let done = 0;
    while (done < into.length) {
      const got = readSync(this.#descriptor, into, done, into.length - done, at + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  write(from: Uint8Array, at: number): void {
    let done = 0;
    while (done < from.length) {
      done += attempt(() => writeSync(this.#descriptor, from, done, from.length - done, at + done));
    }
  }

  truncate(size: number): void {
    attempt(() => ftruncateSync(this.#descriptor, size));
  }

  flush(): void {
    fdatasyncSync(this.#descriptor);
  }

  size(): number {
    return fstatSync(this.#descriptor).size;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOSPC" || code === "EDQUOT") throw new StorageFullError("the disk is full", { cause: error });
    throw error;
  }
}
