/**
 * Completes package-lock.json after `npm install`: a registry that does not carry the binaries of other platforms makes npm leave them out
 * of the lock file, and then `npm ci` refuses it everywhere. Each missing optional package is written down with the version its parent
 * pins and the platform its name tells, so that it is skipped where it does not fit and found by name where it does.
 *
 *     node scripts/complete-lock.mjs [FOLDER]     the checkout's lock file, or that of a folder
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** os, cpu and libc as npm writes them, read from a name like `@rollup/rollup-linux-arm64-musl`. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os || !cpu) return undefined;
  const libc =
    os !== "linux" ? undefined : words.at(-1).startsWith("musl") ? ["musl"] : words.at(-1).startsWith("gnu") ? ["glibc"] : undefined;
  return { cpu: [cpu], os: [os], ...(libc && { libc }) };
}

/** Adds what is missing to a parsed lock file; returns the names added. */
export function completeLock(lock) {
  const added = [];
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      const platform = platformOf(name);
      if (lock.packages[key] || !platform || !/^\d/.test(version)) continue;
      lock.packages[key] = { version, ...platform, ...(parent.dev && { dev: true }), optional: true };
      added.push(name);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return added;
}

if (process.argv[1]?.endsWith("complete-lock.mjs")) {
  const file = join(process.argv[2] ?? root, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const added = completeLock(lock);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} packages of other platforms added to ${file}`);
}
