/**
 * The package's typings: tsc's declarations of the entry points and of the modules their types come from, nothing else. The playground's are
 * those of one file, the element, which rests on the page's entry point alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { root } from "../paths.mjs";
import { run } from "../run.mjs";

const MODULE_ENTRIES = ["index.d.ts", "node/index.d.ts"];
const COMMONJS_ENTRIES = ["node/index.d.ts"];
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

/** Writes what these entries need into a folder; `suffix` is what stands for `.ts` in the names of files and imports. */
function copyDeclarations(entries, folder, suffix) {
  const wanted = [...entries];
  const seen = new Set();
  for (let file = wanted.pop(); file; file = wanted.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const from = join(work, "out", file);
    if (!existsSync(from)) throw new Error(`no declarations of ${file}`);
    const text = readFileSync(from, "utf8");
    const to = join(folder, file.replace(/ts$/, `${suffix}ts`));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text.replaceAll(/((?:from |import\()"\.[^"]+)\.ts"/g, `$1.${suffix}js"`));
    wanted.push(...importsOf(text).map((path) => join(dirname(file), path)));
  }
}

/** Writes the element's. Throws when it says anything of a type that only the whole program would tell. */
function writePlaygroundDeclarations(folder) {
  const element = readFileSync(join(root, "playground", "src", "element.tsx"), "utf8");
  const compilerOptions = { isolatedDeclarations: true, stripInternal: true, jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ES2022 };
  const { outputText, diagnostics } = ts.transpileDeclaration(element, { fileName: "playground.tsx", compilerOptions });
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  writeFileSync(join(folder, "playground.d.ts"), outputText.replace('from "dynatab"', 'from "./index.js"'));
}

/** Writes them into a folder; those of CommonJS, which TypeScript takes for other types, below `cjs`. */
export async function writeDeclarations(folder) {
  await emit();
  copyDeclarations(MODULE_ENTRIES, folder, "");
  copyDeclarations(COMMONJS_ENTRIES, join(folder, "cjs"), "c");
  writePlaygroundDeclarations(folder);
}
