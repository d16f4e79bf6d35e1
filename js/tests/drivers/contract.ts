/**
 * The driver contract: what every driver does alike, seen through the executor. Written once; run in Node by `contract.test.ts` and in a
 * browser's worker by whoever imports `driverContractCases` and brings a `DriverMaker`.
 */
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import type { Durability } from "../../src/drivers/wa-sqlite.ts";
import { boundaryCases } from "./contract-boundaries.ts";
import { frameCases } from "./contract-frames.ts";
import { persistenceCases } from "./contract-persistence.ts";

/** Opens the drivers under test. */
export interface DriverMaker {
  /** Whether databases outlive their drivers, so that the cases about opening again apply. */
  readonly persistent: boolean;
  /** Opens a database by name: an empty one, or the one an earlier driver of this maker left. */
  open(name: string, options?: { readonly durability?: Durability }): Promise<SqliteDriver>;
  /** Lets go of the files without closing SQLite, as the end of a process would. Only called on persistent makers. */
  abandon(driver: SqliteDriver): void;
}

export interface DriverContractCase {
  /** The property it holds. */
  readonly name: string;
  /** Only for drivers whose databases persist. */
  readonly persistentOnly?: boolean;
  run(maker: DriverMaker): Promise<void>;
}

export const driverContractCases: readonly DriverContractCase[] = [...frameCases, ...boundaryCases, ...persistenceCases];
