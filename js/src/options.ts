/** What `Dynatab.open` can be told, in every environment. */
import { InvalidOptionError } from "./errors.ts";
import type { Latency } from "./latency.ts";
import type { Logger } from "./logger.ts";

/** Where the data is: the origin's private file system, a file (Node), or memory only. */
export type Persistence = "opfs" | "file" | "memory";

/**
 * `auto`: durable where that can be had, otherwise in memory. `required`: durable or an error. `memory`: in memory, gone with the page.
 */
export type PersistenceChoice = "auto" | "required" | "memory";

/** `strict`: an answered write survives a power cut. `relaxed`: it survives a crash, the last few may be lost in a power cut; faster. */
export type Durability = "strict" | "relaxed";

/** What the engine itself can be told. */
export interface EngineOptions {
  /** The region that ARNs and messages name. Default `eu-west-2`. */
  region?: string;
  /** How long a new table is CREATING, in milliseconds. Default 0: ACTIVE at once. */
  tableActivationMs?: number;
  /** How long a changed table is UPDATING. Default: as `tableActivationMs`. */
  tableUpdateMs?: number;
  /** How long a deleted table is DELETING. Default: as `tableActivationMs`. */
  tableDeletionMs?: number;
  /** How long an index that UpdateTable makes is CREATING before it is filled. Default: as `tableActivationMs`. */
  indexCreationMs?: number;
}

/** Where an engine in this thread has the time from. */
export interface TimeSource {
  /**
   * The time, in milliseconds since 1970, by which items expire, streams are trimmed, tables change and dates are written. Default `Date.now`. Only
   * for an engine in this thread, since a worker cannot call it; `db.setTime` reaches every engine.
   */
  now?: () => number;
}

const LIFECYCLE = ["tableActivationMs", "tableUpdateMs", "tableDeletionMs", "indexCreationMs"] as const;

/** Options that mean the same everywhere. */
export interface CommonOptions extends EngineOptions {
  /** Default `auto` in browsers; in Node a database is in memory unless `file` is given. */
  persistence?: PersistenceChoice;
  /** Default `strict`. Means nothing for a database in memory. */
  durability?: Durability;
  /** Hears what happens: `console`, or anything like it. Default: nobody. */
  logger?: Logger;
  /** For teaching: how many milliseconds each request waits before the engine gets it, as over a network. Default none. */
  latency?: Latency;
  /** Gives up opening. */
  signal?: AbortSignal;
}

/** The region a database is in when none is given. */
export const DEFAULT_REGION = "eu-west-2";

/** A database's name becomes part of file and lock names. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/** Refuses names that cannot be file names everywhere. Throws `InvalidOptionError`. */
export function checkName(name: string): void {
  if (typeof name !== "string" || !NAME.test(name) || name.startsWith(".")) {
    throw new InvalidOptionError(
      `${JSON.stringify(name)} cannot name a database: use 1 to 128 letters, digits, "_", "-" and ".", not starting with ".".`,
    );
  }
}

function checkOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value as string)) {
    throw new InvalidOptionError(`${option} must be one of ${allowed.join(", ")}, not ${JSON.stringify(value)}.`);
  }
}

/** Refuses values that mean nothing, so that a typing error never silently becomes a default. Throws `InvalidOptionError`. */
export function checkCommonOptions(options: CommonOptions): void {
  checkOneOf("persistence", options.persistence, ["auto", "required", "memory"]);
  checkOneOf("durability", options.durability, ["strict", "relaxed"]);
  if (options.region !== undefined && !/^[a-z0-9-]{1,64}$/.test(options.region)) {
    throw new InvalidOptionError(`region must look like "eu-west-2", not ${JSON.stringify(options.region)}.`);
  }
  const { latency } = options;
  if (latency !== undefined && typeof latency !== "function" && !(Number.isFinite(latency) && latency >= 0)) {
    throw new InvalidOptionError(
      `latency must be a number of milliseconds or a function of the operation, not ${JSON.stringify(latency)}.`,
    );
  }
  for (const option of LIFECYCLE) {
    const takes = options[option];
    if (takes !== undefined && !(Number.isFinite(takes) && takes >= 0)) {
      throw new InvalidOptionError(`${option} must be a number of milliseconds, not ${JSON.stringify(takes)}.`);
    }
  }
}

/** Refuses what is no clock, and a clock where the engine could not look at it. Throws `InvalidOptionError`. */
export function checkTimeSource({ now }: TimeSource, inThisThread: boolean): void {
  if (now === undefined) return;
  if (typeof now !== "function") throw new InvalidOptionError(`now must be a function, not ${JSON.stringify(now)}.`);
  if (!inThisThread) {
    throw new InvalidOptionError("A worker cannot call now: use db.setTime(), or inProcess: true.");
  }
}

/** Refuses a number of milliseconds that is none. Throws `InvalidOptionError`. */
export function checkPositive(option: string, value: unknown): void {
  if (value !== undefined && !(typeof value === "number" && Number.isFinite(value) && value > 0)) {
    throw new InvalidOptionError(`${option} must be a number of milliseconds above 0, not ${JSON.stringify(value)}.`);
  }
}

/** What the engine is told: its own options, and how durable its commits are to be. */
export interface EngineSettings extends EngineOptions {
  durability: Durability;
}

/** The engine's part of the options. */
export function engineSettings(options: CommonOptions): EngineSettings {
  return {
    region: options.region ?? DEFAULT_REGION,
    durability: options.durability ?? "strict",
    ...Object.fromEntries(LIFECYCLE.flatMap((option) => (options[option] === undefined ? [] : [[option, options[option]]]))),
  };
}
