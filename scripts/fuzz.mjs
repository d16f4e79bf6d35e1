/**
 * `npm run fuzz [-- TARGET [FILE ...]] [--seconds N]`: runs the coverage-guided fuzz targets of crate/fuzz (libFuzzer), each for N seconds
 * (60). The coverage counters are switched on by flags of the ordinary compiler, so no nightly toolchain is needed. Each target starts from
 * its folder of crate/fuzz/seeds/, and keeps what it finds in test-results/fuzz/; a FILE it has left there is replayed.
 *
 * `npm test` and the soak run the same targets for a number of inputs instead (`fuzzInputs` in counts.json).
 */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { count, seed } from "./counts.mjs";
import { root, toolEnv } from "./paths.mjs";
import { ask, fail, run, step } from "./run.mjs";

// What cargo-fuzz passes, less the address sanitizer, which only a nightly compiler has; the crate has no unsafe code for it to watch.
const COVERAGE = [
  "-Cpasses=sancov-module",
  "-Cllvm-args=-sanitizer-coverage-level=4",
  "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
  "-Cllvm-args=-sanitizer-coverage-pc-table",
  "-Cllvm-args=-sanitizer-coverage-trace-compares",
  "-Ccodegen-units=1",
  "-Cdebug-assertions",
].join(" ");

const fuzzDir = join(root, "crate", "fuzz");

/** The names of the targets. */
export function fuzzTargets() {
  return readdirSync(join(fuzzDir, "targets")).map((file) => file.replace(/\.rs$/, ""));
}

/** Builds all targets; returns a function that says where a target's program is. */
async function build() {
  const host = /host: (\S+)/.exec(ask("rustc", ["-vV"]) ?? "")?.[1];
  if (!host) throw new Error("rustc does not say what machine it is for.");
  const targetDir = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "fuzz");
  // Naming the host as target keeps the flags away from build scripts and procedural macros.
  await run("cargo", ["build", "--release", "--manifest-path", join(fuzzDir, "Cargo.toml"), "--target", host], {
    env: toolEnv({ RUSTFLAGS: COVERAGE, CARGO_TARGET_DIR: targetDir }),
  });
  return (target) => join(targetDir, host, "release", target);
}

/** Runs one built target within libFuzzer's `limits` (`-runs=N`, `-max_total_time=N`); returns libFuzzer's last line. */
async function fuzz(program, target, ...limits) {
  const found = join(root, "test-results", "fuzz", target);
  mkdirSync(found, { recursive: true });
  const seeds = join(fuzzDir, "seeds", target);
  const corpus = [found, ...(existsSync(seeds) ? [seeds] : [])];
  const output = await run(program, [...corpus, ...limits, `-seed=${seed || 1}`, `-artifact_prefix=${found}-`, "-max_len=4096"]);
  return output.trimEnd().split("\n").pop();
}

/** All targets with this run's number of inputs, or for its time where inputs are slow. */
export async function fuzzBriefly() {
  const program = await build();
  const limits = [`-runs=${count("fuzzInputs")}`, `-max_total_time=${count("fuzzSeconds")}`];
  for (const target of fuzzTargets()) await fuzz(program(target), target, ...limits);
}

async function main() {
  const words = process.argv.slice(2);
  const at = words.indexOf("--seconds");
  const seconds = at < 0 ? 60 : Number(words.splice(at, 2)[1]);
  const [wanted, ...replay] = words;
  const program = await step("build the fuzz targets", build);
  for (const target of wanted ? [wanted] : fuzzTargets()) {
    if (replay.length > 0) await step(`replay ${target}`, () => run(program(target), replay));
    else console.log(`         ${await step(`fuzz ${target}`, () => fuzz(program(target), target, `-max_total_time=${seconds}`))}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main().catch(fail);
