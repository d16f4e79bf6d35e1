/**
 * Runs cases of the two contract suites in a dedicated worker, each on a database of its own: the storage contract inside the engine's test
 * build, and the driver contract beside it. The package's rooms are used as they are; only the worker around them is the test's.
 */
import { instantiateEngine } from "dynatab:glue";
import { EXECUTE_LOST } from "../../js/src/bridge/frame.ts";
import { DriverConnection } from "../../js/src/connection.ts";
import type { SqliteDriver } from "../../js/src/drivers/driver.ts";
import { openSqlJs } from "../../js/src/drivers/sqljs.ts";
import { openOpfsFiles } from "../../js/src/drivers/vfs/opfs-file.ts";
import type { DatabaseFiles } from "../../js/src/drivers/vfs/sync-file.ts";
import { openWaSqlite } from "../../js/src/drivers/wa-sqlite.ts";
import { type Engine, PENDING, random } from "../../js/src/engine.ts";
import { engineSettings } from "../../js/src/options.ts";
import { type DriverMaker, driverContractCases } from "../../js/tests/drivers/contract.ts";

/** What a worker is asked: run this case. */
export interface ContractRequest {
  suite: "storage" | "driver";
  driver: "sql.js" | "wa-sqlite";
  name: string;
}

/** The engine as the test build exports it. */
interface ContractEngine extends Engine {
  run_contract_case(name: string): number;
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** A WebAssembly file of the test package, compiled once. */
function compiled(file: string): Promise<WebAssembly.Module> {
  let module = modules.get(file);
  if (!module) {
    module = WebAssembly.compileStreaming(fetch(new URL(`/test/dist/${file}`, location.origin)));
    modules.set(file, module);
  }
  return module;
}

/** Databases in the private file system, all in one folder that goes with the case. */
class OpfsMaker implements DriverMaker {
  readonly persistent = true;
  readonly #files = new Map<SqliteDriver, DatabaseFiles>();

  private constructor(
    private readonly folder: string,
    private readonly home: FileSystemDirectoryHandle,
  ) {}

  static async fresh(folder: string): Promise<OpfsMaker> {
    const origin = await navigator.storage.getDirectory();
    return new OpfsMaker(folder, await origin.getDirectoryHandle(folder, { create: true }));
  }

  async open(name: string, options: Parameters<DriverMaker["open"]>[1] = {}): Promise<SqliteDriver> {
    const files = await openOpfsFiles(await this.home.getDirectoryHandle(name, { create: true }));
    const assets = { module: await compiled("wa-sqlite.wasm") };
    const driver = await openWaSqlite(assets, { files, ...options });
    this.#files.set(driver, files);
    return driver;
  }

  abandon(driver: SqliteDriver): void {
    this.#files.get(driver)?.release();
  }

  /** Closes what a failed case left open, and removes everything. */
  async remove(): Promise<void> {
    for (const files of this.#files.values()) files.release();
    await (await navigator.storage.getDirectory()).removeEntry(this.folder, { recursive: true });
  }
}

const inMemory: DriverMaker = {
  persistent: false,
  open: async () => openSqlJs({ module: await compiled("sqljs.wasm") }),
  abandon: () => undefined,
};

/** Runs a storage case in a new engine over a new database. Throws what is wrong. */
async function runStorageCase(name: string, maker: DriverMaker): Promise<void> {
  const instance = instantiateEngine(await compiled("dynatab.wasm"));
  const connection = new DriverConnection(await maker.open("case"));
  try {
    const execute = connection.attach(instance);
    const bridge = { execute, volatile: connection.volatile, reopen: () => EXECUTE_LOST, now: Date.now, random };
    const engine = new instance.Engine(bridge, engineSettings({})) as ContractEngine;
    if (engine.run_contract_case(name) === PENDING) throw new Error("a synchronous driver was waited for");
    const reply = new Uint8Array(instance.memory.buffer, engine.reply_ptr(), engine.reply_len());
    if (reply.length > 0) throw new Error(new TextDecoder().decode(reply));
  } finally {
    connection.close();
  }
}

async function runCase({ suite, driver, name }: ContractRequest): Promise<void> {
  const opfs = driver === "wa-sqlite" ? await OpfsMaker.fresh(`contract-${crypto.randomUUID()}`) : undefined;
  const maker = opfs ?? inMemory;
  try {
    if (suite === "storage") await runStorageCase(name, maker);
    else await driverContractCases.find((each) => each.name === name)!.run(maker);
  } finally {
    await opfs?.remove();
  }
}

/** Answers with what is wrong, or with nothing. */
globalThis.onmessage = ({ data }: MessageEvent<ContractRequest>) => {
  runCase(data).then(
    () => postMessage(null),
    (error: unknown) => postMessage(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
};
