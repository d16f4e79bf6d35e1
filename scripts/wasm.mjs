/**
 * Builds the engine for the browser: wasm-pack around cargo, then binaryen's wasm-opt. A build whose inputs (Rust sources, manifests, lock
 * file, compiler, options) have not changed is skipped, so that a TypeScript change costs no Rust build.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { findWasmToolchain } from "./toolchain.mjs";

/** What rustc switches on for this target by default; every browser of the support floor has them. wasm-opt must be told. */
const WASM_FEATURES = ["bulk-memory", "mutable-globals", "multivalue", "nontrapping-float-to-int", "reference-types", "sign-ext"];

/**
 * The two modules that are built: what ships, and one with the storage contract suite and the provoked trap inside. The second is four
 * times as large and only has to be right: it is compiled in a third of the time, and wasm-opt is left out. It can wait for an asynchronous
 * driver; what ships is compiled without waiting (`crate/waits`).
 */
export const variants = {
  product: { features: ["wasm-sqlite"], quick: false },
  test: { features: ["wasm-sqlite", "contract-suite"], quick: true },
};

/** Instead of a profile in Cargo.toml, so that nothing but this build knows of it. */
const QUICK_PROFILE = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_INCREMENTAL: "true",
};

/**
 * Functions with one caller stay out of it: that doubled the size of the largest, and what compresses well no longer did. The lowest
 * kilobyte is the far end of the stack. Neighbours by name are alike, which gzip, whose window is small, makes use of.
 */
const WASM_OPT = ["-O3", "--one-caller-inline-max-function-size", "0", "--low-memory-unused", "--reorder-functions-by-name"];

/** Where the module of a variant is built to. */
export function wasmDir(variant) {
  return join(root, "dist", "wasm", variant);
}

/** The crate's sources, without those that no WebAssembly build compiles, or not with these features. */
function rustInputs(folder, features) {
  const leftOut = features.includes("contract-suite") ? /\/tests(\.rs$|\/)/ : /\/tests(\.rs$|\/)|\/storage_backend\/contract\//;
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !leftOut.test(file))
    .sort();
}

/** One hash over everything the module depends on. */
function stampOf(toolchain, options) {
  const hash = createHash("sha256");
  const files = [
    join(root, "Cargo.toml"),
    join(root, "Cargo.lock"),
    join(root, "crate", "Cargo.toml"),
    join(root, "scripts", "wasm.mjs"),
    join(root, "scripts", "toolchain.mjs"),
    join(root, "crate", "waits", "Cargo.toml"),
    ...rustInputs(join(root, "crate", "waits", "src"), options.features),
    ...rustInputs(join(root, "crate", "src"), options.features),
  ];
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  hash.update(JSON.stringify([toolchain.version, toolchain.cargoArgs, options, process.env.RUSTFLAGS ?? ""]));
  return hash.digest("hex");
}

/** rustc's flags for what ships, after those of the one who builds. Paths of crates are known only when these are there. */
async function productFlags({ rustFlags, env }) {
  await run("cargo", ["fetch", "--locked"], { env });
  const own = (process.env.RUSTFLAGS ?? "").split(" ").filter(Boolean);
  return { CARGO_ENCODED_RUSTFLAGS: [...own, ...rustFlags()].join("\x1f") };
}

/**
 * Builds one module into `outDir` (made whole or not at all): `dynatab.js` (glue for `--target web`), `dynatab_bg.wasm` and their
 * typings.
 *
 * @param {object} options
 * @param {string[]} options.features crate features; the default ones are off
 * @param {boolean} [options.quick] compile little optimised, without wasm-opt
 * @param {string} options.outDir absolute path
 * @param {string} [options.crateDir] another crate than the engine (the scripts' own tests)
 * @returns {Promise<{ built: boolean, way: string, outDir: string, bytes: number }>}
 */
export async function buildWasm({ features, quick = false, outDir, crateDir = join(root, "crate"), log = console.log }) {
  const toolchain = findWasmToolchain();
  if (!toolchain) {
    throw new Error(
      "No Rust toolchain here can build for wasm32-unknown-unknown: run `npm run setup`, or `rustup target add wasm32-unknown-unknown`.",
    );
  }
  const stamp = stampOf(toolchain, { features, quick, crateDir: relative(root, crateDir) });
  const stampFile = join(outDir, ".stamp");
  const wasmFile = join(outDir, "dynatab_bg.wasm");
  if (existsSync(wasmFile) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    return { built: false, way: toolchain.way, outDir, bytes: statSync(wasmFile).size };
  }
  log(`  wasm (${features.join(", ")}): ${toolchain.way}`);

  mkdirSync(dirname(outDir), { recursive: true });
  const fresh = `${outDir}.${process.pid}.tmp`;
  rmSync(fresh, { recursive: true, force: true });
  try {
    const targetDir = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wasm");
    const packArgs = "build --mode force --target web --release --no-pack --no-opt --out-name dynatab --out-dir".split(" ");
    const cargoArgs = ["--no-default-features", "--features", features.join(","), ...toolchain.cargoArgs];
    const env = { ...toolchain.env, ...(quick ? QUICK_PROFILE : await productFlags(toolchain)), CARGO_TARGET_DIR: targetDir };
    await run("wasm-pack", [...packArgs, fresh, crateDir, "--", ...cargoArgs], { env });
    const raw = join(fresh, "dynatab_bg.wasm");
    if (!quick) {
      const optimised = join(fresh, "optimised.wasm");
      await run("wasm-opt", [...WASM_FEATURES.map((feature) => `--enable-${feature}`), ...WASM_OPT, raw, "-o", optimised]);
      renameSync(optimised, raw);
    }
    writeFileSync(join(fresh, ".stamp"), stamp);
    rmSync(outDir, { recursive: true, force: true });
    renameSync(fresh, outDir);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { built: true, way: toolchain.way, outDir, bytes: statSync(wasmFile).size };
}

/** Builds one of the two variants to its own place. */
export function buildVariant(variant, options = {}) {
  return buildWasm({ ...variants[variant], outDir: wasmDir(variant), ...options });
}
