/**
 * Formatters, linters and type checks: rustfmt, clippy (every warning is an error; native, and the wasm half compiled for this machine, with its tests and as it ships),
 * biome, tsc. `--fix` formats and applies what is safe instead of complaining. test.mjs runs the same steps.
 */
import { pathToFileURL } from "node:url";
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

const clippy = (...args) => run("cargo", ["clippy", "--locked", ...args, "--", "-D", "warnings"]);

/** The steps, each with the group of `npm test -- GROUP` it belongs to. */
export const lintSteps = [
  { name: "rustfmt", group: "rust", work: () => run("cargo", ["fmt", "--all", "--check"]) },
  { name: "clippy, native", group: "rust", work: () => clippy("--workspace", "--all-targets", "--features", "dynatab/contract-suite") },
  {
    name: "clippy, wasm half",
    group: "rust",
    work: () => clippy("-p", "dynatab", "--lib", "--no-default-features", "--features", "wasm-sqlite,contract-suite"),
  },
  {
    // Compiled without waiting: an `async` outside of `#[waits]` is found here.
    name: "clippy, as it ships",
    group: "rust",
    work: () => clippy("-p", "dynatab", "--lib", "--no-default-features", "--features", "wasm-sqlite"),
  },
  { name: "biome", group: "node", work: () => run("biome", ["check", "--error-on-warnings", "."]) },
  { name: "tsc", group: "node", work: () => run("tsc", ["--project", "."]) },
];

async function fix() {
  await step("rustfmt", () => run("cargo", ["fmt", "--all"]));
  await step("biome", () => run("biome", ["check", "--write", "."]));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setup();
    if (process.argv.includes("--fix")) await fix();
    else for (const { name, work } of lintSteps) await step(name, work);
  } catch (error) {
    fail(error);
  }
}
