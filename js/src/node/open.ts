/** `Dynatab.open` in Node: the engine in this process. */
import { evaluateSqlJs, instantiateEngine } from "dynatab:glue";
import { type Connection, DriverConnection } from "../connection.ts";
import { Database } from "../database.ts";
import { openSqlJs } from "../drivers/sqljs.ts";
import { EngineHost } from "../engine-host.ts";
import { PersistenceUnavailableError } from "../errors.ts";
import { InProcessTransport } from "../in-process.ts";
import { type CommonOptions, checkCommonOptions, checkName, engineOptions } from "../options.ts";
import { loadWasm, type NodeAssetOptions } from "./assets.ts";

/** What `Dynatab.open` can be told in Node. */
export interface OpenOptions extends CommonOptions, NodeAssetOptions {
  /** The path of the database's file, made if there is none. Without it the database is in memory and gone with the process. */
  file?: string;
}

/** A database may be waiting in a test whose timers are fake: the real one is taken before. */
const immediately = globalThis.setImmediate;

/** An open database in Node. */
export class Dynatab extends Database {
  /**
   * Opens a database: in a file that lasts if `file` is given, otherwise in memory, where every call makes a new one.
   *
   * Rejects with `DatabaseBusyError` while the file is open elsewhere, with `PersistenceUnavailableError` for `persistence: "required"`
   * without a file, with `VersionMismatchError` when the file is newer than the package.
   */
  static async open(name: string, options: OpenOptions = {}): Promise<Dynatab> {
    checkName(name);
    checkCommonOptions(options);
    const durable = options.file !== undefined && options.persistence !== "memory";
    if (options.persistence === "required" && !durable) {
      throw new PersistenceUnavailableError('In Node a database lasts only in a file: give its path as "file".');
    }
    const module = loadWasm("dynatab.wasm", options);
    module.catch(() => {});
    const connect = durable ? () => connectFile(options) : () => connectMemory(options);
    const host = await EngineHost.open({
      module: await module,
      instantiate: instantiateEngine,
      connect,
      engine: engineOptions(options),
      // A commit to a file is dear enough to wait for the requests that arrive in this turn of the event loop; memory's are not.
      hop: durable ? (run) => void immediately(run) : queueMicrotask,
    });
    return new Dynatab(name, new InProcessTransport(host, { persistence: durable ? "file" : "memory" }), options.region);
  }
}

async function connectMemory(options: OpenOptions): Promise<Connection> {
  return new DriverConnection(await openSqlJs({ module: await loadWasm("sqljs.wasm", options), evaluateScript: evaluateSqlJs }));
}

async function connectFile(_options: OpenOptions): Promise<Connection> {
  throw new PersistenceUnavailableError("not built yet");
}
