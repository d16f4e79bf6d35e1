/**
 * Installs what building and testing need, on a machine that has Rust, Node and apt: npm packages, a way to compile for
 * wasm32-unknown-unknown, wasm-pack, wasm-bindgen-cli and Chromium. Only what is missing is touched; a second run takes a second.
 * Where there is no apt, it says what to install by hand.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium } from "./chromium.mjs";
import { installDebianPackages } from "./debian.mjs";
import { root, toolEnv, toolsDir } from "./paths.mjs";
import { ask, duration, fail, run, step } from "./run.mjs";
import { debianToolchain, findWasmToolchain } from "./toolchain.mjs";

const WASM_PACK_VERSION = "0.15.1";

/** npm packages: again only when the lock file is not the one they were installed from. */
async function npmPackages() {
  const stamp = join(root, "node_modules", ".dynatab-lock");
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  await step("npm packages", () => run("npm", ["ci", "--no-audit", "--no-fund"]));
  writeFileSync(stamp, hash);
  return true;
}

/** The Debian packages that are missing here and needed. */
function missingDebianPackages() {
  const missing = [];
  if (!findWasmToolchain()) missing.push(...Object.keys(debianToolchain).filter((name) => !existsSync(debianToolchain[name])));
  if (!findChromium()) missing.push("chromium");
  if (!ask("cc", ["--version"])) missing.push("build-essential");
  return missing;
}

async function debianPackages() {
  const missing = missingDebianPackages();
  if (missing.length === 0) return false;
  if (!ask("apt-get", ["--version"])) {
    const byHand = [];
    if (!findWasmToolchain()) byHand.push("the wasm target: rustup target add wasm32-unknown-unknown");
    if (missing.includes("chromium"))
      byHand.push("Chromium or Chrome (its path in DYNATAB_CHROMIUM), or: npx playwright-core install chromium");
    if (missing.includes("build-essential")) byHand.push("a C compiler");
    throw new Error(`There is no apt here. Please install:\n  ${byHand.join("\n  ")}`);
  }
  await step(`apt packages: ${missing.join(" ")}`, () => installDebianPackages(missing));
  if (!findWasmToolchain()) {
    throw new Error(
      "The packages are installed and still nothing here builds for wasm32-unknown-unknown; try: rustup target add wasm32-unknown-unknown",
    );
  }
  return true;
}

/** The wasm-bindgen version the crate is locked to; the command-line tool must be the very same. */
export function lockedWasmBindgen() {
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(readFileSync(join(root, "Cargo.lock"), "utf8"))?.[1];
  if (!version) throw new Error("Cargo.lock names no wasm-bindgen.");
  return version;
}

async function cargoTool(binary, crate, version, flags) {
  if (ask(join(toolsDir, "bin", binary), ["--version"])?.includes(version)) return false;
  // A debug build: a minute and a half instead of four to seven, and the tools run for a second or two.
  await step(`${crate} ${version}`, () =>
    run("cargo", ["install", "--debug", "--force", "--root", toolsDir, ...flags, crate, "--version", `=${version}`], {
      env: toolEnv({ CARGO_TARGET_DIR: undefined }),
    }),
  );
  return true;
}

async function rustComponents() {
  const missing = ["clippy", "fmt"].filter((name) => !ask("cargo", [name, "--version"]));
  if (missing.length === 0) return false;
  const components = missing.map((name) => (name === "fmt" ? "rustfmt" : name));
  await step(`rustup components: ${components.join(" ")}`, () => run("rustup", ["component", "add", ...components]));
  return true;
}

/** Does whatever is missing; safe to call at the head of every script. */
export async function setup() {
  const started = performance.now();
  if (!ask("cargo", ["--version"])) throw new Error("Rust is needed: https://rustup.rs");
  const done = [
    await npmPackages(),
    await rustComponents(),
    await debianPackages(),
    await cargoTool("wasm-pack", "wasm-pack", WASM_PACK_VERSION, ["--locked"]),
    // Its own lock file names versions that no longer build together.
    await cargoTool("wasm-bindgen", "wasm-bindgen-cli", lockedWasmBindgen(), []),
  ];
  if (done.some(Boolean))
    console.log(`Set-up took ${duration(performance.now() - started)}. The wasm build will use: ${findWasmToolchain()?.way}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setup().catch(fail);
  console.log(`Everything is set up; the wasm build uses: ${findWasmToolchain()?.way}; Chromium: ${findChromium() ?? "none"}.`);
}
