/**
 * `npm run bench [-- NAME ...]`: runs the measurements of bench/. A folder with a Cargo.toml is a native program, a folder with a
 * `bench.mjs` is run by Node on the built package. Without a name it lists what there is.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, toolEnv } from "./paths.mjs";
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

const folder = join(root, "bench");
const at = (...path) => join(folder, ...path);
const names = readdirSync(folder).filter((name) => existsSync(at(name, "Cargo.toml")) || existsSync(at(name, "bench.mjs")));
const separator = process.argv.indexOf("--", 2);
const wanted = process.argv.slice(2, separator < 0 ? undefined : separator);
const passedOn = separator < 0 ? [] : process.argv.slice(separator + 1);
const unknown = wanted.filter((name) => !names.includes(name));

if (wanted.length === 0 || unknown.length > 0) {
  console.log(`npm run bench -- NAME ...   with NAME one of: ${names.join(", ")}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}
/** Measurements print their own tables: nothing is caught. */
function show(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: toolEnv() });
  if (status !== 0) process.exit(status ?? 1);
}
try {
  await setup();
  for (const name of wanted) {
    if (existsSync(at(name, "Cargo.toml"))) {
      show("cargo", ["run", "--release", "--locked", "--manifest-path", at(name, "Cargo.toml"), "--", ...passedOn]);
    } else {
      await step("build", () => run("node", ["scripts/build.mjs"]));
      show("node", [at(name, "bench.mjs"), ...passedOn]);
    }
  }
} catch (error) {
  fail(error);
}
