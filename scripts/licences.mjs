/**
 * Makes THIRD-PARTY-LICENSES for the tarball: the licence texts of everything whose code ships inside the package. That is the Rust crates
 * linked into the WebAssembly module (asked of cargo, for this target and these features only), Rust's standard library, the two SQLite
 * builds and the CSV parser from npm, and what the playground is made of. Tools that only take part in the build (procedural macros,
 * bundlers) are not in it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { variants } from "./wasm.mjs";

/** In the package without the playground. */
const NPM_PACKAGES = ["sql.js", "@livestore/wa-sqlite", "papaparse"];

const FIXED = `SQLite (inside sql.js and wa-sqlite)
SQLite is in the public domain: https://sqlite.org/copyright.html

The Rust standard library
MIT OR Apache-2.0, Copyright (c) The Rust Project contributors. The texts are those of LICENSE-MIT and LICENSE-APACHE beside this file.

Amazon DynamoDB's service model
The tables of operations, shapes and constraints inside the WebAssembly module and the typings are generated from Amazon's service model for
DynamoDB, which is licensed under the Apache License, Version 2.0 (LICENSE-APACHE beside this file). See NOTICE.
`;

/** The licence file to print: the MIT one where there is a choice, since it is the shortest that has to be kept. */
function licenceText(folder, name) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|unlicense)/i.test(file));
  const file = files.find((each) => /mit/i.test(each)) ?? files.find((each) => !/apache/i.test(each)) ?? files[0];
  if (!file) throw new Error(`${name} has no licence file; say in scripts/licences.mjs under which terms it ships`);
  return readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}

/** The crates linked into the module, without the project's own. */
async function shippedCrates() {
  const args = [
    "metadata",
    "--format-version=1",
    "--locked",
    "--manifest-path",
    join(root, "crate", "Cargo.toml"),
    "--no-default-features",
  ];
  const features = ["--features", variants.product.features.join(","), "--filter-platform", "wasm32-unknown-unknown"];
  const output = await run("cargo", [...args, ...features]);
  const { packages, resolve } = JSON.parse(output.slice(output.indexOf('{"packages"')));
  const byId = new Map(packages.map((each) => [each.id, each]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const own = packages.find((each) => each.name === "dynatab").id;
  const seen = new Set();
  const queue = [own];
  for (let id = queue.pop(); id; id = queue.pop()) {
    if (seen.has(id) || byId.get(id).targets.some((target) => target.kind.includes("proc-macro"))) continue;
    seen.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id).deps) if (dep_kinds.some(({ kind }) => kind === null)) queue.push(pkg);
  }
  seen.delete(own);
  return [...seen].map((id) => {
    const { name, version, license, manifest_path } = byId.get(id);
    return { name: `${name} ${version} (Rust crate)`, license, folder: dirname(manifest_path) };
  });
}

function shippedNpmPackages(names) {
  return [...new Set([...NPM_PACKAGES, ...names])].map((name) => {
    const folder = join(root, "node_modules", name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name: `${manifest.name} ${manifest.version} (npm package)`, license: manifest.license, folder };
  });
}

/**
 * The whole file as text; `npmPackages` are those in the playground (`package/playground.mjs` knows them). Packages with the very same licence
 * text share one copy of it.
 */
export async function thirdPartyLicences(npmPackages) {
  const byText = new Map();
  for (const { name, license, folder } of [...shippedNpmPackages(npmPackages), ...(await shippedCrates())]) {
    const text = licenceText(folder, name);
    const names = byText.get(text) ?? [];
    byText.set(text, [...names, `${name}: ${license ?? "see below"}`]);
  }
  const rule = `\n${"-".repeat(80)}\n\n`;
  const sections = [...byText].map(([text, names]) => `${names.sort().join("\n")}\n\n${text}\n`).sort();
  return `dynatab contains the following third-party software.\n${rule}${[FIXED, ...sections].join(rule)}`;
}
