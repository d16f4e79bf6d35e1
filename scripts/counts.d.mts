/** Whether this run is the soak. */
export const isSoak: boolean;
/** The seed of this run, an unsigned 32-bit number; print it where a trial fails. */
export const seed: number;
/** How often to repeat the trial `name` of counts.json in this run. */
export function count(name: "propertyCases" | "wasmSequences" | "killRounds" | "backfillItems" | "tabHandOvers" | "tabSchedules" | "loadKills" | "serveKills" | "powerLossTrials" | "histories" | "fuzzInputs" | "fuzzSeconds" | "contractRounds" | "importMegabytes"): number;
/** The counts and the seed as environment variables for child processes. */
export function countEnv(): Record<string, string>;
