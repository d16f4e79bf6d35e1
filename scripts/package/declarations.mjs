/**
 * The package's typings: tsc's declarations of the entry points and of the modules their types come from, nothing else.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../paths.mjs";
import { run } from "../run.mjs";

const ENTRIES = ["index.d.ts", "node/index.d.ts"];
const work = join(root, "dist", "declarations");

/** Relative imports of a declaration file. */
function importsOf(text) {
  return [...text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)].map(([, path]) => `${path}.d.ts`);
}

async function emit() {
  mkdirSync(work, { recursive: true });
  const source = join(root, "js", "src");
  const config = {
    extends: relative(work, join(root, "tsconfig.json")),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      incremental: true,
      tsBuildInfoFile: "./tsbuildinfo",
      rootDir: source,
      outDir: "./out",
    },
    include: [],
    exclude: [],
    files: [join(source, "index.ts"), join(source, "node", "index.ts"), join(source, "glue.d.ts")],
  };
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify(config));
  await run("tsc", ["-p", work]);
}

/** Writes them into a folder. */
export async function writeDeclarations(folder) {
  await emit();
  const wanted = [...ENTRIES];
  const seen = new Set();
  for (let file = wanted.pop(); file; file = wanted.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const from = join(work, "out", file);
    if (!existsSync(from)) throw new Error(`no declarations of ${file}`);
    const text = readFileSync(from, "utf8");
    const to = join(folder, file);
    mkdirSync(dirname(to), { recursive: true });
    const imports = importsOf(text);
    if (imports.length === 0) copyFileSync(from, to);
    else writeFileSync(to, text.replaceAll(/((?:from |import\()"\.[^"]+)\.ts"/g, '$1.js"'));
    wanted.push(...imports.map((path) => join(dirname(file), path)));
  }
}
