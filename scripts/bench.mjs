/**
 * `npm run bench [-- NAME ...]`: measures the package against the least that SQLite could do, in Node and in headless Chromium, and prints
 * what was wanted beside what was found (`bench/main.ts` knows the names of its parts, modes and steps; none means the usual ones).
 * `-- sizes` only prints sizes; `-- layout [-- ARGUMENTS]` runs the native comparison of physical layouts. `--docs` redraws the charts of docs/.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPackage } from "./build.mjs";
import { gluePlugin } from "./package/bundle.mjs";
import { root, toolEnv } from "./paths.mjs";
import { buildPlayground } from "./playground.mjs";
import { fail, step } from "./run.mjs";
import { setup } from "./setup.mjs";
import { fetchedSizes, packageSizes, sizeTable } from "./sizes.mjs";
import { wasmDir } from "./wasm.mjs";

const at = (...path) => join(root, "bench", ...path);
const out = join(root, "dist", "bench");
const separator = process.argv.indexOf("--", 2);
const names = process.argv.slice(2, separator < 0 ? undefined : separator);
const passedOn = separator < 0 ? [] : process.argv.slice(separator + 1);

/** Bundles the bench's program, its page and its workers; beside them stands the SQLite of the stock layer. */
export async function bundleBench(outdir = out, engine = process.env.DYNATAB_ENGINE_DIR ?? wasmDir("product")) {
  mkdirSync(outdir, { recursive: true });
  copyFileSync(join(root, "node_modules", "@livestore", "wa-sqlite", "dist", "wa-sqlite.wasm"), join(outdir, "stock-wa-sqlite.wasm"));
  const common = {
    bundle: true,
    format: "esm",
    target: "es2022",
    outdir,
    plugins: [gluePlugin(engine)],
    legalComments: "none",
    logLevel: "error",
  };
  await Promise.all([
    build({
      ...common,
      platform: "browser",
      external: ["dynatab"],
      entryPoints: [
        at("run", "page.ts"),
        at("run", "worker.ts"),
        at("run", "echo-worker.ts"),
        at("opening", "sqlite-worker.ts"),
        at("first", "first-page.ts"),
      ],
      entryNames: "[name]",
    }),
    build({ ...common, platform: "node", packages: "external", outExtension: { ".js": ".mjs" }, entryPoints: [at("main.ts")] }),
  ]);
  return outdir;
}

/** Measurements print their own tables: nothing is caught. */
function show(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: toolEnv() });
  if (status !== 0) process.exit(status ?? 1);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await setup();
    const native = names.filter((name) => existsSync(at(name, "Cargo.toml")));
    for (const name of native) {
      show("cargo", ["run", "--release", "--locked", "--manifest-path", at(name, "Cargo.toml"), "--", ...passedOn]);
    }
    const others = names.filter((name) => !native.includes(name));
    if (native.length === 0 || others.length > 0) {
      const packageDir = await step("build", () => buildPackage());
      console.log(sizeTable());
      const measured = others.filter((name) => name !== "sizes").map((name) => (name === "--docs" ? `--docs=${join(root, "docs")}` : name));
      if (others.length === 0 || measured.length > 0) {
        await step("bundle the bench", () => bundleBench());
        const page = await step("build the playground", () => buildPlayground());
        show("node", [
          join(out, "main.mjs"),
          packageDir,
          out,
          out,
          JSON.stringify([...packageSizes(packageDir), ...fetchedSizes(packageDir)]),
          `--playground=${page}`,
          ...measured,
        ]);
      }
    }
  } catch (error) {
    fail(error);
  }
}
