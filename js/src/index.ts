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
import { type AssetOptions, wasmSources } from "./browser/assets.ts";
import { deleteDatabase, listDatabases } from "./browser/databases.ts";
import type { StorageWish } from "./browser/storage.ts";
import { hasWorkers, isShared, openInTabs } from "./browser/tabs.ts";
import { loadWasm } from "./browser/wasm.ts";
import { type CallOptions, Database } from "./database.ts";
import { PersistenceUnavailableError } from "./errors.ts";
import {
  type CommonOptions,
  checkCommonOptions,
  checkName,
  checkPositive,
  checkTimeSource,
  engineSettings,
  type TimeSource,
} from "./options.ts";
import type { Salvage } from "./salvage/salvage.ts";
import { askToPersist } from "./storage-report.ts";
import type { Transport } from "./transport.ts";
import { closedWhenAborted, untilAborted } from "./until-aborted.ts";

export type { AssetOptions } from "./browser/assets.ts";
export * from "./public.ts";

/** What `Dynatab.open` can be told in a browser. */
export interface OpenOptions extends CommonOptions, AssetOptions, TimeSource {
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
  /**
   * Whether all tabs of the origin that open this name use one database together: one tab has it open, and another takes over when that one
   * goes. Default: if it is durable. One in memory ends with the tab that has it (`DatabaseLostError`).
   */
  multiTab?: boolean;
  /** After how many milliseconds without a sign of life calls reject with `LeaderUnresponsiveError`. Default 30,000. */
  unresponsiveAfterMs?: number;
}

const UNRESPONSIVE_AFTER_MS = 30_000;

/** An open database in a browser. */
export class Dynatab extends Database {
  /**
   * Opens a database by name, making it if there is none. Databases of one origin and one name are one database, in however many tabs; in
   * memory, every call makes a new one, unless it is shared (`multiTab`). In a service worker, which can start no worker, it is the database of
   * a tab that has it open, or one in memory (`dynatab/service-worker`).
   *
   * Rejects with `DatabaseBusyError` while somebody has it open who does not share it, `PersistenceUnavailableError` when
   * `persistence: "required"` cannot be had, `AssetLoadError` when a file of the package is not served, `VersionMismatchError` when the
   * database, or another tab, is newer than the package, `LeaderUnresponsiveError` when the tab that has it open does not answer.
   */
  static async open(name: string, options: OpenOptions = {}): Promise<Dynatab> {
    checkName(name);
    checkCommonOptions(options);
    checkTimeSource(options, options.inProcess === true);
    checkPositive("unresponsiveAfterMs", options.unresponsiveAfterMs);
    const transport = await closedWhenAborted(connect(name, options), options.signal);
    if (transport.opened.persistence === "opfs" && options.askToPersist !== false) askToPersist();
    return new Dynatab(name, transport, options);
  }

  /** The names of this origin's databases that last, in order. */
  static list({ signal }: CallOptions = {}): Promise<string[]> {
    return untilAborted(listDatabases(), signal);
  }

  /** Removes a database that lasts, if there is one of this name. Rejects with `DatabaseBusyError` while it is open anywhere. */
  static async delete(name: string, { signal }: CallOptions = {}): Promise<void> {
    checkName(name);
    signal?.throwIfAborted();
    await untilAborted(deleteDatabase(name), signal);
  }

  /**
   * What is left of a database that cannot be opened or trusted: its files, and the tables and items that can be read. Changes nothing. Rejects
   * with `DatabaseBusyError` while it is open anywhere.
   */
  static async salvage(name: string, { signal, ...assets }: CallOptions & AssetOptions = {}): Promise<Salvage> {
    checkName(name);
    signal?.throwIfAborted();
    const { databaseFiles, Salvage } = await untilAborted(import("./browser/salvage.ts"), signal);
    const { waSqlite } = wasmSources(assets);
    return new Salvage(await untilAborted(databaseFiles(name), signal), () => loadWasm(waSqlite));
  }
}

async function connect(name: string, options: OpenOptions): Promise<Transport> {
  const { persistence = "auto", durability = "strict", multiTab, unresponsiveAfterMs = UNRESPONSIVE_AFTER_MS } = options;
  const wish: StorageWish = { name, persistence, durability, wasm: await wasmSources(options) };
  const engine = engineSettings(options);
  const inTabs = () => openInTabs({ ...wish, multiTab, engine }, options, unresponsiveAfterMs);
  if (!options.inProcess && hasWorkers()) return inTabs();
  let reason: string | undefined;
  if (!options.inProcess && isShared({ multiTab, persistence })) {
    try {
      return await inTabs();
    } catch (error) {
      if (!(error instanceof PersistenceUnavailableError) || persistence === "required") throw error;
      reason = error.message;
    }
  }
  const { openInProcess } = await import("./browser/in-process.ts");
  return openInProcess(reason === undefined ? wish : { ...wish, persistence: "memory" }, engine, options.now, reason);
}
