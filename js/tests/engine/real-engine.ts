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
import { type Bridge, type Engine, EngineDoor, type EngineInstance } from "../../src/engine.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { InProcessTransport } from "../../src/in-process.ts";
import { type EngineSettings, engineSettings } from "../../src/options.ts";
import type { RecordingFiles } from "../drivers/recording-file.ts";
import { type FaultOf, FaultyDriver } from "./faulty-driver.ts";

interface Glue extends Omit<EngineInstance, "memory"> {
  initSync(options: { module: BufferSource }): { memory: WebAssembly.Memory };
}

/** The module that ships. */
async function start(): Promise<EngineInstance> {
  const script = join(wasmDir("product"), "dynatab.js");
  if (!existsSync(script)) throw new Error(`${script} is not built: run \`npm run build\` first.`);
  const glue = (await import(pathToFileURL(script).href)) as Glue;
  const { memory } = glue.initSync({ module: readFileSync(join(wasmDir("product"), "dynatab_bg.wasm")) });
  return { ...glue, memory };
}

const [instance, waSqlite, sqlJs] = await Promise.all([start(), loadWaSqliteAssets(), loadSqlJsAssets()]);

/** Where the data is. */
export type Ground = { readonly files: RecordingFiles; readonly durability: Durability } | "memory";

/** One engine, and how its clients reach it. */
export interface RealEngine {
  /** A client with a queue of its own, as every port of a worker has. */
  client(): Database;
  /** Connections opened so far. */
  connections(): number;
  /** Does now what is to be done behind the requests, none of which may be out. */
  work(): void;
  close(): Promise<void>;
}

/** What may be other than usual. */
export interface EngineSetup {
  /** Decides about every statement. */
  readonly faultOf?: FaultOf;
  /** The engine's clock. */
  readonly now?: () => number;
}

/** Starts an engine. */
export async function startEngine(ground: Ground, { faultOf = () => undefined, now = Date.now }: EngineSetup = {}): Promise<RealEngine> {
  let engine: Engine | undefined;
  class KnownEngine extends instance.Engine {
    constructor(bridge: Bridge, settings: EngineSettings) {
      super(Object.assign(bridge, { now }), settings);
      engine = this;
    }
  }
  let connections = 0;
  async function connect(): Promise<DriverConnection> {
    connections += 1;
    const driver: SqliteDriver = ground === "memory" ? await openSqlJs(sqlJs) : await openWaSqlite(waSqlite, ground);
    return new DriverConnection(
      new FaultyDriver(driver, faultOf, () => {
        connections += 1;
      }),
    );
  }
  const host = await EngineHost.open({
    module: undefined as unknown as WebAssembly.Module,
    instantiate: () => ({ ...instance, Engine: KnownEngine }),
    connect,
    engine: engineSettings(ground === "memory" ? {} : { durability: ground.durability }),
    hop: setImmediate,
  });
  return {
    client: () => new Database("engine", new InProcessTransport(host, { persistence: ground === "memory" ? "memory" : "file" })),
    connections: () => connections,
    work() {
      if (!engine) throw new Error("no engine has been started");
      const door = new EngineDoor(instance, engine);
      do engine.work();
      while (new TextDecoder().decode(door.reply()) === "0");
    },
    close: () => host.close(),
  };
}
