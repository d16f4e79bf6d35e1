/**
 * The code in README and guides, as the tests run it. A fence's language may be followed by a file name: such a block is a file of a recipe.
 * The other TypeScript blocks of a page follow one another; one that imports `Dynatab` or `serve` begins a new program.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { root } from "./paths.mjs";

/** Where code stands that readers copy. */
export const pages = [
  "README.md",
  "docs/architecture.md",
  "docs/guide-aws.md",
  "docs/guide-playground.md",
  "docs/guide-pwa.md",
  "docs/guide-tests.md",
];

/** The blocks of a page: `{ language, file, code, line }`. */
export function codeBlocks(page) {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(({ 1: language, 2: file, 3: code, index }) => ({
    language,
    file,
    code,
    line: text.slice(0, index).split("\n").length + 1,
  }));
}

const BEGINS = /^import \{[^}]*\b(Dynatab|serve)\b[^}]*\} from "dynatab/m;

/** What makes a false `console.assert` an error; it runs before anything of the program, but for its imports. */
const STRICT = `console.assert = (holds) => { if (!holds) throw new Error("an assertion of the example does not hold"); };\n`;

/** The programs of a page as JavaScript modules: `{ code, line }`. `from` gives where a module is imported from instead. */
export function programs(page, from) {
  const joined = [];
  for (const { code, file, language, line } of codeBlocks(page)) {
    if (language !== "ts" || file) continue;
    if (joined.length === 0 || BEGINS.test(code)) joined.push({ code: STRICT, line });
    joined.at(-1).code += code;
  }
  return joined.map(({ code, line }) => {
    const javascript = transformSync(code, { loader: "ts", format: "esm", target: "node20" }).code;
    return { line, code: javascript.replace(/(from|import) "(dynatab(?:\/\w+)?)"/g, (_, word, name) => `${word} "${from(name)}"`) };
  });
}
