/**
 * `npm run fuzz [-- TARGET] [--seconds N]`: runs the coverage-guided fuzz targets of crate/fuzz (libFuzzer), each for N seconds (60).
 * The coverage counters are switched on by flags of the ordinary compiler, so no nightly toolchain is needed. What is found is kept in
 * test-results/fuzz/TARGET; a crash file given as TARGET's next argument is replayed.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { seed } from "./counts.mjs";
import { root, toolEnv } from "./paths.mjs";
import { fail, run, step } from "./run.mjs";

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

const words = process.argv.slice(2);
const at = words.indexOf("--seconds");
const seconds = at < 0 ? 60 : Number(words.splice(at, 2)[1]);
const fuzzDir = join(root, "crate", "fuzz");
const targets = readdirSync(join(fuzzDir, "targets")).map((file) => file.replace(/\.rs$/, ""));
const [wanted, ...replay] = words;
const targetDir = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "fuzz");
const host = "x86_64-unknown-linux-gnu";

try {
  await step("build the fuzz targets", () =>
    // Naming the host as target keeps the flags away from build scripts and procedural macros.
    run("cargo", ["build", "--release", "--locked", "--manifest-path", join(fuzzDir, "Cargo.toml"), "--target", host], {
      env: toolEnv({ RUSTFLAGS: COVERAGE, CARGO_TARGET_DIR: targetDir }),
    }),
  );
  for (const target of wanted ? [wanted] : targets) {
    const corpus = join(root, "test-results", "fuzz", target);
    mkdirSync(corpus, { recursive: true });
    const args =
      replay.length > 0
        ? replay
        : [corpus, `-max_total_time=${seconds}`, `-seed=${seed || 1}`, `-artifact_prefix=${corpus}-`, "-max_len=4096"];
    const output = await step(`fuzz ${target}`, () => run(join(targetDir, host, "release", target), args));
    console.log(`         ${output.trimEnd().split("\n").pop()}`);
  }
} catch (error) {
  fail(error);
}
