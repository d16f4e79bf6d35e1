/** `db.setTime()`: another time for the database's clock, to test what happens by it wherever the engine runs. */
import type { CallOptions } from "./database.ts";
import { InvalidOptionError } from "./errors.ts";
import type { AskOwn } from "./own-operations.ts";

/** Sets the clock; gives the time it shows. */
export async function setTime(ask: AskOwn, time: Date | number | null, options?: CallOptions): Promise<Date> {
  const now = time === null ? null : Math.trunc(Number(time));
  if (now !== null && !Number.isSafeInteger(now)) {
    throw new InvalidOptionError(`A time is a Date, a number of milliseconds since 1970, or null, not ${String(time)}.`);
  }
  const shown = (await ask("SetTime", { now }, options)) as { now: number };
  return new Date(shown.now);
}
