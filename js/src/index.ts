/**
 * dynatab in a browser: Amazon DynamoDB inside the page, durable in the origin's private file system.
 *
 * ```ts
 * import { Dynatab } from "dynatab";
 * const db = await Dynatab.open("my-app");
 * await db.execute("PutItem", { TableName: "Music", Item: { Artist: { S: "No One You Know" }, SongTitle: { S: "Call Me Today" } } });
 * const client = new DynamoDBClient(db.clientConfig());
 * ```
 */
import { type AssetOptions, startWorker, wasmSources } from "./browser/assets.ts";
import { Database } from "./database.ts";
import { type CommonOptions, checkCommonOptions, checkName, engineSettings } from "./options.ts";
import { askToPersist } from "./storage-report.ts";
import type { Transport } from "./transport.ts";
import { closedWhenAborted } from "./until-aborted.ts";
import { WorkerTransport } from "./worker-transport.ts";

export type { AssetOptions } from "./browser/assets.ts";
export type { Change, ChangedAttributes, ChangesOptions } from "./changes/change.ts";
export { ChangesTrimmedError, StreamNotEnabledError } from "./changes/errors.ts";
export type { Counters } from "./counters.ts";
export type { CallOptions, DatabaseOptions, DispatchReply, OperationName } from "./database.ts";
export { Database } from "./database.ts";
export type { Dump } from "./dump/source.ts";
export * from "./errors-public.ts";
export type { Operations, StreamOperationName } from "./generated/operations.ts";
export type { Latency } from "./latency.ts";
export type { Logger } from "./logger.ts";
export type { CommonOptions, Durability, EngineOptions, Persistence, PersistenceChoice } from "./options.ts";
export type { ClientConfig } from "./sdk.ts";
export * from "./service-errors.ts";
export type { DatabaseStats, IndexStats, StorageStats, TableStats } from "./stats.ts";
export type { StorageReport } from "./storage-report.ts";
export type { VacuumOptions, VacuumProgress } from "./vacuum.ts";
export type { WasmModules } from "./wasm-modules.ts";

/** What `Dynatab.open` can be told in a browser. */
export interface OpenOptions extends CommonOptions, AssetOptions {
  /**
   * Runs the engine in this thread instead of a worker of its own: in a worker of yours (durable there), or in the page (in memory only,
   * and long requests block it). Default false.
   */
  inProcess?: boolean;
  /**
   * Asks the browser to keep this origin's data when the disk runs short (`navigator.storage.persist()`): some browsers ask the user. Nothing
   * waits for the answer; `db.storage()` has it. Default true for a database that lasts.
   */
  askToPersist?: boolean;
}

/** An open database in a browser. */
export class Dynatab extends Database {
  /**
   * Opens a database by name, making it if there is none. Databases of one origin and one name are one database; in memory, every call
   * makes a new one.
   *
   * Rejects with `DatabaseBusyError` while another tab has it open, `PersistenceUnavailableError` when `persistence: "required"` cannot
   * be had, `AssetLoadError` when a file of the package is not served, `VersionMismatchError` when the database is newer than the package.
   */
  static async open(name: string, options: OpenOptions = {}): Promise<Dynatab> {
    checkName(name);
    checkCommonOptions(options);
    const transport = await closedWhenAborted(connect(name, options), options.signal);
    if (transport.opened.persistence === "opfs" && options.askToPersist !== false) askToPersist();
    return new Dynatab(name, transport, options);
  }
}

async function connect(name: string, options: OpenOptions): Promise<Transport> {
  const wish = {
    name,
    persistence: options.persistence ?? "auto",
    durability: options.durability ?? "strict",
    wasm: await wasmSources(options),
  } as const;
  if (!options.inProcess) return WorkerTransport.open(await startWorker(options), { ...wish, engine: engineSettings(options) });
  const { openInProcess } = await import("./browser/in-process.ts");
  return openInProcess(wish, engineSettings(options));
}
