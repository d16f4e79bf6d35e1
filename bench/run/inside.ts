/** The layers that run in the engine's own thread: the floor, the stock pool's floor, the engine. */
import { instantiateEngine } from "dynatab:glue";
import { DriverConnection } from "../../js/src/connection.ts";
import type { SqliteDriver } from "../../js/src/drivers/driver.ts";
import { DEFAULT_REGION } from "../../js/src/options.ts";
import { Floor, type FloorStorage } from "../floor/floor.ts";
import { EngineLayer } from "../layers/engine.ts";
import type { Layer, Mode } from "../layers/layer.ts";
import type { Step } from "../steps/steps.ts";

/** What this thread's surroundings offer. */
export interface Surroundings {
  readonly engine: WebAssembly.Module;
  /** Opens an empty database of a name nobody has had. */
  connect(name: string, mode: Mode): Promise<SqliteDriver>;
  /** The stock pool, where there is one. */
  connectStock?(name: string): Promise<FloorStorage>;
}

/** Opens the floor. */
export async function openFloor(place: Surroundings, name: string, mode: Mode, steps: readonly Step[]): Promise<Floor> {
  return new Floor(await place.connect(`${name}-floor`, mode), steps);
}

/** Opens the engine; the driver under it tells what its storage needs. */
export async function openEngine(place: Surroundings, name: string, mode: Mode, steps: readonly Step[]) {
  const driver = await place.connect(`${name}-engine`, mode);
  const settings = { region: DEFAULT_REGION, durability: mode === "relaxed" ? ("relaxed" as const) : ("strict" as const) };
  return { driver, engine: new EngineLayer(place.engine, instantiateEngine, new DriverConnection(driver), settings, steps) };
}

/** Opens the layers of a mode. */
export async function openInside(place: Surroundings, name: string, mode: Mode, steps: readonly Step[]): Promise<Map<string, Layer>> {
  const layers = new Map<string, Layer>();
  if (mode === "strict" && place.connectStock) layers.set("stock", new Floor(await place.connectStock(`${name}-stock`), steps));
  layers.set("floor", await openFloor(place, name, mode, steps));
  layers.set("engine", (await openEngine(place, name, mode, steps)).engine);
  return layers;
}
