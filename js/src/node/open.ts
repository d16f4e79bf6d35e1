/** `Dynatab.open` in Node: the engine in this process. */
import { instantiateEngine } from "dynatab:glue";
import type { Connection } from "../connection.ts";
import { type CallOptions, Database } from "../database.ts";
import { openSqlJs } from "../drivers/sqljs.ts";
import { openNodeFiles } from "../drivers/vfs/node-file.ts";
import { openWaSqlite } from "../drivers/wa-sqlite.ts";
import { dumpDatabaseInto } from "../dump/dump.ts";
import { connectFiles, connectMemory } from "../dump/exchanges.ts";
import { EngineHost } from "../engine-host.ts";
import { PersistenceUnavailableError } from "../errors.ts";
import { InProcessTransport } from "../in-process.ts";
import { type CommonOptions, checkCommonOptions, checkName, checkTimeSource, engineSettings, type TimeSource } from "../options.ts";
import { Salvage } from "../salvage/salvage.ts";
import { closedWhenAborted } from "../until-aborted.ts";
import { loadWasm, type NodeAssetOptions } from "./assets.ts";
import { databaseFiles, deleteDatabase, listDatabases, requiredFile } from "./databases.ts";
import { writeDumpFile } from "./dump-file.ts";

/** What `Dynatab.open` can be told in Node. */
export interface OpenOptions extends CommonOptions, NodeAssetOptions, TimeSource {
  /**
   * Where the database is kept: a folder with SQLite's file, its log and a lock, made if there is none. Without it the database is in
   * memory and gone with the process.
   */
  file?: string;
}

/** A database may be waiting in a test whose timers are fake: the real one is taken before. */
const immediately = globalThis.setImmediate;

/** An open database in Node. */
export class Dynatab extends Database {
  #host: EngineHost | undefined;

  /**
   * Opens a database: in a file that lasts if `file` is given, otherwise in memory, where every call makes a new one.
   *
   * Rejects with `DatabaseBusyError` while the file is open elsewhere, with `PersistenceUnavailableError` for `persistence: "required"`
   * without a file, with `VersionMismatchError` when the file is newer than the package.
   */
  static async open(name: string, options: OpenOptions = {}): Promise<Dynatab> {
    checkName(name);
    checkCommonOptions(options);
    checkTimeSource(options, true);
    const file = options.persistence === "memory" ? undefined : options.file;
    if (options.persistence === "required" && file === undefined) {
      throw new PersistenceUnavailableError('In Node a database lasts only in a file: give its path as "file".');
    }
    const module = loadWasm("dynatab.wasm", options);
    module.catch(() => {});
    const connect = file === undefined ? () => openMemory(options) : () => openFile(file, options);
    const opening = EngineHost.open({
      module: await module,
      instantiate: instantiateEngine,
      connect,
      engine: engineSettings(options),
      now: options.now,
      // A commit to a file is dear enough to wait for the requests that arrive in this turn of the event loop; memory's are not.
      hop: file === undefined ? queueMicrotask : (run) => void immediately(run),
    });
    const host = await closedWhenAborted(opening, options.signal);
    const db = new Dynatab(name, new InProcessTransport(host, { persistence: file === undefined ? "memory" : "file" }), options);
    db.#host = host;
    return db;
  }

  /**
   * The same as `dump`, into a file: for databases that are too large to be in memory a second time. The file has its name when it is whole; one
   * that was there is replaced. `load(await openAsBlob(path))`, with `openAsBlob` of `node:fs`, takes it in as it is read.
   */
  dumpTo(path: string, { signal }: Pick<CallOptions, "signal"> = {}): Promise<void> {
    return this.behindRequests(() => writeDumpFile(path, (file) => dumpDatabaseInto(this.#host!, file)), signal);
  }

  /** The databases right below a folder, by their paths, in order. */
  static async list(folder: string): Promise<string[]> {
    return listDatabases(folder);
  }

  /** Removes the database in a file, if there is one. Rejects with `DatabaseBusyError` while it is open anywhere. */
  static async delete(name: string, { file }: Pick<OpenOptions, "file">): Promise<void> {
    checkName(name);
    deleteDatabase(requiredFile(file));
  }

  /**
   * What is left of a database that cannot be opened or trusted: its files, and the tables and items that can be read. Changes nothing. Rejects
   * with `DatabaseBusyError` while it is open anywhere.
   */
  static async salvage(name: string, { file, ...assets }: Pick<OpenOptions, "file" | keyof NodeAssetOptions>): Promise<Salvage> {
    checkName(name);
    return new Salvage(databaseFiles(requiredFile(file)), () => loadWasm("wa-sqlite.wasm", assets));
  }
}

async function openMemory(options: OpenOptions): Promise<Connection> {
  const sqlJs = () => loadWasm("sqljs.wasm", options);
  return connectMemory(await openSqlJs({ module: await sqlJs() }), sqlJs, () => loadWasm("wa-sqlite.wasm", options));
}

async function openFile(file: string, options: OpenOptions): Promise<Connection> {
  const waSqlite = () => loadWasm("wa-sqlite.wasm", options);
  const assets = { module: await waSqlite() };
  const files = openNodeFiles(file);
  return connectFiles(await openWaSqlite(assets, { files, durability: options.durability ?? "strict" }), files, waSqlite);
}
