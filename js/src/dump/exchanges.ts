/** How databases go out and come in, by where they are: in files, or in memory. */
import { type Connection, DriverConnection } from "../connection.ts";
import type { SqliteDriver } from "../drivers/driver.ts";
import { openSqlJs } from "../drivers/sqljs.ts";
import { type IncomingFile, seal } from "../drivers/vfs/incoming.ts";
import { filesAround, MemoryFile } from "../drivers/vfs/memory-file.ts";
import { sizeInHeader } from "../drivers/vfs/reserved-database.ts";
import type { DatabaseFiles, SyncFile } from "../drivers/vfs/sync-file.ts";
import { openWaSqlite } from "../drivers/wa-sqlite.ts";
import { StorageError } from "../errors.ts";
import { blobOf, copyFile, forgetLog, spentAsBlob, writeBlob } from "./blob-parts.ts";
import { copyDatabase } from "./copy-database.ts";
import type { Exchange, Incoming } from "./exchange.ts";

type LoadModule = () => Promise<WebAssembly.Module>;

/** A connection to a file by itself: what it writes is in the file once it is closed. */
async function connectFile(file: SyncFile, waSqlite: LoadModule): Promise<DriverConnection> {
  return new DriverConnection(await openWaSqlite({ module: await waSqlite() }, { files: filesAround(file) }));
}

/** The database behind a driver as a file of its own, made row by row; gives its size. */
async function copyInto(file: SyncFile, driver: SqliteDriver, waSqlite: LoadModule): Promise<number> {
  const copy = await openWaSqlite({ module: await waSqlite() }, { files: filesAround(file) });
  try {
    copyDatabase(driver, copy);
  } finally {
    copy.close();
  }
  return sizeInHeader(file) ?? file.size();
}

/** The same in memory, where nothing else can hold it. */
async function copied(driver: SqliteDriver, waSqlite: LoadModule): Promise<Blob> {
  const file = new MemoryFile();
  return spentAsBlob(file, await copyInto(file, driver, waSqlite));
}

/** The same in a file that stays. */
async function copiedInto(file: SyncFile, driver: SqliteDriver, waSqlite: LoadModule): Promise<void> {
  file.truncate(await copyInto(file, driver, waSqlite));
  forgetLog(file);
}

/** A database in files. What comes in is written beside it, and taken in by whoever opens the files next. */
export class FileExchange implements Exchange {
  constructor(
    private readonly driver: SqliteDriver,
    private readonly files: DatabaseFiles,
    private readonly waSqlite: LoadModule,
  ) {}

  /** The size of the file once the log has been copied into it; undefined where it cannot be, for want of room: it is copied row by row then. */
  #sizeWithoutLog(): number | undefined {
    return this.driver.checkpoint().complete ? sizeInHeader(this.files.database) : undefined;
  }

  async dump(): Promise<Blob> {
    const size = this.#sizeWithoutLog();
    return size === undefined ? copied(this.driver, this.waSqlite) : blobOf(this.files.database, size);
  }

  async dumpInto(file: SyncFile): Promise<void> {
    const size = this.#sizeWithoutLog();
    if (size === undefined) await copiedInto(file, this.driver, this.waSqlite);
    else copyFile(this.files.database, size, file);
  }

  async receive(blob: Blob): Promise<Incoming> {
    const incoming = await this.files.receive?.();
    if (!incoming) throw new StorageError("The files this database is in cannot be replaced: open a database by its name and load there.");
    try {
      await writeBlob(blob, incoming.file);
    } catch (error) {
      await incoming.discard();
      throw error;
    }
    return {
      connect: () => connectFile(incoming.file, this.waSqlite),
      accept: async () => this.#accept(incoming, blob.size),
      discard: () => incoming.discard(),
    };
  }

  #accept(incoming: IncomingFile, received: number): undefined {
    const { database } = this.files;
    const size = sizeInHeader(incoming.file) ?? received;
    // What comes is copied over the database: room it has not got must show while the old one still counts.
    if (database.size() < size) database.truncate(size);
    seal(incoming.file, size);
    incoming.close();
  }
}

/** A database in memory: what comes in is looked at as a file in memory, and copied into a new database. */
export class MemoryExchange implements Exchange {
  constructor(
    private readonly driver: SqliteDriver,
    private readonly sqlJs: LoadModule,
    private readonly waSqlite: LoadModule,
  ) {}

  dump(): Promise<Blob> {
    return copied(this.driver, this.waSqlite);
  }

  dumpInto(file: SyncFile): Promise<void> {
    return copiedInto(file, this.driver, this.waSqlite);
  }

  async receive(blob: Blob): Promise<Incoming> {
    const file = new MemoryFile();
    await writeBlob(blob, file);
    return { connect: () => connectFile(file, this.waSqlite), accept: () => this.#accept(file), discard() {} };
  }

  async #accept(file: MemoryFile): Promise<Connection> {
    const from = await openWaSqlite({ module: await this.waSqlite() }, { files: filesAround(file) });
    try {
      const to = await openSqlJs({ module: await this.sqlJs() });
      copyDatabase(from, to);
      return connectMemory(to, this.sqlJs, this.waSqlite);
    } finally {
      from.close();
    }
  }
}

/** A connection to a database in memory that can go out and come in. */
export function connectMemory(driver: SqliteDriver, sqlJs: LoadModule, waSqlite: LoadModule): Connection {
  return new DriverConnection(driver, new MemoryExchange(driver, sqlJs, waSqlite));
}

/** A connection to a database in files that can go out and come in. */
export function connectFiles(driver: SqliteDriver, files: DatabaseFiles, waSqlite: LoadModule): Connection {
  return new DriverConnection(driver, new FileExchange(driver, files, waSqlite));
}
