import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "../run.mjs";

const { share, soak } = JSON.parse(readFileSync(new URL("../counts.json", import.meta.url), "utf8"));
const module = JSON.stringify(new URL("../counts.mjs", import.meta.url).href);

/** What the module says in a process of its own, since it reads its environment once. */
async function counts(env) {
  const script = `const c = await import(${module}); console.log(JSON.stringify({ seed: c.seed, kills: c.count("killRounds"), env: c.countEnv() }))`;
  return JSON.parse(await run("node", ["--input-type=module", "-e", script], { env: { PATH: process.env.PATH, ...env } }));
}

describe("counts", () => {
  it("are a share of the soak's in npm test, and the whole in the soak", async () => {
    expect((await counts({})).kills).toBe(Math.max(1, Math.round(soak.killRounds * share)));
    expect((await counts({ DYNATAB_SOAK: "1" })).kills).toBe(soak.killRounds);
  });

  it("reach Rust tests as environment variables, with the seed", async () => {
    const { env } = await counts({ DYNATAB_SEED: "77", DYNATAB_SOAK: "1" });
    expect(env).toMatchObject({ DYNATAB_SEED: "77", PROPTEST_RNG_SEED: "77", DYNATAB_COUNT_KILL_ROUNDS: String(soak.killRounds) });
    expect(env.PROPTEST_CASES).toBe(String(soak.propertyCases));
  });

  it("draw a new seed for every run that names none", async () => {
    expect((await counts({})).seed).not.toBe((await counts({})).seed);
  });
});
