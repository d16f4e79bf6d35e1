/**
 * How often randomised tests repeat, and the seed they start from. All counts stand in counts.json; `npm test` takes its share of them,
 * `npm run test:soak` (`DYNATAB_SOAK=1`) the whole. Rust tests read the same numbers from the environment (see `countEnv`).
 */
import { readFileSync } from "node:fs";

const { share, shares, soak } = JSON.parse(readFileSync(new URL("./counts.json", import.meta.url), "utf8"));

/** Whether this run is the soak. */
export const isSoak = process.env.DYNATAB_SOAK === "1";

/** The seed of this run: `DYNATAB_SEED`, or a fresh one. An unsigned 32-bit number; print it where a trial fails. */
export const seed = Number(process.env.DYNATAB_SEED ?? Math.floor(Math.random() * 0x1_0000_0000)) >>> 0;

/** How often to repeat the trial `name` of counts.json in this run. */
export function count(name) {
  const whole = soak[name];
  if (typeof whole !== "number") throw new Error(`counts.json has no count "${name}"`);
  return isSoak ? whole : Math.max(1, Math.round(whole * (shares[name] ?? share)));
}

/**
 * The same for child processes: `DYNATAB_COUNT_KILL_ROUNDS` and so on, the seed, and the two variables proptest knows by itself
 * (`PROPTEST_CASES`, `PROPTEST_RNG_SEED`).
 */
export function countEnv() {
  const env = { DYNATAB_SEED: String(seed), PROPTEST_RNG_SEED: String(seed), PROPTEST_CASES: String(count("propertyCases")) };
  for (const name of Object.keys(soak)) env[`DYNATAB_COUNT_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`] = String(count(name));
  return env;
}
