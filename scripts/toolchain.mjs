/**
 * Finds a Rust toolchain that can build for wasm32-unknown-unknown. Two ways, in this order:
 *
 * 1. the toolchain in use already has the target (`rustup target add wasm32-unknown-unknown`): it is used as it is;
 * 2. Debian's `rustc-web`, `cargo-web` and `rust-web-src` stand in /usr/bin beside rustup: they build the target's standard library from
 *    source, linked by a rustup toolchain's `rust-lld` or by Debian's `lld-19`.
 */
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, sep } from "node:path";
import { root, toolEnv } from "./paths.mjs";
import { ask } from "./run.mjs";

const TARGET = "wasm32-unknown-unknown";

/**
 * Panics do not say where in the sources they happened, and `{:?}` writes nothing: 8 kB less, and no path of this machine in the module.
 * Clippy's `use_debug` sees to it that no text a user reads is written that way.
 */
const WITHOUT_LOCATIONS = ["-Zlocation-detail=none", "-Zfmt-debug=none"];

/** The same where rustc is a stable one: places are named from the crates' folders on. */
function withoutMachinePaths() {
  const registries = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const folders = existsSync(registries) ? readdirSync(registries).map((registry) => join(registries, registry)) : [];
  return [root, ...folders].map((folder) => `--remap-path-prefix=${folder}${sep}=`);
}

/** The Debian packages way 2 needs, and the file that tells that each is there. */
export const debianToolchain = {
  "rustc-web": "/usr/bin/rustc",
  "cargo-web": "/usr/bin/cargo",
  "rust-web-src": "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
  "rust-web-llvm": "/usr/share/doc/rust-web-llvm/copyright",
  "lld-19": "/usr/bin/lld-19",
};

function installed() {
  const libraries = ask("rustc", ["--print", "target-libdir", "--target", TARGET]);
  // rustc names the folder whether it is there or not, and an empty one is left behind by `rustup target remove`.
  if (!libraries || !existsSync(libraries) || !readdirSync(libraries).some((file) => file.startsWith("libstd-"))) return undefined;
  return {
    way: `the toolchain in use has ${TARGET}`,
    version: ask("rustc", ["-vV"]),
    cargoArgs: [],
    rustFlags: withoutMachinePaths,
    env: toolEnv(),
  };
}

/** `rust-lld` of any rustup toolchain, the active one first; it is as new as rustc's own LLVM, which Debian's lld need not be. */
function rustLld() {
  const candidates = [];
  const active = ask("rustc", ["--print", "sysroot"]);
  if (active) candidates.push(active);
  for (const line of (ask("rustup", ["toolchain", "list", "-v"]) ?? "").split("\n")) {
    const path = line.slice(line.indexOf("/")).trim();
    if (path.startsWith("/")) candidates.push(path);
  }
  for (const sysroot of candidates) {
    const rustlib = join(sysroot, "lib", "rustlib");
    if (!existsSync(rustlib)) continue;
    for (const host of readdirSync(rustlib)) {
      const lld = join(rustlib, host, "bin", "rust-lld");
      if (existsSync(lld)) return lld;
    }
  }
  return undefined;
}

function debian() {
  for (const [name, file] of Object.entries(debianToolchain)) if (name !== "lld-19" && !existsSync(file)) return undefined;
  const linker = rustLld() ?? (existsSync("/usr/bin/lld-19") ? "/usr/bin/lld-19" : undefined);
  if (!linker) return undefined;
  const env = toolEnv();
  return {
    way: `Debian's rustc builds the standard library too, linked by ${linker.startsWith("/usr/bin") ? "Debian's lld-19" : "rustup's rust-lld"}`,
    version: ask("/usr/bin/rustc", ["-vV"]),
    cargoArgs: ["-Zbuild-std=std,panic_abort"],
    rustFlags: () => WITHOUT_LOCATIONS,
    env: {
      ...env,
      PATH: `/usr/bin${delimiter}${env.PATH}`,
      RUSTC: "/usr/bin/rustc",
      RUSTC_BOOTSTRAP: "1",
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker,
    },
  };
}

/**
 * The first way that works here: what to say about it, the rustc version, extra cargo arguments, rustc's flags for the module that ships
 * (asked for once the crates are fetched) and the environment; or undefined.
 */
export function findWasmToolchain() {
  return installed() ?? debian();
}
