/** What the commands have in common: how their words are read, and how long they go on. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { OpenOptions } from "../open.ts";

/** A command line that means nothing, in the user's words. */
export class UsageError extends Error {}

/** The options that every command has. */
export const COMMON_OPTIONS = {
  host: { type: "string", default: "127.0.0.1" },
  db: { type: "string" },
  region: { type: "string" },
  relaxed: { type: "boolean", default: false },
} as const;

/** Reads a command's words. Throws `UsageError`. */
export function parse<const Options extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The number of a port. Throws `UsageError`. */
export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}

/** How the database is to be opened. */
export function openOptions({ db, region, relaxed }: { db?: string; region?: string; relaxed: boolean }): OpenOptions {
  return {
    ...(db === undefined ? {} : { file: db }),
    ...(region === undefined ? {} : { region }),
    durability: relaxed ? "relaxed" : "strict",
  };
}

/** Resolves when the user, or the system, ends the process. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
