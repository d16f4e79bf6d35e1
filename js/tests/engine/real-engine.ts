/** The real engine behind a host in this process: over wa-sqlite on recording files, or over sql.js in memory, each with its faults. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { wasmDir } from "../../../scripts/wasm.mjs";
import { DriverConnection } from "../../src/connection.ts";
import { Database } from "../../src/database.ts";
import { loadSqlJsAssets, loadWaSqliteAssets } from "../../src/drivers/assets-node.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import { openSqlJs } from "../../src/drivers/sqljs.ts";
import { type Durability, openWaSqlite } from "../../src/drivers/wa-sqlite.ts";
import type { EngineInstance } from "../../src/engine.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { InProcessTransport } from "../../src/in-process.ts";
import { engineSettings } from "../../src/options.ts";
import type { RecordingFiles } from "../drivers/recording-file.ts";
import { type FaultOf, FaultyDriver } from "./faulty-driver.ts";

interface Glue extends Omit<EngineInstance, "memory"> {
  initSync(options: { module: BufferSource }): { memory: WebAssembly.Memory };
}

const script = join(wasmDir("test"), "dynatab.js");
if (!existsSync(script)) throw new Error(`${script} is not built: run \`npm run build -- --test\` first.`);
const glue = (await import(pathToFileURL(script).href)) as Glue;
const { memory } = glue.initSync({ module: readFileSync(join(wasmDir("test"), "dynatab_bg.wasm")) });
const [waSqlite, sqlJs] = await Promise.all([loadWaSqliteAssets(), loadSqlJsAssets()]);

/** Where the data is. */
export type Ground = { readonly files: RecordingFiles; readonly durability: Durability } | "memory";

/** One engine, and how its clients reach it. */
export interface RealEngine {
  /** A client with a queue of its own, as every port of a worker has. */
  client(): Database;
  /** Connections opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts an engine. `faultOf` decides about every statement. */
export async function startEngine(ground: Ground, faultOf: FaultOf = () => undefined): Promise<RealEngine> {
  let connections = 0;
  async function connect(): Promise<DriverConnection> {
    connections += 1;
    const driver: SqliteDriver = ground === "memory" ? await openSqlJs(sqlJs) : await openWaSqlite(waSqlite, ground);
    return new DriverConnection(new FaultyDriver(driver, faultOf));
  }
  const host = await EngineHost.open({
    module: undefined as unknown as WebAssembly.Module,
    instantiate: () => ({ ...glue, memory }),
    connect,
    engine: engineSettings(ground === "memory" ? {} : { durability: ground.durability }),
    hop: setImmediate,
  });
  return {
    client: () => new Database("engine", new InProcessTransport(host, { persistence: ground === "memory" ? "memory" : "file" })),
    connections: () => connections,
    close: () => host.close(),
  };
}
