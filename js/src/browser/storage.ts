/** Decides where a browser's database lives, and opens the SQLite connections to it: in a worker, or in the page for one in memory. */
import type { Connection } from "../connection.ts";
import { openSqlJs } from "../drivers/sqljs.ts";
import { databaseDirectoryName, openOpfsFiles } from "../drivers/vfs/opfs-file.ts";
import { DatabaseBusyError as BusyFiles, type DatabaseFiles } from "../drivers/vfs/sync-file.ts";
import { openWaSqlite } from "../drivers/wa-sqlite.ts";
import { connectFiles, connectMemory } from "../dump/exchanges.ts";
import { PersistenceUnavailableError } from "../errors.ts";
import type { Durability, PersistenceChoice } from "../options.ts";
import type { WasmSources } from "../protocol.ts";
import type { TakeLock } from "../tabs/tab-worker.ts";
import type { OpenResult } from "../transport.ts";
import { ROOT_FOLDER } from "./databases.ts";
import { loadWasm } from "./wasm.ts";

/** What is wished for. */
export interface StorageWish {
  name: string;
  persistence: PersistenceChoice;
  durability: Durability;
  wasm: WasmSources;
}

/** What there is: how to connect, and what to let go of in the end. */
export interface Storage {
  opened: OpenResult;
  connect(): Promise<Connection>;
  release(): void;
}

/** Why there is no private file system with synchronous handles here, or undefined if there is one. */
async function whyNoOpfs(): Promise<string | undefined> {
  const handles = (globalThis as { FileSystemFileHandle?: { prototype: object } }).FileSystemFileHandle;
  if (typeof navigator === "undefined" || !navigator.storage?.getDirectory) {
    return "this browser, or this page (is it served over HTTPS or from localhost?), has no origin private file system";
  }
  if (!handles || !("createSyncAccessHandle" in handles.prototype)) return "synchronous file handles exist in dedicated workers only";
  try {
    await navigator.storage.getDirectory();
    return undefined;
  } catch (error) {
    return `the browser refuses the origin private file system here (${String(error)}), as in some private windows`;
  }
}

async function memoryStorage({ wasm }: StorageWish, take: TakeLock, reason?: string): Promise<Storage> {
  const release = await take(false);
  return {
    opened: reason === undefined ? { persistence: "memory" } : { persistence: "memory", reason },
    async connect() {
      const sqlJs = () => loadWasm(wasm.sqlJs);
      return connectMemory(await openSqlJs({ module: await sqlJs() }), sqlJs, () => loadWasm(wasm.waSqlite));
    },
    release,
  };
}

/**
 * Decides, and takes the database's lock. Rejects with `PersistenceUnavailableError`, or as the lock does; a busy database is never answered by a
 * private copy.
 */
export async function chooseStorage(wish: StorageWish, take: TakeLock): Promise<Storage> {
  if (wish.persistence === "memory") return memoryStorage(wish, take);
  const reason = await whyNoOpfs();
  if (reason !== undefined) {
    if (wish.persistence === "auto") return memoryStorage(wish, take, reason);
    throw new PersistenceUnavailableError(
      `Nothing durable can be had: ${reason}. Open with persistence "auto" or "memory" to go on in memory.`,
    );
  }
  const release = await take(true);
  return { opened: { persistence: "opfs" }, connect: () => connectOpfs(wish), release };
}

const FREED_WITHIN_MS = 3000;
const FREED_EVERY_MS = 20;

async function connectOpfs({ name, durability, wasm }: StorageWish): Promise<Connection> {
  const module = loadWasm(wasm.waSqlite);
  module.catch(() => {});
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(ROOT_FOLDER, { create: true });
  const folder = await root.getDirectoryHandle(databaseDirectoryName(name), { create: true });
  const assets = { module: await module };
  const files = await openFreedFiles(folder);
  return connectFiles(await openWaSqlite(assets, { files, durability }), files, () => module);
}

/** Whoever holds the lock has the files, but those of a worker that was ended become free a little after its lock. */
async function openFreedFiles(folder: FileSystemDirectoryHandle): Promise<DatabaseFiles> {
  for (let waited = 0; ; waited += FREED_EVERY_MS) {
    try {
      return await openOpfsFiles(folder);
    } catch (error) {
      if (!(error instanceof BusyFiles) || waited >= FREED_WITHIN_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, FREED_EVERY_MS));
    }
  }
}
