/**
 * `npm run build`: fills `pkg-template/` into `pkg/`, a package directory that `npm pack` turns into a tarball usable as it is.
 *
 *     node scripts/build.mjs            the package: engine, bundles, typings, SQLite, licences
 *     node scripts/build.mjs --test     the same around the engine with the storage contract suite inside, into dist/pkg-test/
 *
 * DYNATAB_ENGINE_DIR names a folder with wasm-pack's output to take instead of building it.
 *
 * What has not changed is not made again: the engine by `wasm.mjs`, typings by tsc's incremental build, licences by the lock files.
 */
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thirdPartyLicences } from "./licences.mjs";
import { bundle } from "./package/bundle.mjs";
import { writeDeclarations } from "./package/declarations.mjs";
import { bundleInline } from "./package/inline.mjs";
import { bundlePlayground } from "./package/playground.mjs";
import { writeSqliteModules } from "./package/sqlite-modules.mjs";
import { root } from "./paths.mjs";
import { duration, fail } from "./run.mjs";
import { checkBudget, sizeTable } from "./sizes.mjs";
import { buildVariant } from "./wasm.mjs";

/** Where a variant of the package is built. */
export function packageDir(variant) {
  return variant === "product" ? join(root, "pkg") : join(root, "dist", `pkg-${variant}`);
}

/** The crate's version is the package's. */
function version() {
  const found = /\[workspace\.package\][^[]*?\nversion = "([^"]+)"/.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
  if (!found) throw new Error("Cargo.toml has no workspace version");
  return found[1];
}

/** The licences of what ships, the code of these npm packages among it: they change only with the lock files. */
async function licences(npmPackages) {
  const hash = createHash("sha256").update(npmPackages.join());
  for (const file of ["Cargo.lock", "package-lock.json", "scripts/licences.mjs"]) hash.update(readFileSync(join(root, file)));
  const kept = join(root, "dist", `licences-${hash.digest("hex").slice(0, 16)}.txt`);
  if (!existsSync(kept)) {
    const text = await thirdPartyLicences(npmPackages);
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(kept, text);
  }
  return readFileSync(kept, "utf8");
}

function fillTemplate(out) {
  cpSync(join(root, "pkg-template"), out, { recursive: true });
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE"]) copyFileSync(join(root, file), join(out, file));
  const manifest = join(out, "package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replaceAll("@VERSION@", version()));
}

/** Builds one variant and returns its directory. */
export async function buildPackage(variant = "product") {
  const out = packageDir(variant);
  const engine = process.env.DYNATAB_ENGINE_DIR ?? (await buildVariant(variant)).outDir;
  // Made whole or not at all: a failed build leaves the last one in place.
  const fresh = join(root, "dist", `package-${process.pid}.tmp`);
  const dist = join(fresh, "dist");
  try {
    mkdirSync(dist, { recursive: true });
    fillTemplate(fresh);
    await Promise.all([
      bundle({ engine, dist }),
      writeSqliteModules(dist),
      writeDeclarations(join(dist, "types")),
      bundlePlayground(dist)
        .then(licences)
        .then((text) => writeFileSync(join(fresh, "THIRD-PARTY-LICENSES"), text)),
    ]);
    copyFileSync(join(engine, "dynatab_bg.wasm"), join(dist, "dynatab.wasm"));
    await bundleInline({ engine, dist });
    rmSync(out, { recursive: true, force: true });
    renameSync(fresh, out);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return out;
}

if (process.argv[1]?.endsWith("build.mjs")) {
  try {
    const started = performance.now();
    const variant = process.argv.includes("--test") ? "test" : "product";
    const out = await buildPackage(variant);
    console.log(sizeTable(out));
    if (variant === "product") checkBudget(out);
    console.log(`Built ${out} in ${duration(performance.now() - started)}`);
  } catch (error) {
    fail(error);
  }
}
