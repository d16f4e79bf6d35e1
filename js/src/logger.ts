/** Telling what happens, to whoever asked for it. */
import type { Persistence } from "./options.ts";

/** Takes what happens, by weight; `console` is one. `debug` hears of every request, `warn` of what went wrong or is not as wished. */
export interface Logger {
  debug?(message: string): void;
  info?(message: string): void;
  warn?(message: string): void;
  error?(message: string): void;
}

/** A logger's own failure is its own: it never becomes a request's. */
function tell(logger: Logger, level: keyof Logger, message: string): void {
  try {
    logger[level]?.(message);
  } catch {
    // Nobody else could be told.
  }
}

/** A database is open. */
export function logOpened(logger: Logger, name: string, persistence: Persistence, reason: string | undefined): void {
  tell(logger, "info", `dynatab: ${JSON.stringify(name)} is open (${persistence})`);
  if (reason !== undefined) tell(logger, "warn", `dynatab: ${JSON.stringify(name)} is in memory and gone with the page: ${reason}`);
}

/** And closed. */
export function logClosed(logger: Logger, name: string): void {
  tell(logger, "info", `dynatab: ${JSON.stringify(name)} is closed`);
}

/** Tells how a request ended and how long it took. */
export async function logged<T extends { status: number }>(logger: Logger, target: string, request: Promise<T>): Promise<T> {
  const begun = performance.now();
  const what = () => `dynatab: ${target.slice(target.indexOf(".") + 1)} after ${(performance.now() - begun).toFixed(1)} ms`;
  try {
    const answer = await request;
    tell(logger, "debug", `${what()}: ${answer.status}`);
    return answer;
  } catch (error) {
    tell(logger, "warn", `${what()}: ${String(error)}`);
    throw error;
  }
}
