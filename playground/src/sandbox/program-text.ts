/** A user's program as the sandbox runs it: a function with the SDK's modules at hand instead of imports. */

const MODULES = ["@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb"];
const IMPORT = /^[ \t]*import\s+(?:(\{[^}]*\})|\*\s+as\s+([\w$]+))\s+from\s+["']([^"']+)["'];?/gm;

/** The program imports what the sandbox does not have. */
export class ImportError extends Error {}

/** The text to run. Lines stay where they are. Throws `ImportError`. */
export function programText(code: string): string {
  const body = code.replace(IMPORT, (whole, names: string | undefined, all: string | undefined, module: string) => {
    if (!MODULES.includes(module)) throw new ImportError(`${module} is not at hand here; there are ${MODULES.join(" and ")}`);
    const pattern = names === undefined ? all : names.replace(/\bas\b/g, ":").replace(/\n/g, " ");
    return `const ${pattern} = modules[${JSON.stringify(module)}];${"\n".repeat(whole.split("\n").length - 1)}`;
  });
  if (/^[ \t]*import\b(?!\s*[(.])/m.test(body)) throw new ImportError('Write imports as import { A, B } from "@aws-sdk/client-dynamodb"');
  return `self.dynatabProgram = async (modules, console) => { "use strict"; ${body}\n};`;
}
