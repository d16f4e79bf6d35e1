/**
 * `npm run serve [-- --port N]`: sets up and builds what is missing, then does what `npx dynatab serve` does with the package built here.
 * All arguments are passed on; the command prints the endpoint once it answers.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

try {
  await setup();
  await step("build", () => run("node", ["scripts/build.mjs"]));
} catch (error) {
  fail(error);
}
const { bin } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
const command = join(root, "pkg", typeof bin === "string" ? bin : bin.dynatab);
const child = spawn(process.execPath, [command, "serve", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
