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

/** The two modules that are built: what ships, and the same with the storage contract suite and the provoked trap inside. */
export const variants = {
  product: ["wasm-sqlite"],
  test: ["wasm-sqlite", "contract-suite"],
};

/** Where the module of a variant is built to. */
export function wasmDir(variant) {
  return join(root, "dist", "wasm", variant);
}

function rustInputs(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
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
    ...rustInputs(join(root, "crate", "src")),
  ];
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  hash.update(JSON.stringify([toolchain.version, toolchain.cargoArgs, options, process.env.RUSTFLAGS ?? ""]));
  return hash.digest("hex");
}

/**
 * Builds one module into `outDir` (made whole or not at all): `dynatab.js` (glue for `--target web`), `dynatab_bg.wasm` and their
 * typings.
 *
 * @param {object} options
 * @param {string[]} options.features crate features; the default ones are off
 * @param {"release" | "dev"} [options.profile] `dev` skips optimisation and wasm-opt
 * @param {string} options.outDir absolute path
 * @param {string} [options.crateDir] another crate than the engine (the scripts' own tests)
 * @returns {Promise<{ built: boolean, way: string, outDir: string, bytes: number }>}
 */
export async function buildWasm({ features, profile = "release", outDir, crateDir = join(root, "crate"), log = console.log }) {
  const toolchain = findWasmToolchain();
  if (!toolchain) {
    throw new Error(
      "No Rust toolchain here can build for wasm32-unknown-unknown: run `npm run setup`, or `rustup target add wasm32-unknown-unknown`.",
    );
  }
  const stamp = stampOf(toolchain, { features, profile, crateDir: relative(root, crateDir) });
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
    await run(
      "wasm-pack",
      [
        "build",
        "--mode",
        "force",
        "--target",
        "web",
        profile === "dev" ? "--dev" : "--release",
        "--no-pack",
        "--no-opt",
        "--out-name",
        "dynatab",
        "--out-dir",
        fresh,
        crateDir,
        "--",
        "--no-default-features",
        "--features",
        features.join(","),
        ...toolchain.cargoArgs,
      ],
      { env: { ...toolchain.env, CARGO_TARGET_DIR: targetDir } },
    );
    const raw = join(fresh, "dynatab_bg.wasm");
    if (profile !== "dev") {
      const optimised = join(fresh, "optimised.wasm");
      await run("wasm-opt", [...WASM_FEATURES.map((feature) => `--enable-${feature}`), "-O3", raw, "-o", optimised]);
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
  return buildWasm({ features: variants[variant], outDir: wasmDir(variant), ...options });
}
